"""Entity tags: answering "not modified" before anything is rendered."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

NO_CACHE = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


def weak_tag(*parts: object) -> str:
    """A weak entity tag that differs when any of `parts` does."""
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def answer(
    request: HttpRequest, tag: str, make: Callable[[], HttpResponse], *, cache_control: str = NO_CACHE
) -> HttpResponse:
    """304 when the client has what `tag` stands for, else what `make` gives; both with tag and cache rule."""
    response = get_conditional_response(request, etag=tag) or make()
    if response.status_code in {200, 304}:
        response["ETag"] = tag
        response["Cache-Control"] = cache_control
    return response


def answer_page(request: HttpRequest, parts: tuple[object, ...], make: Callable[[], HttpResponse]) -> HttpResponse:
    """A page under the same rule, for people whom the page does not know.

    A page with a person's name, or with a message for them, is made anew each time: it holds more than `parts`.
    """
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME) or request.COOKIES.get("messages"):
        response = make()
        response["Cache-Control"] = "private, no-cache"
    else:
        response = answer(request, weak_tag(*parts, _face(), get_language()), make)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@cache
def _face() -> str:
    """A digest of what the pages are made with, so that a new release is never hidden behind an old tag."""
    digest = sha256(getattr(staticfiles_storage, "manifest_hash", "").encode())
    for folder in ("components", "recommendations/library", "recommendations/parts"):
        for template in sorted(Path(settings.BASE_DIR, "templates", folder).glob("*.html")):
            digest.update(template.read_bytes())
    digest.update(Path(settings.BASE_DIR, "templates/base.html").read_bytes())
    return digest.hexdigest()
