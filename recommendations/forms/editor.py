"""The one editor of the product, as a form field: a text area that a script turns into an editor."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.widgets import importmap
from js_asset import ImportMap, Media, Script

MAX_CHARACTERS = 1_000_000


class TextEditor(forms.Textarea):
    """A text area that holds HTML; `static/js/editor.js` makes an editor of it where scripts run."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 14, **(attrs or {})})

    @property
    def media(self) -> Media:
        """The script, with the import map that leads to the editor's own modules."""
        modules = {
            "ekip/editor-schema": "js/editor-schema.js",
            "ekip/editor-toolbar": "js/editor-toolbar.js",
        }
        return Media(
            importmap=importmap | ImportMap(modules),
            css={"all": ["css/editor.css"]},
            js=[Script("js/editor.js", type="module"), Script("js/editor-guard.js", defer=True)],
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the words of the toolbar."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["data-text-editor"] = json.dumps(_labels(), ensure_ascii=False)
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser cannot show its complaint on a field that the editor hides."""
        return False


class TextField(forms.CharField):
    """Text with simple structure, as HTML or as plain words; the server reads both into blocks."""

    widget = TextEditor

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", MAX_CHARACTERS)
        options.setdefault(
            "error_messages", {"max_length": gettext_lazy("This text is too long. Keep it under a million characters.")}
        )
        super().__init__(**options)
        self.widget.attrs.pop("maxlength", None)

    def validate(self, value: Any) -> None:
        """An empty text can always be saved; the proposal page tells what is missing."""


def _labels() -> dict[str, str]:
    return {
        "toolbar": _("Formatting"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "heading": _("Heading"),
        "subheading": _("Small heading"),
        "list": _("List"),
        "numbered": _("Numbered list"),
        "quote": _("Quote"),
        "link": _("Link"),
        "address": _("Address of the link"),
        "apply": _("Set link"),
        "remove_link": _("Remove link"),
        "table": _("Table"),
        "add_row": _("Add row"),
        "add_column": _("Add column"),
        "delete_row": _("Delete row"),
        "delete_column": _("Delete column"),
        "delete_table": _("Delete table"),
        "undo": _("Undo"),
        "redo": _("Redo"),
    }
