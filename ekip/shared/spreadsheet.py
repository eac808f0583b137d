"""Tables for spreadsheets: CSV whose cells no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV in UTF-8, with the mark by which spreadsheets know the encoding.

    A cell that would begin a formula gets an apostrophe before it (OWASP, CSV injection).
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([as_words(each) for each in head])
    writer.writerows([as_words(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_words(value: object) -> str:
    """A cell as words, whatever it begins with; nothing for None."""
    words = "" if value is None else str(value)
    return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words
