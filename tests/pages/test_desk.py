"""The desk says what waits for a person, in the order in which it is due; fifty rows cost what one costs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ekip.shared import clock
from engine.models import Assignment
from engine.selectors.desk import Task, desk_of
from engine.services import rounds, submission
from partners.models import RoleGrant
from recommendations.models import Briefing
from tests import people
from tests.engine.stories import Story, make_area

pytestmark = pytest.mark.django_db

TITLE = "“Shared means for small companies”"


def texts(tasks: tuple[Task, ...]) -> list[str]:
    """The words of tasks."""
    return [task.text for task in tasks]


def one_in_each_stage(story: Story, mark: str) -> None:
    """The story told anew under other titles, once for each stage that asks for something.

    The clockwork of the later stages closes every round that is due: what is open comes last.
    """
    for stage in ("in_decision", "in_revision", "in_review"):
        getattr(replace(story, title=f"{mark} {stage}"), stage)()
    replace(story, title=f"{mark} submitted").start().write().submit()
    drafts(story, 1, mark)


def drafts(story: Story, number: int, mark: str) -> None:
    """So many proposals that were only started."""
    for each in range(number):
        replace(story, title=f"{mark} draft {each}").start()


def cost(client: Client) -> int:
    """The number of queries that the desk takes, once everything that is kept in memory is there."""
    client.get(reverse("pages:desk"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("pages:desk"))
    return len(queries)


class TestAuthor:
    def test_completes_a_draft(self, story, author, now) -> None:
        story.start()
        [task] = desk_of(author, now=now).for_you
        assert task == Task(
            f"Complete {TITLE} and submit it",
            reverse("engine:proposal", args=[story.proposal.pk]),
            story.proposal.area.title,
            None,
            key=f"visit:{story.visit.pk}:proposal",
        )

    def test_waits_for_the_round_and_then_for_the_reviews(self, story, author, reviewer, now) -> None:
        story.start().write().submit()
        assert texts(desk_of(author, now=now).for_others) == [f"A city test of {TITLE}", f"A review round for {TITLE}"]
        round = story.open_round()
        story.review(reviewer, "Say more.")
        task = next(each for each in desk_of(author, now=now).for_others if "test" not in each.text)
        assert (task.text, task.detail) == (f"Reviews of {TITLE}", "1 of 2 reviews in")
        assert task.due_at == round.closes_at
        assert desk_of(author, now=now).for_you == ()

    def test_who_declined_is_not_expected_any_more(self, story, author, reviewer, now) -> None:
        story.in_review()
        asked = Assignment.objects.get(reviewer=reviewer)
        rounds.decline(assignment_id=asked.pk, person=reviewer, reason="No time.", now=now)
        assert desk_of(author, now=now).for_others[0].detail == "0 of 1 review in"

    def test_answers_points_and_then_completes_the_revision(self, story, author) -> None:
        story.in_revision()
        [task] = desk_of(author, now=story.now).for_you
        assert task.text.startswith("Answer ")
        assert task.text.endswith(f"in {TITLE}")
        assert task.path == reverse("engine:points", args=[story.proposal.pk])
        assert task.due_at == story.visit.timers.get(key="revision-overdue").due_at
        story.answer_points()
        assert texts(desk_of(author, now=story.now).for_you) == [f"Complete the revision of {TITLE} and submit it"]

    def test_waits_for_the_decision(self, story, author) -> None:
        story.in_decision()
        desk = desk_of(author, now=story.now)
        assert (texts(desk.for_you), texts(desk.for_others)) == ([], [f"The decision on {TITLE}"])

    def test_is_left_alone_when_all_is_published(self, story, author) -> None:
        story.in_decision().decide()
        desk = desk_of(author, now=story.now)
        assert (desk.for_you, desk.for_others) == ((), ())

    def test_an_archived_draft_asks_for_nothing(self, story, author, now) -> None:
        story.start()
        submission.archive(proposal_id=story.proposal.pk, person=author, now=now)
        assert desk_of(author, now=now).for_you == ()


class TestReviewer:
    def test_accepts_or_declines_and_then_reviews(self, story, reviewer, now) -> None:
        story.in_review()
        asked = Assignment.objects.get(reviewer=reviewer)
        [task] = desk_of(reviewer, now=now).for_you
        assert (task.text, task.path) == (
            f"Accept or decline to review {TITLE}",
            reverse("engine:invitation", args=[asked.pk]),
        )
        rounds.accept(assignment_id=asked.pk, person=reviewer, now=now)
        [task] = desk_of(reviewer, now=now).for_you
        assert (task.text, task.path) == (f"Review {TITLE}", reverse("engine:review", args=[asked.pk]))
        assert task.due_at == asked.round.closes_at

    def test_who_handed_in_or_declined_has_nothing_to_do(self, story, reviewer, second_reviewer, now) -> None:
        story.in_review()
        story.review(reviewer)
        asked = Assignment.objects.get(reviewer=second_reviewer)
        rounds.decline(assignment_id=asked.pk, person=second_reviewer, reason="", now=now)
        assert desk_of(reviewer, now=now).for_you == ()
        assert texts(desk_of(reviewer, now=now).for_others) == [f"The end of the review of {TITLE}"]
        assert desk_of(second_reviewer, now=now).for_you == ()

    def test_at_the_deadline_itself_it_is_too_late(self, story, reviewer) -> None:
        story.in_review()
        closes_at = Assignment.objects.get(reviewer=reviewer).round.closes_at
        assert len(desk_of(reviewer, now=closes_at - timedelta(seconds=1)).for_you) == 1
        assert desk_of(reviewer, now=closes_at).for_you == ()


class TestCoordinator:
    def test_opens_the_round_watches_it_and_decides(self, story, coordinator, now) -> None:
        story.start().write().submit()
        address = reverse("engine:open_round", args=[story.proposal.pk])
        assert [(task.text, task.path) for task in desk_of(coordinator, now=now).for_you] == [
            (f"Open the city test of {TITLE}", f"{address}?stage=city-prototyping"),
            (f"Open the review round of {TITLE}", f"{address}?stage=community-review"),
        ]
        story.open_round()
        story.open_city_test()
        desk = desk_of(coordinator, now=now)
        assert desk.for_you == ()
        assert {task.detail for task in desk.for_others} == {"0 of 2 reviews in", "0 of 1 case in"}

    def test_decides(self, story, coordinator) -> None:
        story.in_decision()
        [task] = desk_of(coordinator, now=story.now).for_you
        assert (task.text, task.path) == (f"Decide on {TITLE}", reverse("engine:decide", args=[story.proposal.pk]))

    def test_a_conflict_of_interest_takes_it_off_the_desk(self, story, coordinator, organisation, now) -> None:
        story.start().write().submit()
        people.join(coordinator, organisation)
        desk = desk_of(coordinator, now=now)
        assert (desk.for_you, desk.for_others) == ((), ())

    def test_a_grant_for_another_area_does_not_reach(self, story, now) -> None:
        story.start().write().submit()
        elsewhere = people.make_person("Lena Elsewhere")
        people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope="area:another")
        assert desk_of(elsewhere, now=now).for_you == ()
        people.grant(elsewhere, RoleGrant.Role.COORDINATOR, scope=f"area:{story.proposal.area.slug}")
        assert f"Open the review round of {TITLE}" in texts(desk_of(elsewhere, now=now).for_you)

    def test_a_decider_does_not_open_rounds(self, story, decider, now) -> None:
        story.start().write().submit()
        assert desk_of(decider, now=now).for_you == ()


class TestBriefing:
    def test_a_coordinator_writes_what_authors_wait_for(self, story, author, coordinator, decider, now) -> None:
        area = make_area("unbriefed", briefed=False, now=now)
        [task] = desk_of(coordinator, now=now).for_you
        address = reverse("areas:briefing", args=["unbriefed"])
        assert task == Task("Write the research briefing of “Area unbriefed”", address, "Area unbriefed", None)
        story.start(area)
        [task] = desk_of(coordinator, now=now).for_you
        assert task.detail == "1 proposal waits for it"
        assert texts(desk_of(author, now=now).for_others) == [f"The research briefing for {TITLE}"]
        assert desk_of(author, now=now).for_you == ()
        assert desk_of(decider, now=now).for_you == ()
        Briefing.objects.create(area=area, written_at=now)
        assert texts(desk_of(coordinator, now=now).for_you) == [
            "Finish and publish the research briefing of “Area unbriefed”"
        ]
        Briefing.objects.all().delete()
        elsewhere = people.make_person("Lena Elsewhere")
        people.grant(elsewhere, RoleGrant.Role.DEPUTY, scope="area:another")
        assert desk_of(elsewhere, now=now).for_you == ()
        people.grant(elsewhere, RoleGrant.Role.DEPUTY, scope="area:unbriefed")
        assert len(desk_of(elsewhere, now=now).for_you) == 1

    def test_one_area_and_fifty_cost_the_same(self, story, coordinator, now, sign_in) -> None:
        client = sign_in(coordinator)
        story.start(make_area("first", briefed=False, now=now))
        before = cost(client)
        for number in range(49):
            replace(story, title=f"Number {number}").start(make_area(f"area-{number}", briefed=False, now=now))
        assert cost(client) == before
        assert len(client.get(reverse("pages:desk")).context["desk"].for_you) == 50

    def test_what_no_proposal_waits_for_comes_last_and_is_not_listed_for_ever(self, story, coordinator, now) -> None:
        for number in range(8):
            make_area(f"idle-{number}", briefed=False, now=now)
        waiting = make_area("waiting", briefed=False, now=now)
        story.start(waiting)
        replace(story, title="Submitted").start(make_area("briefed", now=now)).write().submit()
        told = texts(desk_of(coordinator, now=now).for_you)
        idle = [f"Write the research briefing of “Area idle-{number}”" for number in range(5)]
        assert "Write the research briefing of “Area waiting”" in told[:-6]
        assert told[-6:] == [*idle, "See 3 more policy areas without a research briefing"]


class TestDone:
    def test_answers_that_follow_one_another_are_one_line(self, story, author) -> None:
        story.in_decision()
        done = [entry.text for entry in desk_of(author, now=story.now).done]
        assert done[0] == f"You submitted {TITLE}."
        assert done[1].startswith("You answered ")
        assert done[-1] == f"You started {TITLE}."
        assert len(done) == 4

    def test_a_decision_is_told_once_and_leads_to_the_publication(self, story, coordinator) -> None:
        story.in_decision().decide()
        done = desk_of(coordinator, now=story.now).done
        assert [entry.text for entry in done] == [
            f"You decided on {TITLE}.",
            f"You opened the city test of {TITLE}.",
            f"You opened the review round of {TITLE}.",
        ]
        assert done[0].url == reverse("library:publication", args=[story.run.publication.slug])

    def test_a_reviewer_gets_no_link_to_the_draft(self, story, reviewer) -> None:
        story.in_revision()
        assert {entry.url for entry in desk_of(reviewer, now=story.now).done} == {""}


class TestPage:
    def test_asks_to_sign_in(self) -> None:
        answer = Client().get(reverse("pages:desk"))
        assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/desk/")

    def test_shows_nothing_of_others(self, story, outsider, sign_in) -> None:
        story.in_revision()
        page = sign_in(outsider).get(reverse("pages:desk")).content.decode()
        assert "Shared means" not in page
        assert "Nothing waits for you" in page
        assert "Start a proposal" in page

    def test_an_empty_desk_says_what_comes_next(self, official, coordinator, sign_in) -> None:
        assert "asks you to review a proposal" in sign_in(official).get(reverse("pages:desk")).content.decode()
        assert "you open its review round" in sign_in(coordinator).get(reverse("pages:desk")).content.decode()

    def test_what_is_due_first_stands_first_with_its_zone(self, story, author, sign_in) -> None:
        author.time_zone = "Europe/Stockholm"
        author.save()
        one_in_each_stage(story, "only")
        with clock.at(story.now):
            page = sign_in(author).get(reverse("pages:desk"))
        dues = [task.due_at for task in page.context["desk"].for_you]
        assert dues[0] is not None
        assert dues[-1] is None
        assert "(Stockholm)" in page.content.decode()

    def test_tasks_stand_by_how_near_they_are_and_long_lists_in_pages(
        self, story, author, coordinator, sign_in
    ) -> None:
        story.in_revision()
        replace(story, title="In review").in_review()
        drafts(story, 55, "many")
        late = story.now + timedelta(days=29)
        with clock.at(late):
            client = sign_in(author)
            first, second = (client.get(reverse("pages:desk"), {"page": page}) for page in (1, 2))
        assert [span.label for span in first.context["spans_for_you"]] == ["Overdue", "No date set"]
        assert [len(page.context["for_you"]) for page in (first, second)] == [50, 6]
        text = first.content.decode()
        assert "1 overdue" in text
        assert "56 not done" in text
        with clock.at(story.now + timedelta(days=10)):
            page = sign_in(coordinator).get(reverse("pages:desk"))
        assert {"Within a week", "Later"} <= {span.label for span in page.context["spans_for_others"]}

    def test_what_is_done_can_be_hidden(self, story, author, sign_in) -> None:
        story.start()
        with clock.at(story.now):
            shown = sign_in(author).get(reverse("pages:desk")).content.decode()
            hidden = sign_in(author).get(reverse("pages:desk"), {"done": "hidden"}).content.decode()
        assert "You started" in shown
        assert "You started" not in hidden
        assert "Show what is done" in hidden

    def test_one_row_and_fifty_cost_the_same(self, story, author, coordinator, reviewer, sign_in) -> None:
        everybody = {person: sign_in(person) for person in (author, coordinator, reviewer)}
        one_in_each_stage(story, "first")
        before = {person: cost(client) for person, client in everybody.items()}
        one_in_each_stage(story, "second")
        drafts(story, 45, "third")
        assert {person: cost(client) for person, client in everybody.items()} == before
        desk = everybody[author].get(reverse("pages:desk")).context["desk"]
        assert len(desk.for_you) + len(desk.for_others) >= 50
