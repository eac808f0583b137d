"""The page of a proposal says where it is, what follows, what happened, and how every round stands."""

import re
from datetime import timedelta

import pytest

from engine.models import Round
from tests import people

pytestmark = pytest.mark.django_db


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def page_of(story, visit, person, **query):
    return text_of(visit(person).get("proposal", story.proposal.pk, **query))


def test_the_stage_bar_says_who_must_act_by_when_and_what_follows_at_every_stage(story, visit, author, coordinator):
    def bars():
        found = {page_of(story, visit, person).split("Process:")[0] for person in (author, coordinator)}
        return " ".join(found)

    story.start().write()
    assert "Next to act: authors (write the text and submit it)" in bars()
    assert "After that: Community review, City prototyping" in bars()
    story.submit()
    assert "Community review: coordinators (open the round)" in bars()
    story.open_round()
    assert "Community review: reviewers (read and review the frozen text)" in bars()
    assert "Due: 15 March 2027, 10:00 (Brussels)" in bars()
    assert "After that: Revision" in bars()
    for person in story.reviewers:
        story.review(person, "Say more.")
    story.test_in_city().pass_time(days=14)
    assert "Next to act: authors (answer the points and revise the text)" in bars()
    story.answer_points().submit()
    assert "Next to act: deciders (weigh the advice and decide)" in bars()
    assert "After that: Publication" in bars()
    story.decide()
    assert "What cities do with the edition is followed" in bars()


def test_a_run_that_has_ended_says_that_nothing_follows(story, visit, author):
    story.in_decision().decide(outcome="decline")
    assert "It has ended here. Nothing follows." in page_of(story, visit, author)


def test_rounds_stand_by_stage_with_number_state_and_how_far_they_are(story, visit, coordinator, author):
    story.in_review()
    story.review(story.reviewers[0], "Say more.")
    story.pass_time(days=14)
    story.reviewers = story.reviewers[1:]
    story.open_round()
    story.open_city_test()
    for person in (coordinator, author):
        text = page_of(story, visit, person, panel="rounds")
        assert "Round 1 , Community review : 1 of 2 reviews in Closed" in text
        assert "Round 2 , Community review (a further one, as too few were in) : 0 of 1 review in Open until" in text
        assert "Round 1 , City prototyping : 0 of 1 case in" in text
        assert "Who has handed in sees the others’ when it has closed." in text
    assert "You see what was handed in when it has closed." in page_of(story, visit, author, panel="rounds")


def test_a_conflict_of_interest_hides_how_far_rounds_are(story, visit, coordinator, organisation):
    story.in_review()
    people.join(coordinator, organisation)
    page = visit(coordinator).get("proposal", story.proposal.pk, panel="rounds")
    assert "Round 1 " in text_of(page)
    assert "reviews in" not in text_of(page)
    assert f"/rounds/{Round.objects.get().pk}/" not in page.content.decode()


def test_the_timeline_stands_by_stage_and_day_and_leads_to_the_whole_history(story, visit, coordinator):
    story.start().write()
    story.now += timedelta(days=1)
    story.submit().open_round()
    for person in story.reviewers:
        story.review(person, "Say more.")
    story.test_in_city().pass_time(days=14)
    page = visit(coordinator).get("proposal", story.proposal.pk)
    [latest, *_earlier] = page.context["stretches"]
    assert latest.label == "Revision"
    assert sum(len(day.entries) for stretch in page.context["stretches"] for day in stretch.days) == 8
    assert "The whole history, " in text_of(page)
    whole = visit(coordinator).get("history", story.proposal.pk)
    assert [each.label for each in whole.context["stretches"]] == [
        "Revision",
        "Community review, City prototyping",
        "Policy lab",
    ]
    assert "Times of day are those of Brussels." in text_of(whole)


def test_a_second_stay_at_a_stage_is_numbered(story, visit, decider):
    story.in_decision().decide(outcome="return", reason="One section more.")
    whole = visit(decider).get("history", story.proposal.pk)
    assert whole.context["stretches"][0].label == "Revision, stay 2"
    story.now += timedelta(days=1)
    story.submit()
    assert visit(decider).get("history", story.proposal.pk).context["stretches"][0].label == "Decision, stay 2"
