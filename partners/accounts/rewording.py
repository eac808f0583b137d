"""allauth's forms in our words."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import Promise

# The longest address that can be written to (RFC 5321), and the longest that our rows and the lock-out's hold.
LONGEST_ADDRESS = 254


class Reworded(forms.Form):
    """Gives fields our labels and help, takes away placeholders that repeat them, and limits addresses."""

    labels: dict[str, Promise] = {}
    helps: dict[str, Promise] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label = label
            field.help_text = self.helps.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.widget.attrs["maxlength"] = LONGEST_ADDRESS
                field.validators = [*field.validators, MaxLengthValidator(LONGEST_ADDRESS)]
