"""The Celery application: `celery -A ekip.celery worker` and `… beat`."""

import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.signals import beat_init, before_task_publish, setup_logging, task_postrun, task_prerun

from ekip.shared import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ekip.settings")

app = Celery("ekip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def ring_at_once(sender: Any, **_more: Any) -> None:
    """Beat, which remembers nothing, would wait a whole interval first; one that is often killed would never ring."""
    for entry in sender.scheduler.schedule.values():
        entry.last_run_at -= timedelta(days=1)


@setup_logging.connect
def keep_our_logs(**_settings: Any) -> None:
    """The settings say how to log; Celery, which would do so itself, leaves it when somebody listens here."""


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_more: Any) -> None:
    """What a request asks of the worker goes on under its id."""
    if request_id := logs.bound_now().get("request_id"):
        headers["request_id"] = request_id


@task_prerun.connect
def begin_log_context(task: Any, task_id: str, **_more: Any) -> None:
    """Every line of a task says which it is."""
    members = {"task": task.name, "task_id": task_id}
    if request_id := task.request.get("request_id"):
        members["request_id"] = request_id
    task.request.log_context = logs.bind(**members)


@task_postrun.connect
def end_log_context(task: Any, **_more: Any) -> None:
    """Until the next one."""
    logs.unbind(task.request.log_context)
