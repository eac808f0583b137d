"""The demonstration is loaded by the real services, once, and only where nobody real is."""

import stat
from datetime import timedelta

import pytest
from django.core.management import call_command

from ekip.demo.accounts import read_passwords
from ekip.demo.data_files import proposals, rows
from ekip.demo.loading import load
from ekip.demo.management.commands.load_demo import Command
from ekip.demo.people import by_key
from ekip.demo.schedule import SCHEDULES
from engine.models import Assignment, CityCase, Decision, Disposition, Event, Review, Round, Run, Timer, Visit
from engine.selectors.desk import desk_of
from partners.models import (
    Delivery,
    EcosystemMember,
    Gathering,
    Membership,
    NetworkMembership,
    Organisation,
    RoleGrant,
    User,
)
from recommendations.areas.eligibility import MINIMUM_SOURCES
from recommendations.models import Briefing, Edition, Evidence, Notice, PolicyArea, Proposal, Publication
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def stages_of(slug_of_area: str) -> set[str]:
    """Where the proposal of an area stands."""
    open_visits = Visit.objects.filter(run__proposal__area__slug=slug_of_area, left_at=None)
    return set(open_visits.values_list("stage", flat=True))


def passed(slug_of_area: str) -> list[str]:
    """The transitions by which the proposal of an area left one stage after another."""
    visits = Visit.objects.filter(run__proposal__area__slug=slug_of_area, left_at__isnull=False)
    return list(visits.order_by("left_at", "number").values_list("left_by", flat=True))


def test_it_loads_all_of_it(added) -> None:
    assert added["accounts"] == len(rows("people"))
    assert (added["publications of the back catalogue"], added["proposals"]) == (2, 8)
    assert Organisation.objects.count() == len(rows("organisations"))
    assert NetworkMembership.objects.count() == len(rows("networks", of="memberships"))
    assert EcosystemMember.objects.count() == sum(len(row["members"]) for row in rows("ecosystems"))


def test_every_area_with_a_proposal_was_briefed_before_it_began(added) -> None:
    assert added["research briefings"] == 8
    for run in Run.objects.select_related("proposal__area__briefing__written_by"):
        briefing = run.proposal.area.briefing
        assert briefing.is_example
        assert briefing.written_by.is_example
        assert briefing.written_at < briefing.published_at < run.opened_at
        assert 2 <= len(briefing.questions) <= 3


def test_every_proposal_has_its_days() -> None:
    assert set(SCHEDULES) == {proposal["slug"] for proposal in proposals()}


def test_they_stand_at_every_stage(added) -> None:
    assert stages_of("ai-and-cci") == {"community-review", "city-prototyping"}
    assert stages_of("digital-product-passport") == {"drafting"}
    for area in ("inclusive-games", "crafts-led-innovation", "music-platformisation"):
        assert stages_of(area) == {"revision"}
    for area in ("immersive-media", "green-transition", "heritage-innovation"):
        assert stages_of(area) == {"follow-up"}


def test_two_rounds_are_open_beside_each_other(added) -> None:
    rounds = Round.objects.filter(closed_at=None, cancelled_at=None)
    assert {round.kind for round in rounds} == {"review", "city-test"}
    assert all(TODAY + timedelta(days=2) < round.closes_at < TODAY + timedelta(days=14) for round in rounds)


def test_a_published_one_went_all_the_way(added) -> None:
    run = Run.objects.get(proposal__area__slug="immersive-media")
    [edition] = Edition.objects.filter(publication=run.publication)
    [decision] = Decision.objects.filter(visit__run=run)
    assert (edition.number, edition.origin, edition.revision_hash) == (1, "run", decision.revision.content_hash)
    assert edition.provenance["points"] == {
        "raised": 8,
        "answered": {"accepted": 3, "partly": 2, "deferred": 1, "declined": 1, "out_of_scope": 1},
    }
    assert Disposition.objects.filter(revision=decision.revision).count() == 8
    submitted = Review.objects.filter(assignment__round__visit__run=run, submitted_at__isnull=False)
    assert sorted(submitted.values_list("assignment__round__kind", flat=True)) == ["city-test", *["review"] * 3]


def test_the_city_case_stands_in_the_edition(added) -> None:
    edition = Edition.objects.get(publication__run__proposal__area__slug="green-transition")
    [case] = edition.provenance["city_cases"]
    assert case["ecosystem"]["name"] == "Example Port City"
    assert {row["kind"]: row["people"] for row in case["participants"]} == {
        "industry": 6,
        "government": 7,
        "civil_society": 5,
        "other": 5,  # two intermediaries would be told apart, and three academics by subtraction
    }
    assert [row["recommendation"] for row in case["findings"]] == [
        row.key for row in edition.recommendations.order_by("position")
    ]


def test_gatherings_stand_in_the_edition_and_are_marked(added) -> None:
    assert Gathering.objects.count() == sum(len(proposal["gatherings"]) for proposal in proposals())
    assert not Gathering.objects.filter(is_example=False).exists()
    edition = Edition.objects.get(publication__run__proposal__area__slug="green-transition")
    lab, assessment = edition.provenance["gatherings"]
    assert (lab["kind"], lab["people"], lab["is_online"]) == ("policy_lab", 21, True)
    assert assessment["attended"]["kinds"] == {"government": 7, "industry": 6, "civil_society": 5, "other": 5}


def test_one_was_corrected_and_says_so(added) -> None:
    first, second = Edition.objects.filter(publication__run__proposal__area__slug="heritage-innovation").order_by(
        "number"
    )
    [notice] = Notice.objects.filter(edition=first)
    assert (notice.kind, notice.successor) == (Notice.Kind.CORRECTION, second)
    assert "two freelancers" in notice.text
    before, after = (
        each.recommendations.get(statement__contains="Innovation by Production") for each in (first, second)
    )
    assert "reserve 4%" in before.statement
    assert "reserve 6%" in after.statement
    assert after.building_blocks == ["investment-funding"]


def test_one_was_returned_by_its_decider(added) -> None:
    assert passed("music-platformisation")[-2:] == ["resubmit", "return"]
    assert Decision.objects.get(visit__run__proposal__area__slug="music-platformisation").outcome == "return"


def test_one_is_overdue(added) -> None:
    [timer] = Timer.objects.filter(fired_at__isnull=False)
    assert (timer.key, timer.visit.run.proposal.area.slug) == ("revision-overdue", "crafts-led-innovation")
    assert timer.fired_at == timer.due_at < TODAY


def test_one_was_withdrawn_by_its_authors_while_it_was_being_reviewed(added) -> None:
    assert "withdraw" in passed("digital-product-passport")
    [round] = Round.objects.filter(visit__run__proposal__area__slug="digital-product-passport")
    assert round.cancelled_at
    assert round.closed_at is None
    assert Review.objects.filter(assignment__round=round, submitted_at__isnull=False).count() == 2


def test_a_city_has_begun_to_write_its_case(added) -> None:
    case = CityCase.objects.get(review__submitted_at=None)
    assert case.set_up
    assert case.findings.count() == 2


def test_the_system_closed_the_rounds_at_their_deadlines(added) -> None:
    for round in Round.objects.filter(closed_at__isnull=False):
        assert round.closed_at == round.closes_at
        event = Event.objects.get(kind="round-closed", data__round=round.pk)
        assert (event.actor, event.at) == (None, round.closes_at)


def test_points_are_tied_to_the_words_that_they_quote(added) -> None:
    reviews = Review.objects.filter(submitted_at__isnull=False).prefetch_related("points")
    points = [point for review in reviews for point in review.points.all()]
    assert points
    assert all(point.block_id and point.quote for point in points)


def test_everything_happened_before_today_and_in_order(added) -> None:
    assert not Event.objects.filter(at__gt=TODAY).exists()
    assert not Assignment.objects.filter(accepted_at__gt=TODAY).exists()
    for run in Run.objects.all():
        instants = list(run.events.order_by("number").values_list("at", flat=True))
        assert instants == sorted(instants)
        assert instants[0] < TODAY - timedelta(days=30)


def test_a_second_run_changes_nothing(added, folder) -> None:
    tables = (
        Briefing,
        Event,
        Visit,
        Delivery,
        User,
        Organisation,
        PolicyArea,
        Proposal,
        Publication,
        Membership,
        RoleGrant,
    )
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    passwords = (folder / "accounts.txt").read_bytes()
    assert set(load(now=TODAY + timedelta(days=3)).values()) == {0}
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert (folder / "accounts.txt").read_bytes() == passwords


def test_what_was_cut_off_is_made_up_for(added) -> None:
    Organisation.objects.get(slug="trans-europe-halles").delete()
    again = load(now=TODAY)
    assert again["places and organisations"] == 2  # the network, and who belongs to it


class TestAccounts:
    def test_every_example_person_can_sign_in_with_the_password_of_the_private_file(self, added, folder) -> None:
        path = folder / "accounts.txt"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        passwords = read_passwords()
        assert set(passwords) == {row["email"] for row in rows("people")}
        assert len(set(passwords.values())) == len(passwords)
        for person in User.objects.all():
            assert person.check_password(passwords[person.email])

    def test_a_lost_file_brings_new_passwords(self, added, folder) -> None:
        old = read_passwords()
        (folder / "accounts.txt").unlink()
        load(now=TODAY)
        new = read_passwords()
        assert set(new) == set(old)
        assert not set(new.values()) & set(old.values())
        assert User.objects.get(email="hanna.verstegel@example.org").check_password(new["hanna.verstegel@example.org"])

    def test_roles_are_as_the_file_says(self, added) -> None:
        held = {(grant.person.name, grant.role) for grant in RoleGrant.objects.select_related("person")}
        wanted = {(row["name"], role) for row in rows("people") for role in row["grants"]}
        assert held == wanted
        assert [person.name for person in User.objects.filter(is_staff=True)] == ["Katrin Ollesaar"]


class TestRealBodies:
    def test_everybody_who_acts_belongs_to_an_invented_body_and_is_marked(self, added) -> None:
        assert not User.objects.filter(is_example=False).exists()
        assert not Organisation.objects.filter(memberships__isnull=False, is_example=False).exists()
        assert not Proposal.objects.filter(is_example=False).exists()
        assert not Publication.objects.filter(is_example=True, editions__origin="import").exists()
        assert not Publication.objects.filter(is_example=False, editions__origin="run").exists()

    def test_every_area_has_the_sources_that_it_needs_and_those_made_up_are_marked(self, added) -> None:
        for area in PolicyArea.objects.filter(is_example=False).prefetch_related("sources"):
            sources = area.sources.all()
            assert len(sources) >= MINIMUM_SOURCES
            assert area.selected_at
            assert area.source
            assert all(source.is_example == source.publisher.startswith("Example") for source in sources)

    def test_the_law_and_the_studies_that_exist_are_not_marked_as_invented(self, added) -> None:
        assert Evidence.objects.get(title__startswith="Regulation (EU) 2024/1689").is_example is False
        assert Evidence.objects.get(title="Survey on who runs AI tools in hubs").is_example is True


class TestMail:
    def test_all_of_it_was_sent_at_the_time(self, added, folder) -> None:
        deliveries = Delivery.objects.select_related("notification")
        assert deliveries.count() == added["mails"] == len(list((folder / "mail").glob("*.eml")))
        assert {delivery.state for delivery in deliveries} == {Delivery.State.SENT}
        assert all(delivery.sent_at == delivery.notification.created_at for delivery in deliveries)


class TestDesks:
    @pytest.mark.parametrize(
        ("key", "words", "title"),
        [
            ("petra", "Answer 10 points", "Playable from the first day"),
            ("giulia", "Review", "Someone in the room"),
            ("tomas", "Accept or decline", "Someone in the room"),
            ("anouk", "", "Someone in the room"),
            ("wiktoria", "revision", "Statements that can be read"),
            ("zsofia", "Answer 7 points", "The open bench"),
            ("duarte", "Complete", "Enter it once"),
        ],
    )
    def test_people_find_what_waits_for_them(self, added, key, words, title) -> None:
        found = [item.text for item in desk_of(by_key()[key], now=TODAY).for_you]
        assert any(words in text and title in text for text in found)

    @pytest.mark.parametrize("key", ["sofia", "liv"])
    def test_they_see_how_far_others_are(self, added, key) -> None:
        details = [item.detail for item in desk_of(by_key()[key], now=TODAY).for_others]
        assert "0 of 4 reviews in" in details


def test_the_command_says_what_was_added(added, capsys) -> None:
    call_command(Command())
    said = capsys.readouterr().out
    assert "nothing to add" in said
    assert "accounts.txt" in said
