"""From the words that somebody typed to a full-text query over `EditionText.search`."""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from ekip.shared.folding import fold
from recommendations.text.inline import squeeze

CONFIG = "simple"  # the texts are folded already and come in many languages
MOST_CHARACTERS = 200
_LAST_WORD = re.compile(r"(?P<head>.*?)(?P<word>[^\W_]+)")


def tidy_words(typed: str) -> str:
    """`typed` on one line, without control characters, and no longer than `MOST_CHARACTERS`."""
    return squeeze(typed)[:MOST_CHARACTERS].rstrip()


def search_query(words: str) -> SearchQuery | CombinedSearchQuery | None:
    """The query for tidy `words`; None when there are none.

    Quotes, OR and a leading minus mean what they mean in web searches. The last word also matches
    as a beginning, unless it stands in quotes or is taken away by a minus.
    """
    folded = fold(words)
    if not folded:
        return None
    whole = SearchQuery(folded, config=CONFIG, search_type="websearch")
    last = _LAST_WORD.fullmatch(folded)
    if last is None or _is_bound(last["head"]):
        return whole
    begins = SearchQuery(f"{last['word']}:*", config=CONFIG, search_type="raw")
    if last["head"].strip():
        begins = SearchQuery(last["head"], config=CONFIG, search_type="websearch") & begins
    return whole | begins


def _is_bound(head: str) -> bool:
    """Whether the word after `head` stands in quotes or is taken away."""
    return head.count('"') % 2 == 1 or head == "-" or head.endswith(" -")
