"""A frozen text that can be published."""

import pytest

from recommendations.drafting import services
from recommendations.publishing import draft_from_revision
from tests.recommendations import rows


@pytest.fixture
def revision(proposal, author, now):
    """The whole text of a proposal, frozen."""
    return services.freeze_revision(proposal=rows.fill(proposal, now=now), person=author, now=now)


@pytest.fixture
def draft(revision):
    """The edition that publishing it would make."""
    return draft_from_revision(revision, slug="shared-studios", provenance={"run": 7})
