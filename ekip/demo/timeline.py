"""Playing a story: its steps in the order of their instants, and between them the clockwork at every deadline."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from ekip.shared import clock
from engine.models import Round, Timer
from engine.services import clockwork


@dataclass(frozen=True)
class Step:
    """Something that a person does at an instant; `act` calls the services and asks the simulated clock."""

    at: datetime
    act: Callable[[], object]


class ClockworkStands(RuntimeError):
    """A tick left undone what was due: the story would go on without it."""


def play(steps: Iterable[Step], *, until: datetime) -> None:
    """Do every step at its instant; deadlines that pass before, between and after them (to `until`) are kept.

    Raises:
        ClockworkStands: a deadline passed and nothing followed.
    """
    for step in sorted(steps, key=attrgetter("at")):
        pass_deadlines(until=step.at)
        with clock.at(step.at):
            step.act()
    pass_deadlines(until=until)


def pass_deadlines(*, until: datetime) -> None:
    """Tick at each deadline of a round and each timer that falls due, one after another, as beat does in life.

    Raises:
        ClockworkStands: a deadline passed and nothing followed.
    """
    last = None
    while (due := next_deadline()) is not None and due <= until:
        if due == last:
            raise ClockworkStands(f"what was due at {due} is still due")
        with clock.at(due):
            clockwork.tick(now=clock.now())
        last = due


def next_deadline() -> datetime | None:
    """The earliest instant at which a round closes or a timer fires; None when nothing is waited for."""
    closings = Round.objects.filter(closed_at=None, cancelled_at=None).order_by("closes_at")
    timers = Timer.objects.filter(fired_at=None, cancelled_at=None).order_by("due_at")
    found = [closings.values_list("closes_at", flat=True).first(), timers.values_list("due_at", flat=True).first()]
    return min((each for each in found if each is not None), default=None)
