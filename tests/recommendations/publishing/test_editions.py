"""Publishing editions."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from django.utils.translation import override

from ekip.shared.errors import Invalid
from recommendations.drafting import services
from recommendations.library import selectors as library
from recommendations.library.search import search_query
from recommendations.models import BuildingBlock, Edition, EditionText, Publication
from recommendations.publishing import draft_from_revision, free_slug, publish
from recommendations.publishing.document import render_document
from tests.recommendations import rows


def body(edition):
    return orjson.loads(bytes(edition.documents.last().body))


def test_the_first_edition_makes_the_publication(draft, revision, organisation, now):
    edition = publish(draft, now=now)
    assert (str(edition), edition.serial, edition.origin) == ("shared-studios.1", 1, "run")
    assert edition.revision_hash == revision.content_hash
    assert (edition.building_blocks, edition.levels) == (["investment-funding"], ["local"])
    assert [author.organisation for author in edition.authors.all()] == [organisation]


def test_the_public_document_says_all_that_is_public(draft, revision, now):
    document = body(publish(draft, now=now))
    recommendations, sections, evidence = (document.pop(k) for k in ("recommendations", "sections", "evidence"))
    block = {"key": "investment-funding", "label": "Investment and funding", "kind": "block"}
    assert document == {
        "id": "shared-studios.1",
        "publication": "shared-studios",
        "number": 1,
        "language": "en",
        "title": "One studio, many stages",
        "summary": "Open the equipment that cities own to small producers.",
        "area": {
            "key": "shared-studios",
            "title": "Shared studios",
            "cluster": {"key": "cooperation", "label": "Cooperation"},
        },
        "authors": [{"key": "example-city", "name": "Example City", "kind": "government", "country": "NL"}],
        "published_at": "2027-03-01T09:00:00+00:00",
        "first_published_on": "",
        "origin": "run",
        "source": None,
        "levels": [{"key": "local", "label": "Local"}],
        "building_blocks": [block],
        "target_actors": [{"key": "public-authority", "label": "Public authority"}],
        "provenance": {"run": 7},
        "licence": "CC-BY-4.0",
        "revision_hash": revision.content_hash,
        "is_example": False,
    }
    assert sections == revision.content["sections"]
    assert evidence == revision.content["evidence"]
    assert recommendations[0]["building_blocks"] == [block]
    assert recommendations[0]["evidence"] == ["equipment-count-of-example-city"]


def test_the_body_is_addressed_by_its_hash_and_is_the_same_in_every_language(draft, now):
    with override("sv"):
        edition = publish(draft, now=now)
    document = edition.documents.get()
    assert hashlib.sha256(bytes(document.body)).hexdigest() == document.content_hash
    assert render_document(edition, now=now) == document


def test_a_changed_label_makes_a_new_body_beside_the_old_one(draft, now):
    edition = publish(draft, now=now)
    BuildingBlock.objects.filter(key="investment-funding").update(label="Money")
    render_document(edition, now=now)
    assert edition.documents.count() == 2
    assert body(edition)["building_blocks"][0]["label"] == "Money"


def test_the_next_edition_stands_under_the_same_publication(draft, now):
    publish(draft, now=now)
    second = publish(replace(draft, title="Many studios"), now=now + timedelta(days=1))
    assert (str(second), second.serial) == ("shared-studios.2", 2)
    assert Publication.objects.count() == 1
    assert list(library.current_editions()) == [second]


def test_a_publication_does_not_move_to_another_area(draft, now):
    publish(draft, now=now)
    with pytest.raises(Invalid) as refusal:
        publish(replace(draft, area_id=rows.make_area().pk), now=now)
    assert refusal.value.code == "publication-elsewhere"
    assert Edition.objects.count() == 1


def test_empty_sections_are_not_published(revision, proposal, author, now):
    services.save_section(proposal_id=proposal.pk, key="problem", person=author, blocks=[], version=2, now=now)
    later = services.freeze_revision(proposal=proposal, person=author, now=now)
    draft = draft_from_revision(later, slug="s", provenance={})
    assert [section["key"] for section in draft.sections] == ["context"]


@pytest.mark.parametrize(
    "words",
    [
        "many stages",  # title
        "small producers",  # summary
        "idle for most",  # section
        "register of equipment",  # statement
        "listed cannot be borrowed",  # rationale
        "equipment count",  # evidence
        "shared studios",  # policy area
        "cooperation",  # cluster
        "investment and funding",  # building block
    ],
)
def test_an_edition_is_found_by_any_of_its_words(draft, now, words):
    publish(draft, now=now)
    assert EditionText.objects.filter(search=search_query(words)).count() == 1
    assert EditionText.objects.filter(search=search_query("unrelated")).count() == 0


def test_an_edition_as_large_as_can_be_is_published_and_found(draft, now):
    sections = tuple(
        {
            "key": f"section-{n}",
            "title": f"Section {n}",
            "blocks": rows.text(" ".join(f"w{n}x{word}" for word in range(20_000))),
        }
        for n in range(6)
    )
    publish(replace(draft, sections=sections), now=now)
    assert EditionText.objects.filter(search=search_query("w0x7")).count() == 1


def test_a_free_slug_is_readable_and_not_taken(draft, now):
    assert free_slug("Shared studios") == "shared-studios"
    publish(draft, now=now)
    assert free_slug("Shared studios") == "shared-studios-2"
    assert free_slug("Δημόσιες") == "publication"
    assert len(free_slug("word " * 60)) <= 80
