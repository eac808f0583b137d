"""The people of some of the runs, as a process: `python -m tests.chaos.people`. Each click is one call of a service.

Whoever meets a database that is gone looks again later, as one reloads a page. What they met is told in a file.
"""

from __future__ import annotations

import heapq
import json
import logging
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()  # before anything that reads models is imported: this module is a program of its own

from django.db import InterfaceError, OperationalError, connection  # noqa: E402

from ekip.shared import clock, doorbell  # noqa: E402
from ekip.shared.errors import Refusal  # noqa: E402
from engine.services import cases, deadlines, decisions, pauses, reviews, rounds, submission  # noqa: E402
from partners.tasks import deliver  # noqa: E402
from recommendations.areas import briefings  # noqa: E402
from recommendations.models import Briefing, PolicyArea  # noqa: E402
from recommendations.text import from_plain_text, to_data  # noqa: E402
from tests.chaos.life import Act, Life  # noqa: E402
from tests.chaos.population import Cast, read_cast  # noqa: E402

GONE = (OperationalError, InterfaceError)
RINGING = {
    submission.submit,
    submission.withdraw,
    submission.send_back,
    rounds.open_round,
    rounds.accept,
    rounds.decline,
    reviews.submit,
    cases.submit,
    decisions.decide,
    deadlines.extend_round,
    deadlines.close_round_now,
    pauses.pause_runs,
    pauses.resume_runs,
}
"""What rings for the post when it is done on its page."""
BEHIND = 2.0
"""Seconds that a step may be late before nobody starts anything new."""
TELL_EVERY = 2.0
logger = logging.getLogger("chaos")


@dataclass
class Told:
    """What the people of one process did and met."""

    clicks: int = 0
    twice: int = 0
    reloads: int = 0
    faults: int = 0
    refusals: dict[str, int] = field(default_factory=dict)


class People:
    """The people of the runs of one share."""

    def __init__(self, seed: int, numbers: list[int], window: float, folder: Path, share: int) -> None:
        self.told, self.share = Told(), share
        self._file = folder / f"people-{share}.json"
        self._second_hand = ThreadPoolExecutor(1)
        self._seed, self._numbers, self._window = seed, numbers, window
        self._cast: Cast | None = None

    def live(self) -> None:
        """Until every run of the share has ended."""
        cast = self._patiently(read_cast)
        began, told_at = time.monotonic(), 0.0
        lives = [Life(number, self._seed, cast, self.act) for number in self._numbers]
        pace = self._window / max(1, len(lives))
        waiting = [(began + place * pace, life.number, life) for place, life in enumerate(lives)]
        heapq.heapify(waiting)
        briefing_at = began + self._window * 0.4 if self.share == 0 else None
        while waiting:
            due, _number, life = waiting[0]
            wait = due - time.monotonic()
            if time.monotonic() - told_at > TELL_EVERY:
                self.tell()
                told_at = time.monotonic()
            if briefing_at and time.monotonic() >= briefing_at:
                briefing_at = None if self._brief(cast) else time.monotonic() + 1
            if wait > 0:
                time.sleep(min(wait, 0.2))
                continue
            heapq.heappop(waiting)
            rests = life.proposal_id is None and self._is_late(waiting)
            rest = 1.0 if rests else self._step(life)
            if rest is not None:
                heapq.heappush(waiting, (time.monotonic() + rest, life.number, life))
        self.tell()

    def act(self, service: Act, *, twice: bool, **call: Any) -> Any:
        """One click, perhaps a double one of which both arrive at once."""
        self.told.clicks += 1
        call["now"] = clock.now()
        other = self._second_hand.submit(self._attempt, service, call) if twice else None
        self.told.twice += twice
        try:
            answer = service(**call)
        finally:
            if other:
                other.result()
        if service in RINGING:
            doorbell.ring(deliver)
        return answer

    def tell(self) -> None:
        """Write down what was met so far."""
        unfinished = self._file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(self.told)))
        unfinished.rename(self._file)

    def _attempt(self, service: Act, call: dict[str, Any]) -> None:
        try:
            service(**call)
        except Refusal:
            pass
        except GONE:
            connection.close()

    def _step(self, life: Life) -> float | None:
        """One step; the real seconds until the next. None when the run has ended."""
        try:
            rest = life.step()
        except Refusal as refusal:
            self.told.refusals[refusal.code] = self.told.refusals.get(refusal.code, 0) + 1
            logger.warning("run %s: %r %s", life.number, refusal.code, getattr(refusal, "errors", ""))
            return 1.0
        except GONE as error:
            self.told.reloads += 1
            logger.warning("run %s: %r", life.number, error)
            connection.close()
            time.sleep(0.2)
            return 0.5
        except Exception:
            self.told.faults += 1
            logger.exception("run %s", life.number)
            return 2.0
        return None if rest is None else rest / clock.machine_time(timedelta(seconds=1))

    def _is_late(self, waiting: list[tuple[float, int, Life]]) -> bool:
        """Whether a run that has begun waits for its people for too long already."""
        started = (due for due, _number, life in waiting if life.proposal_id is not None)
        return time.monotonic() - min(started, default=time.monotonic()) > BEHIND

    def _brief(self, cast: Cast) -> bool:
        """Publish the briefings that are missing; whether all are there."""
        try:
            for area in PolicyArea.objects.filter(pk__in=[each.pk for each in cast.areas], briefing=None):
                draft = briefings.BriefingDraft(
                    to_data(from_plain_text("Small companies seldom own the tools that they need.", lang="en")),
                    ["How can cities pay for the time to try?"],
                )
                call = {"area_id": area.pk, "person": cast.coordinators[area.pk], "now": clock.now()}
                briefings.save_briefing(**call, draft=draft, version=0)
            for area_id in Briefing.objects.filter(published_at=None).values_list("area_id", flat=True):
                person = cast.coordinators[area_id]
                briefings.publish_briefing(area_id=area_id, person=person, now=clock.now())
        except GONE:
            connection.close()
            return False
        return True

    def _patiently(self, question: Any) -> Any:
        while True:
            try:
                return question()
            except GONE:
                connection.close()
                time.sleep(0.5)


def main(seed: int, share: int, of: int, runs: int, window: float, folder: Path) -> None:
    """Live the lives of one share of the runs; then wait to be told to stop."""
    numbers = [number for number in range(runs) if number % of == share]
    People(seed, numbers, window, folder, share).live()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    seed, share, of, runs, window, folder = sys.argv[1:]
    main(int(seed), int(share), int(of), int(runs), float(window), Path(folder))
