"""Bringing a proposal, by the real services, to the stage that a test is about."""

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.management import call_command
from django.db.models import Model

from engine.models import Assignment, Point, ProcessDefinition, ProcessVersion, Round, Run, Visit
from engine.services import cases, clockwork, decisions, points, reviews, rounds, runs, submission
from engine.services.cases import CaseDraft
from engine.services.reviews import PointDraft, ReviewDraft
from partners.models import Ecosystem, Organisation, Sector, Territory, User
from recommendations.drafting import services as drafting
from recommendations.models import (
    Briefing,
    BuildingBlock,
    Cluster,
    PolicyArea,
    Proposal,
    Section,
    SectionKind,
    Source,
    TargetActor,
)
from recommendations.text import from_plain_text, to_data
from tests.people import make_organisation, make_person

WORDS = "Small companies of the creative sector need shared means and time to try new tools together. " * 4
SCORES = {"relevance": 4, "evidence": 3, "feasibility": 4, "clarity": 5}


REFERENCE = (Sector, Cluster, BuildingBlock, TargetActor, SectionKind, ProcessDefinition, ProcessVersion)
loaded: dict[type[Model], list[Model]] = {}
filled: dict[str, Section] = {}


def load_reference() -> None:
    """The vocabularies and the processes that ship, as every installation has them.

    The command runs once; later tests that begin with nothing get the same rows back, which is much faster.
    """
    begins_with_nothing = not any(model.objects.exists() for model in REFERENCE)
    if loaded and begins_with_nothing:
        for model, rows in loaded.items():
            model.objects.bulk_create(copy(row) for row in rows)
        return
    call_command("load_reference", verbosity=0)
    if begins_with_nothing:
        loaded.update({model: list(model.objects.all()) for model in REFERENCE})


QUESTIONS = ["How can R&I policy open shared means to small companies?", "How can R&I policy pay for the time to try?"]


def make_area(slug: str = "shared-means", *, sources: int = 10, briefed: bool = True, now: datetime) -> PolicyArea:
    """A selected policy area with so many invented sources, and a published briefing unless told otherwise."""
    area, made = PolicyArea.objects.get_or_create(
        slug=slug, defaults={"title": f"Area {slug}", "cluster": Cluster.objects.all()[0], "selected_at": now}
    )
    if made:
        Source.objects.bulk_create(
            Source(area=area, title=f"Example survey {number}", kind=Source.Kind.SURVEY, is_example=True)
            for number in range(sources)
        )
    if made and briefed:
        blocks = to_data(from_plain_text("Small companies seldom own the tools that they need.", lang="en"))
        written = {"version": 1, "written_at": now, "published_at": now, "is_example": True}
        Briefing.objects.create(area=area, blocks=blocks, questions=QUESTIONS, **written)
    return area


@dataclass(repr=False)
class Story:
    """One proposal and the people around it; each step uses the service that its page uses."""

    author: User
    organisation: Organisation
    coordinator: User
    reviewers: list[User]
    now: datetime
    title: str = "Shared means for small companies"
    version_id: int | None = None
    proposal: Proposal = field(init=False)

    def start(self, area: PolicyArea | None = None) -> "Story":
        """Start the proposal; it is being drafted, if the area (of shared means, unless told) is briefed."""
        area = area or make_area(now=self.now)
        self.proposal = runs.start(
            person=self.author,
            title=self.title,
            area_id=area.pk,
            lead_organisation_id=self.organisation.pk,
            language="en",
            summary="What cities can do so that small companies try new tools together.",
            now=self.now,
            version_id=self.version_id,
        )
        return self

    def write(self) -> "Story":
        """Fill the sections and add one complete recommendation."""
        self._fill_sections()
        common = {"proposal_id": self.proposal.pk, "person": self.author, "now": self.now}
        evidence = drafting.add_evidence(
            **common, draft=drafting.EvidenceDraft("Example survey of companies", "survey", year=2026)
        )
        drafting.add_recommendation(
            **common,
            draft=drafting.RecommendationDraft(
                statement="Cities fund shared tools for small companies.",
                guideline=to_data(from_plain_text("Start with one shared room.", lang="en")),
                levels=["local", "regional"],
                target_actors=[],
                building_blocks=["investment-funding"],
                evidence=[evidence.key],
            ),
        )
        return self

    def _fill_sections(self) -> None:
        """By the service, once; empty sections of later stories get what it stored then, which is much faster."""
        sections = {section.kind.key: section for section in self.proposal.sections.select_related("kind")}
        are_empty = not any(section.blocks for section in sections.values())
        if not are_empty or not sections.keys() <= filled.keys():
            for key in sections:
                self.write_section(key, WORDS)
            if are_empty:
                filled.update({each.kind.key: each for each in self.proposal.sections.select_related("kind")})
            return
        for key, section in sections.items():
            section.blocks, section.words, section.version = filled[key].blocks, filled[key].words, filled[key].version
            section.saved_by, section.saved_at = self.author, self.now
        Section.objects.bulk_update(sections.values(), ["blocks", "words", "version", "saved_by", "saved_at"])

    def write_section(self, key: str, text: str) -> None:
        """Save one section over what stands there."""
        section = self.proposal.sections.get(kind__key=key)
        drafting.save_section(
            proposal_id=self.proposal.pk,
            key=key,
            person=self.author,
            blocks=to_data(from_plain_text(text, lang="en")),
            version=section.version,
            now=self.now,
        )

    def submit(self) -> "Story":
        """Freeze the text and send it onward."""
        submission.submit(proposal_id=self.proposal.pk, person=self.author, visit_id=self.visit.pk, now=self.now)
        return self

    def open_round(self, days: int = 14, template: str = "community-review") -> Round:
        """Open the community review, or another round, with all reviewers."""
        return rounds.open_round(
            proposal_id=self.proposal.pk,
            person=self.coordinator,
            visit_id=self.visit.pk,
            template=template,
            reviewer_ids=[person.pk for person in self.reviewers],
            closes_at=self.now + timedelta(days=days),
            now=self.now,
        )

    def open_consultation(self, days: int = 14) -> Round:
        """Open the consultation of a process that has one."""
        return rounds.open_round(
            proposal_id=self.proposal.pk,
            person=self.coordinator,
            visit_id=self.visit.pk,
            template="consultation",
            reviewer_ids=[],
            closes_at=self.now + timedelta(days=days),
            now=self.now,
        )

    def review(self, person: User, *remarks: str, advice: str = "revise", scores: dict[str, int] = SCORES) -> None:
        """Accept the invitation and submit a review with these points."""
        assignment = Assignment.objects.get(reviewer=person, round__visit__run=self.run)
        rounds.accept(assignment_id=assignment.pk, person=person, now=self.now)
        self.hand_in(assignment, *remarks, advice=advice, scores=scores)

    def hand_in(
        self, assignment: Assignment, *remarks: str, advice: str = "revise", scores: dict[str, int] = SCORES
    ) -> None:
        """Submit a review with these points."""
        drafts = tuple(PointDraft(text=remark, place="context") for remark in remarks)
        draft = ReviewDraft(scores=scores, comment="Read with interest.", advice=advice, points=drafts)
        reviews.submit(assignment_id=assignment.pk, person=assignment.reviewer, draft=draft, now=self.now)

    def accept_and_hand_in(self, assignment: Assignment, *remarks: str) -> None:
        """Take up an invitation and submit a review with these points."""
        rounds.accept(assignment_id=assignment.pk, person=assignment.reviewer, now=self.now)
        self.hand_in(assignment, *remarks)

    def open_city_test(self, days: int = 14) -> Round:
        """Ask the city to test the draft."""
        visit = Visit.objects.get(run=self.run, stage="city-prototyping", left_at=None)
        return rounds.open_round(
            proposal_id=self.proposal.pk,
            person=self.coordinator,
            visit_id=visit.pk,
            template="city-test",
            reviewer_ids=[self.facilitator.pk],
            closes_at=self.now + timedelta(days=days),
            now=self.now,
        )

    def test_in_city(self, *remarks: str) -> "Story":
        """Open the city test, accept, and hand in a case with these feedback points."""
        round = self.open_city_test()
        assignment = round.assignments.get(reviewer=self.facilitator)
        rounds.accept(assignment_id=assignment.pk, person=self.facilitator, now=self.now)
        drafts = tuple(PointDraft(text=remark, place="context") for remark in remarks)
        cases.submit(assignment_id=assignment.pk, person=self.facilitator, draft=self.case_draft(drafts), now=self.now)
        return self

    def case_draft(self, points: tuple[PointDraft, ...] = ()) -> CaseDraft:
        """A complete case of Example Port City."""
        recommendation = self.proposal.recommendations.all()[0].key
        return CaseDraft(
            ecosystem_id=self.ecosystem.pk,
            set_up="A day with fourteen people in the old harbour.",
            participants={"government": 6, "civil_society": 8},
            findings={recommendation: "The fund exists, the shared room does not."},
            gaps="Nobody keeps the tools in repair.",
            resources="Half a post for two years.",
            points=points,
        )

    @property
    def facilitator(self) -> User:
        """Leads the city test in Example Port City."""
        known = User.objects.filter(email="facilitator@example.org").first()
        return known or make_person(
            "Farah Facilitator",
            email="facilitator@example.org",
            organisation=make_organisation("Example Port Agency", kind="intermediary"),
        )

    @property
    def ecosystem(self) -> Ecosystem:
        """The local innovation system in which the draft is tested."""
        territory, _made = Territory.objects.get_or_create(
            slug="example-port", defaults={"name": "Example Port", "level": "municipality", "is_example": True}
        )
        return Ecosystem.objects.get_or_create(
            slug="example-port-city",
            defaults={"name": "Example Port City", "kind": "city", "territory": territory, "is_example": True},
        )[0]

    def in_review(self) -> "Story":
        """Written, submitted, and the round is open."""
        self.start().write().submit().open_round()
        return self

    def in_revision(self) -> "Story":
        """Reviewed and tested in a city, and the deadline has passed without anybody's click."""
        self.in_review()
        for number, person in enumerate(self.reviewers, start=1):
            self.review(person, f"Remark {number} on the context.")
        self.test_in_city()
        self.pass_time(days=14)
        return self

    def pass_time(self, **length: int) -> None:
        """Let time pass and the clockwork tick."""
        self.now += timedelta(**length)
        clockwork.tick(now=self.now)

    def answer_points(self) -> "Story":
        """Dispose of every point that waits."""
        for point in Point.objects.filter(review__assignment__round__visit__run=self.run, disposition=None):
            points.dispose(
                point_id=point.pk, person=self.author, outcome="accepted", reason="We changed it.", now=self.now
            )
        return self

    def in_decision(self) -> "Story":
        """Answered and submitted again."""
        self.in_revision().answer_points().submit()
        return self

    def decide(
        self, outcome: str = "publish", reason: str = "It answers a real need.", *, successor_id: int | None = None
    ) -> "Story":
        """Decide as the coordinator."""
        decisions.decide(
            proposal_id=self.proposal.pk,
            person=self.coordinator,
            visit_id=self.visit.pk,
            outcome=outcome,
            reason=reason,
            now=self.now,
            successor_id=successor_id,
        )
        return self

    @property
    def run(self) -> Run:
        """The run, read afresh."""
        return Run.objects.get(proposal=self.proposal)

    @property
    def visit(self) -> Visit:
        """The open visit; beside a city test, that of the other branch."""
        visits = list(Visit.objects.filter(run__proposal=self.proposal, left_at=None).order_by("number"))
        return next((each for each in visits if each.stage != "city-prototyping"), visits[0])

    @property
    def stage(self) -> str:
        """Where the run stands."""
        return self.visit.stage
