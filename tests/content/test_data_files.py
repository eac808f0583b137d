"""The reference data and the demonstration data say only what they may, in a form that can be loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from partners.models import Ecosystem, Membership, Organisation, RoleGrant, Territory
from recommendations.models import BuildingBlock, Evidence, Level, Source
from tests.content.data_files import DEMO, ROOT, SCHEMA, all_files, load, names, passages, proposals, rows

HELD_BY_REAL_BODIES = {"slug", "name", "kind", "country", "city", "website", "sectors", "description", "role", "source"}


@pytest.mark.parametrize("path", all_files(), ids=lambda path: str(path.relative_to(ROOT)))
class TestForm:
    def test_the_file_holds_a_mapping(self, path: Path) -> None:
        assert isinstance(load(path), dict)

    def test_lines_are_short_unless_they_hold_an_address(self, path: Path) -> None:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > 110 and "http" not in line and 'title: "' not in line] == []

    def test_keys_are_unique_within_each_list(self, path: Path) -> None:
        for items in load(path).values():
            if isinstance(items, list):
                keys = [item.get("slug") or item.get("key") for item in items if isinstance(item, dict)]
                named = [key for key in keys if key]
                assert sorted(set(named)) == sorted(named)


class TestVocabularies:
    def test_sectors_name_known_domains(self) -> None:
        domains = names("sectors", of="essnet_domains")
        assert len(domains) == 10
        for sector in rows("sectors"):
            assert sector["essnet"]
            assert set(sector["essnet"]) <= domains

    def test_there_are_six_clusters_and_one_of_method(self) -> None:
        assert [cluster["key"] for cluster in rows("clusters")] == [
            "cooperation",
            "ecosystem-development",
            "education-skills",
            "sustainable-competitiveness",
            "digital-green-transition",
            "inclusiveness-resilience",
            "methodology",
        ]
        assert [cluster["key"] for cluster in rows("clusters") if cluster["methodological"]] == ["methodology"]

    def test_there_are_five_building_blocks_and_two_considerations(self) -> None:
        kinds = [block["kind"] for block in rows("building_blocks")]
        assert kinds == [BuildingBlock.Kind.BLOCK] * 5 + [BuildingBlock.Kind.CONSIDERATION] * 2

    @pytest.mark.parametrize("name", ["clusters", "building_blocks", "sections"])
    def test_positions_count_from_one(self, name: str) -> None:
        assert [row["position"] for row in rows(name)] == list(range(1, len(rows(name)) + 1))

    def test_the_recommendations_section_may_be_empty(self) -> None:
        assert {row["key"]: row["minimum_words"] for row in rows("sections")}["recommendations"] == 0


class TestRegister:
    def test_organisations_use_known_kinds_and_sectors(self) -> None:
        for row in rows("organisations"):
            assert row["kind"] in Organisation.Kind.values
            assert set(row.get("sectors", [])) <= names("sectors")
            assert len(row.get("country", "XX")) == 2

    def test_a_real_body_has_a_source_and_nothing_that_only_examples_have(self) -> None:
        for row in rows("organisations"):
            if not row.get("is_example"):
                assert row["source"].startswith("http")
                assert set(row) <= HELD_BY_REAL_BODIES | {"in_consortium", "is_network"}

    def test_an_invented_body_is_called_an_example_and_marked_as_one(self) -> None:
        for name in ("organisations", "territories", "ecosystems"):
            for row in rows(name):
                assert row["name"].startswith("Example") == row.get("is_example", False)

    def test_the_consortium_has_seventeen_partners_and_one_affiliated(self) -> None:
        assert len([row for row in rows("organisations") if row.get("in_consortium")]) == 18

    def test_ecosystems_stand_on_known_places_with_known_members(self) -> None:
        for row in rows("ecosystems"):
            assert row["kind"] in Ecosystem.Kind.values
            assert row["territory"] in names("territories")
            assert set(row["members"]) <= names("organisations")

    def test_places_use_known_levels_and_codes_of_their_country(self) -> None:
        for row in rows("territories"):
            assert row["level"] in Territory.Level.values
            assert row.get("nuts", row["country"]).startswith(row["country"])

    def test_networks_are_marked_as_such(self) -> None:
        networks = {row["slug"] for row in rows("organisations") if row.get("is_network")}
        for row in rows("networks", of="memberships"):
            assert row["network"] in networks
            assert row["member"] in names("organisations")
            assert row.get("is_example") or row["source"]


class TestPeople:
    def test_all_are_invented_and_belong_to_invented_bodies(self) -> None:
        invented = {row["slug"] for row in rows("organisations") if row.get("is_example")}
        for person in rows("people"):
            assert person["is_example"] is True
            assert person["organisation"] in invented
            assert person["email"].endswith("@example.org")

    def test_roles_and_grants_are_known(self) -> None:
        for person in rows("people"):
            assert person["role"] in Membership.Role.values
            assert set(person["grants"]) <= set(RoleGrant.Role.values)


class TestAreas:
    def test_clusters_and_kinds_of_source_are_known(self) -> None:
        for area in rows("areas"):
            assert area["cluster"] in names("clusters")
            assert {source["kind"] for source in area["sources"]} <= set(Source.Kind.values)
            titles = [source["title"] for source in area["sources"]]
            assert len(set(titles)) == len(titles)

    def test_what_an_invented_body_published_is_marked(self) -> None:
        for area in rows("areas"):
            for source in area["sources"]:
                invented = "example.org" in source["address"]
                assert source.get("is_example", False) == invented
                assert source["publisher"].startswith("Example") == invented

    @pytest.mark.parametrize("slug", sorted({proposal["area"] for proposal in proposals()}))
    def test_areas_with_example_proposals_are_eligible(self, slug: str) -> None:
        [area] = [area for area in rows("areas") if area["slug"] == slug]
        assert len(area["sources"]) >= 10

    def test_the_candidate_is_invented_and_not_yet_eligible(self) -> None:
        [candidate] = [area for area in rows("areas") if area["status"] == "candidate"]
        assert candidate["is_example"] is True
        assert len(candidate["sources"]) == 4


class TestCatalogue:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    catalogue = load(DEMO / "catalogue.yaml")

    def test_the_schema_is_one(self) -> None:
        Draft202012Validator.check_schema(self.schema)

    def test_the_catalogue_follows_it(self) -> None:
        assert list(Draft202012Validator(self.schema).iter_errors(self.catalogue)) == []

    def test_the_schema_knows_the_levels_and_kinds_of_the_models(self) -> None:
        parts = self.schema["$defs"]
        assert parts["recommendation"]["properties"]["levels"]["items"]["enum"] == Level.values
        assert parts["evidence"]["properties"]["kind"]["enum"] == Evidence.Kind.values

    def test_references_lead_somewhere(self) -> None:
        for publication in self.catalogue["publications"]:
            assert publication["policy_area"] in names("areas")
            assert set(publication["authors"]) <= names("organisations")
            assert {section["kind"] for section in publication["sections"]} <= names("sections")
            evidence = {item["key"] for item in publication["evidence"]}
            for recommendation in publication["recommendations"]:
                assert set(recommendation["building_blocks"]) <= names("building_blocks")
                assert set(recommendation["evidence"]) <= evidence

    def test_what_the_sources_do_not_state_stays_empty(self) -> None:
        for publication in self.catalogue["publications"]:
            assert "published_on" not in publication
            for recommendation in publication["recommendations"]:
                assert not {"guideline", "target_actors"} & set(recommendation)


class TestBriefings:
    def test_every_area_with_an_example_proposal_has_one_by_somebody_who_keeps_areas(self) -> None:
        keepers = {person["key"] for person in rows("people") if {"coordinator", "deputy"} & set(person["grants"])}
        assert {row["area"] for row in rows("briefings")} == {proposal["area"] for proposal in proposals()}
        assert {row["written_by"] for row in rows("briefings")} <= keepers

    def test_each_says_a_few_paragraphs_and_asks_two_or_three_questions(self) -> None:
        for row in rows("briefings"):
            assert 2 <= len(passages(row["text"])) <= 3
            assert 2 <= len(row["questions"]) <= 3
            assert all(each.startswith("How can R&I policy ") and each.endswith("?") for each in row["questions"])
