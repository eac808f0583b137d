"""The one place where a refusal becomes an answer: a page for people, a problem document (RFC 9457) for clients."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from ekip.shared.errors import NotAllowed, NotFound, Refusal

TITLES = {
    400: "Bad request",
    401: "Sign-in needed",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Moved on",
    410: "Gone",
    415: "Unsupported media type",
    422: "Invalid input",
    429: "Too many requests",
    500: "Server error",
}


def is_api(request: HttpRequest) -> bool:
    """Whether the request speaks to the REST API."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """The members of a problem document: type, title, status, code, detail and further `members`."""
    return {
        "type": f"urn:ekip:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        **members,
    }


def respond(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page or problem document for `refusal`; `refusal.context["kept"]` (field → typed text) is shown on pages."""
    if is_api(request):
        return JsonResponse(
            problem(refusal.status, refusal.code, str(refusal)),
            status=refusal.status,
            content_type="application/problem+json",
        )
    context = {"refusal": refusal, **refusal.context}
    return render(request, f"errors/{refusal.status}.html", context, status=refusal.status)


class RefusalMiddleware:
    """Answers every refusal that a view raises."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn refusals (and Django's own 404 and 403) into answers; leave everything else to Django."""
        if isinstance(exception, Refusal):
            return respond(request, exception)
        if isinstance(exception, Http404):
            return respond(request, NotFound())
        if isinstance(exception, PermissionDenied):
            return respond(request, NotAllowed())
        return None


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: the same answers as problem documents."""
    if isinstance(exception, Http404):
        exception = NotFound()
    if isinstance(exception, Refusal):
        status, code, detail, extra = exception.status, exception.code, str(exception), {}
        if errors := getattr(exception, "errors", None):
            extra["errors"] = errors
    elif isinstance(exception, APIException):
        status, code = exception.status_code, str(exception.default_code).replace("_", "-")
        detail, extra = str(exception.detail), {}
    else:
        return None
    response = Response(problem(status, code, detail, **extra), status=status, content_type="application/problem+json")
    if wait := getattr(exception, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404 for addresses that match nothing."""
    return respond(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    if is_api(request):
        body = problem(500, "server-error", "Something went wrong on our side. It has been logged.")
        return JsonResponse(body, status=500, content_type="application/problem+json")
    return render(request, "errors/500.html", status=500)
