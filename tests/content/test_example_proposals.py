"""The example proposals are whole, belong to invented people, and their reviews speak about words that are there."""

from __future__ import annotations

from collections import Counter

import pytest

from ekip.demo.schedule import SCHEDULES
from engine.models.points import Disposition
from engine.models.rounds import Review
from partners.countries import COUNTRIES
from partners.models import Gathering, Organisation
from recommendations.models import Evidence, Level
from recommendations.models.drafting import Recommendation
from tests.content.data_files import Row, names, passages, proposals, rows

CRITERIA = {"relevance", "evidence", "feasibility", "clarity"}


def each_proposal_with(key: str) -> pytest.MarkDecorator:
    """Run a test for every proposal whose file has that key."""
    found = [proposal for proposal in proposals() if key in proposal]
    return pytest.mark.parametrize("proposal", found, ids=lambda proposal: proposal["slug"])


each_proposal = each_proposal_with("slug")


def organisation_of(person: str) -> str:
    """The organisation of an example person."""
    return {row["key"]: row["organisation"] for row in rows("people")}[person]


def points_of(proposal: Row) -> list[Row]:
    """The points of all reviews of a proposal, then those of its city test."""
    raised = [point for review in proposal["reviews"] for point in review["points"]]
    return raised + proposal.get("city_test", {}).get("points", [])


def authors_of(proposal: Row) -> set[str]:
    """The organisations of those who write a proposal."""
    return {organisation_of(person) for person in [proposal["author"], *proposal["co_authors"]]}


def test_three_are_published_and_one_stands_at_every_other_stage() -> None:
    assert Counter(proposal["stage"] for proposal in proposals()) == {
        "community-review": 1,
        "revision": 1,
        "overdue": 1,
        "returned": 1,
        "withdrawn": 1,
        "published": 3,
    }
    assert [proposal["area"] for proposal in proposals() if "correction" in proposal] == ["heritage-innovation"]


def test_they_cover_the_known_policy_areas_once() -> None:
    known = [area["slug"] for area in rows("areas") if area["status"] == "selected"]
    assert sorted(proposal["area"] for proposal in proposals()) == sorted(known)


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
        people = {review["reviewer"] for review in proposal["reviews"]} | set(proposal.get("invited", []))
        reviewers = {organisation_of(person) for person in people}
        assert authors_of(proposal) & reviewers == set()
        assert len(reviewers) == len(people)

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


@each_proposal
class TestGatherings:
    def test_invented_bodies_held_them_in_invented_places_on_days_of_the_schedule(self, proposal: Row) -> None:
        assert len(SCHEDULES[proposal["slug"]].gatherings) == len(proposal["gatherings"])
        for row in proposal["gatherings"]:
            assert row["kind"] in Gathering.Kind.values
            assert row["host"] in names("organisations")
            assert row.get("ecosystem") in {None, *names("ecosystems")}
            assert row.get("territory") in {None, *names("territories")}
            invented = [row["host"], row.get("ecosystem"), row.get("territory")]
            assert all(each.startswith("example-") for each in invented if each)

    def test_they_say_who_came_and_what_came_of_it(self, proposal: Row) -> None:
        for row in proposal["gatherings"]:
            groups = [(group["kind"], group["country"]) for group in row["attendance"]]
            assert sorted(set(groups)) == sorted(groups)
            assert {kind for kind, _country in groups} <= set(Organisation.Kind.values)
            assert {country for _kind, country in groups} <= set(COUNTRIES)
            assert 10 <= sum(group["people"] for group in row["attendance"]) <= 30
            assert 15 <= len(row["outcome"].split()) <= 80


@each_proposal_with("city_test")
class TestCityTests:
    def test_it_is_led_by_an_invented_person_who_neither_wrote_nor_reviews(self, proposal: Row) -> None:
        test = proposal["city_test"]
        reviewers = {review["reviewer"] for review in proposal["reviews"]} | set(proposal.get("invited", []))
        assert test["facilitator"] in names("people") - reviewers
        assert organisation_of(test["facilitator"]) not in authors_of(proposal)
        [place] = [row for row in rows("ecosystems") if row["slug"] == test["ecosystem"]]
        assert place["is_example"]

    def test_it_says_who_took_part_by_known_kinds(self, proposal: Row) -> None:
        participants = proposal["city_test"]["participants"]
        assert set(participants) <= set(Organisation.Kind.values)
        assert 10 <= sum(participants.values()) <= 30

    def test_it_says_what_the_recommendations_met(self, proposal: Row) -> None:
        test = proposal["city_test"]
        known = [row["key"] for row in proposal["recommendations"]]
        met = [row["recommendation"] for row in test["met"]]
        assert met == (known if test.get("handed_in", True) else known[: len(met)])
        texts = [test["set_up"], test["gaps"], test["resources"], *(row["text"] for row in test["met"])]
        assert 80 <= len(" ".join([*texts, *(row["text"] for row in test["points"])]).split()) <= 500


def test_what_passed_the_review_was_tested_in_a_city() -> None:
    tested = {proposal["stage"] for proposal in proposals() if proposal.get("city_test", {}).get("handed_in", True)}
    assert [proposal["slug"] for proposal in proposals() if "city_test" not in proposal] == [
        "product-passport-for-small-series"
    ]
    assert {"published", "returned", "overdue", "revision"} <= tested


@each_proposal_with("dispositions")
class TestAnswersAndDecision:
    def test_every_point_has_one_disposition_with_a_reason(self, proposal: Row) -> None:
        dispositions = proposal["dispositions"]
        assert [row["point"] for row in dispositions] == [point["key"] for point in points_of(proposal)]
        assert {row["outcome"] for row in dispositions} <= set(Disposition.Outcome.values)
        assert all(row["reason"] for row in dispositions)

    def test_a_revised_section_differs_from_the_reviewed_one(self, proposal: Row) -> None:
        for key, text in proposal["revised_sections"].items():
            assert text != proposal["sections"][key]

    def test_an_invented_coordinator_decided_with_a_reason(self, proposal: Row) -> None:
        decision = proposal["decision"]
        [decider] = [person for person in rows("people") if person["key"] == decision["by"]]
        assert "coordinator" in decider["grants"]
        assert decision["outcome"] == ("return" if proposal["stage"] == "returned" else "publish")
        assert decision["reason"]


def test_every_kind_of_answer_was_given() -> None:
    given = {row["outcome"] for proposal in proposals() for row in proposal.get("dispositions", [])}
    assert given == set(Disposition.Outcome.values)


@each_proposal_with("correction")
class TestCorrection:
    def test_what_it_mends_differs_from_what_was_published(self, proposal: Row) -> None:
        published = proposal["sections"] | proposal["revised_sections"]
        for key, text in proposal["correction"]["revised_sections"].items():
            assert text != published[key]
        recommendations = {row["key"]: row for row in proposal["recommendations"]}
        for changed in proposal["correction"]["revised_recommendations"]:
            mended = set(changed) - {"key"}
            assert mended
            assert all(changed[part] != recommendations[changed["key"]][part] for part in mended)

    def test_it_has_a_reason_and_a_notice(self, proposal: Row) -> None:
        assert proposal["correction"]["reason"]
        assert proposal["correction"]["notice"]

    def test_innovation_by_production_is_a_way_of_financing(self, proposal: Row) -> None:
        [practised] = [row for row in proposal["recommendations"] if "Innovation by Production" in row["statement"]]
        assert practised["building_blocks"] == ["investment-funding"]


@each_proposal_with("withdrawal")
def test_the_authors_withdraw_with_a_reason(proposal: Row) -> None:
    assert proposal["withdrawal"]["by"] == proposal["author"]
    assert proposal["withdrawal"]["reason"]
