"""The course of a process: its stages in the order in which a run passes them when nothing sends it back."""

from __future__ import annotations

from engine.process.values import Definition, Stage

Step = tuple[Stage, ...]


def course(definition: Definition) -> tuple[Step, ...]:
    """Steps from the start along the ways on; stages that run beside each other share a step.

    A stage that joins branches comes only when every branch has come to it.
    """
    steps: list[Step] = []
    seen: set[str] = set()
    step: Step = (definition.start,)
    waiting: list[str] = []
    while step:
        steps.append(step)
        seen.update(stage.key for stage in step)
        waiting += [key for stage in step for key in _onward(stage)]
        fresh = [key for key in dict.fromkeys(waiting) if key not in seen]
        branches = [key for key in fresh if not definition.stage(key).is_join]
        step = tuple(definition.stage(key) for key in branches or fresh)
    return tuple(steps)


def aside(definition: Definition) -> Step:
    """Stages that lie beside the course, in the definition's order: corrections, and ends that nobody hopes for."""
    passed = {stage.key for step in course(definition) for stage in step}
    return tuple(stage for stage in definition.stages if stage.key not in passed)


def _onward(stage: Stage) -> tuple[str, ...]:
    """Where the first way on leads, with what opens beside it; the course ends where the published text is followed."""
    if stage.kind == "follow":
        return ()
    way = next((each for each in stage.transitions if each.kind == "advance"), None)
    return (way.to, *way.beside) if way else ()
