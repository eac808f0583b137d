"""What changed from one text to the next: section by section, recommendation by recommendation, formatting kept.

Both sides have the shape of `RevisionContent` or of a public document; the order is that of reading the newer one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models.vocabulary import BuildingBlock, Level, TargetActor
from recommendations.text import Change, Tally, diff, diff_to_html, from_data, from_plain_text, tally

Fate = Literal["kept", "changed", "added", "removed"]
Data = Mapping[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Passage:
    """One stretch of text with a title of its own, before and after."""

    key: str
    title: str
    changes: tuple[Change, ...]
    language: str
    heading_offset: int = 1

    @property
    def fate(self) -> Fate:
        """What became of it as a whole."""
        fates = {change.fate for change in self.changes}
        if fates <= {"kept"}:
            return "kept"
        return next(iter(fates)) if len(fates) == 1 else "changed"

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to show."""
        return self.fate != "kept"

    @property
    def inline(self) -> SafeString:
        """Both states in one text."""
        return self._html("both")

    @property
    def before(self) -> SafeString:
        """What was, with removals marked; empty where there was nothing."""
        return self._html("before")

    @property
    def after(self) -> SafeString:
        """What is, with additions marked; empty where nothing is left."""
        return self._html("after")

    def _html(self, side: Literal["both", "before", "after"]) -> SafeString:
        html = diff_to_html(
            self.changes,
            lang=self.language,
            side=side,
            heading_offset=self.heading_offset,
            id_prefix=f"{self.key}-{side}-",
        )
        return mark_safe(html)  # noqa: S308 - diff_to_html escapes every word and writes every tag itself


@dataclass(frozen=True)
class TermChange:
    """A list of terms of a recommendation (its levels, say) of which some came or went."""

    title: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class RecommendationChange:
    """A recommendation before and after; `number` is its place in the newer text, or in the older when removed."""

    key: str
    number: int
    fate: Fate
    passages: tuple[Passage, ...]
    terms: tuple[TermChange, ...]

    @property
    def has_changed(self) -> bool:
        """Whether there is anything to show."""
        return self.fate != "kept"

    @property
    def changed(self) -> tuple[Passage, ...]:
        """Its passages that differ."""
        return tuple(each for each in self.passages if each.has_changed)


@dataclass(frozen=True)
class Comparison:
    """All that changed from one text to the next."""

    language: str
    passages: tuple[Passage, ...]
    recommendations: tuple[RecommendationChange, ...]
    evidence: TermChange

    @property
    def is_same(self) -> bool:
        """Whether nothing changed at all."""
        parts = (*self.passages, *self.recommendations)
        return not (any(each.has_changed for each in parts) or self.evidence.added or self.evidence.removed)

    @property
    def untouched(self) -> tuple[str, ...]:
        """The titles of what stayed as it was."""
        kept = [each.title for each in self.passages if not each.has_changed]
        return (*kept, *(numbered(each.number) for each in self.recommendations if not each.has_changed))

    @cached_property
    def tally(self) -> Tally:
        """The counts over all passages, those of the recommendations included."""
        inner = (passage for each in self.recommendations for passage in each.passages)
        return tally([change for passage in (*self.passages, *inner) for change in passage.changes])

    @property
    def words(self) -> str:
        """The counts in words: sections, recommendations, and the words that came and went."""
        if self.is_same:
            return _("Nothing changed.")
        sections = sum(each.has_changed for each in self.passages)
        statements = [each.fate for each in self.recommendations]
        parts = [
            ngettext("%(n)s part of the text changed", "%(n)s parts of the text changed", sections) % {"n": sections},
            *_counted(statements),
            _("%(added)s words came and %(removed)s went")
            % {"added": self.tally.words_added, "removed": self.tally.words_removed},
        ]
        return "; ".join(parts) + "."


def compare(before: Data, after: Data, *, page_language: str, heading: int = 2) -> Comparison:
    """What changed between two texts, for a page in that language on which its titles are headings of that level.

    Two queries, for the words of terms. Bounded as `diff` is, per passage.
    """
    language = after["language"]
    titles = _("Title"), _("Summary")
    plain = [
        _plain(key, title, before, after, language, page_language)
        for key, title in zip(("title", "summary"), titles, strict=True)
    ]
    return Comparison(
        language,
        (*plain, *_sections(before, after, page_language, heading)),
        _recommendations(before, after, language, page_language, heading),
        _evidence(before, after),
    )


def numbered(number: int) -> str:
    """The name of a recommendation by its number."""
    return _("Recommendation %(number)s") % {"number": number}


def _counted(fates: Sequence[str]) -> list[str]:
    said = {
        "changed": ngettext("%(n)s recommendation changed", "%(n)s recommendations changed", fates.count("changed")),
        "added": ngettext("%(n)s recommendation added", "%(n)s recommendations added", fates.count("added")),
        "removed": ngettext("%(n)s recommendation removed", "%(n)s recommendations removed", fates.count("removed")),
    }
    return [words % {"n": fates.count(fate)} for fate, words in said.items() if fate in fates]


def _plain(key: str, title: str, before: Data, after: Data, language: str, page: str) -> Passage:
    old, new = (from_plain_text(side.get(key, ""), lang=language) for side in (before, after))
    return Passage(f"change-{key}", title, diff(old, new), page)


def _blocks(key: str, title: str, old: Sequence[Any], new: Sequence[Any], page: str, offset: int) -> Passage:
    return Passage(f"change-{key}", title, diff(from_data(list(old)), from_data(list(new))), page, offset)


def _sections(before: Data, after: Data, page: str, heading: int) -> tuple[Passage, ...]:
    old = {each["key"]: each for each in before["sections"]}
    new = {each["key"]: each for each in after["sections"]}
    order = [*new, *(key for key in old if key not in new)]
    passages = (
        _blocks(
            key,
            new.get(key, old.get(key, {})).get("title", key),
            old[key]["blocks"] if key in old else (),
            new[key]["blocks"] if key in new else (),
            page,
            heading - 1,
        )
        for key in order
    )
    return tuple(each for each in passages if each.changes)


def _recommendations(
    before: Data, after: Data, language: str, page: str, heading: int
) -> tuple[RecommendationChange, ...]:
    labels = _labels()
    old = {each["key"]: (n, each) for n, each in enumerate(before["recommendations"], start=1)}
    new = {each["key"]: (n, each) for n, each in enumerate(after["recommendations"], start=1)}
    order = [*new, *(key for key in old if key not in new)]
    return tuple(_recommendation(old.get(key), new.get(key), language, page, heading, labels) for key in order)


def _recommendation(
    old: tuple[int, Data] | None,
    new: tuple[int, Data] | None,
    language: str,
    page: str,
    heading: int,
    labels: Labels,
) -> RecommendationChange:
    number, there = new or old or (0, {})
    was, now = old[1] if old else {}, new[1] if new else {}
    key = there["key"]
    passages = (
        Passage(
            f"change-{key}-statement",
            _("Statement"),
            diff(*(from_plain_text(side.get("statement", ""), lang=language) for side in (was, now))),
            page,
        ),
        *(
            _blocks(f"{key}-{name}", title, was.get(name, ()), now.get(name, ()), page, heading)
            for title, name in ((_("Rationale"), "rationale"), (_("Practical guideline"), "guideline"))
        ),
    )
    terms = tuple(
        term
        for title, name in (
            (_("Level"), "levels"),
            (_("Who acts"), "target_actors"),
            (_("Building blocks"), "building_blocks"),
        )
        if (term := _terms(title, was.get(name, ()), now.get(name, ()), labels)).added or term.removed
    )
    fate: Fate = "added" if now else "removed"
    if was and now:
        fate = "changed" if terms or any(each.has_changed for each in passages) else "kept"
    return RecommendationChange(key, number, fate, tuple(each for each in passages if each.changes), terms)


def _terms(title: str, old: Iterable[Any], new: Iterable[Any], labels: Labels) -> TermChange:
    was, now = ({_key(term): _label(term, labels) for term in side} for side in (old, new))
    added = tuple(label for key, label in now.items() if key not in was)
    return TermChange(title, added, tuple(label for key, label in was.items() if key not in now))


def _evidence(before: Data, after: Data) -> TermChange:
    was, now = ({each["key"]: each["title"] for each in side["evidence"]} for side in (before, after))
    added = tuple(title for key, title in now.items() if key not in was)
    return TermChange(_("Evidence"), added, tuple(title for key, title in was.items() if key not in now))


def _labels() -> Labels:
    """The words of the terms in frozen content, which holds keys; two queries."""
    return {
        **{key: str(label) for key, label in Level.choices},
        **dict(BuildingBlock.objects.values_list("key", "label")),
        **dict(TargetActor.objects.values_list("key", "label")),
    }


def _key(term: Any) -> str:
    return term if isinstance(term, str) else term["key"]


def _label(term: Any, labels: Labels) -> str:
    return labels.get(term, term) if isinstance(term, str) else term["label"]
