"""What changed between two definitions, given as plain data (checked before): matched by key, told as codes and parts.

Two texts that mean the same do not differ: a default may be written or left out, three weeks are 21 days. Sentences
are made by `engine.selectors.differences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from engine.process.durations import parse_duration
from engine.process.values import LARGEST_PANEL

Path = tuple[str | int, ...]

KEYED = ("stages", "transitions", "criteria", "timers", "reminders", "bodies", "calendars", "forms", "when")
ORDERED = ("stages", "transitions", "criteria")
WORDS = ("title", "label", "description", "who", "question")
LENGTHS = ("period", "response", "before", "after")
NOTHING: tuple[Any, ...] = (None, "", [], {})
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "": {"languages": ["en"]},
    "stages": {"visibility": "participants"},
    "round": {"blind": "none", "panel": LARGEST_PANEL},
    "timers": {"to": ["coordinators"]},
}


@dataclass(frozen=True)
class Change:
    """One thing that differs.

    `path` leads to it in the newer text; to what it lay in when it was removed. `place` names the stage, the way and
    so on in which it lies, from the outside in: ("stages", "Decision"), ("transitions", "Publish"). `field` is what
    differs there, empty when it is that very thing. `kind` is added, removed, moved or changed; `after` of a thing
    that moved is the name of what it follows now, None when it comes first.
    """

    path: Path
    place: tuple[tuple[str, str], ...]
    field: tuple[str, ...]
    kind: str
    before: Any
    after: Any


def differences(old: Mapping[str, Any], new: Mapping[str, Any], *, language: str = "") -> tuple[Change, ...]:
    """Everything that differs, in the order of the newer text; what was removed follows what stands beside it.

    Things are named in `language`, or in the first language of their text.
    """
    return tuple(_mapping("", old, new, _At((_first_language(old), _first_language(new)), language)))


@dataclass(frozen=True)
class _At:
    """Where the comparison stands; `first` are the languages of words that name none, in either text."""

    first: tuple[str, str]
    language: str
    path: Path = ()
    place: tuple[tuple[str, str], ...] = ()
    field: tuple[str, ...] = ()

    def at(self, *keys: str) -> _At:
        """A field further down."""
        return replace(self, path=(*self.path, *keys), field=(*self.field, *keys))

    def within(self, collection: str, name: str, *steps: int) -> _At:
        """A thing further down that has a name of its own."""
        return replace(self, path=(*self.path, *steps), place=(*self.place, (collection, name)), field=())

    def change(self, kind: str, before: Any, after: Any) -> Change:
        """What differs here."""
        return Change(self.path, self.place, self.field, kind, before, after)

    def replaced(self, before: Any, after: Any) -> Change:
        """What differs here: there is something new, nothing any more, or another thing."""
        kind = "added" if before in NOTHING else "removed" if after in NOTHING else "changed"
        return self.change(kind, before, after)

    def name(self, thing: Mapping[str, Any], key: str) -> str:
        """What people call a thing: its label, or its key."""
        words = thing.get("label", thing.get("question"))
        texts = {} if words is None else dict(_written(words, self.first[1]))
        return texts.get((self.language, "default")) or next(iter(texts.values()), key)


def _mapping(name: str, old: Mapping[str, Any], new: Mapping[str, Any], at: _At) -> Iterator[Change]:
    old, new = _spelt_out(name, old), _spelt_out(name, new)
    for key in dict.fromkeys([*new, *old]):
        yield from _value(key, old.get(key), new.get(key), at.at(key))


def _value(key: str, old: Any, new: Any, at: _At) -> Iterator[Change]:
    if key in WORDS:
        yield from _words(old, new, at)
    elif key in KEYED and _are(Mapping, old, new):
        yield from _things(key, old or [], new or [], at)
    elif key not in LENGTHS and {type(old), type(new)} <= {dict, type(None)}:
        yield from _round(old, new, at) if key == "round" else _mapping(key, old or {}, new or {}, at)
    elif _are(str, old, new):
        yield from _members(old or [], new or [], at)
    elif _length(key, old) != _length(key, new):
        yield at.replaced(old, new)


def _things(collection: str, old: Sequence[Any], new: Sequence[Any], at: _At) -> Iterator[Change]:
    before, after = _by_key(old), _by_key(new)
    moved = _moved([*before], [*after]) if collection in ORDERED else frozenset()
    previous = None
    for number, (key, thing) in enumerate(after.items()):
        name = at.name(thing, key)
        here = at.within(collection, name, number)
        if key in moved:
            yield here.change("moved", None, previous)
        if key in before:
            yield from _mapping(collection, before[key], thing, here)
        else:
            yield here.change("added", None, thing)
        previous = name
    for key, thing in before.items():
        if key not in after:
            yield at.within(collection, at.name(thing, key)).change("removed", thing, None)


def _round(old: Any, new: Any, at: _At) -> Iterator[Change]:
    here = at.within("round", "")
    if old and new:
        yield from _mapping("round", old, new, here)
    elif old or new:
        yield here.replaced(old, new)


def _words(old: Any, new: Any, at: _At) -> Iterator[Change]:
    """Each language and audience by itself; those that go without saying are not named."""
    before, after = dict(_written(old, at.first[0])), dict(_written(new, at.first[1]))
    for language, audience in dict.fromkeys([*after, *before]):
        was, now = before.get((language, audience)), after.get((language, audience))
        if was != now:
            named = (language, audience) if audience != "default" else (language,) if language != at.first[1] else ()
            yield at.at(*named).replaced(was, now)


def _written(words: Any, first: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Words by language and audience."""
    for language, texts in (words if isinstance(words, Mapping) else {first: words}).items():
        for audience, text in (texts if isinstance(texts, Mapping) else {"default": texts}).items():
            yield (language, audience), text


def _first_language(data: Mapping[str, Any]) -> str:
    return next(iter(data.get("languages") or ["en"]))


def _members(old: Sequence[str], new: Sequence[str], at: _At) -> Iterator[Change]:
    for member in dict.fromkeys(new):
        if member not in old:
            yield at.change("added", None, member)
    for member in dict.fromkeys(old):
        if member not in new:
            yield at.change("removed", member, None)


def _spelt_out(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without what says nothing, and with what is meant where nothing is said."""
    result = {key: value for key, value in data.items() if value is not False and value not in NOTHING}
    if name == "stages":
        # Versions from before visibility had a word for it.
        seen = set(result.get("capabilities", ())) & {"list", "read"}
        result["capabilities"] = [each for each in result.get("capabilities", ()) if each not in seen]
        if seen:
            result.setdefault("visibility", "public" if "read" in seen else "listed")
    if isinstance(result.get("quorum"), int):
        result["quorum"] = {"number": result["quorum"]}
    return {key: value for key, value in DEFAULTS.get(name, {}).items() if key not in data} | result


def _by_key(things: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Things by their key, gates by their name; what bears the same once more gets a number."""
    found: dict[str, Mapping[str, Any]] = {}
    for thing in things:
        key = str(thing.get("key", thing.get("gate", "")))
        while key in found:
            key += "+"
        found[key] = thing
    return found


def _moved(old: list[str], new: list[str]) -> frozenset[str]:
    """Keys on both sides that stand elsewhere among the others."""
    before, after = [key for key in old if key in new], [key for key in new if key in old]
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return frozenset(after) - {key for block in blocks for key in after[block.b : block.b + block.size]}


def _are(kind: type, *lists: Any) -> bool:
    """Whether all are lists of such things, or nothing; not all nothing."""
    some = [each for each in lists if each is not None]
    return bool(some) and all(isinstance(each, list) and all(isinstance(one, kind) for one in each) for each in some)


def _length(key: str, value: Any) -> Any:
    if key not in LENGTHS or not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except ValueError:
        return value
