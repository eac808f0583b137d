"""When a policy area counts, and in which state it is. Pure rules.

Source of the rule: ekip's method of mapping and prioritising innovation areas, by which an area counts only if at
least ten data sources support it
(http://ekipengine.eu/tools-methods/method-of-mapping-and-prioritising-innovation-areas/).
"""

from datetime import datetime
from typing import Literal

MINIMUM_SOURCES = 10

State = Literal["identified", "selected", "declined"]


def is_eligible(sources: int) -> bool:
    """Whether so many sources make an area eligible."""
    return sources >= MINIMUM_SOURCES


def sources_lacking(sources: int) -> int:
    """How many sources are lacking until it is."""
    return max(0, MINIMUM_SOURCES - sources)


def state(*, selected_at: datetime | None, declined_at: datetime | None) -> State:
    """The state of an area that was selected or declined at these instants, or neither.

    Raises:
        ValueError: both; an area is one or the other.
    """
    if selected_at and declined_at:
        raise ValueError("an area is not both selected and declined")
    if selected_at:
        return "selected"
    return "declined" if declined_at else "identified"


def is_open_to_proposals(selected_at: datetime | None, *, sources: int) -> bool:
    """Whether proposals can be started in it: it has been selected, and so many sources make it eligible."""
    return selected_at is not None and is_eligible(sources)
