"""Gates: whether anything can open them where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from engine.process.checker.faults import Fault
from engine.process.checker.reading import Spot, nearest, quoted
from engine.process.messages import _

# What people must be able to do in a stage before a gate there can open.
NEEDED = {"points-answered": "dispose", "complete": "edit", "evidenced": "edit"}
JUDGING = {"review": "review", "consultation": "consult", "city-test": "test"}


def faults_of(root: Spot) -> Iterator[Fault]:
    """Gates that can never open."""
    rounds = {key for stage in root.parts("stages") if (key := stage.at("round").text("key"))}
    for stage in root.parts("stages"):
        for way in stage.parts("transitions"):
            for gate in way.parts("when"):
                yield from _round(gate, stage, rounds) if gate.text("gate") == "quorum" else _capability(gate, stage)
            if way.has("body") and way.text("by") != "decider":
                yield way.at("body").fault("body-without-decider")


def _round(gate: Spot, stage: Spot, rounds: set[str]) -> Iterator[Fault]:
    wanted, round = gate.text("round"), stage.at("round")
    if not wanted:
        return
    if wanted not in rounds:
        yield gate.at("round").fault("unknown-round", value=quoted(wanted), nearest=nearest(wanted, rounds))
    elif wanted != round.text("key"):
        yield gate.at("round").fault("unsatisfiable-gate", reason=_("another stage opens this round"))
    elif JUDGING.get(round.text("kind")) not in (None, *stage.texts("capabilities")):
        yield gate.fault("unsatisfiable-gate", reason=_("nobody may answer the round in this stage"))


def _capability(gate: Spot, stage: Spot) -> Iterator[Fault]:
    needed = NEEDED.get(gate.text("gate"))
    if needed and needed not in stage.texts("capabilities"):
        yield gate.fault("unsatisfiable-gate", reason=_("nobody may change in this stage what it asks for"))
