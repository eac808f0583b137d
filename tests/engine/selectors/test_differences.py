"""Differences in sentences that somebody understands who never saw the file."""

import copy
from pathlib import Path

import pytest

from engine.definitions import read_definition
from engine.selectors.differences import told_differences

DATA, LINES = read_definition(Path("engine/definitions/ekip-engine.yaml").read_text())


def stage(data, key):
    """The stage of that key, as plain data."""
    return next(each for each in data["stages"] if each["key"] == key)


SECOND = {"key": "second", "kind": "review", "label": "Second consultation"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: stage(d, "community-review")["round"].update(period="P30D"),
            "Stage “Community review”, round: period changed from 21 days to 30 days",
        ),
        (
            lambda d: stage(d, "community-review")["round"].update(period={"working_days": 15}),
            "Stage “Community review”, round: period changed from 21 days to 15 working days",
        ),
        (
            lambda d: stage(d, "community-review")["round"].update(period="P1DT12H"),
            "Stage “Community review”, round: period changed from 21 days to 36 hours",
        ),
        (
            lambda d: stage(d, "community-review")["round"].update(quorum=3),
            "Stage “Community review”, round: quorum changed from 2 to 3",
        ),
        (
            lambda d: stage(d, "community-review")["round"]["criteria"].pop(),
            "Stage “Community review”, round, question “Is the text clear to a reader who was not there?”: gone",
        ),
        (
            lambda d: stage(d, "drafting")["capabilities"].append("comment"),
            "Stage “Policy lab”: capabilities: comment added",
        ),
        (lambda d: stage(d, "follow-up").pop("open_ended"), "Stage “Follow-up”: an end is promised"),
        (lambda d: d["stages"].insert(3, SECOND), "Stage “Second consultation”: new"),
        (lambda d: d["stages"].insert(0, d["stages"].pop(1)), "Stage “Policy lab”: now the first"),
        (
            lambda d: stage(d, "decision")["transitions"].append(
                {"key": "again", "kind": "return", "label": "Again", "to": "drafting", "by": "decider", "at_most": 1}
            ),
            "Stage “Decision”, way “Again”: new, to “Policy lab”",
        ),
        (
            lambda d: stage(d, "revision")["transitions"][0].update(to="publication"),
            "Stage “Revision”, way “Submit the revision”: where it leads changed from “Decision” to “Publication”",
        ),
        (
            lambda d: stage(d, "revision")["transitions"][0]["when"].pop(),
            "Stage “Revision”, way “Submit the revision”, gate “points-answered”: gone",
        ),
        (lambda d: d["conflicts"].pop("author"), "Conflict of interest (author) is no longer block"),
        (lambda d: d.update(title={"en": "ekip Engine", "de": "Beispiel"}), "Title (de) is now “Beispiel”"),
    ],
)
def test_each_change_is_a_sentence(change, sentence):
    data = copy.deepcopy(DATA)
    change(data)
    assert [each.text for each in told_differences(DATA, data)] == [sentence]


def test_a_change_knows_its_line():
    data = copy.deepcopy(DATA)
    stage(data, "community-review")["round"]["period"] = "P28D"
    (difference,) = told_differences(DATA, data)
    assert difference.path in LINES
