"""Between text fields and the text form: what people type becomes blocks, and blocks become what fields show."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from recommendations.text import (
    MAX_BLOCKS,
    Text,
    TextInvalid,
    block_hash,
    check,
    from_data,
    from_html,
    from_plain_text,
    keep_ids,
    to_data,
    to_html,
    to_plain,
)

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BLOCK_END = re.compile(r"(</(?:p|h[1-6]|li|ul|ol|blockquote|table|aside|figure)>)(?=<)")


def read_text(typed: str, *, language: str, previous: Sequence[dict[str, Any]] = (), salt: str = "") -> list[Any]:
    """The blocks (as data) of what was typed, HTML or plain words; a block that was there before keeps its id.

    Raises:
        ValidationError: the text breaks a limit, or an image has no words.
    """
    try:
        return to_data(keep_ids(check(_read(typed, language, salt)), from_data(list(previous))))
    except TextInvalid as error:
        raise ValidationError([_message(problem.code, problem.detail) for problem in error.problems[:5]]) from error


def field_html(blocks: Sequence[dict[str, Any]], *, language: str) -> str:
    """Blocks as the HTML that a text field holds: each block on a line, readable in a plain text area."""
    return _BLOCK_END.sub(r"\1\n", to_html(from_data(list(blocks)), lang=language))


def same_words(typed: str, blocks: Sequence[dict[str, Any]], *, language: str) -> bool:
    """Whether what was typed says the same as stored blocks, whatever the ids of its blocks."""
    mine, theirs = _read(typed, language, ""), from_data(list(blocks))
    return [block_hash(block) for block in mine] == [block_hash(block) for block in theirs]


def readable(typed: str) -> str:
    """What was typed, as plain words."""
    return to_plain(_read(typed, "en", "")) if _TAG.search(typed) else typed


def _read(typed: str, language: str, salt: str) -> Text:
    reader = from_html if _TAG.search(typed) else from_plain_text
    return reader(typed, lang=language, salt=salt)


def _message(code: str, detail: str) -> str:
    match code:
        case "too_long":
            return _("This text is too long for one section. Divide it, or shorten it.")
        case "too_many_blocks":
            return _("This text has more than %(number)s paragraphs. Divide it, or shorten it.") % {
                "number": MAX_BLOCKS
            }
        case "alt_missing":
            return _("An image has no words for those who cannot see it.")
        case _:
            return detail
