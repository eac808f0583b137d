"""What machines ask: does the process live, is the site ready, how much waits."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ekip.pages.health import health
from ekip.pages.metrics import CONTENT_TYPE, exposition
from ekip.shared import clock
from ekip.shared.errors import NotFound


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and broker answer, otherwise 503; how fresh worker and beat are stands beside it.

    With `?strict` it answers 503 too when they are not: for alarms, not for a proxy that would take the site down.
    """
    found = health(now=clock.now())
    well = found.is_going if "strict" in request.GET else found.is_ready
    return JsonResponse(found.report(), status=200 if well else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for who knows the token; without a token in the settings there are none."""
    if not settings.METRICS_TOKEN:
        raise NotFound
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(
            "The token is missing or wrong.\n", "text/plain", 401, headers={"WWW-Authenticate": "Bearer"}
        )
    return HttpResponse(exposition(now=clock.now()), content_type=CONTENT_TYPE)
