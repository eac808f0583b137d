"""The decider's form."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.forms.base import CommandForm
from engine.forms.proposals import MAX_NOTE


class DecisionForm(CommandForm):
    """An outcome with its reason."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you decide.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The authors and the reviewers read it."),
    )

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[tuple[str, str]],
        successors: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].choices = outcomes
        if successors:
            self.fields["successor"] = forms.TypedChoiceField(
                label=_("What takes its place"),
                choices=[("", _("Nothing")), *successors],
                coerce=int,
                empty_value=None,
                required=False,
                help_text=_("Only for a withdrawal: readers are led to this edition."),
            )
