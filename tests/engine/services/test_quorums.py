"""Quorums that ask for more than a number: a share of those invited, kinds of actors, countries."""

import pytest

from ekip.shared.errors import Invalid
from engine.models import Round
from engine.selectors.panels import lacking
from engine.selectors.rounds import round_view
from engine.services import rounds
from engine.services.consultations import take_part
from partners.models import Notification
from tests.engine.processes import SCORES, consulting, drafting, ended, follow, reading
from tests.people import make_organisation, make_person

pytestmark = pytest.mark.django_db


def someone(name: str, kind: str, country: str):
    return make_person(name, organisation=make_organisation(f"Example {name}", kind=kind, country=country))


def submitted(story, quorum):
    stages = drafting("reading"), reading("closed", round={"quorum": quorum}), ended()
    return follow(story, *stages).start().write().submit()


def refusal(story, *people) -> list[str]:
    story.reviewers = list(people)
    with pytest.raises(Invalid) as refused:
        story.open_round(template="reading")
    assert set(refused.value.errors) == {"reviewers"}
    return refused.value.errors["reviewers"]


def review(story, *people) -> None:
    for person in people:
        story.review(person, scores=SCORES)


ADA = ("Ada", "academia", "SE")
BEN = ("Ben", "industry", "SE")
CLEO = ("Cleo", "academia", "IT")


def test_the_round_keeps_its_own_copy_of_the_whole_quorum(story):
    submitted(story, {"number": 2, "share": 0.5, "kinds": ["academia"], "countries": 2})
    story.reviewers = [someone(*ADA), someone(*BEN), someone(*CLEO)]
    round = story.open_round(template="reading")
    assert (round.quorum, round.quorum_rules) == (2, {"share": 0.5, "kinds": ["academia"], "countries": 2})


def test_a_panel_that_can_never_reach_the_quorum_is_refused_in_words(story):
    submitted(story, {"number": 1, "kinds": ["academia", "civil_society"], "countries": 2})
    assert refusal(story, someone(*BEN)) == [
        "Choose somebody of this kind of actor too: Academia.",
        "Choose somebody of this kind of actor too: Civil society.",
        "Choose people from at least 2 countries.",
    ]
    assert refusal(story) == ["Choose at least 1 reviewer, as many as the quorum."]
    assert not Round.objects.exists()


def test_half_of_those_invited_must_hand_in(story):
    people = [someone(f"Person {n}", "industry", "SE") for n in range(4)]
    submitted(story, {"number": 1, "share": 0.5})
    story.reviewers = people
    round = story.open_round(template="reading")
    review(story, people[0])
    assert round_view(story.coordinator, round.pk).lacks == "1 review"
    review(story, people[1])
    assert round_view(story.coordinator, round.pk).lacks == ""
    story.pass_time(days=14)
    assert story.stage == "closed"


def test_a_barred_reviewer_counts_neither_as_invited_nor_as_heard(story):
    people = [someone(f"Person {n}", "industry", "SE") for n in range(3)]
    submitted(story, {"number": 1, "share": 0.5})
    story.reviewers = people
    round = story.open_round(template="reading")
    review(story, people[0])
    call = {"person": story.coordinator, "reason": "A stake", "now": story.now}
    rounds.remove_reviewer(assignment_id=round.assignments.get(reviewer=people[1]).pk, **call)
    story.pass_time(days=14)
    assert story.stage == "closed"


def test_a_missing_kind_and_country_keep_the_stage_and_everybody_reads_why(story):
    people = [someone(*ADA), someone(*BEN), someone(*CLEO)]
    submitted(story, {"number": 2, "kinds": ["industry"], "countries": 2})
    story.reviewers = people
    round = story.open_round(template="reading")
    review(story, people[0])
    assert round_view(story.coordinator, round.pk).lacks == "1 review, Industry, 1 more country"
    review(story, people[2])
    assert round_view(story.author, round.pk).lacks == "Industry"
    story.pass_time(days=14)
    assert story.stage == "reading"
    for person in (story.coordinator, story.author):
        letter = Notification.objects.get(person=person, kind="quorum-missed")
        assert letter.body.endswith("Still missing: Industry")


def test_a_further_round_adds_what_the_first_one_lacked(story):
    ada, ben = someone(*ADA), someone(*BEN)
    submitted(story, {"number": 2, "kinds": ["academia", "industry"]})
    story.reviewers = [ada, ben]
    story.open_round(template="reading")
    review(story, ada)
    story.pass_time(days=14)
    assert refusal(story, someone(*CLEO)) == ["Choose somebody of this kind of actor too: Industry."]
    carl = someone("Carl", "industry", "NL")
    story.reviewers = [carl]
    story.open_round(template="reading")
    review(story, carl)
    story.pass_time(days=14)
    assert story.stage == "closed"


def test_where_everybody_must_hand_in_those_who_did_not_are_asked_again(story):
    ada, ben = someone(*ADA), someone(*BEN)
    submitted(story, {"number": 1, "share": 1})
    story.reviewers = [ada, ben]
    story.open_round(template="reading")
    review(story, ada)
    story.pass_time(days=14)
    assert refusal(story, someone(*CLEO)) == [
        "Choose more people, or ask again those who did not hand in: too few have until now."
    ]
    story.reviewers = [ben]
    again = story.open_round(template="reading").assignments.get()
    rounds.accept(assignment_id=again.pk, person=ben, now=story.now)
    story.hand_in(again, scores=SCORES)
    story.pass_time(days=14)
    assert story.stage == "closed"


def test_who_contributes_again_when_a_consultation_is_opened_once_more_counts_once(story):
    stages = drafting("consulting"), consulting("closed", round={"quorum": 2}), ended()
    follow(story, *stages).start().write().submit()
    ada, ben = someone(*ADA), someone(*BEN)
    for people, stands in (([ada], "consulting"), ([ada], "consulting"), ([ada, ben], "closed")):
        round = story.open_consultation()
        for person in people:
            part = take_part(round_id=round.pk, person=person, now=story.now)
            story.hand_in(part, advice="", scores={})
        story.pass_time(days=14)
        assert story.stage == stands


@pytest.mark.parametrize("missed", [1, 3])
def test_what_is_missing_costs_the_same_however_many_rounds(story, missed, django_assert_num_queries):
    submitted(story, {"number": 5, "kinds": ["academia"]})
    story.reviewers = [someone(f"Person {n}", *ADA[1:]) for n in range(5)]
    for _time in range(missed):
        story.open_round(template="reading")
        story.pass_time(days=14)
    found = list(Round.objects.all())
    with django_assert_num_queries(2):
        assert len(lacking(found)) == missed
