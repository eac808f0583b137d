"""The Celery application: `celery -A ekip.celery worker` and `… beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ekip.settings")

app = Celery("ekip")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
