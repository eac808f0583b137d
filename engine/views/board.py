"""The board: where every run stands that a person coordinates or decides on."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ekip.shared import clock
from engine.permissions import may_see_board
from engine.process.forecast import NEEDED
from engine.selectors.board import SHOWS, SORTS, Board, BoardRow, Filters, board_of

PER_PAGE = 50
MOST_CARDS = 20
VIEWS = ("table", "columns")


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Every run under way in the person's reach, as a table or by stage; narrowed and sorted by the address."""
    may_see_board(request.user).enforce()
    now = clock.now()
    filters, view = _filters(request.GET), _one_of(request.GET.get("view", ""), VIEWS)
    every = board_of(request.user, now=now)
    rows = every.narrowed(filters)
    context: dict[str, Any] = {
        "board": every,
        "filters": filters,
        "view": view,
        "total": len(rows),
        "all": len(every.rows),
        "overdue": sum(row.is_overdue for row in rows),
        "tabs": _tabs(filters, view),
        "shows": SHOWS.items(),
        "sorts": SORTS.items(),
        "needed": NEEDED,
        "bulk": any(row.coordinates for row in every.rows),
        "address": urlencode({**_query(filters), "view": view}),
        **(_columns(every, rows, filters) if view == "columns" else _table(request, every, rows, filters)),
    }
    return render(request, "engine/board.html", context)


def _table(request: HttpRequest, every: Board, rows: list[BoardRow], filters: Filters) -> dict[str, Any]:
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    told = every.told(page.object_list)
    lines = [{"row": row, "told": told[row.run.pk]} for row in page.object_list]
    return {"page": page, "lines": lines, "query": urlencode({**_query(filters), "view": "table"}) + "&"}


def _columns(every: Board, rows: list[BoardRow], filters: Filters) -> dict[str, Any]:
    columns = every.columns(rows, most=MOST_CARDS)
    shown = {row.run.pk: row for column in columns for row, _place in column.cards}
    told = every.told(list(shown.values()))
    return {
        "columns": [
            {
                "column": column,
                "cards": [{"row": row, "place": place, "told": told[row.run.pk]} for row, place in column.cards],
                "all": urlencode({**_query(filters), "view": "table", "stage": column.key}),
            }
            for column in columns
        ]
    }


def _filters(query: QueryDict) -> Filters:
    def word(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:100]

    return Filters(
        process=word("process"),
        area=word("area"),
        stage=word("stage"),
        show=_one_of(word("show"), tuple(SHOWS)),
        words=word("q"),
        sort=_one_of(word("sort"), tuple(SORTS)),
    )


def _query(filters: Filters) -> dict[str, str]:
    asked = {
        "process": filters.process,
        "area": filters.area,
        "stage": filters.stage,
        "show": "" if filters.show == "all" else filters.show,
        "q": filters.words,
        "sort": "" if filters.sort == "due" else filters.sort,
    }
    return {name: value for name, value in asked.items() if value}


def _tabs(filters: Filters, view: str) -> list[dict[str, object]]:
    labels = {"table": _("Table"), "columns": _("By stage")}
    return [
        {"label": label, "url": "?" + urlencode({**_query(filters), "view": key}), "current": key == view}
        for key, label in labels.items()
    ]


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]
