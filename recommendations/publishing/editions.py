"""Publishing an edition."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from ekip.shared.folding import fold
from recommendations.models import (
    BuildingBlock,
    Edition,
    EditionAuthor,
    EditionEvidence,
    EditionRecommendation,
    EditionText,
    Level,
    PolicyArea,
    Publication,
    TargetActor,
)
from recommendations.publishing.document import render_document
from recommendations.publishing.draft import EditionDraft
from recommendations.publishing.search_text import plain, search_text
from recommendations.publishing.serial import lock_serials, next_serial

SLUG = 80


def free_slug(title: str) -> str:
    """A name for a new publication that no other has: "share-the-studios", numbered where it is taken.

    Takes the publishing lock, so the name is still free when the same transaction publishes under it.
    """
    lock_serials()
    stem = _whole_words(slugify(fold(title)), SLUG - 5) or "publication"
    taken = set(Publication.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def _whole_words(slug: str, most: int) -> str:
    return (slug if len(slug) <= most else slug[:most].rpartition("-")[0] or slug[:most]).strip("-_")


@transaction.atomic
def publish(draft: EditionDraft, *, now: datetime) -> Edition:
    """Append an edition: the first of a new publication, or the next of the one that `draft.slug` names.

    1. Take the serial, under the lock that lets one publisher in at a time.
    2. Append publication, edition, authors, text, recommendations and evidence.
    3. Render the public document.

    Raises:
        Invalid: the publication exists in another policy area.
    """
    serial = next_serial()
    publication = _publication(draft, now)
    last = publication.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(
        publication=publication,
        number=last + 1,
        serial=serial,
        origin=draft.origin,
        language=draft.language,
        published_at=now,
        first_published_on=draft.first_published_on,
        revision_hash=draft.revision_hash,
        provenance=dict(draft.provenance),
        building_blocks=_in_order(
            (key for item in draft.recommendations for key in item["building_blocks"]),
            BuildingBlock.objects.values_list("key", flat=True),
        ),
        levels=_in_order((key for item in draft.recommendations for key in item["levels"]), Level.values),
        target_actors=_in_order(
            (key for item in draft.recommendations for key in item["target_actors"]),
            TargetActor.objects.values_list("key", flat=True),
        ),
    )
    EditionAuthor.objects.bulk_create(
        EditionAuthor(edition=edition, organisation_id=author, position=position)
        for position, author in enumerate(draft.author_ids, start=1)
    )
    EditionText.objects.create(
        edition=edition,
        language=draft.language,
        title=draft.title,
        sort_key=fold(draft.title)[:250],
        summary=draft.summary,
        sections=list(draft.sections),
        folded=search_text(_words(draft, publication.area)),
    )
    EditionRecommendation.objects.bulk_create(
        EditionRecommendation(edition=edition, **recommendation) for recommendation in draft.recommendations
    )
    EditionEvidence.objects.bulk_create(EditionEvidence(edition=edition, **item) for item in draft.evidence)
    render_document(edition, now=now)
    return edition


def _publication(draft: EditionDraft, now: datetime) -> Publication:
    rows = Publication.objects.select_related("area__cluster")
    publication = rows.filter(slug=draft.slug).first()
    if publication is None:
        created = Publication.objects.create(
            slug=draft.slug, area_id=draft.area_id, created_at=now, is_example=draft.is_example
        )
        return rows.get(pk=created.pk)
    if publication.area_id != draft.area_id:
        message = _("The publication %(slug)s belongs to another policy area.") % {"slug": draft.slug}
        raise Invalid(code="publication-elsewhere", errors={"slug": [message]})
    return publication


def _in_order(keys: Iterable[str], vocabulary: Iterable[str]) -> list[str]:
    """Each key once, in the order of the vocabulary; keys that it no longer has come last."""
    found = dict.fromkeys(keys)
    known = [key for key in vocabulary if key in found]
    return known + [key for key in found if key not in known]


def _words(draft: EditionDraft, area: PolicyArea) -> Iterable[str]:
    """All text of the edition, what is most telling first."""
    yield from (draft.title, draft.summary, area.title, area.cluster.label)
    for recommendation in draft.recommendations:
        yield recommendation["statement"]
    keys = {key for item in draft.recommendations for key in item["building_blocks"]}
    yield from BuildingBlock.objects.filter(key__in=keys).values_list("label", flat=True)
    for recommendation in draft.recommendations:
        yield from (plain(recommendation["rationale"]), plain(recommendation["guideline"]))
    for item in draft.evidence:
        yield from (item["title"], item["publisher"], item["note"])
    for section in draft.sections:
        yield from (section["title"], plain(section["blocks"]))
