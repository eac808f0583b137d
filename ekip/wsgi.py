"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ekip.settings")

from ekip.celery import app as celery_app

__all__ = ["application", "celery_app"]

application = get_wsgi_application()
