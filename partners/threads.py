"""What a thread of notifications is about, in words: the apps above say it for their own threads."""

from collections.abc import Callable, Collection, Iterable

Titles = Callable[[Collection[int]], dict[int, str]]

_known: dict[str, Titles] = {}


def register(prefix: str, titles_of: Titles) -> None:
    """Let `titles_of` name the threads `prefix:<id>`, in a constant number of queries."""
    _known[prefix] = titles_of


def titles(threads: Iterable[str]) -> dict[str, str]:
    """The title of each thread that anybody can name."""
    wanted: dict[str, dict[int, str]] = {}
    for thread in set(threads):
        prefix, _colon, key = thread.partition(":")
        if prefix in _known and key.isdecimal():
            wanted.setdefault(prefix, {})[int(key)] = thread
    return {
        by_id[key]: title
        for prefix, by_id in wanted.items()
        for key, title in _known[prefix](by_id.keys()).items()
        if key in by_id
    }
