"""What the forms of pages share."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from recommendations.forms.editor import TextField
from recommendations.forms.text import readable


class PageForm(forms.Form):
    """A form that can show a refusal at its fields, and give back what was typed when the page has moved on.

    `aliases` maps names that services use to fields of the form.
    """

    aliases: ClassVar[dict[str, str]] = {}

    def add_refusal(self, refusal: Invalid) -> None:
        """Show what a service found wrong: at the field it names, or above the form."""
        if not refusal.errors:
            self.add_error(None, str(refusal))
        for name, messages in refusal.errors.items():
            name = self.aliases.get(name, name)
            field = name if name in self.fields else None
            for message in messages:
                self.add_error(field, message)

    def kept(self) -> dict[str, str]:
        """What was typed, by label, for a page that has no place for it any more."""
        typed = {}
        for bound in self.visible_fields():
            if words := _words(bound):
                typed[str(bound.label)] = words
        return typed

    def sent(self) -> list[tuple[str, str]]:
        """Every name and value that was sent, for a page that sends them once more without showing the fields."""
        pairs = []
        for bound in self:
            value = bound.value()
            for each in value if isinstance(value, list | tuple) else [value]:
                if each not in (None, ""):
                    pairs.append((bound.html_name, str(each)))
        return pairs

    def rest_on(self, version: int) -> None:
        """Let a form that met a newer text rest on it, so that sending it again replaces that text knowingly."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


def _words(bound: forms.BoundField) -> str:
    value: Any = bound.value()
    if value in (None, "", [], False):
        return ""
    if value is True:
        return _("yes")
    if isinstance(bound.field, TextField):
        return readable(str(value))
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return str(value)
    chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
    return ", ".join(str(label) for key, label in _flat(choices) if str(key) in chosen)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat.extend(label) if isinstance(label, list | tuple) else flat.append((key, label))
    return flat
