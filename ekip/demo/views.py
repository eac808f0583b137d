"""Pages that exist only in the demonstration."""

from urllib.parse import urlencode

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from ekip.demo import mailbox
from ekip.demo.sign_in import example_account
from ekip.shared.errors import NotFound

THREADS_ON_A_PAGE = 25


@require_safe
@never_cache
def choose_person(request: HttpRequest) -> HttpResponse:
    """Everybody whom a visitor can become."""
    return render(request, "demo/people.html")


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Become an example person.

    Neither password nor second factor is asked for: these routes exist only with EKIP_DEMO=1, they open example
    accounts only, and a system check fails every other installation that has such an account.
    """
    if not settings.DEMO:
        raise NotFound
    person = example_account(key)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    messages.success(request, _("You are %(name)s now.") % {"name": person.name})
    return redirect(_next(request))


@require_safe
@never_cache
def mail(request: HttpRequest) -> HttpResponse:
    """The mail that this demonstration has sent by thread, to everybody or to those whose address contains `to`."""
    to = request.GET.get("to", "")[:200]
    page = Paginator(mailbox.conversations(to=to), THREADS_ON_A_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"to": to}) + "&" if to else ""
    return render(request, "demo/mail.html", {"page": page, "to": to, "query": query})


@require_safe
@never_cache
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One mail, with links that work, and the others of its thread."""
    letter = mailbox.letter(key)
    return render(request, "demo/message.html", {"letter": letter, "thread": mailbox.conversation_of(letter).letters})


@require_safe
@never_cache
@csp_exempt()
@xframe_options_sameorigin
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML part of a mail, as a mail program shows it: its own rules of style, no script, nothing fetched."""
    letter = mailbox.letter(key)
    if not letter.html:
        raise NotFound
    # Links leave the frame in which the page shows it.
    answer = HttpResponse(letter.html.replace("<head>", '<head><base target="_top">', 1))
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return answer


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a place on this site; otherwise the desk."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else settings.LOGIN_REDIRECT_URL
