"""Several workers remind at the same instant: locks and the ledger let each reminder go out once."""

from datetime import timedelta

import pytest

from engine.models import Reminder
from engine.services import reminders
from partners.models import Notification
from tests.engine.services.test_reminders import LADDER, in_round
from tests.engine.services.test_versions_at_once import at_once
from tests.engine.stories import Story

pytestmark = pytest.mark.django_db(transaction=True)


def test_ticks_that_overlap_remind_once(story, reviewer, second_reviewer, monkeypatch):
    in_round(story, *LADDER)
    for number in range(5):
        other = Story(story.author, story.organisation, story.coordinator, story.reviewers, story.now)
        other.title, other.version_id = f"Number {number}", story.version_id
        other.start().write().submit().open_round(days=14, template="reading")
    monkeypatch.setattr(reminders, "BATCH", 2)
    week = story.now + timedelta(days=7)
    at_once(*[lambda: reminders.remind(now=week)] * 4)
    reminders.remind(now=week)
    assert Reminder.objects.filter(sent_at__isnull=False).count() == Reminder.objects.count() == 12
    assert Notification.objects.filter(kind="reminder").count() == 12
