"""Ticks until nothing is due, in a process of their own whose memory is theirs alone; prints figures as JSON."""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import django


def close_due(*, now: datetime) -> Iterator[dict[str, float]]:
    """Tick until nothing is left; seconds and runs of each tick."""
    from engine.services import clockwork

    while True:
        began = perf_counter()
        done = clockwork.tick(now=now)
        yield {"seconds": perf_counter() - began, "runs": done.runs, "set_aside": done.set_aside}
        if not done.left:
            return


def memory() -> float:
    """Resident memory at present, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def peak() -> float:
    """The highest that resident memory ever was, in MB; getrusage would count what our parent had when it forked."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


def figures(*, now: datetime) -> dict[str, Any]:
    """Close everything that is due at that instant; how long each tick took, and how much memory that was."""
    before = memory()
    ticks = list(close_due(now=now))
    return {"ticks": ticks, "memory_before": before, "memory_peak": peak()}


def main(now: datetime) -> None:
    """As a worker that has been at it for a while: what is read once in its life has been read."""
    from django.urls import reverse

    from engine.models import ProcessVersion
    from engine.models.definitions import definition_of

    logging.getLogger("engine").setLevel(logging.WARNING)
    reverse("engine:my_proposals")
    for version in ProcessVersion.objects.values_list("pk", flat=True):
        definition_of(version)
    json.dump(figures(now=now), sys.stdout)


if __name__ == "__main__":
    django.setup()
    main(datetime.fromisoformat(sys.argv[1]))
