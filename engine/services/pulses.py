"""The pulses of the machinery: when each part was last seen alive."""

from __future__ import annotations

from datetime import datetime

from engine.models import SystemPulse


def note_pulse(part: str, *, now: datetime) -> None:
    """Note that a part is alive."""
    SystemPulse.objects.update_or_create(part=part, defaults={"seen_at": now})
