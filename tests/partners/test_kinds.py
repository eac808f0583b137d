"""Every kind of notification that any code sends is registered, in a group in which people choose."""

import ast
from pathlib import Path

import pytest

from partners import kinds
from partners.kinds import Group, Kind
from partners.services.outbox import Message

ROOT = Path(__file__).parents[2]
APPS = ["partners", "recommendations", "engine", "ekip"]
# The name of a call that sends, and where the kind stands among its arguments.
SENDERS = {"Message": 1, "Telling": 2, "_tell": 3, "tell": 1, "_outcome": 4, "_to_everyone": 0}


def kinds_in(tree: ast.Module) -> set[str]:
    """The kinds that a module writes out where it sends."""
    found = set()
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        named = next((word.value for word in call.keywords if word.arg == "kind"), None)
        places = call.args[SENDERS[name] : SENDERS[name] + 1] if name in SENDERS else []
        for value in [*places, *([named] if name in (*SENDERS, "_tell_member", "_tell_holder") and named else [])]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.add(value.value)
    return found


def test_every_kind_that_is_sent_is_registered():
    modules = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    sent = {kind for path in modules for kind in kinds_in(ast.parse(path.read_text()))}
    assert {"invitation", "decided", "role-granted"} <= sent
    assert sent - {kind.key for kind in kinds.all_kinds()} == set()


def test_who_sends_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="nobody registered 'nonsense'"):
        Message(1, "nonsense", "event:1", "Subject", "Body")


def test_the_kinds_of_a_group_are_all_essential_or_all_chosen():
    for group in kinds.groups():
        assert len({kinds.kind_of(key).essential for key in kinds.keys_in(group.key)}) == 1, group.key


def test_decisions_reach_authors_whatever_they_chose():
    assert all(kinds.kind_of(key).essential for key in ("decided", "returned", "sent-back", "published", "lapsed"))
    assert not kinds.kind_of("published-news").essential


def test_two_kinds_or_groups_do_not_share_a_key():
    with pytest.raises(ValueError, match="two kinds"):
        kinds.register(Kind("decided", "account", "Something else"))
    with pytest.raises(ValueError, match="two groups"):
        kinds.register_group(Group("account", "Something else"))
    with pytest.raises(ValueError, match="nobody registered"):
        kinds.register(Kind("new", "no-such-group", "New"))


def test_a_kind_of_long_ago_stands_under_other():
    assert kinds.group_of("gone") == kinds.OTHER
    assert kinds.kind_of("gone").label == "gone"
