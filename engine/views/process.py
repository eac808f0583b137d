"""The process, for everyone."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from engine.selectors.process import default_definition, drawing, public_proposals, stage_lines
from engine.selectors.proposals import standings

PER_PAGE = 20


def process(request: HttpRequest) -> HttpResponse:
    """How a proposal becomes a publication, drawn from the definition, and where each public proposal stands."""
    definition = default_definition()
    page = Paginator(public_proposals(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "definition": definition,
        "stages": stage_lines(definition) if definition else [],
        "drawing": drawing(definition) if definition else None,
        "page": page,
        "standings": standings(page.object_list),
    }
    return render(request, "engine/process.html", context)
