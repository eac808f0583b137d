"""What proposals stand on: vocabularies, an area that is open to proposals, one draft."""

import pytest

from recommendations.models import PolicyArea, Proposal
from tests.recommendations import rows


@pytest.fixture
def vocabularies(db) -> None:
    """Building blocks, an actor and a template of two sections."""
    rows.make_vocabularies()


@pytest.fixture
def area(vocabularies, now) -> PolicyArea:
    """A policy area that is open to proposals."""
    return rows.make_area(slug="shared-studios", selected_at=now)


@pytest.fixture
def proposal(area, author, organisation, now) -> Proposal:
    """The author's draft, open for editing, with empty sections."""
    return rows.make_proposal(author, organisation, area, now=now)
