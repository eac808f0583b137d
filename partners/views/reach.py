"""How a person wants to be reached: choices by group, hours, absences; and stopping mail from a mail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ekip.shared import clock
from ekip.shared.errors import Invalid, NotFound
from partners import kinds
from partners.forms import show_refusal
from partners.forms.notifications import AbsenceForm, PreferencesForm
from partners.models import Absence
from partners.selectors.notifications import choices_of, coming_absences, rhythm_of
from partners.services import preferences
from partners.services.rhythm import hours_of
from partners.unsubscribing import read_token


@login_required
def choices(request: HttpRequest) -> HttpResponse:
    """Which notifications go where, and when."""
    person = request.user
    known = PreferencesForm.known(choices_of(person), rhythm_of(person))
    form = PreferencesForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        preferences.save_preferences(person=person, wanted=form.wanted(), quiet=form.quiet(), now=clock.now())
        messages.success(request, _("Your choices are saved."))
        return redirect("partners:notification_choices")
    return render(request, "partners/notification_choices.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def absences(request: HttpRequest) -> HttpResponse:
    """The days on which the person cannot act: those to come, and a form for more."""
    form = AbsenceForm(request.POST or None)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data
        try:
            absence = preferences.add_absence(person=request.user, now=now, **days)
        except Invalid as refusal:
            show_refusal(form, refusal)
        else:
            joined = (absence.first_day, absence.last_day) != (days["first_day"], days["last_day"])
            text = _("Joined with what it touches: %(days)s.") if joined else _("Noted: %(days)s.")
            messages.success(request, text % {"days": _days(absence)})
            return redirect("partners:absences")
    hours = hours_of([request.user.pk], now)[request.user.pk]
    context = {"form": form, "absences": coming_absences(request.user, hours, now=now)}
    return render(request, "partners/absences.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def remove_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an absence away."""
    absence = preferences.remove_absence(person=request.user, pk=pk)
    messages.success(request, _("Taken away: %(days)s.") % {"days": _days(absence)})
    return redirect("partners:absences")


# A mail program posts here by itself, without a cookie of ours: the signed address is what allows it (RFC 8058).
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail of one group from a link in a mail, without signing in. Only the button does it, not the link."""
    person_id, key = read_token(token)
    group = kinds.group(key)
    if group is None:
        raise NotFound
    context = {"group": group, "is_digest": key == kinds.DIGEST, "step": "ask"}
    if request.method == "POST" and request.POST.get("resume"):
        preferences.resume_mail(person_id=person_id, group=key, mail=request.POST["resume"])
        context["step"] = "resumed"
    elif request.method == "POST":
        context |= {"step": "stopped", "was": preferences.stop_mail(person_id=person_id, group=key)}
    return render(request, "partners/unsubscribe.html", context)


def _days(absence: Absence) -> str:
    first, last = (date_format(day, "j F Y") for day in (absence.first_day, absence.last_day))
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
