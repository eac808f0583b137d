"""The Celery application: `celery -A ekip.celery worker` and `… beat`."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ekip.settings")

app = Celery("ekip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def ring_at_once(sender: Any, **_more: Any) -> None:
    """Beat, which remembers nothing, would wait a whole interval first; one that is often killed would never ring."""
    for entry in sender.scheduler.schedule.values():
        entry.last_run_at -= timedelta(days=1)
