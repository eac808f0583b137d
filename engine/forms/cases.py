"""The form of a city case: place, set-up, who took part, what each recommendation met, gaps, resources."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.services.cases import MOST_PEOPLE
from engine.services.reviews import LONGEST_TEXT
from partners.models import Ecosystem, Organisation
from recommendations.forms.base import PageForm

PARTICIPANTS = "participants-"
FINDING = "finding-"


class CaseForm(PageForm):
    """A case as typed; a draft may be saved with anything empty. `recommendations` are those of the frozen text."""

    def __init__(
        self, *args: Any, recommendations: Sequence[Mapping[str, Any]], must_be_complete: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.recommendations = recommendations
        self.must_be_complete = must_be_complete
        # A page that is merely shown does not call optional what must be there in the end.
        required = must_be_complete or not self.is_bound
        self.fields["ecosystem"] = forms.ModelChoiceField(
            Ecosystem.objects.all(), label=_("City or district"), required=required, empty_label=_("Choose a place")
        )
        self.fields["set_up"] = _long(
            _("Set-up"),
            rows=4,
            required=required,
            help_text=_("When and how you tested the draft."),
        )
        for kind, label in Organisation.Kind.choices:
            people = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_PEOPLE)
            self.fields[f"{PARTICIPANTS}{kind}"] = _grouped(people)
        for each in recommendations:
            self.fields[f"{FINDING}{each['key']}"] = _grouped(_long(each["statement"]))
        self.fields["gaps"] = _long(_("Gaps"), help_text=_("What the draft does not see, or what is not there yet."))
        self.fields["resources"] = _long(
            _("Resources needed"), help_text=_("What it would take to carry the recommendations out here.")
        )

    def clean(self) -> dict[str, Any]:
        """Before a case is handed in, somebody took part and something was met."""
        data = super().clean() or self.cleaned_data
        if not self.must_be_complete:
            return data
        if not any(self.participants().values()):
            self.add_error(None, _("Say how many people of at least one kind of actor took part."))
        if not any(self.findings().values()):
            self.add_error(None, _("Say of at least one recommendation what it met locally."))
        return data

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The number of people of each kind of actor."""
        return [self[f"{PARTICIPANTS}{kind}"] for kind in Organisation.Kind.values]

    @property
    def met(self) -> list[forms.BoundField]:
        """What each recommendation met, in the order of the text."""
        return [self[f"{FINDING}{each['key']}"] for each in self.recommendations]

    def participants(self) -> dict[str, int | None]:
        """People by kind of actor; None where nothing valid was entered."""
        return {kind: self.cleaned_data.get(f"{PARTICIPANTS}{kind}") for kind in Organisation.Kind.values}

    def findings(self) -> dict[str, str]:
        """What was met, by key of the recommendation."""
        return {each["key"]: self.cleaned_data.get(f"{FINDING}{each['key']}", "") for each in self.recommendations}


def _long(label: Any, *, rows: int = 3, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TEXT,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
    )


def _grouped(field: forms.Field) -> forms.Field:
    """One of several of which none alone is needed: what stands above them says so, not each label."""
    field.is_grouped = True
    return field
