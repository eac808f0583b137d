"""The pages on which a decision body decides."""

import pytest

from engine.models import Decision
from tests.engine.processes import deciding, drafting, ended, follow

pytestmark = pytest.mark.django_db

COUNCIL = [{"key": "expert-council", "label": "Expert council"}]


@pytest.fixture
def waiting(story):
    """A proposal on which the council decides."""
    stages = drafting("deciding"), deciding("closed", body="expert-council"), ended()
    return follow(story, *stages, bodies=COUNCIL).start().write().submit()


def test_who_sits_on_the_body_decides_on_the_page(waiting, council, visit):
    pk = waiting.proposal.pk
    assert f"/proposals/{pk}/decision/" in visit(council).get("proposal", pk).content.decode()
    choice = {"outcome": "approve", "reason": "It is sound."}
    asked = visit(council).command("decide", pk, **choice)
    assert asked.status_code == 200
    done = visit(council).command("decide", pk, **choice, confirmed="1")
    assert done.status_code == 302
    assert Decision.objects.get().decided_by == council


def test_of_two_bodies_that_decide_beside_each_other_each_finds_its_own_decision(story, council, visit):
    begin = drafting("first")
    begin["transitions"][0]["beside"] = ["second"]
    bodies = [*COUNCIL, {"key": "board", "label": "Board"}]
    first, second = deciding("closed", "first", body="board"), deciding("closed", "second", body="expert-council")
    follow(story, begin, first, second, {**ended(), "join": True}, bodies=bodies).start().write().submit()
    choice = {"outcome": "approve", "reason": "It is sound.", "confirmed": "1"}
    assert visit(council).command("decide", story.proposal.pk, **choice).status_code == 302
    assert Decision.objects.get().visit.stage == "second"


def test_the_coordinator_finds_no_way_to_decide(waiting, coordinator, decider, visit):
    pk = waiting.proposal.pk
    for person in (coordinator, decider):
        assert f"/proposals/{pk}/decision/" not in visit(person).get("proposal", pk).content.decode()
        refused = visit(person).get("decide", pk)
        assert refused.status_code == 403
        assert "A decision body decides at this stage." in refused.content.decode()
    assert not Decision.objects.exists()
