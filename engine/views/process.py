"""The process, for everyone."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from engine.selectors.process import default_definition, drawn, public_clusters, public_proposals
from engine.selectors.proposals import standings

PER_PAGE = 20


def process(request: HttpRequest) -> HttpResponse:
    """How a proposal becomes a publication, drawn from the definition, and where each public proposal stands."""
    definition = default_definition()
    page = Paginator(public_proposals(), PER_PAGE).get_page(request.GET.get("page"))
    picture, boxes = drawn(definition, public_clusters()) if definition else (None, [])
    context = {
        "definition": definition,
        "picture": picture,
        "boxes": boxes,
        "stages": [each.line for each in boxes],
        "page": page,
        "standings": standings(page.object_list),
    }
    return render(request, "engine/process.html", context)
