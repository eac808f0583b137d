"""What a proposal still lacks before it can be submitted. A pure rule over facts; the selector gathers them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True)
class SectionFacts:
    """One section of the template with the words written so far."""

    key: str
    label: str
    words: int
    is_required: bool
    minimum_words: int


@dataclass(frozen=True)
class RecommendationFacts:
    """One recommendation: how many of each it names."""

    key: str
    statement: str
    levels: int
    building_blocks: int
    evidence: int


@dataclass(frozen=True)
class ProposalFacts:
    """All that the rule looks at."""

    title: str
    summary: str
    sections: tuple[SectionFacts, ...]
    recommendations: tuple[RecommendationFacts, ...]


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a stable code, the place where it is mended, and a sentence.

    `place` is "details", "section:<key>", "recommendations" or "recommendation:<key>".
    """

    code: str
    place: str
    message: str | Promise


def missing(facts: ProposalFacts) -> list[Missing]:
    """Everything that is missing, in the order of the page; empty when the proposal can be submitted."""
    return [*_details(facts), *_sections(facts), *_recommendations(facts)]


def _details(facts: ProposalFacts) -> list[Missing]:
    found = []
    if not facts.title.strip():
        found.append(Missing("title", "details", _("The proposal has no title.")))
    if not facts.summary.strip():
        found.append(Missing("summary", "details", _("The proposal has no summary.")))
    return found


def _sections(facts: ProposalFacts) -> list[Missing]:
    return [
        Missing("section", f"section:{section.key}", _section_message(section))
        for section in facts.sections
        if section.is_required and section.words < max(section.minimum_words, 1)
    ]


def _section_message(section: SectionFacts) -> str | Promise:
    if section.words == 0:
        return _("“%(section)s” is empty.") % {"section": section.label}
    lacking = section.minimum_words - section.words
    message = ngettext_lazy("“%(section)s” lacks %(n)d word.", "“%(section)s” lacks %(n)d words.", "n")
    return message % {"section": section.label, "n": lacking}


def _recommendations(facts: ProposalFacts) -> list[Missing]:
    if not facts.recommendations:
        return [Missing("recommendations", "recommendations", _("There is no recommendation yet."))]
    found = []
    for number, item in enumerate(facts.recommendations, start=1):
        place = f"recommendation:{item.key}"
        for code, count, message in (
            ("level", item.levels, _("Recommendation %(n)d names no level of government.")),
            ("building-block", item.building_blocks, _("Recommendation %(n)d names no building block.")),
            ("evidence", item.evidence, _("Recommendation %(n)d cites no evidence.")),
        ):
            if not count:
                found.append(Missing(code, place, message % {"n": number}))
    return found
