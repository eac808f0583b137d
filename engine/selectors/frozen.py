"""A frozen revision as pages show it: its parts, and the numbered passages to which points are tied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommendations.markup import html
from recommendations.models import BuildingBlock, Level, TargetActor
from recommendations.text import from_data, words

RECOMMENDATION = "recommendation:"


@dataclass(frozen=True)
class Passage:
    """One block of the frozen text: where it is, what it is called, and its words; `anchor` is its id on the page."""

    place: str
    block_id: str
    label: str
    words: str
    anchor: str = ""

    @property
    def value(self) -> str:
        """The passage as the value of a choice."""
        return f"{self.place}|{self.block_id}"


@dataclass(frozen=True)
class Part:
    """A stretch of text with a title of its own: a section, or one of the texts of a recommendation."""

    place: str
    title: str
    html: SafeString
    passages: tuple[Passage, ...]
    prefix: str

    @property
    def whole(self) -> Passage:
        """All of it, as something that a point can be about."""
        return Passage(self.place, "", _("%(part)s, as a whole") % {"part": self.title}, "")


@dataclass(frozen=True)
class FrozenRecommendation:
    """A recommendation as it was frozen, with its terms in words."""

    key: str
    position: int
    statement: str
    levels: tuple[str, ...]
    target_actors: tuple[str, ...]
    building_blocks: tuple[str, ...]
    evidence: tuple[Mapping[str, Any], ...]
    parts: tuple[Part, ...]
    passage: Passage


@dataclass(frozen=True)
class FrozenText:
    """A whole revision."""

    title: str
    summary: str
    language: str
    sections: tuple[Part, ...]
    recommendations: tuple[FrozenRecommendation, ...]
    evidence: tuple[Mapping[str, Any], ...]

    @property
    def passages(self) -> tuple[tuple[str, tuple[Passage, ...]], ...]:
        """Every passage, grouped under the title of its section or the number of its recommendation."""
        groups = [(part.title, (part.whole, *part.passages)) for part in self.sections]
        for each in self.recommendations:
            inner = tuple(passage for part in each.parts for passage in part.passages)
            title = _("Recommendation %(number)s") % {"number": each.position}
            groups.append((title, (each.passage, *inner)))
        return tuple(groups)

    def passage(self, place: str, block_id: str) -> Passage | None:
        """The passage at that place, or None."""
        found = (each for _title, group in self.passages for each in group)
        return next((each for each in found if each.place == place and each.block_id == block_id), None)


def frozen_text(content: Mapping[str, Any], *, page_language: str) -> FrozenText:
    """The text that a revision's content holds, its passages numbered through. Two queries, for its terms in words."""
    blocks = dict(BuildingBlock.objects.values_list("key", "label"))
    actors = dict(TargetActor.objects.values_list("key", "label"))
    levels = {key: str(label) for key, label in Level.choices}
    evidence = {item["key"]: item for item in content["evidence"]}
    writer = _Writer(page_language)
    sections = tuple(
        writer.part(each["key"], each["title"], each["title"], each["blocks"], each["key"], heading_offset=1)
        for each in content["sections"]
    )
    recommendations = tuple(
        _recommendation(number, each, blocks, actors, levels, evidence, writer)
        for number, each in enumerate(content["recommendations"], start=1)
    )
    return FrozenText(
        title=content["title"],
        summary=content["summary"],
        language=content["language"],
        sections=sections,
        recommendations=recommendations,
        evidence=tuple(content["evidence"]),
    )


class _Writer:
    """Writes the parts in the order of the page; each goes on where the numbers of the one before ended."""

    def __init__(self, page_language: str) -> None:
        self.language = page_language
        self.next_number = 1

    def part(
        self, place: str, title: str, name: str, data: Sequence[Any], prefix: str, *, heading_offset: int = 3
    ) -> Part:
        """The next part; `name` stands before the numbers of its passages."""
        text, first = from_data(list(data)), self.next_number
        self.next_number += len(text)
        passages = tuple(
            Passage(
                place,
                block.id,
                _("%(part)s, passage %(number)s") % {"part": name, "number": number},
                words(block),
                f"{prefix}-{block.id}",
            )
            for number, block in enumerate(text, start=first)
        )
        written = html(text, prefix, self.language, heading_offset=heading_offset, number_from=first)
        return Part(place, title, written, passages, f"{prefix}-")


def _recommendation(
    number: int,
    data: Mapping[str, Any],
    blocks: Mapping[str, str],
    actors: Mapping[str, str],
    levels: Mapping[str, str],
    evidence: Mapping[str, Mapping[str, Any]],
    writer: _Writer,
) -> FrozenRecommendation:
    place, key = f"{RECOMMENDATION}{data['key']}", data["key"]
    name = _("Recommendation %(number)s") % {"number": number}
    why, how = f"{name}, {_('rationale')}", f"{name}, {_('practical guideline')}"
    parts = (
        writer.part(place, _("Rationale"), why, data["rationale"], f"{key}-why"),
        writer.part(place, _("Practical guideline"), how, data["guideline"], f"{key}-how"),
    )
    return FrozenRecommendation(
        key=key,
        position=number,
        statement=data["statement"],
        levels=tuple(levels.get(each, each) for each in data["levels"]),
        target_actors=tuple(actors.get(each, each) for each in data["target_actors"]),
        building_blocks=tuple(blocks.get(each, each) for each in data["building_blocks"]),
        evidence=tuple(evidence[each] for each in data["evidence"] if each in evidence),
        parts=tuple(part for part in parts if part.passages),
        passage=Passage(place, "", f"{name}, {_('statement')}", data["statement"]),
    )
