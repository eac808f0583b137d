"""One run as the people around it live it: look where it stands, and do what its page asks for next.

Nothing is remembered that the rows know. Whoever lost an answer to a broken connection looks again and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ekip.shared import clock
from engine.models import Assignment, Pause, Point, Round, Run, Visit
from engine.services import cases, deadlines, decisions, pauses, points, reviews, rounds, runs, submission
from engine.services.cases import CaseDraft
from engine.services.reviews import PointDraft, ReviewDraft
from partners.models import User
from recommendations.drafting import services as drafting
from recommendations.models import Edition, Proposal
from recommendations.text import from_plain_text, to_data
from tests.chaos.course import Course
from tests.chaos.population import Cast
from tests.engine.stories import SCORES, WORDS

Act = Callable[..., Any]
SOON, NEVER = timedelta(0), timedelta.max
PAUSABLE = {"community-review", "revision", "decision"}
BRIEF = 0.8  # days at most between two clicks


class Life:
    """The run of one number. `act` calls a service as a click does; `step` does the next thing."""

    def __init__(self, number: int, seed: int, cast: Cast, act: Act) -> None:
        self.number, self.cast, self._act = number, cast, act
        self.course = Course(seed, number)
        self.dice = self.course.dice
        self.title = f"Shared means number {number} for small companies"
        self.author, self.home = cast.authors[number % len(cast.authors)]
        self.area = cast.areas[number % len(cast.areas)]
        self.coordinator = cast.coordinators[self.area.pk]
        self.silent: set[int] = set()
        self.proposal_id: int | None = None
        self._paused_until: datetime | None = None
        self._rests_until: dict[int, datetime] = {}

    def step(self) -> timedelta | None:
        """Do the next thing, if there is one; how long to rest on the product's clock. None: the run has ended."""
        if self.proposal_id is None:
            self._start()
            return self._moment()
        if self._paused_until and self._resume():
            return self._moment()
        visits = {each.stage: each for each in Visit.objects.filter(run__proposal=self.proposal_id, left_at=None)}
        if visits.keys() & {"closed", "withdrawn"}:
            return None
        if visits.keys() & PAUSABLE and self.course.takes("pause"):
            return self._pause(next(iter(visits.values())))
        rests = [self._act_at(stage, visit) for stage, visit in visits.items()]
        return max(min(rests, default=timedelta(days=1)), SOON) + self._moment()

    def _act_at(self, stage: str, visit: Visit) -> timedelta:
        """What a branch asks for, unless it only waits for its deadline."""
        now = clock.now()
        if (rests_until := self._rests_until.get(visit.pk)) and now < rests_until:
            return rests_until - now
        rest = STAGES[stage](self, visit)
        self._rests_until[visit.pk] = now + rest
        return rest

    # --- drafting ---------------------------------------------------------------------------------------------------
    def _start(self) -> None:
        known = Proposal.objects.filter(title=self.title).values_list("pk", flat=True).first()
        if known is None:
            known = self._do(
                runs.start,
                self.author,
                title=self.title,
                area_id=self.area.pk,
                lead_organisation_id=self.home.pk,
                language="en",
                summary="What cities can do so that small companies try new tools together.",
                once=True,
            ).pk
        self.proposal_id = known

    def _wait_for_briefing(self, _visit: Visit) -> timedelta:
        return timedelta(days=2)

    def _draft(self, visit: Visit) -> timedelta:
        proposal = Proposal.objects.get(pk=self.proposal_id)
        for section in proposal.sections.filter(words=0).select_related("kind"):
            self._write(section.kind.key, f"{WORDS} This is proposal {self.number}.", section.version)
        if not proposal.evidence.exists():
            draft = drafting.EvidenceDraft("Example survey of companies", "survey", year=2026)
            self._do(drafting.add_evidence, self.author, proposal_id=proposal.pk, draft=draft, once=True)
        if not proposal.recommendations.exists():
            draft = drafting.RecommendationDraft(
                statement="Cities fund shared tools for small companies.",
                guideline=to_data(from_plain_text("Start with one shared room.", lang="en")),
                levels=["local"],
                building_blocks=["investment-funding"],
                evidence=[proposal.evidence.values_list("key", flat=True)[0]],
            )
            self._do(drafting.add_recommendation, self.author, proposal_id=proposal.pk, draft=draft, once=True)
            return SOON
        if self.course.takes("co-author"):
            other = self.cast.authors[(self.number + 1) % len(self.cast.authors)][0]
            self._do(drafting.add_co_author, self.author, proposal_id=proposal.pk, user=other)
        return self._submit(visit)

    def _submit(self, visit: Visit) -> timedelta:
        self._do(submission.submit, self.author, proposal_id=self.proposal_id, visit_id=visit.pk)
        return SOON

    def _write(self, key: str, text: str, version: int) -> None:
        blocks = to_data(from_plain_text(text, lang="en"))
        call = {"proposal_id": self.proposal_id, "key": key, "blocks": blocks, "version": version}
        self._do(drafting.save_section, self.author, **call, once=True)

    # --- reviews and city tests -------------------------------------------------------------------------------------
    def _review(self, visit: Visit) -> timedelta:
        for turn, service, person in (
            ("send-back", submission.send_back, self.coordinator),
            ("withdraw", submission.withdraw, self.author),
        ):
            if visit.rounds.exists() and self.course.takes(turn):
                call = {"proposal_id": self.proposal_id, "visit_id": visit.pk, "reason": "The facts have changed."}
                self._do(service, person, **call)
                return SOON
        return self._round(
            visit, "community-review", self.cast.reviewers, 2 + (self.dice.random() < 0.25), self._hand_in
        )

    def _city_test(self, visit: Visit) -> timedelta:
        return self._round(visit, "city-test", self.cast.facilitators, 1, self._hand_in_case)

    def _round(
        self, visit: Visit, template: str, people: list[User], number: int, hand_in: Callable[[Assignment], None]
    ) -> timedelta:
        round = visit.rounds.filter(closed_at=None, cancelled_at=None).first()
        if round is None:
            self._open_round(visit, template, people, number)
            return SOON
        waiting = self._asked(round)
        if not waiting:
            return self._adjust(round)
        assignment = waiting[0]
        if assignment.accepted_at and template == "community-review" and self.course.takes("remove-reviewer"):
            call = {"assignment_id": assignment.pk, "reason": "Works with the authors since last week."}
            self._do(rounds.remove_reviewer, self.coordinator, **call)
        elif assignment.accepted_at is None and assignment.declined_at is None:
            if template == "community-review" and len(waiting) > 2 and self.course.takes("decline"):
                call = {"assignment_id": assignment.pk, "reason": "No time this month."}
                self._do(rounds.decline, assignment.reviewer, **call)
            else:
                self._do(rounds.accept, assignment.reviewer, assignment_id=assignment.pk)
        elif clock.now() < round.closes_at:
            hand_in(assignment)
        return SOON

    def _open_round(self, visit: Visit, template: str, people: list[User], number: int) -> None:
        asked = set(Assignment.objects.filter(round__visit=visit).values_list("reviewer_id", flat=True))
        fresh = [person for person in people if person.pk not in asked]
        opened = self._do(
            rounds.open_round,
            self.coordinator,
            proposal_id=self.proposal_id,
            visit_id=visit.pk,
            template=template,
            reviewer_ids=[person.pk for person in self.dice.sample(fresh, number)],
            closes_at=clock.now() + self._period(visit),
        )
        if self.course.takes("too-few" if template == "community-review" else "city-silent"):
            self.silent |= set(opened.assignments.values_list("pk", flat=True)[: max(1, number - 1)])

    def _period(self, visit: Visit) -> timedelta:
        """Longer each time that too few came: on a slow machine people are slow."""
        return timedelta(days=self.dice.uniform(12, 20)) * 2 ** visit.rounds.count()

    def _asked(self, round: Round) -> list[Assignment]:
        """Those who have something to do in the round, and will."""
        if clock.now() >= round.closes_at:
            return []
        rows = round.assignments.filter(declined_at=None, barred_at=None, review__submitted_at=None)
        return [each for each in rows.select_related("reviewer").order_by("pk") if each.pk not in self.silent]

    def _hand_in(self, assignment: Assignment) -> None:
        remark = PointDraft(text="A remark on the context.", place="context")
        draft = ReviewDraft(scores=SCORES, comment="Read with interest.", advice="revise", points=(remark,))
        self._do(reviews.submit, assignment.reviewer, assignment_id=assignment.pk, draft=draft)

    def _hand_in_case(self, assignment: Assignment) -> None:
        key = assignment.round.revision.content["recommendations"][0]["key"]
        draft = CaseDraft(
            ecosystem_id=self.dice.choice(self.cast.ecosystems).pk,
            set_up="A day with fourteen people in the old harbour.",
            participants={"government": 6, "civil_society": 8},
            findings={key: "The fund exists, the shared room does not."},
            points=(PointDraft(text="The room is missing.", place="context"),),
        )
        self._do(cases.submit, assignment.reviewer, assignment_id=assignment.pk, draft=draft)

    def _adjust(self, round: Round) -> timedelta:
        """Everybody has handed in who will: wait for the deadline, unless the coordinator has another idea."""
        call = {"round_id": round.pk, "reason": "Half of the cities are on holiday."}
        if clock.now() < round.closes_at and self.course.takes("extend"):
            longer = round.closes_at + timedelta(days=self.dice.uniform(1, 6))
            self._do(deadlines.extend_round, self.coordinator, **call, closes_at=longer)
            return SOON
        if clock.now() < round.closes_at and self.course.takes("close-early"):
            self._do(deadlines.close_round_now, self.coordinator, **call)
            return SOON
        return max(round.closes_at - clock.now(), timedelta(days=1.5))

    # --- pauses -----------------------------------------------------------------------------------------------------
    def _pause(self, visit: Visit) -> timedelta:
        """Half of the pauses end by themselves; the others are ended by hand."""
        ends = clock.now() + timedelta(days=self.dice.uniform(3, 8))
        until = ends if self.dice.random() < 0.5 else None
        call = {"run_ids": [visit.run_id], "reason": "Elections.", "until": until}
        self._paused_until = ends  # also when the answer is lost: the pause may be there
        self._do(pauses.pause_runs, self.coordinator, **call)
        return SOON

    def _resume(self) -> bool:
        """Whether the run is still paused; whoever can end the pause does so when its time has come."""
        pause = Pause.objects.filter(run__proposal=self.proposal_id, ended_at=None).first()
        if pause is None:
            self._paused_until = None
        elif pause.until is None and clock.now() >= self._paused_until:
            self._do(pauses.resume_runs, self.coordinator, run_ids=[pause.run_id])
        return pause is not None

    # --- revising and deciding --------------------------------------------------------------------------------------
    def _revise(self, visit: Visit) -> timedelta:
        unanswered = Point.objects.filter(
            review__assignment__round__visit__run__proposal=self.proposal_id,
            review__assignment__round__closed_at__isnull=False,
            review__submitted_at__isnull=False,
            disposition=None,
        )
        for point_id in list(unanswered.values_list("pk", flat=True)):
            self._do(points.dispose, self.author, point_id=point_id, outcome="accepted", reason="We changed it.")
        self._rewrite("context")
        return self._submit(visit)

    def _rewrite(self, key: str) -> None:
        section = Proposal.objects.get(pk=self.proposal_id).sections.get(kind__key=key)
        self._write(key, f"{WORDS} This is proposal {self.number}, version {section.version}.", section.version)

    def _decide(self, visit: Visit) -> timedelta:
        if self.course.takes("take-back"):
            call = {"proposal_id": self.proposal_id, "visit_id": visit.pk, "reason": "We start again."}
            self._do(submission.withdraw, self.author, **call)
            return SOON
        turns = (("return", "return"), ("second-round", "second-round"), ("reject", "decline"))
        outcome = next((outcome for turn, outcome in turns if self.course.takes(turn)), "publish")
        return self._decide_to(visit, outcome)

    def _decide_to(self, visit: Visit, outcome: str, *, successor_id: int | None = None) -> timedelta:
        person = self.dice.choice([self.cast.decider, self.coordinator])
        call = {"proposal_id": self.proposal_id, "visit_id": visit.pk, "successor_id": successor_id}
        self._do(decisions.decide, person, **call, outcome=outcome, reason="It answers a real need.")
        return SOON

    # --- after publication ------------------------------------------------------------------------------------------
    def _follow_up(self, visit: Visit) -> timedelta:
        if self.course.takes("correct"):
            return self._decide_to(visit, "correct")
        if self.course.takes("supersede") and (successor := self._successor()):
            return self._decide_to(visit, "supersede", successor_id=successor)
        return self._decide_to(visit, "withdraw-publication")

    def _successor(self) -> int | None:
        """An edition of a publication that stands, and that nobody withdraws within this click."""
        mine = Run.objects.get(proposal=self.proposal_id).publication_id
        standing = Run.objects.filter(visits__stage="follow-up", visits__left_at=None).exclude(publication=mine)
        newest = Edition.objects.filter(publication__run__in=standing).order_by("-serial")
        return newest.values_list("pk", flat=True).first()

    def _correct(self, visit: Visit) -> timedelta:
        if self.course.takes("leave-as-it-is"):
            return self._decide_to(visit, "leave-as-it-is")
        self._rewrite("context")
        return self._decide_to(visit, "reissue")

    def _withdraw_superseded(self, visit: Visit) -> timedelta:
        return self._decide_to(visit, "withdraw-publication")

    # ----------------------------------------------------------------------------------------------------------------
    def _do(self, service: Act, person: User, *, once: bool = False, **call: Any) -> Any:
        twice = not once and self.course.clicks_twice()
        return self._act(service, person=person, twice=twice, **call)

    def _moment(self) -> timedelta:
        return timedelta(days=self.dice.uniform(0.1, BRIEF))


STAGES: dict[str, Callable[[Life, Visit], timedelta]] = {
    "investigation": Life._wait_for_briefing,
    "drafting": Life._draft,
    "community-review": Life._review,
    "city-prototyping": Life._city_test,
    "revision": Life._revise,
    "decision": Life._decide,
    "publication": Life._wait_for_briefing,
    "follow-up": Life._follow_up,
    "correction": Life._correct,
    "superseded": Life._withdraw_superseded,
}
