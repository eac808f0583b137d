"""The envelope of every list: how many there are, where the neighbouring pages are, and the results of this one."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from ekip.shared.errors import NotFound
from recommendations.api.parameters import Wanted
from recommendations.library.addresses import absolute


def envelope(
    request: Request, rows: QuerySet, wanted: Wanted, present: Callable[[QuerySet], Sequence[dict[str, Any]]]
) -> dict[str, Any]:
    """One page of ordered `rows`, each as `present` gives it. NotFound for a page behind the last one."""
    count = rows.count()
    start = (wanted.page - 1) * wanted.page_size
    if start and start >= count:
        raise NotFound
    end = start + wanted.page_size
    return {
        "count": count,
        "next": _page(request, wanted.page + 1) if end < count else None,
        "previous": _page(request, wanted.page - 1) if wanted.page > 1 else None,
        "results": present(rows[start:end]),
    }


def whole(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A list that always comes whole, in the same envelope."""
    return {"count": len(results), "next": None, "previous": None, "results": results}


def _page(request: Request, number: int) -> str:
    parameters = request.query_params.copy()
    parameters["page"] = str(number)
    return absolute(f"{request.path}?{parameters.urlencode()}")
