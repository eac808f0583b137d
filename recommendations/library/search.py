"""From the words that somebody typed to a full-text query over `EditionText.search`."""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from ekip.shared.folding import fold
from recommendations.text.inline import squeeze

CONFIG = "simple"  # the texts are folded already and come in many languages
MOST_CHARACTERS = 200
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?[^\w\s"]*(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_LAST_WORD = re.compile(r"(?P<head>.*?)(?P<word>[^\W_]+)")


def tidy_words(typed: str) -> str:
    """`typed` on one line, without control characters, and no longer than `MOST_CHARACTERS`."""
    return squeeze(typed)[:MOST_CHARACTERS].rstrip()


def search_query(words: str) -> SearchQuery | CombinedSearchQuery | None:
    """The query for tidy `words`; None when there are none.

    Quotes, OR and a leading minus mean what they mean in web searches. The last word also matches
    as a beginning, unless it stands in quotes or is taken away by a minus.
    """
    terms = search_terms(fold(words))
    if not terms:
        return None
    whole = SearchQuery(" ".join(terms), config=CONFIG, search_type="websearch")
    last = _LAST_WORD.fullmatch(terms[-1])
    if last is None or terms[-1].startswith("-"):
        return whole
    begins = SearchQuery(f"{last['word']}:*", config=CONFIG, search_type="raw")
    if head := " ".join([*terms[:-1], last["head"]]).strip():
        begins = SearchQuery(head, config=CONFIG, search_type="websearch") & begins
    return whole | begins


def search_terms(folded: str) -> list[str]:
    """The terms that a search can use: words and quoted phrases, some with one leading minus.

    Only these are handed on. Operators without words pile up in PostgreSQL's parser until it raises an error.
    """
    terms = []
    for term in _TERM.finditer(folded):
        minus = "-" if term["minus"] else ""
        phrase, word = _spoken(term["phrase"]), _spoken(term["word"])
        if phrase:
            terms.append(f'{minus}"{phrase}"')
        elif word:
            terms.append(f"{minus}{word}")
    return terms


def _spoken(text: str | None) -> str:
    """`text` from its first letter or digit to its last; empty when it has none."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", text or "")
