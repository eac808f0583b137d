"""Gates that ask what authors have written and attached, by the services."""

import pytest

from ekip.shared.errors import NotNow
from recommendations.drafting import services as drafting_services
from tests.engine.processes import drafting, ended, follow

pytestmark = pytest.mark.django_db


def with_gate(story, **gate):
    first = drafting("closed")
    first["transitions"][0]["when"] = [gate]
    return follow(story, first, ended()).start()


def refusal(story) -> str:
    with pytest.raises(NotNow) as refused:
        story.submit()
    return refused.value.code


def test_so_many_pieces_of_evidence_must_be_attached(story):
    with_gate(story, gate="evidenced", minimum=2).write()
    assert refusal(story) == "not-evidenced"
    draft = drafting_services.EvidenceDraft("A second example survey", "survey", year=2026)
    drafting_services.add_evidence(proposal_id=story.proposal.pk, person=story.author, draft=draft, now=story.now)
    story.submit()
    assert story.stage == "closed"


def test_the_named_sections_must_be_written_and_no_others(story):
    with_gate(story, gate="complete", sections=["context"])
    assert refusal(story) == "incomplete"
    story.write_section("context", "Small companies need rooms.")
    story.submit()
    assert story.stage == "closed"
