"""Whether the parts that the site needs answer. Asked by machines that watch it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError

from ekip.celery import app
from ekip.shared import clock
from engine.models import SystemPulse

logger = logging.getLogger(__name__)

# Beat asks for a tick every 15 seconds: after four that were missed, beat or worker stands still.
FRESH = timedelta(seconds=60)
PATIENCE = 1  # seconds, for one try to reach the broker


@dataclass(frozen=True)
class Health:
    """What answered. An instant is None when that part was never seen."""

    database: bool
    broker: bool
    tick_seen_at: datetime | None
    beat_seen_at: datetime | None
    asked_at: datetime

    @property
    def is_ready(self) -> bool:
        """Whether pages can be served and their work be handed on. A worker or a beat that is late stops neither."""
        return self.database and self.broker

    @property
    def is_going(self) -> bool:
        """Whether, beyond that, the clockwork goes."""
        return self.is_ready and self.tick == "fresh"

    @property
    def tick(self) -> str:
        """Whether beat rang and a worker answered: "fresh", "late" or "never"."""
        return self._freshness(self.tick_seen_at)

    @property
    def beat(self) -> str:
        """Whether beat rang: "fresh", "late" or "never"."""
        return self._freshness(self.beat_seen_at)

    @property
    def worker(self) -> str:
        """The same of a worker; "unasked" when beat does not ring, so that nobody can tell."""
        return "unasked" if self.tick != "fresh" and self.beat != "fresh" else self.tick

    def report(self) -> dict[str, str | None]:
        """The members of the JSON answer."""
        return {
            "status": "ready" if self.is_ready else "unavailable",
            "database": _word(self.database),
            "broker": _word(self.broker),
            "beat": self.beat,
            "beat_seen_at": self.beat_seen_at.isoformat() if self.beat_seen_at else None,
            "worker": self.worker,
            "tick": self.tick,
            "tick_seen_at": self.tick_seen_at.isoformat() if self.tick_seen_at else None,
        }

    def _freshness(self, seen_at: datetime | None) -> str:
        if seen_at is None:
            return "never"
        return "fresh" if self.asked_at - seen_at <= clock.machine_time(FRESH) else "late"


def health(*, now: datetime) -> Health:
    """Ask the database and the broker, each for a short time only."""
    database = database_answers()
    pulses = dict(SystemPulse.objects.values_list("part", "seen_at")) if database else {}
    return Health(database, broker_answers(), pulses.get("tick"), pulses.get("beat"), now)


def database_answers() -> bool:
    """Whether the database answers a question about our own rows; one without our tables is not ready either."""
    try:
        SystemPulse.objects.exists()
    except DatabaseError as error:
        logger.warning("the database does not answer: %s", error)
        return False
    return True


def broker_answers() -> bool:
    """Whether the broker takes a connection within about two seconds."""
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    try:
        with app.connection(connect_timeout=PATIENCE, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2 * PATIENCE)
    except Exception as error:  # any transport may raise its own classes
        logger.warning("the broker does not answer: %s", error)
        return False
    return True


def _word(answers: bool) -> str:
    return "ok" if answers else "no answer"
