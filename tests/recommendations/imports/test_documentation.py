"""What docs/import.md says is true."""

import re
from pathlib import Path

import pytest

from recommendations.imports.services import ImportReport, import_catalogue
from recommendations.imports.shape import validator
from recommendations.models import (
    BuildingBlock,
    EditionEvidence,
    EditionRecommendation,
    EditionText,
    Evidence,
    Publication,
    SectionKind,
    TargetActor,
)
from recommendations.reference import load_vocabularies

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_example_can_be_brought_in(register, now):
    load_vocabularies()
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert import_catalogue(example, now=now) == ImportReport(added=("quiet-harbours",))


@pytest.mark.parametrize(
    ("row", "model"),
    [("sections", SectionKind), ("building blocks", BuildingBlock), ("target actors", TargetActor)],
)
def test_the_page_names_every_key_of_the_vocabularies(db, row, model):
    load_vocabularies()
    assert named(row) == set(model.objects.values_list("key", flat=True))


def test_the_page_names_every_kind_of_evidence():
    assert named("kinds of evidence") == set(Evidence.Kind.values)


def test_the_page_names_every_field_of_a_publication():
    fields = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert fields == set(validator().schema["$defs"]["publication"]["properties"])


def test_lengths_of_the_format_are_those_of_the_columns(db):
    parts = validator().schema["$defs"]

    def column(model, name):
        return model._meta.get_field(name).max_length

    assert parts["slug"]["maxLength"] <= column(Publication, "slug")
    assert parts["key"]["maxLength"] <= column(EditionRecommendation, "key")
    assert parts["line"]["maxLength"] <= min(column(EditionText, "title"), column(EditionEvidence, "title"))
    assert parts["address"]["maxLength"] <= column(EditionEvidence, "address")
    assert parts["evidence"]["properties"]["publisher"]["maxLength"] <= column(EditionEvidence, "publisher")
    statement = parts["recommendation"]["properties"]["statement"]
    assert statement["maxLength"] <= column(EditionRecommendation, "statement")


def named(row):
    """The keys in a row of the page's table of vocabularies."""
    [cells] = re.findall(rf"^\| {row} \| (.*) \|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`([a-z-]+)`", cells))
