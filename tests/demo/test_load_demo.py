"""The demonstration is loaded by the real services, once, and only where nobody real is."""

import stat
from datetime import timedelta

import pytest

from ekip.demo.accounts import read_passwords
from ekip.demo.data_files import rows
from ekip.demo.loading import load
from ekip.demo.management.commands.load_demo import Command
from ekip.demo.people import by_key
from engine.models import Assignment, Decision, Disposition, Event, Review, Round, Run, Visit
from engine.selectors.desk import desk_of
from engine.services.verification import access_differences, chain_faults
from partners.models import (
    Delivery,
    EcosystemMember,
    Membership,
    NetworkMembership,
    Organisation,
    RoleGrant,
    User,
)
from recommendations.areas.eligibility import MINIMUM_SOURCES
from recommendations.models import Edition, Evidence, PolicyArea, Proposal, Publication
from tests.demo.conftest import TODAY

pytestmark = pytest.mark.django_db


def stage_of(slug_of_area: str) -> str:
    """Where the proposal of an area stands."""
    return Visit.objects.get(run__proposal__area__slug=slug_of_area, left_at=None).stage


def test_it_loads_all_of_it(added) -> None:
    assert added["accounts"] == len(rows("people"))
    assert (added["publications of the back catalogue"], added["proposals"]) == (2, 3)
    assert Organisation.objects.count() == len(rows("organisations"))
    assert NetworkMembership.objects.count() == len(rows("networks", of="memberships"))
    assert EcosystemMember.objects.count() == sum(len(row["members"]) for row in rows("ecosystems"))


def test_one_is_published_one_waits_for_its_authors_one_is_being_read(added) -> None:
    assert stage_of("immersive-media") == "publication"
    assert stage_of("inclusive-games") == "revision"
    assert stage_of("ai-and-cci") == "community-review"
    [open_round] = Round.objects.filter(closed_at=None)
    assert TODAY + timedelta(days=2) < open_round.closes_at < TODAY + timedelta(days=14)


def test_the_published_one_went_all_the_way(added) -> None:
    run = Run.objects.get(proposal__area__slug="immersive-media")
    [edition] = Edition.objects.filter(publication=run.publication)
    [decision] = Decision.objects.all()
    assert (edition.number, edition.origin, edition.revision_hash) == (1, "run", decision.revision.content_hash)
    assert edition.provenance["points"] == {
        "raised": 7,
        "answered": {"accepted": 3, "partly": 1, "deferred": 1, "declined": 1, "out_of_scope": 1},
    }
    assert Disposition.objects.filter(revision=decision.revision).count() == 7
    assert Review.objects.filter(assignment__round__visit__run=run, submitted_at__isnull=False).count() == 3


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


def test_what_is_derived_agrees_and_every_chain_verifies(added) -> None:
    assert (access_differences(), chain_faults()) == ([], [])


def test_a_second_run_changes_nothing(added, folder) -> None:
    tables = (Event, Visit, Delivery, User, Organisation, PolicyArea, Proposal, Publication, Membership, RoleGrant)
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
        assert Publication.objects.get(editions__origin="run").is_example

    def test_no_source_was_made_up_for_an_area_that_has_fewer_than_ten(self, added) -> None:
        areas = PolicyArea.objects.filter(is_example=False).prefetch_related("sources")
        short = [area for area in areas if len(area.sources.all()) < MINIMUM_SOURCES]
        assert len(short) == 5
        assert not any(source.is_example for area in short for source in area.sources.all())
        assert all(area.selected_at and area.source for area in short)

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
    def test_the_people_find_what_their_blurbs_promise(self, added) -> None:
        everybody = by_key()

        def first(key: str) -> str:
            return desk_of(everybody[key], now=TODAY).for_you[0].text

        assert first("petra").startswith("Answer 8 points in ")
        assert first("giulia").startswith("Review ")
        assert first("tomas").startswith("Accept or decline ")
        assert desk_of(everybody["sofia"], now=TODAY).for_others[0].detail == "0 of 4 reviews in"
        assert desk_of(everybody["liv"], now=TODAY).for_others[0].detail == "0 of 4 reviews in"


def test_the_command_says_what_was_added(added, capsys) -> None:
    Command().run_from_argv(["manage.py", "load_demo"])
    said = capsys.readouterr().out
    assert "nothing to add" in said
    assert "accounts.txt" in said
