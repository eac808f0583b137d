"""What differs between two definitions: each thing once, where it is, and nothing when they mean the same."""

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import read_definition
from engine.process.difference import differences
from engine.process.values import definition_from
from tests.engine.process.generated import definitions

DATA, _LINES = read_definition(Path("engine/definitions/ekip-engine.yaml").read_text())
NUMBER = {stage["key"]: number for number, stage in enumerate(DATA["stages"])}
REVIEW = NUMBER["community-review"]


def stage(data, key):
    """The stage of that key, as plain data."""
    return next(each for each in data["stages"] if each["key"] == key)


def told(change) -> list[tuple]:
    """Fields and kinds of what differs after a change to the default process."""
    data = copy.deepcopy(DATA)
    change(data)
    return [(each.path, each.field, each.kind, each.before, each.after) for each in differences(DATA, data)]


def test_a_definition_does_not_differ_from_itself():
    assert differences(DATA, copy.deepcopy(DATA)) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda d: stage(d, "community-review")["round"].update(period="P28D"),
            (("stages", REVIEW, "round", "period"), ("period",), "changed", "P21D", "P28D"),
        ),
        (
            lambda d: stage(d, "community-review")["round"].update(quorum=3),
            (("stages", REVIEW, "round", "quorum", "number"), ("quorum", "number"), "changed", 2, 3),
        ),
        (
            lambda d: stage(d, "community-review")["round"].update(quorum={"number": 2, "share": 0.5}),
            (("stages", REVIEW, "round", "quorum", "share"), ("quorum", "share"), "added", None, 0.5),
        ),
        (
            lambda d: stage(d, "community-review")["capabilities"].append("comment"),
            (("stages", REVIEW, "capabilities"), ("capabilities",), "added", None, "comment"),
        ),
        (
            lambda d: stage(d, "community-review").update(open_ended=True),
            (("stages", REVIEW, "open_ended"), ("open_ended",), "added", None, True),
        ),
        (
            lambda d: stage(d, "community-review").update(label={"en": "Community review", "de": "Begutachtung"}),
            (("stages", REVIEW, "label", "de"), ("label", "de"), "added", None, "Begutachtung"),
        ),
        (
            lambda d: stage(d, "community-review").update(
                label={"en": {"default": "Community review", "author": "You are reviewed"}}
            ),
            (("stages", REVIEW, "label", "en", "author"), ("label", "en", "author"), "added", None, "You are reviewed"),
        ),
        (
            lambda d: d["conflicts"].update(author="warn"),
            (("conflicts", "author"), ("conflicts", "author"), "changed", "block", "warn"),
        ),
        (
            lambda d: d["stages"].append(d["stages"].pop(REVIEW)),
            (("stages", len(DATA["stages"]) - 1), (), "moved", None, stage(DATA, "closed")["label"]),
        ),
        (
            lambda d: d["stages"].insert(0, d["stages"].pop(REVIEW)),
            (("stages", 0), (), "moved", None, None),
        ),
    ],
)
def test_one_change_is_told_once(change, expected):
    assert told(change) == [expected]


def test_what_is_new_or_gone_is_told_whole_and_named():
    data = copy.deepcopy(DATA)
    gone = stage(data, "community-review")["round"]["criteria"].pop(0)
    new = {"key": "second", "kind": "review", "label": {"en": "Second", "de": "Zweite"}}
    data["stages"].insert(1, new)
    first, second = differences(DATA, data, language="de")
    assert (first.path, first.place, first.kind, first.after) == (("stages", 1), (("stages", "Zweite"),), "added", new)
    assert (second.path, second.kind, second.before) == (("stages", REVIEW + 1, "round", "criteria"), "removed", gone)
    assert second.place == (("stages", "Community review"), ("round", ""), ("criteria", gone["question"]))


def test_a_round_that_is_gone_is_one_thing():
    ((_path, field, kind, before, after),) = told(lambda d: stage(d, "community-review").pop("round"))
    assert (field, kind, before, after) == ((), "removed", stage(DATA, "community-review")["round"], None)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: stage(d, "community-review")["round"].update(period="P3W"),
        lambda d: stage(d, "community-review")["round"].update(quorum={"number": 2}),
        lambda d: stage(d, "community-review")["round"].update(blind="none", panel=50),
        lambda d: stage(d, "community-review").update(open_ended=False, label={"en": "Community review"}),
        lambda d: d.update(languages=["en"], bodies=[]),
    ],
)
def test_another_way_to_write_the_same_is_no_difference(change):
    assert told(change) == []


def test_visibility_and_the_capability_that_it_replaces_are_the_same():
    old = {"stages": [{"key": "a", "capabilities": ["review", "list"]}, {"key": "b"}]}
    new = {
        "stages": [
            {"key": "a", "capabilities": ["review"], "visibility": "listed"},
            {"key": "b", "visibility": "participants"},
        ]
    }
    assert differences(old, new) == ()


def places(data, path=()):
    """The path of every value in plain data."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


# The format says how to read, and means nothing by itself.
PLACES = [path for path in places(DATA) if path not in ((), ("format",))]


def with_one_value_changed(data, path, *, is_dropped):
    """A copy of plain data in which the value at that path is another, or gone."""
    data = copy.deepcopy(data)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    value = holder[path[-1]]
    if is_dropped:
        del holder[path[-1]]
    elif isinstance(value, str):
        holder[path[-1]] += "x"
    elif isinstance(value, bool):
        holder[path[-1]] = not value
    elif isinstance(value, int):
        holder[path[-1]] += 1
    return data


def means_another(one, other) -> bool | None:
    """Whether two texts mean different processes; None when one means none."""
    try:
        return definition_from(one) != definition_from(other)
    except (KeyError, ValueError, StopIteration, TypeError):
        return None


@given(st.sampled_from(PLACES), st.booleans())
def test_what_differs_is_what_means_something_else(path, is_dropped):
    data = with_one_value_changed(DATA, path, is_dropped=is_dropped)
    assert means_another(DATA, data) in (None, bool(differences(DATA, data)))


@settings(max_examples=60, deadline=None)
@given(definitions(), st.data())
def test_in_any_definition_what_means_something_else_is_told(data, draw):
    assert differences(data, copy.deepcopy(data)) == ()
    path = draw.draw(st.sampled_from([path for path in places(data) if path]))
    other = with_one_value_changed(data, path, is_dropped=draw.draw(st.booleans()))
    assert differences(data, other) or not means_another(data, other)
