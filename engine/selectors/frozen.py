"""A frozen revision as pages show it: its parts, and the numbered passages to which points are tied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommendations.models import BuildingBlock, Level, TargetActor
from recommendations.text import from_data, to_html, words

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
    """The text that a revision's content holds. Two queries, for the words of its terms."""
    blocks = dict(BuildingBlock.objects.values_list("key", "label"))
    actors = dict(TargetActor.objects.values_list("key", "label"))
    levels = {key: str(label) for key, label in Level.choices}
    evidence = {item["key"]: item for item in content["evidence"]}
    recommendations = tuple(
        _recommendation(number, each, blocks, actors, levels, evidence, page_language)
        for number, each in enumerate(content["recommendations"], start=1)
    )
    sections = tuple(
        _part(each["key"], each["title"], each["title"], each["blocks"], each["key"], page_language, 1)
        for each in content["sections"]
    )
    return FrozenText(
        title=content["title"],
        summary=content["summary"],
        language=content["language"],
        sections=sections,
        recommendations=recommendations,
        evidence=tuple(content["evidence"]),
    )


def _recommendation(
    number: int,
    data: Mapping[str, Any],
    blocks: Mapping[str, str],
    actors: Mapping[str, str],
    levels: Mapping[str, str],
    evidence: Mapping[str, Mapping[str, Any]],
    language: str,
) -> FrozenRecommendation:
    place = f"{RECOMMENDATION}{data['key']}"
    name = _("Recommendation %(number)s") % {"number": number}
    parts = (
        _part(place, _("Rationale"), f"{name}, {_('rationale')}", data["rationale"], f"{data['key']}-why", language, 3),
        _part(
            place,
            _("Practical guideline"),
            f"{name}, {_('practical guideline')}",
            data["guideline"],
            f"{data['key']}-how",
            language,
            3,
        ),
    )
    return FrozenRecommendation(
        key=data["key"],
        position=number,
        statement=data["statement"],
        levels=tuple(levels.get(key, key) for key in data["levels"]),
        target_actors=tuple(actors.get(key, key) for key in data["target_actors"]),
        building_blocks=tuple(blocks.get(key, key) for key in data["building_blocks"]),
        evidence=tuple(evidence[key] for key in data["evidence"] if key in evidence),
        parts=tuple(part for part in parts if part.passages),
        passage=Passage(place, "", f"{name}, {_('statement')}", data["statement"]),
    )


def _part(place: str, title: str, name: str, data: Sequence[Any], prefix: str, language: str, offset: int) -> Part:
    text = from_data(list(data))
    passages = tuple(
        Passage(
            place,
            block.id,
            _("%(part)s, passage %(number)s") % {"part": name, "number": number},
            words(block),
            f"{prefix}-{block.id}",
        )
        for number, block in enumerate(text, start=1)
    )
    # to_html escapes every word and writes every tag itself.
    html = to_html(text, lang=language, numbered=True, heading_offset=offset, id_prefix=f"{prefix}-")
    return Part(place, title, mark_safe(html), passages, f"{prefix}-")  # noqa: S308
