"""Forms of the register. Lengths and values are the services' to check; a form gives them their fields."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.areas.services import (
    AREA_SUMMARY,
    AREA_TITLE,
    PUBLISHER,
    REASON,
    TITLE,
    AreaDraft,
    SourceDraft,
)
from recommendations.forms.base import PageForm
from recommendations.forms.editor import TextField
from recommendations.forms.text import same_words
from recommendations.models import Briefing, Cluster, Source
from recommendations.text.inline import squeeze


class AreaForm(PageForm):
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


class SourceForm(PageForm):
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


class DeclineForm(PageForm):
    """Why an area is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody can read it."),
    )


class BriefingForm(PageForm):
    """The research briefing of an area, with the number of the save that it rests on."""

    aliases: ClassVar[dict[str, str]] = {"blocks": "body"}

    body = TextField(
        label=_("Text of the briefing"),
        help_text=_("What is known about this area, what is not, and what the creative industries have to do with it."),
    )
    questions = forms.CharField(
        label=_("Guiding questions"),
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One to five, each on a line of its own. Authors answer them in their proposals."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def question_lines(self) -> list[str]:
        """The questions, one for each line that has words."""
        return [line for line in map(squeeze, self.cleaned_data["questions"].splitlines()) if line]

    def says(self, briefing: Briefing) -> bool:
        """Whether what was typed is what is stored."""
        return self.question_lines() == briefing.questions and same_words(
            self.cleaned_data["body"], briefing.blocks, language=briefing.language
        )
