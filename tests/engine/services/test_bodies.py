"""Decisions that a body takes: those who sit on it, and nobody else."""

import pytest

from ekip.shared.errors import Invalid, NotAllowed, NotFound
from engine.models import Decision
from engine.permissions import may_decide
from engine.selectors.desk import desk_of
from engine.services import decisions
from partners.models import Notification, RoleGrant
from partners.services.people import grant_role
from recommendations.drafting.selectors import proposal_for
from tests.engine.processes import deciding, drafting, ended, follow
from tests.people import grant, join, make_organisation, make_person

pytestmark = pytest.mark.django_db

BODIES = [{"key": "expert-council", "label": "Expert council"}, {"key": "board", "label": "Board"}]


@pytest.fixture
def board(db):
    """Sits on the board and has no other role."""
    person = make_person("Boris Board", organisation=make_organisation("Example Foundation"))
    grant(person, RoleGrant.Role.DECIDER, "body:board")
    return person


@pytest.fixture
def before_the_council(story, council, board):
    """A proposal on which the council decides first, and then the board."""
    first = deciding("last", key="first", body="expert-council")
    stages = drafting("first"), first, deciding("closed", key="last", body="board"), ended()
    return follow(story, *stages, bodies=BODIES).start().write().submit()


def decide(story, person, outcome: str = "approve") -> Decision:
    call = {"proposal_id": story.proposal.pk, "visit_id": story.visit.pk, "now": story.now}
    return decisions.decide(**call, person=person, outcome=outcome, reason="It is sound.")


def tasks(person, story) -> list[str]:
    return [task.text for task in desk_of(person, now=story.now).for_you]


def test_only_those_who_sit_on_the_body_decide(before_the_council, council, board, decider, coordinator, outsider):
    for person in (board, decider, coordinator):
        with pytest.raises(NotAllowed) as refusal:
            decide(before_the_council, person)
        assert refusal.value.code == "not-of-the-body"
    for person in (outsider, before_the_council.author):
        with pytest.raises(NotFound):
            decide(before_the_council, person)
    decision = decide(before_the_council, council)
    assert decision.inputs["body"] == "expert-council"
    assert decision.inputs["eligible"] == [council.pk]
    assert before_the_council.stage == "last"


def test_the_bodies_decide_one_after_the_other(before_the_council, council, board):
    decide(before_the_council, council)
    with pytest.raises(NotAllowed):
        decide(before_the_council, council)
    decide(before_the_council, board)
    assert before_the_council.stage == "closed"


def test_the_desk_shows_the_decision_to_the_body_alone(before_the_council, council, board, decider, coordinator):
    assert tasks(council, before_the_council) == ["Decide on “Shared means for small companies”"]
    for person in (board, decider, coordinator):
        assert tasks(person, before_the_council) == []
    others = desk_of(coordinator, now=before_the_council.now).for_others
    assert [task.text for task in others] == ["The decision on “Shared means for small companies”"]


def test_the_body_is_told_and_others_are_not(before_the_council, council, board, decider):
    def told(person) -> list[str]:
        return list(Notification.objects.filter(person=person).values_list("kind", flat=True))

    assert (told(council), told(board), told(decider)) == (["decision-wanted"], [], [])
    decide(before_the_council, council)
    assert told(board) == ["decision-wanted"]


def test_who_sits_on_a_body_reads_the_proposals_of_its_processes_only(before_the_council, council, story):
    assert proposal_for(council, before_the_council.proposal.pk) == before_the_council.proposal
    story.version_id = None
    story.start()
    with pytest.raises(NotFound):
        proposal_for(council, story.proposal.pk)


def test_a_conflict_of_interest_bars_from_the_body_s_decision(before_the_council, council):
    join(council, before_the_council.organisation)
    with pytest.raises(NotAllowed) as refusal:
        decide(before_the_council, council)
    assert refusal.value.code == "conflict-of-interest"


def test_a_decider_of_no_body_takes_only_the_ways_of_no_body(story, council, decider):
    both = deciding("closed", body="expert-council")
    both["transitions"].append(
        {"key": "stop", "kind": "end", "label": "Stop", "to": "closed", "by": "decider", "reason": True}
    )
    follow(story, drafting("deciding"), both, ended(), bodies=BODIES).start().write().submit()
    with pytest.raises(Invalid) as refusal:
        decide(story, decider)
    assert set(refusal.value.errors) == {"outcome"}
    with pytest.raises(Invalid):
        decide(story, council, "stop")
    decide(story, decider, "stop")


def test_a_body_decides_nothing_where_no_body_is_named(story, council):
    story.in_decision()
    assert not may_decide(council, story.proposal)


def test_an_ended_grant_ends_the_say(before_the_council, council, now):
    RoleGrant.objects.filter(person=council).update(ended_at=now)
    with pytest.raises(NotFound):
        decide(before_the_council, council)


def test_only_a_decider_is_granted_a_body(outsider, now):
    grant_role(person=outsider, role="decider", scope="body:board", now=now)
    for role, scope in (("coordinator", "body:board"), ("decider", "body:"), ("decider", "body:a b")):
        with pytest.raises(Invalid) as refusal:
            grant_role(person=outsider, role=role, scope=scope, now=now)
        assert set(refusal.value.errors) == {"scope"}
