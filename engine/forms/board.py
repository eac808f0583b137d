"""Forms with which something is done to many proposals of the board."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from ekip.shared.look import zone_name
from engine.forms.proposals import MAX_NOTE
from recommendations.forms.base import PageForm

WHAT = {
    "all": _("All deadlines"),
    "review": _("Those of review rounds"),
    "city-test": _("Those of city tests"),
    "consultation": _("Those of consultations"),
    "stages": _("Those of stages without an open round"),
}
FIVE = time(17)
KINDS = {"review": _("Review rounds"), "city-test": _("City tests")}


class ExtendForm(PageForm):
    """By how long, or until when, which deadlines move, and why."""

    what = forms.ChoiceField(label=_("Which deadlines"), choices=list(WHAT.items()))
    days = forms.IntegerField(
        label=_("By how many days"), min_value=1, max_value=365, required=False, help_text=_("Or choose a day below.")
    )
    until_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until_time = forms.TimeField(
        label=_("Time of day"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M"],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The people concerned read it with the new date."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until_time"].help_text = _g("In the time zone of %(zone)s; 17:00 when it is left empty.") % {
            "zone": zone_name()
        }

    def clean(self) -> dict[str, Any]:
        """Exactly one of a number of days and a day."""
        data = super().clean() or self.cleaned_data
        days, day = data.get("days"), data.get("until_on")
        if "days" in self.errors or "until_on" in self.errors:
            return data
        if bool(days) == bool(day):
            self.add_error("days", _("Give a number of days, or a day until which: one of the two."))
            return data
        data["by"] = timedelta(days=days) if days else None
        data["until"] = None
        if day:
            at = data.get("until_time") or FIVE
            try:
                data["until"] = timezone.make_aware(datetime.combine(day, at))
            except (OverflowError, ValueError):
                self.add_error("until_on", _("Choose a day that the calendar knows."))
        return data


class InviteForm(PageForm):
    """Who is asked, into which rounds. The list of people is drawn by the page itself."""

    kind = forms.ChoiceField(label=_("Into which rounds"), choices=list(KINDS.items()))
    reviewers = forms.TypedMultipleChoiceField(label=_("People"), coerce=int)

    def __init__(self, *args: Any, people: Mapping[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewers"].choices = list(people.items())
        self.fields["reviewers"].error_messages["required"] = _g("Choose at least one person.")
