"""A small back catalogue, with what it names."""

import pytest

from tests import people
from tests.recommendations import rows

CATALOGUE = """\
# A comment.
format: ekip-back-catalogue/1
publications:
  - slug: quiet-harbours
    policy_area: harbours
    language: en
    title: Quiet harbours
    summary: >-
      What ports can do
      for makers.
    published_on: "2025-03"
    authors: [example-city, example-network]
    source:
      title: Report on quiet harbours
      url: https://example.org/harbours
      retrieved_on: "2026-11-01"
    sections:
      - kind: context
        text: |
          Ports have **room**.

          - quays
          - halls
    evidence:
      - key: survey
        title: Survey of makers
        kind: survey
        year: 2024
    recommendations:
      - key: open-quays
        statement: Open the quays to makers.
        rationale: Makers need room.
        levels: [local]
        target_actors: [public-authority]
        building_blocks: [social-dimension]
        evidence: [survey]
"""


@pytest.fixture
def register(vocabularies, organisation):
    """What the catalogue names: an area, two organisations (one is the author's), the vocabularies."""
    rows.make_area("Harbours", slug="harbours")
    people.make_organisation("Example Network", slug="example-network")


@pytest.fixture
def catalogue() -> str:
    """The file."""
    return CATALOGUE
