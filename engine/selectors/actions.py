"""What a person can do with a proposal now. Pages draw their buttons from this; the services decide again."""

from dataclasses import dataclass

from engine.permissions import (
    bar_of,
    may_author,
    may_coordinate,
    may_decide,
    may_keep_gatherings,
    may_schedule,
)
from engine.selectors.runs import RunView, StagePosition
from partners.models import User
from recommendations import access
from recommendations.models import Grant, Proposal
from recommendations.permissions import may_delete, may_edit


@dataclass(frozen=True)
class Actions:
    """What can be done on the proposal page; `to_open` still wait for a round, `open_rounds` have one.

    `submit` is what the process calls handing the text on. `corrects` says that a decision is about what is published
    already; `keeps_gatherings` that the person records where people met. `to_extend` have a deadline without a round.
    In a paused run there is nothing but writing, and resuming it.
    """

    is_author: bool
    edit: bool
    submit: str
    answer_points: bool
    withdraw: bool
    send_back: bool
    decide: bool
    corrects: bool
    delete: bool
    archive: bool
    unarchive: bool
    keeps_gatherings: bool
    to_open: tuple[StagePosition, ...]
    open_rounds: tuple[StagePosition, ...]
    to_extend: tuple[StagePosition, ...]
    pause: bool
    resume: bool

    @property
    def has_any(self) -> bool:
        """Whether there is anything to do or to look at beside the text."""
        offered = (self.submit, self.answer_points, self.withdraw, self.send_back, self.decide)
        offered += (self.to_extend, self.pause, self.resume)
        return any((*offered, self.delete, self.archive, self.unarchive, self.to_open, self.open_rounds))


def actions_for(person: User, proposal: Proposal, run: RunView) -> Actions:
    """What the person can do with the proposal where it stands now."""
    is_author = Grant.Right.AUTHOR in access.rights(person, proposal.pk)
    archived = proposal.archived_at is not None
    at_rest = all(at.stage.is_open_ended for at in run.positions)
    coordinates = bool(may_coordinate(person, proposal))
    deciding = run.deciding()
    goes_on = run.pause is None
    schedules = bool(may_schedule(person, proposal))
    # A conflict of interest closes the pages of rounds to who oversees; authors see how far theirs are.
    sees_rounds = is_author or bar_of(person, proposal) is None
    return Actions(
        is_author=is_author,
        edit=bool(may_edit(person, proposal)),
        submit=_onward(run) if goes_on and may_author(person, proposal, "submit") else "",
        answer_points=bool(may_author(person, proposal, "dispose")),
        withdraw=goes_on and is_author and not archived and run.offering("withdraw", "author") is not None,
        send_back=goes_on and coordinates and run.offering("return", "coordinator") is not None,
        decide=goes_on and deciding is not None and bool(may_decide(person, proposal)),
        corrects=deciding is not None and run.run.publication_id is not None,
        delete=bool(may_delete(person, proposal)),
        archive=goes_on and is_author and at_rest and not archived,
        unarchive=is_author and archived,
        keeps_gatherings=bool(may_keep_gatherings(person, proposal)),
        to_open=tuple(at for at in run.positions if goes_on and coordinates and at.awaits_round),
        open_rounds=tuple(at for at in run.positions if at.round and sees_rounds),
        to_extend=tuple(at for at in run.positions if goes_on and schedules and at.due_at and not at.round),
        pause=goes_on and schedules and not at_rest,
        resume=not goes_on and schedules,
    )


def _onward(run: RunView) -> str:
    """The words on the button of the way by which authors hand their text on."""
    here = run.offering("advance", "author")
    way = here.stage.way("advance", "author") if here else None
    return way.label if way else ""
