"""The decider's form."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.forms.commands import CommandForm
from engine.forms.proposals import MAX_NOTE
from engine.process.values import Transition


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
        ways: Sequence[Transition],
        successors: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.ways = {way.key: way for way in ways}
        self.fields["outcome"].choices = [(way.key, way.label) for way in ways]
        if successors:
            self.fields["successor"] = forms.TypedChoiceField(
                label=_("What takes its place"),
                choices=[("", _("Nothing")), *successors],
                coerce=int,
                empty_value=None,
                required=False,
                help_text=_("Readers of a superseded or withdrawn edition are led to this one."),
            )

    def clean(self) -> dict[str, Any]:
        """What supersedes needs a successor; what neither supersedes nor withdraws has none."""
        data = super().clean()
        way = self.ways.get(data.get("outcome", ""))
        if way is None or "successor" not in data:
            return data
        if "supersede" in way.effects and not data["successor"]:
            self.add_error("successor", _("Choose what takes its place."))
        elif not {"supersede", "withdraw"} & set(way.effects):
            data["successor"] = None
        return data
