"""Starting a proposal when there are several processes, and when there is none."""

import pytest

from engine.models import Run
from engine.selectors.versions import offered_versions, version_named
from engine.services.definitions import publish_definition
from engine.services.versions import withdraw_version
from tests.engine.pages.test_lists import cost
from tests.engine.pages.test_writing import start_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(story, now):
    """A second process of which proposals can start."""
    text = version_named("ekip-engine").source.replace("key: ekip-engine", "key: example-process", 1)
    text = text.replace("title: ekip Engine", "title: Example process", 1)
    version, _is_new = publish_definition(text, person=story.coordinator, now=now)
    return version


def withdraw(version, story):
    """Take a version out of use."""
    return withdraw_version(version_id=version.pk, person=story.coordinator, reason="Not used.", now=story.now)


def test_one_process_is_no_question(story, visit):
    _default, *others = offered_versions()
    for version in others:
        withdraw(version, story)
    assert "process" not in visit(story.author).get("start").context["form"].fields


def test_an_author_chooses_among_several_and_the_default_is_first(story, visit, other):
    field = visit(story.author).get("start").context["form"].fields["process"]
    assert field.initial == version_named("ekip-engine").pk
    assert (other.pk, "Example process: ") in [(pk, words[:17]) for pk, words in field.choices]
    visit(story.author).post("start", **start_data(story, process=other.pk))
    assert Run.objects.get().version == other


def test_the_same_form_sent_twice_starts_once(story, visit, other):
    for _time in range(2):
        visit(story.author).post("start", **start_data(story, process=other.pk))
    assert Run.objects.count() == 1


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_version_that_went_while_the_form_was_open_is_refused_and_the_words_stay(
    story, visit, other, now, is_replaced
):
    author = visit(story.author)
    author.get("start")
    if is_replaced:
        publish_definition(other.source.replace("P21D", "P28D", 1), person=None, now=now)
    else:
        withdraw(other, story)
    answer = author.post("start", **start_data(story, process=other.pk, summary="Kept words"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["process"]
    assert "no longer offered as it was" in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert not Run.objects.exists()


def test_without_an_offered_process_nobody_starts_and_the_page_says_so(story, visit):
    data = start_data(story, summary="Kept words")
    data.pop("process")
    for version in offered_versions():
        withdraw(version, story)
    assert "No process is offered" in visit(story.author).get("start").content.decode()
    answer = visit(story.author).post("start", **data)
    assert answer.status_code == 409
    assert "Kept words" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_run_goes_on_on_a_version_that_was_withdrawn(story):
    story.start().write()
    withdraw(story.run.version, story)
    story.submit()
    assert story.stage == "community-review"


def test_choosing_costs_the_same_for_two_and_for_many(story, visit, other, now):
    author = visit(story.author)
    few = cost(author, "start")
    for number in range(10):
        publish_definition(
            other.source.replace("key: example-process", f"key: example-{number}", 1), person=None, now=now
        )
    assert len(author.get("start").context["form"].fields["process"].choices) == len(offered_versions()) >= 12
    assert cost(author, "start") == few
