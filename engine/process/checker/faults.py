"""The classes of faults, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.process.messages import _

Path = tuple[str | int, ...]


MESSAGES: Mapping[str, str] = {
    # What is written
    "no-stages": _("A definition needs a list of stages; write at least two."),
    "missing": _("Write %(name)s here."),
    "missing-label": _("This is not written in %(language)s; every text is needed in each language of the definition."),
    "unknown-key": _("The language has no word %(name)s here%(nearest)s."),
    "unknown": _("%(value)s is not known here; use one of %(allowed)s."),
    "not-a-mapping": _("This %(what)s is written as names with values, one to a line."),
    "not-a-list": _("Write a list here: one line with a hyphen for each, or values in square brackets."),
    "not-a-text": _("Write a text here; put it in quotation marks when it looks like a number."),
    "not-a-key": _("%(value)s is no key; use small letters, digits and hyphens, at most 60."),
    "not-a-switch": _("Write true or false here."),
    "not-a-number": _("Write a whole number from %(least)s to %(most)s here."),
    "not-a-date": _("%(value)s is no date; write for example 2027-12-31."),
    "too-long": _("This text is longer than %(most)s characters; shorten it."),
    "twice": _("%(value)s is written twice; rename or drop one."),
    "duration": _("%(value)s is not a duration; write for example P21D."),
    # Names of something else
    "unknown-language": _("%(value)s is not among the languages of the definition; add it there or drop it."),
    "unknown-stage": _("There is no stage %(value)s; name one that is written here%(nearest)s."),
    "unknown-round": _("No stage opens a round %(value)s; name one that is written here%(nearest)s."),
    "unknown-role": _("There is no role %(value)s; use one of %(allowed)s."),
    "unknown-capability": _("There is no capability %(value)s; use some of %(allowed)s."),
    "use-visibility": _("Who may know or read is no capability; write visibility: listed or visibility: public."),
    "unknown-form": _("There is no form %(value)s; write it under forms%(nearest)s."),
    "unknown-body": _("There is no body %(value)s; write it under bodies%(nearest)s."),
    "unknown-calendar": _("There is no calendar %(value)s; write it under calendars%(nearest)s."),
    "unknown-section": _("There is no section %(value)s in the template%(nearest)s."),
    "unknown-country": _("The public holidays of %(value)s are not known; write two capital letters such as SE."),
    "body-without-decider": _("Only a decision has a body; write by: decider, or drop the body."),
    # Rounds
    "quorum": _("A quorum is a whole number from 1, a share above 0 and at most 1, kinds, or a number of countries."),
    "quorum-too-high": _("At most %(panel)s can be invited, so %(needed)s can never be reached; lower the quorum."),
    "no-criteria": _("Reviewers need at least one criterion to score; write criteria or name a form."),
    "form-and-criteria": _("A round has a form or criteria of its own, not both; drop one."),
    "ladder": _("A reminder comes either before, on or after the deadline, and not before the round opens."),
    # Gates and timers
    "unsatisfiable-gate": _("This gate can never open here, because %(reason)s."),
    "timer-without-target": _("A timer that takes a way names one of this stage that is taken by: timer."),
    "reminds-only": _("A timer that reminds takes no way; write then: take, or drop the transition."),
    "never-taken": _("No timer of this stage takes this way; add one with then: take, or drop the way."),
    # The whole
    "no-start": _("Every proposal begins at the first stage, so it cannot be an end; put another stage first."),
    "unbounded": _("A way back needs at_most: how often it may be taken."),
    "unreachable": _("No transition leads to %(stage)s; add one or drop the stage."),
    "dead-end": _("No end can be reached from %(stage)s; add a way on."),
    "loop": _("%(stage)s can be entered for ever; bound a way back by at_most."),
    "end-with-ways": _("Nothing happens at an end; drop its %(what)s, or drop end: true."),
    "no-text": _("%(stage)s works on a frozen text and can be entered before; put effects: [freeze] on the way here."),
    "no-join": _("The branch %(branch)s never meets the others; mark a stage join: true."),
    "join-never-completes": _("The branches do not all come to one join (%(branch)s does not); lead them to the same."),
    "fork-in-branch": _("A branch cannot fork again before the join; end the first fork before the next."),
    "branches-meet": _("The branches both pass %(stage)s before the join; give each its own stages."),
    "no-timer": _("%(stage)s waits for people; give it a timer that takes a way without a gate, or open_ended: true."),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a definition: where, of which class, and the names that its message speaks of."""

    path: Path
    code: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong and how to mend it, in English."""
        return MESSAGES[self.code] % self.names
