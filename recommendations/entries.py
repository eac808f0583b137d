"""What people enter, checked field by field: every fault is found before one refusal names them all."""

from collections.abc import Collection
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ekip.shared.errors import Invalid
from recommendations.content import Blocks
from recommendations.text import MAX_BYTES, TextInvalid, canonical_bytes, from_data, to_data
from recommendations.text.inline import clean, squeeze
from recommendations.text.links import safe_href

SHOWN_FAULTS = 5
YEARS = range(1900, 2101)

Code = Literal["field-empty", "field-too-long", "field-wrong-type", "field-unknown-value", "text-invalid"]


class Entries:
    """Reads entered values one by one; `enforce` refuses when any of them was at fault.

    A method never raises for what a person can enter: it notes the fault under the field's name and gives a
    harmless stand-in.
    """

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}
        self.code = ""

    def fault(self, field: str, code: Code | str, message: str | Promise) -> None:
        """Note a fault of the field; the refusal carries the code of the first one."""
        self.errors.setdefault(field, []).append(str(message))
        self.code = self.code or code

    def refusal(self, **kept: object) -> Invalid:
        """The refusal that names all faults; `kept` is what the person typed, shown again on the page."""
        return Invalid(code=self.code, errors=self.errors, kept=kept)

    def enforce(self, **kept: object) -> None:
        """Raise the refusal if anything was at fault.

        Raises:
            Invalid: with the faults by field.
        """
        if self.errors:
            raise self.refusal(**kept)

    def line(self, field: str, value: object, *, most: int, required: bool = True) -> str:
        """Plain words on one line, at most `most` characters."""
        return self._words(field, squeeze(value) if isinstance(value, str) else value, most, required)

    def prose(self, field: str, value: object, *, most: int, required: bool = True) -> str:
        """Plain words in one or more paragraphs, at most `most` characters."""
        return self._words(field, clean(value).strip() if isinstance(value, str) else value, most, required)

    def blocks(self, field: str, value: object, *, most: int = MAX_BYTES) -> Blocks:
        """A text in the JSON form, at most `most` bytes of it."""
        try:
            blocks = to_data(from_data(value))
        except TextInvalid as invalid:
            too_long = invalid.code in {"too_long", "too_many_blocks"}
            for problem in invalid.problems[:SHOWN_FAULTS]:
                self.fault(field, "field-too-long" if too_long else "text-invalid", str(problem))
            return []
        if most < MAX_BYTES and len(canonical_bytes(blocks)) > most:
            self.fault(
                field,
                "field-too-long",
                _("This text is too long: at most %(size)s kilobytes.") % {"size": most // 1024},
            )
            return []
        return blocks

    def chosen(self, field: str, value: object, allowed: Collection[str]) -> str:
        """One of the allowed keys."""
        if isinstance(value, str) and value in allowed:
            return value
        self.fault(field, "field-unknown-value", _("Choose one of the values that are offered."))
        return ""

    def several(self, field: str, value: object, allowed: Collection[str]) -> list[str]:
        """Some of the allowed keys, each once, in the order of `allowed`."""
        if not isinstance(value, list | tuple | set | frozenset) or any(not isinstance(v, str) for v in value):
            self.fault(field, "field-wrong-type", _("This is a list of values."))
            return []
        if set(value) - set(allowed):
            self.fault(field, "field-unknown-value", _("Choose only values that are offered."))
        return [key for key in allowed if key in value]

    def address(self, field: str, value: object, *, most: int = 300) -> str:
        """A web address (http or https), or nothing."""
        words = self.line(field, value, most=most, required=False)
        if words and (not safe_href(words) or words.lower().startswith("mailto:")):
            self.fault(field, "field-wrong-type", _("A web address begins with https:// or http://."))
            return ""
        return words

    def year(self, field: str, value: object) -> int | None:
        """A year of four digits, or nothing."""
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value in YEARS:
            return value
        self.fault(field, "field-wrong-type", _("A year has four digits, for example 2027."))
        return None

    def _words(self, field: str, value: object, most: int, required: bool) -> str:
        if not isinstance(value, str):
            self.fault(field, "field-wrong-type", _("This field holds words."))
            return ""
        if required and not value:
            self.fault(field, "field-empty", _("This field cannot be empty."))
        if len(value) > most:
            message = _("At most %(most)s characters; this has %(length)s.")
            self.fault(field, "field-too-long", message % {"most": most, "length": len(value)})
            return ""
        return value
