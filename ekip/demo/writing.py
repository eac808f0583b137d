"""Writing an example proposal: started, its co-authors, evidence, sections and recommendations, its revisions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ekip.demo.data_files import Row
from ekip.demo.story import Story
from ekip.demo.timeline import Step
from ekip.shared import clock
from engine.services import runs
from partners.models import Organisation
from recommendations.drafting import services as drafting
from recommendations.drafting.services import EvidenceDraft, RecommendationDraft
from recommendations.models import Evidence, PolicyArea, Recommendation
from recommendations.text import from_plain_text, to_data

BETWEEN_SAVES = timedelta(minutes=25)


def first_writing(story: Story) -> Iterator[Step]:
    """Start the proposal and write all of it, section by section."""
    yield Step(story.at(story.schedule.started, 9, 40), partial(_start, story))
    yield from _saves(story, story.row["sections"], first=story.at(story.schedule.written, 8, 15))
    yield Step(story.at(story.schedule.written, 13, 30), partial(_add_evidence_and_recommendations, story))


def revision(story: Story) -> Iterator[Step]:
    """Write the sections anew that the reviewers' points changed."""
    if story.schedule.answered is not None:
        yield from _saves(story, story.row["revised_sections"], first=story.at(story.schedule.answered, 14))


def corrected_text(story: Story) -> Iterator[Step]:
    """Mend what was published: sections, and parts of recommendations."""
    if story.schedule.correction is None:
        return
    first = story.at(story.schedule.correction.written, 10)
    correction = story.row["correction"]
    yield from _saves(story, correction["revised_sections"], first=first)
    for number, changed in enumerate(correction["revised_recommendations"], start=1):
        at = first + timedelta(hours=4) + number * BETWEEN_SAVES
        yield Step(at, partial(_save_recommendation, story, changed))


def _start(story: Story) -> None:
    row = story.row
    proposal = runs.start(
        person=story.author,
        title=row["title"],
        area_id=PolicyArea.objects.get(slug=row["area"]).pk,
        lead_organisation_id=Organisation.objects.get(slug=row["lead_organisation"]).pk,
        language=row["language"],
        summary=row["summary"].strip(),
        now=clock.now(),
        is_example=True,
    )
    for key in row["co_authors"]:
        drafting.add_co_author(proposal_id=proposal.pk, person=story.author, user=story.people[key], now=clock.now())


def _saves(story: Story, texts: dict[str, str], *, first: datetime) -> Iterator[Step]:
    for number, (key, text) in enumerate(texts.items()):
        yield Step(first + number * BETWEEN_SAVES, partial(_save_section, story, key, text))


def _save_section(story: Story, key: str, text: str) -> None:
    proposal = story.proposal
    drafting.save_section(
        proposal_id=proposal.pk,
        key=key,
        person=story.author,
        blocks=_blocks(story, text, place=key),
        version=proposal.sections.get(kind__key=key).version,
        now=clock.now(),
    )


def _add_evidence_and_recommendations(story: Story) -> None:
    keys = {row["key"]: _add_evidence(story, row) for row in story.row["evidence"]}
    for row in story.row["recommendations"]:
        drafting.add_recommendation(
            proposal_id=story.proposal.pk, person=story.author, draft=_draft(story, row, keys), now=clock.now()
        )


def _add_evidence(story: Story, row: Row) -> str:
    """Add one piece and give the key that it got. The law and the studies that exist are no invented examples."""
    draft = EvidenceDraft(
        title=row["title"],
        kind=row["kind"],
        address=row["url"],
        publisher=row["publisher"],
        year=row.get("year"),
        note=row.get("note", ""),
    )
    evidence = drafting.add_evidence(proposal_id=story.proposal.pk, person=story.author, draft=draft, now=clock.now())
    Evidence.objects.filter(pk=evidence.pk).update(is_example=row.get("is_example", False))
    return evidence.key


def _save_recommendation(story: Story, changed: Row) -> None:
    """Store a recommendation of the file with the parts that `changed` gives; what it rests on stays."""
    rows = story.row["recommendations"]
    number = [row["key"] for row in rows].index(changed["key"])
    stored: Recommendation = story.proposal.recommendations.order_by("position")[number]
    titles = {row["title"]: row["key"] for row in story.row["evidence"]}
    keys = {titles[title]: key for title, key in story.proposal.evidence.values_list("title", "key")}
    drafting.save_recommendation(
        proposal_id=story.proposal.pk,
        key=stored.key,
        person=story.author,
        draft=_draft(story, rows[number] | changed, keys),
        version=stored.version,
        now=clock.now(),
    )


def _draft(story: Story, row: Row, keys: dict[str, str]) -> RecommendationDraft:
    return RecommendationDraft(
        statement=row["statement"].strip(),
        rationale=_blocks(story, row["rationale"], place=f"{row['key']}-why"),
        guideline=_blocks(story, row["guideline"], place=f"{row['key']}-how"),
        levels=row["levels"],
        target_actors=row["target_actors"],
        building_blocks=row["building_blocks"],
        evidence=[keys[key] for key in row["evidence"]],
    )


def _blocks(story: Story, text: str, *, place: str) -> list[dict[str, Any]]:
    return to_data(from_plain_text(text, lang=story.row["language"], salt=place))
