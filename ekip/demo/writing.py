"""Writing an example proposal: started, its co-authors, evidence, sections and recommendations, its revision."""

from datetime import datetime, timedelta
from typing import Any

from ekip.demo.data_files import Row
from ekip.demo.schedule import Schedule, moment
from ekip.shared import clock
from engine.services import runs
from partners.models import Organisation, User
from recommendations.drafting import services as drafting
from recommendations.drafting.services import EvidenceDraft, RecommendationDraft
from recommendations.models import Evidence, PolicyArea, Proposal
from recommendations.text import from_plain_text, to_data

BETWEEN_SAVES = timedelta(minutes=25)


def write(row: Row, everybody: dict[str, User], schedule: Schedule, *, today: datetime) -> Proposal:
    """Start the proposal and write all of it, section by section."""
    author = everybody[row["author"]]
    with clock.at(moment(today, schedule.started, 9, 40)):
        proposal = runs.start(
            person=author,
            title=row["title"],
            area_id=PolicyArea.objects.get(slug=row["area"]).pk,
            lead_organisation_id=Organisation.objects.get(slug=row["lead_organisation"]).pk,
            language=row["language"],
            summary=row["summary"].strip(),
            now=clock.now(),
            is_example=True,
        )
        for key in row["co_authors"]:
            drafting.add_co_author(proposal_id=proposal.pk, person=author, user=everybody[key], now=clock.now())
    _save_sections(proposal, author, row["sections"], row["language"], first=moment(today, schedule.written, 8, 15))
    with clock.at(moment(today, schedule.written, 13, 30)):
        keys = {each["key"]: _add_evidence(proposal, author, each) for each in row["evidence"]}
        for each in row["recommendations"]:
            _add_recommendation(proposal, author, each, keys, row["language"])
    return proposal


def revise(row: Row, proposal: Proposal, author: User, *, at: datetime) -> None:
    """Write the sections anew that the reviewers' points changed."""
    _save_sections(proposal, author, row["revised_sections"], row["language"], first=at)


def _save_sections(proposal: Proposal, author: User, texts: dict[str, str], language: str, *, first: datetime) -> None:
    versions = dict(proposal.sections.values_list("kind__key", "version"))
    for number, (key, text) in enumerate(texts.items()):
        with clock.at(first + number * BETWEEN_SAVES):
            drafting.save_section(
                proposal_id=proposal.pk,
                key=key,
                person=author,
                blocks=_blocks(text, language, place=key),
                version=versions[key],
                now=clock.now(),
            )


def _add_evidence(proposal: Proposal, author: User, row: Row) -> str:
    """Add one piece and give the key that it got. The law and the studies that exist are no invented examples."""
    draft = EvidenceDraft(
        title=row["title"],
        kind=row["kind"],
        address=row["url"],
        publisher=row["publisher"],
        year=row.get("year"),
        note=row.get("note", ""),
    )
    evidence = drafting.add_evidence(proposal_id=proposal.pk, person=author, draft=draft, now=clock.now())
    Evidence.objects.filter(pk=evidence.pk).update(is_example=row.get("is_example", False))
    return evidence.key


def _add_recommendation(proposal: Proposal, author: User, row: Row, keys: dict[str, str], language: str) -> None:
    draft = RecommendationDraft(
        statement=row["statement"].strip(),
        rationale=_blocks(row["rationale"], language, place=f"{row['key']}-why"),
        guideline=_blocks(row["guideline"], language, place=f"{row['key']}-how"),
        levels=row["levels"],
        target_actors=row["target_actors"],
        building_blocks=row["building_blocks"],
        evidence=[keys[key] for key in row["evidence"]],
    )
    drafting.add_recommendation(proposal_id=proposal.pk, person=author, draft=draft, now=clock.now())


def _blocks(text: str, language: str, *, place: str) -> list[dict[str, Any]]:
    return to_data(from_plain_text(text, lang=language, salt=place))
