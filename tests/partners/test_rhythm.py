"""When people can be reached: the rule against an oracle that looks at every minute, and the rows it is made from."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partners.models import Absence, Rhythm
from partners.rhythm import NEVER, Hours
from partners.services import rhythm
from tests.people import join, make_organisation, make_person

MINUTE = timedelta(minutes=1)
ZONES = [ZoneInfo(name) for name in ("Europe/Brussels", "Europe/Athens", "Europe/Lisbon", "America/Havana", "UTC")]
# Days around which the clocks of all of these jump, and an ordinary week.
STARTS = [datetime(2027, 3, 12, tzinfo=UTC), datetime(2027, 3, 26, tzinfo=UTC), datetime(2027, 10, 29, tzinfo=UTC)]

minutes = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
instants = st.builds(lambda start, n: start + n * MINUTE, st.sampled_from(STARTS), st.integers(0, 5 * 24 * 60))


@st.composite
def hours(draw, first: date = date(2027, 3, 10)) -> Hours:
    days = st.sampled_from([first + timedelta(days=n) for n in range(260)])
    absence = st.builds(lambda day, n: (day, day + timedelta(days=n)), days, st.integers(0, 3))
    off = draw(st.frozensets(days, max_size=3))
    return Hours(
        draw(st.sampled_from(ZONES)),
        draw(minutes),
        draw(minutes),
        draw(st.booleans()),
        tuple(draw(st.lists(absence, max_size=3))),
        off.__contains__,
    )


def may_disturb(person: Hours, at: datetime) -> bool:
    """The rule, told once more in its own words."""
    local = at.astimezone(person.zone)
    if local.weekday() in (5, 6) and not person.works_weekends:
        return False
    if person.is_holiday(local.date()) or any(first <= local.date() <= last for first, last in person.absences):
        return False
    wall, begins, ends = local.time(), person.quiet_from, person.quiet_until
    if begins == ends:
        return True
    return not (begins <= wall < ends if begins < ends else wall >= begins or wall < ends)


def evening(zone: str, **more) -> Hours:
    return Hours(ZoneInfo(zone), **more)


@settings(max_examples=300)
@given(hours(), instants)
@example(
    evening("Europe/Brussels", quiet_until=time(2, 30), works_weekends=True), datetime(2027, 3, 27, 20, tzinfo=UTC)
)
@example(
    evening("Europe/Brussels", quiet_until=time(2, 30), works_weekends=True), datetime(2027, 10, 31, 1, 10, tzinfo=UTC)
)
@example(Hours(ZONES[2], time(1, 30), time(7), works_weekends=True), datetime(2027, 10, 31, 0, 40, tzinfo=UTC))
@example(Hours(ZONES[3], time(20), time(0), works_weekends=True), datetime(2027, 3, 14, 2, tzinfo=UTC))
def test_it_is_the_first_minute_at_which_nothing_holds_it_back(person, at):
    found = person.reachable(at)
    assert found >= at
    assert may_disturb(person, found)
    minute = at
    while minute < min(found, at + timedelta(days=12)):
        assert not may_disturb(person, minute)
        minute += MINUTE


@given(hours(), instants)
def test_who_is_reachable_is_reached_at_once(person, at):
    assert (person.reachable(at) == at) == person.is_reachable(at)
    assert person.is_reachable(at) == may_disturb(person, at)


@pytest.mark.parametrize(
    ("person", "at", "found"),
    [
        (evening("Europe/Athens"), "2027-03-01T18:30+00:00", "2027-03-02T05:00+00:00"),
        (evening("Europe/Athens"), "2027-03-05T18:30+00:00", "2027-03-08T05:00+00:00"),  # over a weekend
        (evening("Europe/Lisbon"), "2027-03-26T21:00+00:00", "2027-03-29T06:00+00:00"),  # and a clock that goes on
        (evening("Europe/Lisbon"), "2027-10-29T21:00+00:00", "2027-11-01T07:00+00:00"),  # and one that goes back
        (evening("UTC", quiet_from=time(9), quiet_until=time(9)), "2027-03-01T09:00+00:00", "2027-03-01T09:00+00:00"),
        (evening("UTC", quiet_from=time(8), quiet_until=time(17)), "2027-03-01T09:00+00:00", "2027-03-01T17:00+00:00"),
        # Quiet until an hour that does not come: the jump ends it. One that comes twice ends it twice.
        (
            evening("Europe/Brussels", quiet_until=time(2, 30), works_weekends=True),
            "2027-03-28T00:00+00:00",
            "2027-03-28T01:00+00:00",
        ),
        (
            evening("Europe/Brussels", quiet_until=time(2, 30), works_weekends=True),
            "2027-10-31T01:10+00:00",
            "2027-10-31T01:30+00:00",
        ),
    ],
)
def test_nights_weekends_and_clocks_that_jump(person, at, found):
    assert person.reachable(datetime.fromisoformat(at)) == datetime.fromisoformat(found)


def test_a_year_away_is_waited_for():
    person = evening("Europe/Brussels", absences=((date(2027, 3, 1), date(2028, 2, 29)),))
    assert person.reachable(datetime(2027, 3, 1, 9, tzinfo=UTC)) == datetime(2028, 3, 1, 6, tzinfo=UTC)
    assert person.back_on(date(2027, 3, 1)) == date(2028, 3, 1)


def test_one_absence_follows_another():
    person = evening("UTC", absences=((date(2027, 3, 3), date(2027, 3, 4)), (date(2027, 3, 1), date(2027, 3, 2))))
    assert person.back_on(date(2027, 3, 1)) == date(2027, 3, 5)
    assert person.back_on(date(2027, 3, 5)) is None


def test_who_is_away_for_good_is_never_reached():
    assert evening("UTC", absences=((date(2027, 3, 1), date.max),)).reachable(STARTS[0]) == NEVER


def test_the_rows_of_a_person_make_their_hours(db, django_assert_num_queries, now):
    belgium, netherlands = make_organisation(country="BE"), make_organisation(country="NL")
    silent = make_person(organisation=netherlands, time_zone="Europe/Brussels")
    early = make_person(time_zone="Europe/Athens")
    Rhythm.objects.create(person=early, quiet_from="18:00", quiet_until="05:00", works_weekends=True)
    away = make_person(organisation=belgium, time_zone="Europe/Brussels")
    join(away, netherlands)
    Absence.objects.create(person=away, first_day="2027-07-19", last_day="2027-07-20")
    at = datetime(2027, 7, 18, 12, tzinfo=UTC)  # a Sunday; on the 21st Belgium is off
    people = [silent.pk, early.pk, away.pk]
    with django_assert_num_queries(4):
        found = rhythm.reachable_at(people, at)
    assert found == {
        silent.pk: datetime(2027, 7, 19, 5, tzinfo=UTC),
        early.pk: at,
        away.pk: datetime(2027, 7, 22, 5, tzinfo=UTC),
    }
    with django_assert_num_queries(4):
        assert rhythm.absent_on(people, at + timedelta(days=1)) == {away.pk}
    assert rhythm.absent_on(people, at) == set()


def test_a_day_is_that_of_the_person(db):
    person = make_person(time_zone="Pacific/Auckland")
    Absence.objects.create(person=person, first_day="2027-03-02", last_day="2027-03-02")
    assert rhythm.absent_on([person.pk], datetime(2027, 3, 1, 12, tzinfo=UTC)) == {person.pk}
    assert rhythm.absent_on([person.pk], datetime(2027, 3, 2, 12, tzinfo=UTC)) == set()
