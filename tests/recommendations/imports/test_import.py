"""Taking a back catalogue over."""

import json
from io import StringIO
from pathlib import Path

import orjson
import pytest
import yaml
from django.core.management import CommandError, call_command

from ekip.shared.errors import NotAllowed
from recommendations.drafting import services
from recommendations.imports.services import ImportReport, import_catalogue
from recommendations.models import Edition, PolicyArea, Publication
from recommendations.publishing import draft_from_revision, publish
from tests import people
from tests.recommendations import rows

pytestmark = pytest.mark.usefixtures("register")


def problems(data, now):
    """What the import says is wrong, as (line, place, message); checks that nothing was changed."""
    report = import_catalogue(data, now=now)
    assert report.added == ()
    assert not Publication.objects.exists()
    return [(problem.line, problem.place, problem.message) for problem in report.problems]


def test_an_entry_becomes_an_edition_whose_provenance_is_its_source(catalogue, now):
    assert import_catalogue(catalogue, now=now) == ImportReport(added=("quiet-harbours",))
    edition = Edition.objects.get()
    document = orjson.loads(bytes(edition.documents.get().body))
    source = {
        "title": "Report on quiet harbours",
        "url": "https://example.org/harbours",
        "retrieved_on": "2026-11-01",
    }
    assert (edition.origin, edition.provenance, document["source"]) == ("import", {"source": source}, source)
    assert (edition.published_at, edition.first_published_on) == (now, "2025-03")
    assert document["summary"] == "What ports can do for makers."
    assert [author["key"] for author in document["authors"]] == ["example-city", "example-network"]
    assert [block["kind"] for block in document["sections"][0]["blocks"]] == [
        "paragraph",
        "list_item",
        "list_item",
    ]
    [recommendation] = document["recommendations"]
    assert recommendation["evidence"] == ["survey"]
    assert recommendation["building_blocks"][0]["label"] == "Social dimension"
    assert document["evidence"][0] | {"title": ""} == {
        "key": "survey",
        "title": "",
        "kind": "survey",
        "address": "",
        "publisher": "",
        "year": 2024,
        "note": "",
    }


def test_the_same_file_again_changes_nothing(catalogue, now):
    import_catalogue(catalogue, now=now)
    assert import_catalogue(catalogue, now=now) == ImportReport(identical=("quiet-harbours",))
    reformatted = yaml.safe_dump(yaml.safe_load(catalogue), sort_keys=True)
    assert import_catalogue(reformatted, now=now) == ImportReport(identical=("quiet-harbours",))
    assert Edition.objects.count() == 1


def test_a_changed_entry_is_reported_and_left_as_it_is(catalogue, now):
    import_catalogue(catalogue, now=now)
    changed = catalogue.replace("Makers need room.", "Makers need quiet.")
    assert import_catalogue(changed, now=now) == ImportReport(differing=("quiet-harbours",))
    [block] = Edition.objects.get().recommendations.get().rationale
    assert block["runs"] == [{"text": "Makers need room."}]


def test_a_check_says_what_would_be_added_and_adds_nothing(catalogue, now):
    assert import_catalogue(catalogue, now=now, dry_run=True) == ImportReport(added=("quiet-harbours",))
    assert not Publication.objects.exists()


@pytest.mark.parametrize("indent", [2, "\t", None])
def test_json_is_taken_as_well_and_is_the_same(catalogue, now, indent):
    import_catalogue(catalogue, now=now)
    data = json.dumps(yaml.safe_load(catalogue), indent=indent).replace("/", "\\/")
    assert import_catalogue(data.encode(), now=now) == ImportReport(identical=("quiet-harbours",))


def test_every_bad_line_is_reported_at_once_and_nothing_is_changed(catalogue, now):
    bad = (
        catalogue.replace("policy_area: harbours", "policy_area: deserts")
        .replace("language: en", "language: xx")
        .replace("title: Quiet harbours", "subtitle: Quiet harbours")
        .replace('"2025-03"', '"2025-02-30"')
        .replace("example-network]", "nobody]")
        .replace("https://example.org/harbours", "javascript:alert(1)")
        .replace("kind: context", "kind: preface")
        .replace("kind: survey", "kind: rumour")
        .replace("year: 2024", "year: long ago")
        .replace("levels: [local]", "levels: [local, galactic]")
        .replace("[public-authority]", "[everybody]")
        .replace("[social-dimension]", "social-dimension")
        .replace("evidence: [survey]", "evidence: [interviews]")
    )
    entry = "publications[0]"
    kinds = "legislation, policy-document, study, survey, statistics, gathering-report, case, article"
    assert problems(bad, now) == [
        (4, entry, "“title” is missing."),
        (5, f"{entry}.policy_area", "There is no policy area “deserts”."),
        (6, f"{entry}.language", "There is no language “xx”."),
        (7, f"{entry}.subtitle", "“subtitle” is not a field of this format."),
        (11, f"{entry}.published_on", "“2025-02-30” is not a date."),
        (12, f"{entry}.authors[1]", "There is no organisation “nobody”."),
        (
            15,
            f"{entry}.source.url",
            "“javascript:alert(1)” does not fit. A web address that begins with http:// or https://.",
        ),
        (18, f"{entry}.sections[0].kind", "There is no section “preface”."),
        (27, f"{entry}.evidence[0].kind", f"“rumour” is not one of {kinds}."),
        (28, f"{entry}.evidence[0].year", "This is a whole number."),
        (33, f"{entry}.recommendations[0].levels[1]", "“galactic” is not one of eu, national, regional, local."),
        (34, f"{entry}.recommendations[0].target_actors[0]", "There is no target actor “everybody”."),
        (35, f"{entry}.recommendations[0].building_blocks", "This is a list."),
        (
            36,
            f"{entry}.recommendations[0].evidence[0]",
            "There is no piece of evidence of this publication “interviews”.",
        ),
    ]


def test_one_bad_entry_keeps_the_good_ones_out(catalogue, now):
    entry = catalogue.split("publications:\n")[1]
    second = entry.replace("slug: quiet-harbours", "slug: loud-harbours").replace(
        "harbours\n    lang", "gone\n    lang"
    )
    assert [(line, place) for line, place, _ in problems(catalogue + second, now)] == [
        (38, "publications[1].policy_area")
    ]


def test_a_slug_or_key_that_is_used_twice_is_a_problem(catalogue, now):
    entry = catalogue.split("publications:\n")[1]
    again = entry[entry.index("      - key: open-quays") :]
    assert problems(catalogue + again + entry, now) == [
        (37, "publications[0].recommendations[1].key", "“open-quays” is used before, on line 30."),
        (44, "publications[1].slug", "“quiet-harbours” is used before, on line 4."),
    ]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        ("", 1, "The file is empty."),
        ("format: [", 1, "This is not YAML"),
        ("format: a\nformat: b\npublications: 7\n", 2, "“format” is given twice."),
        ("a: &x [1]\nb: *x\n", 2, "Anchors and aliases"),
        ("a: !!python/object:os.system {}\n", 1, "“a” is not a field"),
        ("a: !shell ls\n", 1, "“!shell” is not part of this format."),
        ("? [a]\n: b\n", 1, "The name of a field is a word."),
        (b"format: \xff\xfe", 1, "The file is not written in UTF-8."),
        ('{"format": }', 1, "This is not JSON"),
        ("- 7\n", 1, "This is a group of fields."),
        ("[" * 5000, 1, "nested too deeply"),
        ('{"a":' * 5000, 1, "nested too deeply"),
        ("x" * (6 * 1024 * 1024), 1, "larger than five megabytes"),
        ("a: 1\n---\nb: 2\n", 2, "This is not YAML"),
        ("null", 1, "This is a group of fields."),
    ],
)
def test_a_file_that_cannot_be_read_says_where(now, data, line, message):
    found = problems(data, now)
    assert [number for number, _, words in found if message in words] == [line]


def test_text_that_breaks_its_limits_is_a_problem_of_its_line(catalogue, now):
    bad = catalogue.replace("Makers need room.", '"![ ](https://example.org/a.png)"')
    [(line, place, _)] = problems(bad, now)
    assert (line, place) == (32, "publications[0].recommendations[0].rationale")


def test_html_and_script_stay_words(catalogue, now):
    import_catalogue(catalogue.replace("Makers need room.", "<script>alert(1)</script>"), now=now)
    [block] = Edition.objects.get().recommendations.get().rationale
    assert block["runs"] == [{"text": "<script>alert(1)</script>"}]


def test_what_was_developed_here_is_not_taken_over_from_a_file(catalogue, author, organisation, now):
    area = PolicyArea.objects.get(slug="harbours")
    PolicyArea.objects.filter(pk=area.pk).update(selected_at=now)
    proposal = rows.fill(rows.make_proposal(author, organisation, area, now=now), now=now)
    revision = services.freeze_revision(proposal=proposal, person=author, now=now)
    publish(draft_from_revision(revision, slug="quiet-harbours", provenance={}), now=now)
    [problem] = import_catalogue(catalogue, now=now).problems
    assert (problem.line, "developed on this platform" in problem.message) == (4, True)
    assert Edition.objects.count() == 1


def test_only_administrators_import(catalogue, coordinator, now):
    with pytest.raises(NotAllowed):
        import_catalogue(catalogue, person=coordinator, now=now)
    assert import_catalogue(catalogue, person=people.make_administrator(), now=now).is_sound


def test_the_command_reports_and_ends_with_an_error_when_a_line_is_bad(catalogue, tmp_path: Path):
    file, out, err = tmp_path / "catalogue.yaml", StringIO(), StringIO()
    file.write_text(catalogue.replace("language: en", "language: xx"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was changed. Problems: 1\."):
        call_command("import_catalogue", file, stdout=out, stderr=err)
    assert err.getvalue() == f"{file}: line 6, publications[0].language: There is no language “xx”.\n"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_catalogue", tmp_path / "nothing.yaml")
    file.write_text(catalogue, encoding="utf-8")
    call_command("import_catalogue", file, "--check", stdout=out)
    call_command("import_catalogue", file, stdout=out)
    assert out.getvalue().splitlines() == [
        "quiet-harbours: would be added",
        "1 to add, 0 the same, 0 different.",
        "quiet-harbours: added",
        "1 added, 0 the same, 0 different.",
    ]


@pytest.mark.parametrize("number", [1, 50])
def test_checking_costs_the_same_queries_for_any_number_of_entries(
    catalogue, now, number, django_assert_max_num_queries
):
    head, entry = catalogue.split("publications:\n")
    many = "".join(entry.replace("slug: quiet-harbours", f"slug: harbours-{n}") for n in range(number))
    with django_assert_max_num_queries(13):
        report = import_catalogue(f"{head}publications:\n{many}", now=now, dry_run=True)
    assert len(report.added) == number
