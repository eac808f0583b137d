"""A text as HTML that templates take as it is."""

from django.utils.safestring import SafeString, mark_safe

from recommendations.text import Text, to_html


def html(text: Text, prefix: str, page_language: str, *, heading_offset: int = 1, number_from: int = 0) -> SafeString:
    """The text within a page in `page_language`; `prefix` keeps its ids apart from those of other texts there.

    `number_from` is the number of its first passage; 0 numbers none.
    """
    written = to_html(
        text, lang=page_language, number_from=number_from, heading_offset=heading_offset, id_prefix=f"{prefix}-"
    )
    return mark_safe(written)  # noqa: S308 - to_html escapes every word and writes every tag itself
