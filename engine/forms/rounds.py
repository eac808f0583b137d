"""Forms with which a round is opened and an invitation is answered."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ekip.shared.look import zone_name
from engine.forms.commands import CommandForm
from engine.forms.proposals import MAX_NOTE
from recommendations.forms.base import PageForm


class DeadlineForm(CommandForm):
    """Until when a round is open."""

    aliases: ClassVar[dict[str, str]] = {"closes_at": "closes_on"}

    closes_on = forms.DateField(label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    closes_time = forms.TimeField(
        label=_("Time of day"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"), input_formats=["%H:%M"]
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.fields["closes_time"].help_text = _g("In the time zone of %(zone)s.") % {"zone": zone_name()}

    def clean(self) -> dict[str, Any]:
        """The deadline lies ahead, in the reader's zone."""
        data = super().clean() or self.cleaned_data
        day, time = data.get("closes_on"), data.get("closes_time")
        if day and time:
            try:
                data["closes_at"] = timezone.make_aware(datetime.combine(day, time))
            except (OverflowError, ValueError):
                self.add_error("closes_on", _("Choose a day that the calendar knows."))
                return data
            if data["closes_at"] <= self.now:
                self.add_error("closes_on", _("The deadline must lie in the future."))
        return data


class OpenRoundForm(DeadlineForm):
    """Who is asked to review, and until when. Candidates are drawn by the page itself."""

    reviewers = forms.TypedMultipleChoiceField(label=_("Reviewers"), coerce=int, required=False)

    field_order = ("visit_id", "reviewers")

    def __init__(self, *args: Any, allowed: dict[int, str], quorum: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.quorum = quorum
        self.fields["reviewers"].choices = list(allowed.items())

    def clean_reviewers(self) -> list[int]:
        """At least as many as the quorum asks for."""
        chosen = self.cleaned_data["reviewers"]
        if len(chosen) < self.quorum:
            message = ngettext(
                "Choose at least %(number)s reviewer.", "Choose at least %(number)s reviewers.", self.quorum
            )
            raise forms.ValidationError(message % {"number": self.quorum})
        return chosen


class InviteMoreForm(PageForm):
    """Who is asked too. Candidates are drawn by the page itself."""

    reviewers = forms.TypedMultipleChoiceField(label=_("Reviewers"), coerce=int)

    def __init__(self, *args: Any, allowed: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewers"].choices = list(allowed.items())
        self.fields["reviewers"].error_messages["required"] = _g("Choose at least one person.")


class DeclineForm(PageForm):
    """Why a person does not review."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The coordinator reads it. A few words are enough."),
    )
