"""Keeping the register of policy areas. Checks come after the row lock of the area."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ekip.shared.errors import NotFound, NotNow
from ekip.shared.folding import fold
from partners.models import User
from recommendations.areas.eligibility import is_eligible, sources_lacking
from recommendations.entries import Entries
from recommendations.keys import new_key
from recommendations.models import Cluster, PolicyArea, Source
from recommendations.permissions import may_keep_area

TITLE = 250
PUBLISHER = 160
REASON = 2000
AREA_TITLE = 160
AREA_SUMMARY = 2000
ADDRESS_WORDS = {"new"}  # what an address of the register means already


@dataclass(frozen=True)
class AreaDraft:
    """What a person enters for a policy area; `cluster` is a key, `source` a web address."""

    title: str
    cluster: str
    summary: str = ""
    source: str = ""


@dataclass(frozen=True)
class SourceDraft:
    """What a person enters for one source; `kind` is a value of `Source.Kind`."""

    title: str
    kind: str
    address: str = ""
    publisher: str = ""
    year: int | None = None


@transaction.atomic
def identify_area(*, person: User, draft: AreaDraft) -> PolicyArea:
    """Enter a policy area in the register; its key is made from the title.

    Raises:
        NotAllowed: the person does not keep the whole register.
        Invalid: a faulty field, or an area of this title is there already.
    """
    may_keep_area(person).enforce()
    entries = Entries()
    title = entries.line("title", draft.title, most=AREA_TITLE)
    summary = entries.prose("summary", draft.summary, most=AREA_SUMMARY, required=False)
    clusters = dict(Cluster.objects.values_list("key", "pk"))
    cluster = entries.chosen("cluster", draft.cluster, clusters)
    source = entries.address("source", draft.source)
    if title and PolicyArea.objects.filter(sort_key=fold(title)[:200]).exists():
        entries.fault("title", "identified-already", _("An area of this title is in the register already."))
    entries.enforce(**asdict(draft))
    return PolicyArea.objects.create(
        slug=new_key(title, fallback="area", taken=_is_taken),
        title=title,
        summary=summary,
        cluster_id=clusters[cluster],
        source=source,
    )


@transaction.atomic
def add_source(*, area_id: int, person: User, draft: SourceDraft) -> Source:
    """Add a source that supports the area. The same again from the same person (a form sent twice) adds nothing.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
        Invalid: a faulty field, or a source that the area has already: it counts once.
    """
    area = locked_area(area_id, person)
    entries = Entries()
    source = Source(
        area=area,
        title=entries.line("title", draft.title, most=TITLE),
        kind=entries.chosen("kind", draft.kind, Source.Kind.values),
        address=entries.address("address", draft.address),
        publisher=entries.line("publisher", draft.publisher, most=PUBLISHER, required=False),
        year=entries.year("year", draft.year),
        added_by=person,
        is_example=area.is_example,
    )
    stored = area.sources.filter(title__iexact=source.title).first()
    if stored and (stored.title, stored.kind, stored.added_by_id) == (source.title, source.kind, person.pk):
        return stored
    if stored:
        entries.fault("title", "counted-already", _("This source is in the register already. It counts once."))
    entries.enforce(**asdict(draft))
    source.save()
    return source


@transaction.atomic
def remove_source(*, area_id: int, source_id: int, person: User) -> None:
    """Take a source out; proposals that were started stay.

    Raises:
        NotFound, NotAllowed: no such area or source, or not this person's to keep.
    """
    area = locked_area(area_id, person)
    source = area.sources.filter(pk=source_id).first()
    if source is None:
        raise NotFound
    source.delete()


@transaction.atomic
def select_area(*, area_id: int, person: User, now: datetime) -> PolicyArea:
    """Select an identified area: proposals can be started in it. Selecting twice changes nothing.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
        NotNow: it is declined, or too few sources support it.
    """
    area = locked_area(area_id, person)
    if area.selected_at:
        return area
    if area.declined_at:
        raise NotNow(_("This area was declined. Reopen it first."), code="area-declined")
    sources = area.sources.count()
    if not is_eligible(sources):
        lacking = sources_lacking(sources)
        message = ngettext(
            "This area lacks %(n)d source before it can be selected.",
            "This area lacks %(n)d sources before it can be selected.",
            lacking,
        )
        raise NotNow(message % {"n": lacking}, code="too-few-sources")
    area.selected_at, area.selected_by = now, person
    area.save(update_fields=["selected_at", "selected_by"])
    return area


@transaction.atomic
def decline_area(*, area_id: int, person: User, reason: str, now: datetime) -> PolicyArea:
    """Decline an area, with a reason that everybody reads. The same again from the same person changes nothing.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
        NotNow: it is declined already, or a proposal has been started in it.
        Invalid: there is no reason, or too long a one.
    """
    area = locked_area(area_id, person)
    entries = Entries()
    words = entries.prose("reason", reason, most=REASON)
    entries.enforce(reason=reason)
    if area.declined_at and (area.decline_reason, area.declined_by_id) == (words, person.pk):
        return area
    if area.declined_at:
        raise NotNow(_("This area was declined already."), code="area-declined", kept={"reason": reason})
    if area.proposals.filter(deleted_at__isnull=True).exists():
        message = _("A proposal has been started in this area. It can no longer be declined.")
        raise NotNow(message, code="area-in-use", kept={"reason": reason})
    area.selected_at, area.selected_by = None, None
    area.declined_at, area.declined_by, area.decline_reason = now, person, words
    area.save(update_fields=["selected_at", "selected_by", "declined_at", "declined_by", "decline_reason"])
    return area


@transaction.atomic
def reopen_area(*, area_id: int, person: User) -> PolicyArea:
    """Take a declined area up again as an identified one. Reopening one that is not declined changes nothing.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
    """
    area = locked_area(area_id, person)
    if area.declined_at:
        area.declined_at, area.declined_by, area.decline_reason = None, None, ""
        area.save(update_fields=["declined_at", "declined_by", "decline_reason"])
    return area


def locked_area(area_id: int, person: User) -> PolicyArea:
    """The area under its row lock, if the person keeps it. Call inside a transaction.

    Raises:
        NotFound, NotAllowed: no such area, or not this person's to keep.
    """
    area = PolicyArea.objects.select_for_update(no_key=True).filter(pk=area_id).first()
    if area is None:
        raise NotFound
    may_keep_area(person, area).enforce()
    return area


def _is_taken(slug: str) -> bool:
    return slug in ADDRESS_WORDS or PolicyArea.objects.filter(slug=slug).exists()
