"""Gatherings on their pages: recorded, changed, taken over, removed; read by everybody who reads the proposal."""

import pytest

from engine.forms.gatherings import country_choices
from engine.models import RunGathering
from partners.models import Gathering
from tests.engine.pages.test_lists import another, cost
from tests.engine.services.test_gatherings import record

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def typed(*groups, **changes):
    """What the form sends; `groups` are kind, country and number."""
    data = {
        "kind": "policy_lab",
        "title": "A lab on shared rooms",
        "held_on": "2027-02-20",
        "is_online": "on",
        "outcome": "Rooms first.",
        "groups-TOTAL_FORMS": str(len(groups) + 3),
        "groups-INITIAL_FORMS": "0",
        "action": "save",
    }
    for number, (kind, country, people) in enumerate(groups):
        row = f"groups-{number}"
        data |= {f"{row}-kind": kind, f"{row}-country": country, f"{row}-people": people}
    return data | changes


GROUPS = (("academia", "NL", "4"), ("industry", "SE", "9"))


def test_the_coordinator_records_it_and_the_author_reads_it(story, visit):
    story.start()
    coordinator, number = visit(story.coordinator), story.proposal.pk
    assert f"/proposals/{number}/gatherings/new/" in coordinator.get("proposal", number).content.decode()
    for _time in range(2):
        answer = coordinator.post("gathering_add", number, **typed(*GROUPS))
        assert answer.url == f"/proposals/{number}/#gatherings"
    assert RunGathering.objects.count() == 1
    page = visit(story.author).get("proposal", number).content.decode()
    for words in ("A lab on shared rooms", "Policy lab", "20 February 2027", "online", "13 people", "Rooms first."):
        assert words in page
    assert "/gatherings/" not in page
    assert (
        "A gathering was recorded: “A lab on shared rooms”."
        in visit(story.author).get("history", number).content.decode()
    )


@pytest.mark.parametrize("who", ["author", "reviewer", "outsider"])
def test_nobody_else_finds_the_forms(story, visit, who, request):
    story.in_review()
    gathering, number = record(story), story.proposal.pk
    visitor = visit(request.getfixturevalue(who))
    for name, arguments in (
        ("gathering_add", [number]),
        ("gathering", [number, gathering.pk]),
        ("gathering_remove", [number, gathering.pk]),
    ):
        assert visitor.get(name, *arguments).status_code == 404
        for action in ("save", "more-groups"):
            assert visitor.post(name, *arguments, **typed(title="", action=action)).status_code == 404
    assert visitor.post("gathering_take", number, gathering=gathering.pk).status_code == 404
    assert Gathering.objects.get().title == "A lab on shared rooms"


def test_without_an_account_one_is_asked_to_sign_in(story, visit):
    story.start()
    assert visit(None).get("gathering_add", story.proposal.pk).url.startswith("/account/login/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "party"},
        {"title": "x" * 201},
        {"held_on": "2027-03-02"},
        {"held_on": "tomorrow"},
        {"ended_on": "2027-02-19"},
        {"is_online": ""},
        {"ecosystem": "nowhere"},
        {"host": "999999"},
        {"outcome": "x" * 1_000_000},
        {"groups-0-people": "0"},
        {"groups-0-people": "100001"},
        {"groups-0-people": ""},
        {"groups-0-country": "ZZ"},
        {"groups-1-kind": "academia", "groups-1-country": "NL"},
        {"groups-TOTAL_FORMS": "many"},
        {"groups-TOTAL_FORMS": "101"},
    ],
)
def test_what_cannot_be_is_refused_and_kept_on_the_page(story, visit, wrong):
    story.start()
    answer = visit(story.coordinator).post("gathering_add", story.proposal.pk, **typed(*GROUPS, **wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    for name in ("title", "outcome"):
        assert typed(**wrong)[name] in page
    assert not Gathering.objects.exists()


def test_script_is_shown_as_words(story, visit):
    story.start()
    coordinator = visit(story.coordinator)
    coordinator.post("gathering_add", story.proposal.pk, **typed(title=EVIL, outcome=EVIL))
    for name, arguments in (("proposal", []), ("history", []), ("gathering", [Gathering.objects.get().pk])):
        page = coordinator.get(name, story.proposal.pk, *arguments).content.decode()
        assert EVIL not in page
        assert "&lt;script&gt;" in page


def test_room_for_more_groups_keeps_everything_and_judges_nothing(story, visit):
    story.start()
    data = typed(*GROUPS, ("", "", ""), ("industry", "", "x"), title="", action="more-groups")
    answer = visit(story.coordinator).post("gathering_add", story.proposal.pk, **data)
    form = answer.context["form"]
    assert answer.status_code == 200
    assert "error" not in answer.content.decode().split("<main")[1]
    assert (form["outcome"].value(), form["held_on"].value(), bool(form["is_online"].value())) == (
        "Rooms first.",
        "2027-02-20",
        True,
    )
    assert [group["people"].value() for group in form.groups] == ["4", "9", "x", None, None, None]
    assert not Gathering.objects.exists()


def test_changing_shows_what_is_stored_and_an_emptied_group_is_gone(story, visit):
    story.start()
    coordinator, number = visit(story.coordinator), story.proposal.pk
    coordinator.post("gathering_add", number, **typed(*GROUPS, ended_on="2027-02-21"))
    gathering = Gathering.objects.get()
    form = coordinator.get("gathering", number, gathering.pk).context["form"]
    assert (form["title"].value(), str(form["ended_on"].value())) == ("A lab on shared rooms", "2027-02-21")
    assert [group["people"].value() for group in form.groups] == [4, 9, None, None, None]
    assert form["version"].value() == 1
    emptied = typed(("", "", ""), GROUPS[1], title="A longer lab", version="1", **{"groups-INITIAL_FORMS": "2"})
    assert coordinator.post("gathering", number, gathering.pk, **emptied).status_code == 302
    gathering.refresh_from_db()
    assert (gathering.title, gathering.attendance.get().people) == ("A longer lab", 9)


def test_two_who_change_it_both_see_what_the_other_wrote(story, visit):
    story.start()
    gathering, number = record(story), story.proposal.pk
    coordinator = visit(story.coordinator)
    for _time in range(2):
        first = typed(*GROUPS, title="A lab on rooms", version="1")
        assert coordinator.post("gathering", number, gathering.pk, **first).status_code == 302
    second = typed(("government", "FI", "5"), title="A lab on machines", version="1")
    late = coordinator.post("gathering", number, gathering.pk, **second)
    page = late.content.decode()
    assert late.status_code == 409
    assert f"{story.coordinator.name} saved while you were writing" in page
    for words in ("A lab on rooms", "Academia Netherlands 4", "A lab on machines", "Government Finland 5"):
        assert words in page
    gathering.refresh_from_db()
    assert gathering.title == "A lab on rooms"
    again = {"version": late.context["form"]["version"].value()}
    assert coordinator.post("gathering", number, gathering.pk, **second | again).status_code == 302
    gathering.refresh_from_db()
    assert (gathering.title, gathering.attendance.get().people) == ("A lab on machines", 5)


def test_every_fault_is_shown_at_once(story, visit):
    story.start()
    wrong = typed(("academia", "NL", "0"), title="", held_on="2027-03-02", is_online="")
    answer = visit(story.coordinator).post("gathering_add", story.proposal.pk, **wrong)
    form = answer.context["form"]
    assert {name: len(told) for name, told in form.errors.items()} == {"title": 1, "held_on": 1, "ecosystem": 1}
    assert [set(group.errors) for group in form.groups if group.errors] == [{"people"}]


def test_removing_asks_once(story, visit):
    story.start()
    gathering, number = record(story), story.proposal.pk
    coordinator = visit(story.coordinator)
    question = coordinator.get("gathering_remove", number, gathering.pk).content.decode()
    assert gathering.title in question
    assert "No other proposal draws on it" in question
    assert RunGathering.objects.exists()
    for _time in range(2):
        assert coordinator.post("gathering_remove", number, gathering.pk).url.endswith("#gatherings")
    assert not RunGathering.objects.exists()
    assert coordinator.get("gathering_remove", number, gathering.pk).status_code == 404
    late = coordinator.post("gathering", number, gathering.pk, **typed(*GROUPS))
    assert late.status_code == 409
    assert "Rooms first." in late.content.decode()
    assert "Academia" in late.content.decode()


def test_one_that_another_proposal_of_the_area_has_is_added(story, visit):
    story.start()
    other = another(story, "Another").start()
    gathering, coordinator = record(other), visit(story.coordinator)
    page = coordinator.get("gathering_add", story.proposal.pk).content.decode()
    assert "A lab on shared rooms (20 February 2027)" in page
    for chosen in ("", "x"):
        assert coordinator.post("gathering_take", story.proposal.pk, gathering=chosen).url.endswith("/new/")
    assert coordinator.post("gathering_take", story.proposal.pk, gathering="999999").status_code == 404
    for _time in range(2):
        assert coordinator.post("gathering_take", story.proposal.pk, gathering=gathering.pk).status_code == 302
    assert RunGathering.objects.count() == 2
    question = coordinator.get("gathering_remove", story.proposal.pk, gathering.pk).content.decode()
    assert "Other proposals draw on it and keep it." in question
    assert "Recorded already" not in coordinator.get("gathering_add", story.proposal.pk).content.decode()


def test_what_is_typed_after_the_proposal_was_put_away_comes_back(story, visit):
    story.start()
    visit(story.author).post("archive", story.proposal.pk)
    late = visit(story.coordinator).post("gathering_add", story.proposal.pk, **typed(*GROUPS))
    assert late.status_code == 409
    assert "Rooms first." in late.content.decode()


def test_pages_cost_the_same_for_one_gathering_and_for_fifty(story, visit):
    story.start()
    other = another(story, "Another").start()
    coordinator = visit(story.coordinator)

    def costs():
        return cost(coordinator, "proposal", story.proposal.pk), cost(coordinator, "gathering_add", other.proposal.pk)

    record(story)
    one = costs()
    for number in range(49):
        coordinator.post("gathering_add", story.proposal.pk, **typed(*GROUPS, title=f"Lab {number}"))
    assert len(coordinator.get("proposal", story.proposal.pk).context["gatherings"]) == 50
    assert costs() == one


def test_countries_are_found_by_their_names():
    names = [name for _code, name in country_choices()[1:]]
    assert names.index("Germany") == names.index("Georgia") + 1
    assert names[-3:] == ["Türkiye", "Ukraine", "United Kingdom"]
