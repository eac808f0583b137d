"""The site's own pages: who runs it, what it stores, whom it keeps out, and the answer to a form without its token."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Who runs this installation and answers for it."""
    return render(request, "pages/imprint.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about people, why, and for how long."""
    return render(request, "pages/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "pages/accessibility.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown when a form's token does not fit: the page was open too long, or cookies are blocked."""
    return render(request, "errors/csrf.html", status=403)
