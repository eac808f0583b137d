"""What people say about themselves, wherever an account is made or changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners import languages, zones
from partners.services.letters import one_line


class AboutYou(forms.Form):
    """Name, language and time zone of a person. `request` gives the first guess of the last two."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Others see it beside what you write and review."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language you write in"),
        choices=languages.CHOICES,
        help_text=_("New texts of yours begin in this language. The pages themselves are in English."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones.choices,
        help_text=_("Deadlines are shown in this zone."),
    )

    def clean_name(self) -> str:
        """The name on one line."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write your name."), code="required")
        return name


def guess(accept_language: str) -> dict[str, Any]:
    """First values for `AboutYou` from a browser's Accept-Language header."""
    language = languages.preferred(accept_language)
    return {"language": language.tag, "time_zone": language.zone}
