"""Forms with which a proposal is started and written."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engine.forms.commands import CommandForm
from engine.services.runs import NOT_OFFERED
from partners.models import Organisation
from recommendations.forms.base import PageForm
from recommendations.forms.editor import TextField
from recommendations.models import PolicyArea

MAX_NOTE = 4_000


class StartForm(PageForm):
    """Where a proposal begins: its area, its title and the organisation that leads it.

    `processes` are those to choose from, by version; without them there is nothing to choose.
    """

    area = forms.ModelChoiceField(
        PolicyArea.objects.none(),
        label=_("Policy area"),
        empty_label=_("Choose a policy area"),
        help_text=_("Areas that have been selected and that at least ten sources support."),
        to_field_name="slug",
    )
    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("You can change it later."))
    lead_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Lead organisation"), empty_label=_("Choose an organisation")
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=1200,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Two or three sentences for someone who reads nothing else. At most 1,200 characters."),
    )

    def __init__(
        self,
        *args: Any,
        areas: QuerySet[PolicyArea],
        organisations: QuerySet[Organisation],
        processes: Sequence[tuple[int, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if processes:
            self.fields["process"] = forms.TypedChoiceField(
                label=_("Process"),
                choices=processes,
                coerce=int,
                initial=processes[0][0],
                widget=forms.RadioSelect,
                help_text=_("The way that your proposal goes. It stays as it is, also when the process changes later."),
                error_messages={"invalid_choice": NOT_OFFERED, "required": _("Choose a process.")},
            )
            self.order_fields(["area", "process"])
        self.fields["area"].queryset = areas
        self.fields["lead_organisation"].queryset = organisations
        if len(settings.LANGUAGES) == 1:
            # One language is no question.
            self.fields["language"].widget = forms.HiddenInput()
            self.fields["language"].initial = settings.LANGUAGES[0][0]
            self.fields["language"].required = False

    def clean_language(self) -> str:
        """The site's first language when nothing was asked."""
        return self.cleaned_data["language"] or settings.LANGUAGES[0][0]


class DetailsForm(PageForm):
    """Title and summary of a proposal, with the number of the save that they rest on."""

    title = forms.CharField(label=_("Title"), max_length=160)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=1200,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Two or three sentences for someone who reads nothing else. At most 1,200 characters."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class SectionForm(PageForm):
    """The text of one section, with the number of the save that it rests on."""

    aliases: ClassVar[dict[str, str]] = {"blocks": "body"}

    body = TextField(label=_("Text"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, title: str, guidance: str, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["body"].label = _("Text of “%(title)s”") % {"title": title}
        self.fields["body"].help_text = guidance
        self.fields["body"].widget.attrs["lang"] = language


class CoAuthorForm(PageForm):
    """Who shall write with the author."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The address of their account. They can then read and change this proposal."),
    )


class SubmitForm(CommandForm):
    """Nothing but the visit: the page itself is the question."""


class ReasonForm(CommandForm):
    """A command that needs a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=MAX_NOTE, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, help_text: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = help_text
