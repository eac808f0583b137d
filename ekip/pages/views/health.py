"""What machines ask: does the process live, is the site ready."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ekip.pages.health import health
from ekip.shared import clock


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, otherwise 503; how fresh the last tick is stands beside it."""
    found = health(now=clock.now())
    return JsonResponse(found.report(), status=200 if found.is_ready else 503)
