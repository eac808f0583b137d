"""The form in which the words of mail are changed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.process.mail_texts import LONGEST_BODY
from engine.services.mail_texts import EMPTY, text_errors
from recommendations.forms.base import PageForm


class RestingForm(PageForm):
    """The number of the save that something rests on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class MailTextForm(RestingForm):
    """Subject and body, with the number of the save that they rest on; the rules are those of the service."""

    subject = forms.CharField(label=_("Subject"), strip=False, error_messages={"required": EMPTY})
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        error_messages={"required": EMPTY},
        widget=forms.Textarea({"rows": 10}),
        help_text=_(
            "The greeting, the link and the lines about this site are added to it. An empty line begins a paragraph."
        ),
    )

    def __init__(self, *args: object, kind: str, **options: object) -> None:
        super().__init__(*args, **options)
        self.kind = kind

    def clean(self) -> dict[str, object]:
        """The words can be sent."""
        data = super().clean() or self.cleaned_data
        subject, body = str(data.get("subject", "")).strip(), str(data.get("body", ""))[: LONGEST_BODY * 4]
        for name, messages in text_errors(self.kind, subject=subject, body=body).items():
            if name in self.errors:
                continue
            for message in messages:
                self.add_error(name, message)
        return data
