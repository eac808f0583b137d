"""Forms of the register. Lengths and values are the services' to check; a form gives them their fields."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid
from recommendations.areas.services import (
    AREA_SUMMARY,
    AREA_TITLE,
    PUBLISHER,
    REASON,
    TITLE,
    AreaDraft,
    SourceDraft,
)
from recommendations.models import Cluster, Source


class KeptForm(forms.Form):
    """A form that can show what a service found at fault."""

    def take(self, refusal: Invalid) -> None:
        """Show each fault at its field."""
        for name, faults in refusal.errors.items():
            for fault in faults:
                self.add_error(name if name in self.fields else None, fault)


class AreaForm(KeptForm):
    """A policy area that has been identified."""

    title = forms.CharField(label=_("Title"), max_length=AREA_TITLE)
    cluster = forms.ModelChoiceField(
        label=_("Cluster"), queryset=Cluster.objects.all(), to_field_name="key", empty_label=None
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=AREA_SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The question, in a few sentences that someone from another field can follow."),
    )
    source = forms.CharField(
        label=_("Source of these facts"),
        max_length=300,
        required=False,
        widget=forms.URLInput(),
        help_text=_("A web address, if there is one."),
    )

    def draft(self) -> AreaDraft:
        """What was entered."""
        return AreaDraft(**self.cleaned_data | {"cluster": self.cleaned_data["cluster"].key})


class SourceForm(KeptForm):
    """A source that supports an area."""

    title = forms.CharField(label=_("Title"), max_length=TITLE)
    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind.choices)
    publisher = forms.CharField(label=_("Publisher"), max_length=PUBLISHER, required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2100)
    address = forms.CharField(
        label=_("Web address"),
        max_length=300,
        required=False,
        widget=forms.URLInput(),
        help_text=_("Begins with https:// or http://."),
    )

    def draft(self) -> SourceDraft:
        """What was entered."""
        return SourceDraft(**self.cleaned_data)


class DeclineForm(KeptForm):
    """Why an area is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody can read it."),
    )
