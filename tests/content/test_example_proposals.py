"""The example proposals are whole, belong to invented people, and their reviews speak about words that are there."""

from __future__ import annotations

import pytest

from engine.models.points import Disposition
from engine.models.rounds import Review
from recommendations.models import Evidence, Level
from recommendations.models.drafting import Recommendation
from tests.content.data_files import Row, names, passages, proposals, rows

CRITERIA = {"relevance", "evidence", "feasibility", "clarity"}

each_proposal = pytest.mark.parametrize("proposal", proposals(), ids=lambda proposal: proposal["slug"])


def organisation_of(person: str) -> str:
    """The organisation of an example person."""
    return {row["key"]: row["organisation"] for row in rows("people")}[person]


def points_of(proposal: Row) -> list[Row]:
    """All points of all reviews of a proposal."""
    return [point for review in proposal["reviews"] for point in review["points"]]


def test_each_stage_has_one_proposal() -> None:
    assert {proposal["stage"] for proposal in proposals()} == {"community-review", "revision", "published"}


@each_proposal
class TestText:
    def test_it_is_marked_and_belongs_to_invented_people(self, proposal: Row) -> None:
        people = [proposal["author"], *proposal["co_authors"]]
        assert proposal["is_example"] is True
        assert set(people) <= names("people")
        assert organisation_of(proposal["author"]) == proposal["lead_organisation"]
        assert proposal["area"] in names("areas")

    def test_every_section_of_the_template_is_long_enough(self, proposal: Row) -> None:
        assert set(proposal["sections"]) == names("sections")
        for section in rows("sections"):
            assert len(proposal["sections"][section["key"]].split()) >= section["minimum_words"]

    def test_it_has_the_length_of_a_brief(self, proposal: Row) -> None:
        parts = [*proposal["sections"].values()]
        parts += [row[part] for row in proposal["recommendations"] for part in ("statement", "rationale", "guideline")]
        assert 900 <= len(" ".join(parts).split()) <= 1400
        assert len(proposal["summary"].split()) <= 60

    def test_recommendations_use_known_terms_and_their_own_evidence(self, proposal: Row) -> None:
        evidence = {item["key"] for item in proposal["evidence"]}
        longest = Recommendation._meta.get_field("statement").max_length
        assert 3 <= len(proposal["recommendations"]) <= 4
        for row in proposal["recommendations"]:
            assert len(row["statement"]) <= longest
            assert set(row["levels"]) <= set(Level.values)
            assert set(row["target_actors"]) <= names("target_actors")
            assert set(row["building_blocks"]) <= names("building_blocks")
            assert set(row["evidence"]) <= evidence

    def test_evidence_is_of_a_known_kind_and_marked_where_invented(self, proposal: Row) -> None:
        for item in proposal["evidence"]:
            invented = "example.org" in item["url"]
            assert item["kind"] in Evidence.Kind.values
            assert item.get("is_example", False) == invented
            assert item["publisher"].startswith("Example") == invented


@each_proposal
class TestReviews:
    def test_no_reviewer_belongs_to_an_author_s_organisation(self, proposal: Row) -> None:
        authors = {organisation_of(person) for person in [proposal["author"], *proposal["co_authors"]]}
        reviewers = {organisation_of(review["reviewer"]) for review in proposal["reviews"]}
        assert authors & reviewers == set()
        assert len(reviewers) == len(proposal["reviews"])

    def test_scores_and_advice_are_complete(self, proposal: Row) -> None:
        for review in proposal["reviews"]:
            assert set(review["scores"]) == CRITERIA
            assert set(review["scores"].values()) <= {1, 2, 3, 4, 5}
            assert review["advice"] in Review.Advice.values

    def test_quotes_stand_in_one_block_of_their_section(self, proposal: Row) -> None:
        for point in points_of(proposal):
            text = passages(proposal["sections"][point["section"]])
            assert sum(part.count(point["quote"]) for part in text) == 1, point["key"]

    def test_points_have_keys_of_their_own(self, proposal: Row) -> None:
        keys = [point["key"] for point in points_of(proposal)]
        assert sorted(set(keys)) == sorted(keys)


class TestThePublishedProposal:
    [proposal] = [proposal for proposal in proposals() if proposal["stage"] == "published"]

    def test_every_point_has_one_disposition_with_a_reason(self) -> None:
        dispositions = self.proposal["dispositions"]
        assert [row["point"] for row in dispositions] == [point["key"] for point in points_of(self.proposal)]
        assert {row["outcome"] for row in dispositions} == set(Disposition.Outcome.values)
        assert all(row["reason"] for row in dispositions)

    def test_a_revised_section_differs_from_the_reviewed_one(self) -> None:
        for key, text in self.proposal["revised_sections"].items():
            assert text != self.proposal["sections"][key]

    def test_an_invented_coordinator_decided_with_a_reason(self) -> None:
        decision = self.proposal["decision"]
        [decider] = [person for person in rows("people") if person["key"] == decision["by"]]
        assert "coordinator" in decider["grants"]
        assert decision["outcome"] == "publish"
        assert decision["reason"]
