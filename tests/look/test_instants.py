"""How instants are worded."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from ekip.shared import clock, look

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


def test_an_instant_is_worded_in_the_reader_s_zone() -> None:
    with timezone.override("Europe/Stockholm"):
        assert look.words(NOON) == "12 March 2027, 13:00 (Stockholm)"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=4), "later"),
        (timedelta(days=3, seconds=1), "later"),
        (timedelta(days=3), "soon"),
        (timedelta(seconds=1), "soon"),
        (timedelta(0), "past"),
        (-timedelta(seconds=1), "past"),
    ],
)
def test_a_deadline_is_past_from_its_own_instant_on(before: timedelta, expected: str) -> None:
    assert look.urgency(NOON, now=NOON - before) == expected


def test_urgency_is_said_in_words_too() -> None:
    with timezone.override("Europe/Vienna"), clock.at(NOON + timedelta(hours=1)):
        page = Template("{% load look %}{% due at %}").render(Context({"at": NOON}))
    assert "12 March 2027, 13:00 (Vienna) · past due" in page
    assert 'class="due due-past"' in page


def test_no_instant_leaves_nothing() -> None:
    page = Template("{% load look %}{% due at %}{% when at %}{% day at %}").render(Context({"at": None}))
    assert page.strip() == ""
