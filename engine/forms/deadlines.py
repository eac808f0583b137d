"""Forms with which dates are moved, and runs are paused."""

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from ekip.shared.look import zone_name
from engine.forms.commands import CommandForm
from engine.forms.proposals import MAX_NOTE
from engine.forms.rounds import DeadlineForm

READ_BY = _("Those who are told read it, and it stays in the history.")


class ExtendForm(DeadlineForm):
    """A later deadline, with the reason."""

    aliases: ClassVar[dict[str, str]] = {"closes_at": "closes_on", "until": "closes_on"}

    reason = forms.CharField(
        label=_("Reason"), max_length=MAX_NOTE, widget=forms.Textarea({"rows": 4}), help_text=READ_BY
    )

    field_order = ("visit_id", "closes_on", "closes_time", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["closes_on"].label = _g("New last day")
        self.fields["closes_on"].help_text = _g("Within a year from now.")


class PauseForm(CommandForm):
    """Why a run is paused, and perhaps until when."""

    aliases: ClassVar[dict[str, str]] = {"until": "until_on"}

    reason = forms.CharField(
        label=_("Reason"), max_length=MAX_NOTE, widget=forms.Textarea({"rows": 4}), help_text=READ_BY
    )
    until_on = forms.DateField(
        label=_("Goes on by itself on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty to resume it by hand."),
    )
    until_time = forms.TimeField(
        label=_("Time of day"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M"],
        initial=time(9),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["until_time"].help_text = _g("In the time zone of %(zone)s.") % {"zone": zone_name()}

    def clean(self) -> dict[str, Any]:
        """A time of day alone says nothing."""
        data = super().clean() or self.cleaned_data
        data["until"] = None
        if day := data.get("until_on"):
            try:
                data["until"] = timezone.make_aware(datetime.combine(day, data.get("until_time") or time(9)))
            except (OverflowError, ValueError):
                self.add_error("until_on", _("Choose a day that the calendar knows."))
        return data
