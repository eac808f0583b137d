"""Beat: rings for the worker, and notes that it lives."""

import logging
from typing import Any

from celery.beat import Scheduler as CeleryScheduler
from django.db import connection

from ekip.shared import clock
from engine.services.pulses import note_pulse

logger = logging.getLogger(__name__)


class Scheduler(CeleryScheduler):
    """Celery's scheduler, which keeps no file: what is due stands in the rows."""

    def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> Any:
        """Ring; then note the pulse. A database that does not answer keeps nobody from ringing."""
        sent = super().apply_async(entry, *args, **kwargs)
        if entry.name == "tick":
            try:
                note_pulse("beat", now=clock.now())
            except Exception as error:  # beat lives on without a database
                logger.warning("the pulse of beat could not be noted: %s", error)
                connection.close()
        return sent
