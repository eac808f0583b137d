"""Recording where people met: what is refused, and what the database itself keeps."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from ekip.shared.errors import EditConflict, Invalid
from partners.models import Attendance, Ecosystem, Gathering, Territory
from partners.services.gatherings import GatheringDraft, Group, change_gathering, draft_of, faults_of, record_gathering
from tests.gatherings import DRAFT

pytestmark = pytest.mark.django_db


def test_it_is_stored_as_it_was_typed(coordinator, now):
    gathering = record_gathering(draft=DRAFT, person=coordinator, now=now)
    assert draft_of(Gathering.objects.get()) == DRAFT
    assert (gathering.recorded_by, gathering.recorded_at, gathering.is_example) == (coordinator, now, False)


def test_a_gathering_of_one_day_has_no_last_day(coordinator, now):
    draft = replace(DRAFT, title="  A lab \n on rooms ", ended_on=DRAFT.held_on)
    gathering = record_gathering(draft=draft, person=coordinator, now=now)
    assert (gathering.title, gathering.ended_on) == ("A lab on rooms", None)


def test_its_place_in_words(coordinator, now):
    port = Territory.objects.create(slug="port", name="Example Port", level="municipality")
    city = Ecosystem.objects.create(slug="port-city", name="Example Port", kind="city", territory=port)
    draft = replace(DRAFT, ecosystem_id=city.pk, territory_id=port.pk)
    assert record_gathering(draft=draft, person=coordinator, now=now).place == "Example Port, online"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"outcome": "x" * 1_000_000}, "outcome"),
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2027, 3, 2)}, "held_on"),
        ({"ended_on": date(2027, 2, 19)}, "ended_on"),
        ({"ended_on": date(2027, 3, 2)}, "ended_on"),
        ({"is_online": False}, "ecosystem"),
        ({"ecosystem_id": 999_999}, "ecosystem"),
        ({"territory_id": 999_999}, "territory"),
        ({"host_id": 999_999}, "host"),
        ({"attendance": (Group("academia", "NL", 0),)}, "attendance"),
        ({"attendance": (Group("academia", "NL", 100_001),)}, "attendance"),
        ({"attendance": (Group("academia", "NL", 3), Group("academia", "NL", 4))}, "attendance"),
        ({"attendance": (Group("aliens", "NL", 3),)}, "attendance"),
        ({"attendance": (Group("academia", "ZZ", 3),)}, "attendance"),
    ],
)
def test_what_cannot_be_is_refused(coordinator, now, wrong, field):
    with pytest.raises(Invalid) as refusal:
        record_gathering(draft=replace(DRAFT, **wrong), person=coordinator, now=now)
    assert set(refusal.value.errors) == {field}
    assert not Gathering.objects.exists()


def test_today_is_the_day_where_the_person_is(coordinator, now):
    late = now.replace(hour=23)
    tomorrow = replace(DRAFT, held_on=now.date() + timedelta(days=1))
    coordinator.time_zone = "UTC"
    with pytest.raises(Invalid):
        record_gathering(draft=tomorrow, person=coordinator, now=late)
    coordinator.time_zone = "Europe/Helsinki"
    assert record_gathering(draft=tomorrow, person=coordinator, now=late)


def test_changing_puts_everything_in_the_place_of_what_was_there(coordinator, now):
    gathering = record_gathering(draft=DRAFT, person=coordinator, now=now)
    other = replace(DRAFT, kind="round_table", attendance=(Group("government", "FI", 5),))
    change = {"gathering_id": gathering.pk, "draft": other, "version": 1, "person": coordinator, "now": now}
    assert [change_gathering(**change), change_gathering(**change)] == [True, False]
    assert draft_of(Gathering.objects.get()) == other


def test_the_second_of_two_who_change_it_is_told(coordinator, now):
    gathering = record_gathering(draft=DRAFT, person=coordinator, now=now)
    change = {"gathering_id": gathering.pk, "version": 1, "person": coordinator, "now": now}
    change_gathering(draft=replace(DRAFT, title="First"), **change)
    with pytest.raises(EditConflict) as conflict:
        change_gathering(draft=replace(DRAFT, title="Second"), **change)
    assert conflict.value.context["theirs"].title == Gathering.objects.get().title == "First"
    assert change_gathering(draft=replace(DRAFT, title="Second"), **change | {"version": 2})


def test_every_fault_is_found_at_once(coordinator, now):
    draft = GatheringDraft(held_on=date(2027, 3, 2), attendance=(Group("academia", "NL", 0),))
    assert set(faults_of(draft=draft, person=coordinator, now=now)) == {
        "kind",
        "title",
        "held_on",
        "ecosystem",
        "attendance",
    }


@pytest.mark.parametrize("wrong", [{"title": ""}, {"ended_on": date(2027, 2, 20)}, {"is_online": False}])
def test_the_database_keeps_what_a_gathering_is(coordinator, now, wrong):
    record_gathering(draft=DRAFT, person=coordinator, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.update(**wrong)


@pytest.mark.parametrize("wrong", [{"people": 0}, {"people": 100_001}, {"kind": "industry"}])
def test_the_database_keeps_how_many_came(coordinator, now, wrong):
    record_gathering(draft=DRAFT, person=coordinator, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(kind="academia", country="SE").update(**wrong)
