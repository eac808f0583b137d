"""Public pages of the library. They read published rows only, and a role that may only SELECT can serve them."""

from collections.abc import Iterator
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ekip.shared.errors import NotFound
from recommendations.library.conditional import NO_CACHE, answer_page
from recommendations.library.documents import PublicEdition, editions_of
from recommendations.library.editions import edition_changes, mended_by
from recommendations.library.listing import listing
from recommendations.library.reading import reading
from recommendations.library.standing import Standing

CHANGES = {"inline": _("In one text"), "side": _("Side by side")}


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    """The list: search, facets, results. Unknown values in the address are named on the page and left out."""
    response = render(request, "recommendations/library/list.html", {"listing": listing(request.GET)})
    response["Cache-Control"] = NO_CACHE
    return response


@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest edition of a publication, or the tombstone of one that was withdrawn."""
    editions = editions_of(slug)
    if editions[0].standing == Standing.WITHDRAWN:
        return _page(request, editions[0], editions, template="withdrawn.html")
    return _page(request, editions[0], editions)


@require_safe
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One edition, whatever its standing; a removed one leaves its notices."""
    editions = editions_of(slug)
    chosen = next((each for each in editions if each.row.number == number), None)
    if chosen is None:
        raise NotFound
    return _page(request, chosen, editions)


@require_safe
def changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What changed from one edition to the next, in words and as a diff."""
    editions = editions_of(slug)
    asked = request.GET.get("changes", "")
    mode = asked if asked in CHANGES else "inline"

    def make() -> HttpResponse:
        found = edition_changes(editions, number, page_language=get_language())
        tabs = [
            {"label": label, "url": f"{found.after.changes_page}?changes={key}", "current": key == mode, "count": None}
            for key, label in CHANGES.items()
        ]
        context = {
            "found": found,
            "edition": found.after,
            "newest": editions[0],
            "document": found.after.public(),
            "mode": mode,
            "tabs": tabs,
        }
        return render(request, "recommendations/library/changes.html", context)

    return answer_page(request, (request.path, mode, *_tags(editions)), make)


def _page(
    request: HttpRequest, chosen: PublicEdition, editions: list[PublicEdition], *, template: str = "reading.html"
) -> HttpResponse:
    """The page of an edition with the list of its siblings, answered as "not modified" where it can be."""

    def make() -> HttpResponse:
        context = {"edition": chosen, "editions": editions, "newest": editions[0]}
        context["mends"] = mended_by(chosen, editions)
        if chosen.standing == Standing.REDACTED:
            path = "recommendations/library/removed.html"
            return render(request, path, context, status=HTTPStatus.GONE)
        context["document"] = chosen.public()
        context["reading"] = reading(context["document"], page=chosen.page)
        return render(request, f"recommendations/library/{template}", context)

    return answer_page(request, (request.path, *_tags(editions)), make)


def _tags(editions: list[PublicEdition]) -> Iterator[object]:
    """What the entity tag of a page about these editions is made of."""
    for each in editions:
        yield from (each.id, *each.tag_parts)
