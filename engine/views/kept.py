"""Nothing that was typed is lost when a page has moved on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ekip.shared.errors import NotNow
from recommendations.forms.base import PageForm


@contextmanager
def keeping(form: PageForm) -> Iterator[None]:
    """Within the block, a refusal that comes too late carries what the form holds, by label."""
    try:
        yield
    except NotNow as refusal:
        refusal.context["kept"] = form.kept()
        raise


def back_to(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view whose refusals lead back to the page `name` of the same number, where things stand as they are now."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, **arguments: Any) -> HttpResponse:
            try:
                return view(request, pk, **arguments)
            except NotNow as refusal:
                refusal.context.setdefault("back_url", reverse(f"engine:{name}", args=[pk]))
                raise

        return guarded

    return decorate
