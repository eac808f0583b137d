"""Decision records: what each holds, the file, how to verify it; and the checkpoints that cover them."""

from typing import Any

import orjson
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ekip.shared import clock
from engine.selectors.records import Record, checkpoints, public_record, record_data, record_for

PER_PAGE = 30


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """What records are, how to verify one, and every checkpoint with its hash, newest first."""
    page = Paginator(checkpoints(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "engine/records.html", {"page": page})


@login_required
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What the record of a proposal holds, for its authors and those who oversee it."""
    found = record_for(request.user, pk)
    return _page(request, found, {"proposal": found.run.proposal})


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file."""
    return _file(record_for(request.user, pk), "private, no-store")


@require_safe
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """What the record of a publication holds, for everybody."""
    return _page(request, public_record(slug), {"slug": slug})


@require_safe
def published_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The file."""
    return _file(public_record(slug), "no-cache")


def _page(request: HttpRequest, found: Record, names: dict[str, Any]) -> HttpResponse:
    context = {"record": found, "data": record_data(found, now=clock.now()), **names}
    return render(request, "engine/record.html", context)


def _file(found: Record, cache: str) -> HttpResponse:
    data = record_data(found, now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"', "Cache-Control": cache}
    return HttpResponse(
        orjson.dumps(data, option=orjson.OPT_INDENT_2), content_type="application/json", headers=headers
    )
