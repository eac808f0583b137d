"""The site's own pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Shown when a form's token does not fit: the page was open too long, or cookies are blocked."""
    return render(request, "errors/csrf.html", status=403)
