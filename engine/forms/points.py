"""The authors' answer to a point."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.forms.proposals import MAX_NOTE
from engine.models import Disposition
from recommendations.forms.base import PageForm


class DispositionForm(PageForm):
    """What becomes of a point, and why."""

    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=Disposition.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of this point.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The reviewer and the decider read it."),
    )
