"""Public pages of the building blocks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.areas import block_selectors


@require_safe
def block_list(request: HttpRequest) -> HttpResponse:
    """The building blocks and the considerations, each with what is published on it."""
    return render(request, "recommendations/blocks/list.html", {"blocks": block_selectors.blocks()})


@require_safe
def block_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One block: its newest publications, and every recommendation that acts on it."""
    page = block_selectors.block_page(key, page=request.GET.get("page"))
    crumbs = [(_("Building blocks"), reverse("blocks:list")), (page.block.label, "")]
    context = {"page": page, "crumbs": crumbs}
    return render(request, "recommendations/blocks/detail.html", context)
