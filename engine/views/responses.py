"""The response table, on a page and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ekip.shared.spreadsheet import csv_bytes
from engine.permissions import may_read
from engine.selectors.responses import head, response_table


@login_required
@require_safe
def responses(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every point, round by round; printable."""
    table = response_table(request.user, pk, page_language=get_language())
    context = {
        "table": table,
        "proposal": table.proposal,
        "reads_draft": bool(may_read(request.user, table.proposal)),
    }
    return render(request, "engine/responses.html", context)


@login_required
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as CSV."""
    table = response_table(request.user, pk, page_language=get_language())
    body = csv_bytes(head(), (row.cells for row in table.rows))
    name = f"responses-{table.proposal.pk}.csv"
    return HttpResponse(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
