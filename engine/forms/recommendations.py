"""Forms for what a proposal recommends and what it rests on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.forms.base import PageForm
from recommendations.forms.editor import TextEditor, TextField
from recommendations.models import BuildingBlock, Evidence, Level, Proposal, TargetActor


class RecommendationForm(PageForm):
    """One recommendation: what should be done, why, by whom and how."""

    statement = forms.CharField(
        label=_("Statement"),
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One sentence that says who should do what. At most 400 characters."),
    )
    levels = forms.MultipleChoiceField(
        label=_("Level"), choices=Level.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    target_actors = forms.ModelMultipleChoiceField(
        TargetActor.objects.all(), label=_("Who acts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    building_blocks = forms.ModelMultipleChoiceField(
        BuildingBlock.objects.all(), label=_("Building blocks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), label=_("Evidence"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rationale = TextField(
        label=_("Rationale"), required=False, widget=TextEditor({"rows": 8}), help_text=_("Why this should be done.")
    )
    guideline = TextField(
        label=_("Practical guideline"),
        required=False,
        widget=TextEditor({"rows": 8}),
        help_text=_("How someone can begin: steps, costs, what can go wrong."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, proposal: Proposal, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["evidence"].queryset = proposal.evidence.all()
        if not proposal.evidence.exists():
            del self.fields["evidence"]
        # They can be saved empty, but a page that is merely shown does not call optional what must be there in the end.
        for name in {"levels", "building_blocks", "evidence"} & self.fields.keys():
            self.fields[name].required = not self.is_bound
        for name in ("rationale", "guideline"):
            self.fields[name].widget.attrs["lang"] = proposal.language


class EvidenceForm(PageForm):
    """A document, data set or case that recommendations can cite."""

    title = forms.CharField(label=_("Title"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose a kind")), *Evidence.Kind.choices])
    address = forms.URLField(label=_("Address"), max_length=300, required=False, assume_scheme="https")
    publisher = forms.CharField(label=_("Publisher"), max_length=160, required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1000, max_value=2100)
    note = forms.CharField(
        label=_("What it shows"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 3})
    )
