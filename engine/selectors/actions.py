"""What a person can do with a proposal now. Pages draw their buttons from this; the services decide again."""

from dataclasses import dataclass

from engine.models import Round
from engine.permissions import may_author, may_coordinate, may_decide
from engine.selectors.runs import RunView
from partners.models import User
from recommendations import access
from recommendations.models import Grant, Proposal
from recommendations.permissions import may_delete, may_edit


@dataclass(frozen=True)
class Actions:
    """Yes or no for each thing that can be done on the proposal page."""

    is_author: bool
    edit: bool
    submit: bool
    answer_points: bool
    withdraw: bool
    open_round: bool
    decide: bool
    delete: bool
    archive: bool
    unarchive: bool
    open_round_pk: int | None

    @property
    def has_any(self) -> bool:
        """Whether there is anything to do or to look at beside the text."""
        offered = (self.submit, self.answer_points, self.withdraw, self.open_round, self.decide, self.open_round_pk)
        return any((*offered, self.delete, self.archive, self.unarchive))


def actions_for(person: User, proposal: Proposal, run: RunView) -> Actions:
    """What the person can do with the proposal in its present stage."""
    is_author = Grant.Right.AUTHOR in access.rights(person, proposal.pk)
    archived = proposal.archived_at is not None
    at_rest = run.stage.is_end or run.stage.is_open_ended
    open_round = Round.objects.filter(visit=run.visit_id, closed_at=None, cancelled_at=None).first()
    return Actions(
        is_author=is_author,
        edit=bool(may_edit(person, proposal)),
        submit=bool(may_author(person, proposal, "submit")),
        answer_points=bool(may_author(person, proposal, "dispose")),
        withdraw=is_author and not archived and any(each.kind == "withdraw" for each in run.stage.transitions),
        open_round=run.stage.round is not None and open_round is None and bool(may_coordinate(person, proposal)),
        decide=bool(may_decide(person, proposal)),
        delete=bool(may_delete(person, proposal)),
        archive=is_author and at_rest and not archived,
        unarchive=is_author and archived,
        open_round_pk=open_round.pk if open_round else None,
    )
