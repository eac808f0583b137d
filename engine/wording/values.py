"""A kind of mail, and the placeholders that may stand in its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYWHERE = ("title", "area", "process")
"""Placeholders that every text may use."""


@dataclass(frozen=True)
class Placeholder:
    """What stands for a placeholder, and an invented example of it."""

    meaning: str | Promise
    sample: str | Promise | datetime


@dataclass(frozen=True)
class Wording:
    """One kind of mail: when it is sent, to whom, and our own words for it."""

    key: str
    label: str | Promise
    to: str | Promise
    subject: str | Promise
    body: str | Promise
    further: tuple[str, ...] = ()

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Every placeholder that may stand in it."""
        return (*EVERYWHERE, *self.further)


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "title": Placeholder(_("the title of the proposal"), _("Shared means for small companies")),
    "area": Placeholder(_("its policy area"), _("Access to shared means")),
    "process": Placeholder(_("the title of the process"), _("ekip Engine")),
    "stage": Placeholder(_("the stage where it stands now"), _("Revision")),
    "left": Placeholder(_("the stage that it has left"), _("Community review")),
    "points": Placeholder(_("how many points of reviewers wait for an answer"), _("3 points")),
    "lacks": Placeholder(_("what the quorum still lacks"), _("1 review")),
    "edition": Placeholder(_("the number of the edition"), "2"),
    "version": Placeholder(_("the number of the version of the process"), "4"),
    "summary": Placeholder(
        _("the summary of the proposal"), _("What cities can do so that small companies try tools.")
    ),
    "answer_by": Placeholder(
        _("until when an answer is wished; nothing where the process does not say"),
        datetime(2027, 3, 12, 16, tzinfo=UTC),
    ),
    "before": Placeholder(_("the deadline as it was"), datetime(2027, 3, 12, 16, tzinfo=UTC)),
    "closes_at": Placeholder(_("the deadline as it is now"), datetime(2027, 3, 26, 16, tzinfo=UTC)),
    "until": Placeholder(
        _("when the pause ends by itself; nothing where somebody ends it"), datetime(2027, 4, 5, 7, tzinfo=UTC)
    ),
    "due_at": Placeholder(_("when the time of the stage had passed"), datetime(2027, 3, 12, 16, tzinfo=UTC)),
    "handed_in": Placeholder(_("how many have handed in, as a sentence"), _("2 of 4 reviews are in.")),
    "names": Placeholder(_("who has not handed in yet"), _("Example Person")),
    "waits_for": Placeholder(_("who acts at the stage, and how"), _("authors: answer the points and revise the text")),
    "by_hand": Placeholder(
        _("that a coordinator sent it; nothing where the process did"), _("A coordinator reminds you.")
    ),
    "because": Placeholder(
        _("why a deputy gets it; nothing for others"),
        _("You get this as a deputy, because no coordinator is in today."),
    ),
    "back": Placeholder(_("the day on which the reviewer is back"), _("26 March 2027")),
    "reviewer": Placeholder(_("the name of the reviewer"), _("Example Person")),
    "reason": Placeholder(_("the reason that was given"), _("I know the authors too well.")),
}
