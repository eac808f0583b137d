"""Log lines: JSON, with the ids that belong together, and without what is nobody's business."""

import json
import logging

import pytest
from celery import shared_task
from django.http import HttpResponse
from django.test import RequestFactory

from ekip.celery import app, begin_log_context, end_log_context, send_request_id
from ekip.shared import logs
from ekip.shared.logs import Discreet, JsonFormatter, RequestMiddleware, TextFormatter, bound


def line(message: str, *args, formatter=None, **extra) -> str:
    """A line as it leaves the process."""
    record = logging.getLogger("engine.test").makeRecord(
        "engine.test", logging.WARNING, __file__, 1, message, args, extra.pop("exc_info", None), extra=extra
    )
    Discreet().filter(record)
    return (formatter or JsonFormatter()).format(record)


def test_a_line_is_one_json_object_with_what_is_bound_and_what_is_said_beside_it():
    with bound(request_id="abc"), bound(task="engine.tick"):
        told = json.loads(line("run %s is\nset aside", 7, run=7, runs=[1, 2]))
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "level": "warning",
        "logger": "engine.test",
        "message": "run 7 is\nset aside",
        "request_id": "abc",
        "task": "engine.tick",
        "run": 7,
        "runs": [1, 2],
    }
    assert "request_id" not in json.loads(line("later"))


def test_a_traceback_stands_in_the_same_line():
    try:
        raise ValueError("Key (email)=(ada@example.org) already exists")
    except ValueError as error:
        text = line("failed", exc_info=(ValueError, error, error.__traceback__))
    assert "\n" not in text
    assert "ada" not in text
    assert "Key (email)=((address)) already exists" in json.loads(text)["exception"]


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter("%(message)s")])
@pytest.mark.parametrize(
    "words", ["to ada@example.org", "<ada.l+x@mail.example.org>", "smtp://user:secret@mail.example.org:587 refused"]
)
def test_no_address_and_no_password_is_logged(formatter, words):
    told = line("no answer: %s", words, formatter=formatter)
    assert "@" not in told
    assert "secret" not in told


def test_text_for_people_says_the_same():
    with bound(task_id="t1"):
        assert line("run %s", 7, run=7, formatter=TextFormatter("%(message)s")) == "run 7 [task_id=t1 run=7]"


@pytest.mark.django_db
def test_paths_that_may_hold_keys_are_not_logged(client, caplog):
    client.get("/invitation/a-key-that-opens/")
    (record,) = [each for each in caplog.records if each.name == "django.request"]
    Discreet().filter(record)
    assert "a-key-that-opens" not in JsonFormatter().format(record)
    assert "partners:invitation" in JsonFormatter().format(record)


def answer(headers=None, seen=None) -> HttpResponse:
    """What the middleware answers; `seen` gets what is bound meanwhile."""

    def view(request):
        if seen is not None:
            seen.update(logs.bound_now())
        return HttpResponse("ok")

    return RequestMiddleware(view)(RequestFactory().get("/", headers=headers or {}))


def test_an_id_that_looks_like_one_is_kept_and_answered():
    seen: dict = {}
    response = answer({"X-Request-ID": "proxy-1234.a_b"}, seen)
    assert response["X-Request-ID"] == seen["request_id"] == "proxy-1234.a_b"
    assert logs.bound_now() == {}


@pytest.mark.parametrize("sent", ["", "short", "a" * 65, "with space1", 'quo"te-1234', "line\nbreak", "ünïcode-1234"])
def test_any_other_is_replaced(sent):
    assert len(answer({"X-Request-ID": sent})["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_request_is_told_by_its_view(client, caplog):
    with caplog.at_level(logging.INFO, logger="ekip.requests"):
        client.get("/library/?q=secret-word")
        client.get("/health/live")
        client.get("/no/such/page")
    told = [(record.view, record.status, record.method) for record in caplog.records if record.name == "ekip.requests"]
    assert told == [("library:list", 200, "GET")]
    assert "secret-word" not in caplog.text


@shared_task(name="tests.says_what_is_bound")
def says_what_is_bound() -> dict:
    """Answers with what its lines would say."""
    return dict(logs.bound_now())


def test_a_task_says_which_it_is_and_for_which_request():
    headers: dict = {}
    with bound(request_id="req-12345678"):
        send_request_id(headers=headers)
    assert headers == {"request_id": "req-12345678"}
    bound_then = says_what_is_bound.apply(task_id="t-1", headers=headers).get()
    assert bound_then["task_id"] == "t-1"
    assert bound_then["task"] == "tests.says_what_is_bound"
    assert logs.bound_now() == {}


def test_the_context_of_a_task_holds_the_id_that_came_with_the_message():
    task = app.task(says_what_is_bound.run, name="tests.other")
    task.push_request(request_id="req-12345678")
    begin_log_context(task=task, task_id="t-2")
    assert logs.bound_now() == {"task": "tests.other", "task_id": "t-2", "request_id": "req-12345678"}
    end_log_context(task=task)
    assert logs.bound_now() == {}
    task.pop_request()
