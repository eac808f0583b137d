"""The grammar of definitions: of what each part consists. The checker and the JSON Schema both follow it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from engine.process.checker.kinds import (
    DATE,
    DURATION,
    LANGUAGE_CODE,
    Capability,
    Count,
    Country,
    Flag,
    Key,
    Kind,
    ListOf,
    Named,
    OneOf,
    Part,
    Share,
    ShortOr,
    Who,
    Words,
)
from engine.process.gates import GATES
from engine.process.values import (
    ACTORS,
    BLIND,
    CONFLICTS,
    EFFECTS,
    LARGEST_PANEL,
    RECIPIENTS,
    ROUND_KINDS,
    STAGE_KINDS,
    STAGE_VISIBILITIES,
    TRANSITION_KINDS,
    TREATMENTS,
    VISIBILITIES,
)

FORMATS = ("ekip-process/1",)
# A publication's title and a criterion's question are stored in columns of this length.
LABEL = Words(120)
QUESTION = Words(300)
TEXT = Words(2000)
KEY = Key()
RECIPIENT_LIST = ListOf(
    Who(RECIPIENTS, {"coordinators": "coordinator", "deputies": "deputy", "deciders": "decider"}), least=1
)
SECTION_LIST = ListOf(Key("unknown-section", lambda names: names.known.sections), least=1)
STAGE = Key("unknown-stage", lambda names: names.stages)

CRITERIA = ListOf(Part("criterion", {"key": KEY, "question": QUESTION}, ("key", "question")))
PERIOD = ShortOr(
    DURATION,
    Part(
        "working-days",
        {"working_days": Count(999), "calendar": Key("unknown-calendar", lambda names: names.calendars)},
        ("working_days",),
    ),
)
QUORUM = ShortOr(
    Count(LARGEST_PANEL, code="quorum"),
    Part(
        "quorum",
        {
            "number": Count(LARGEST_PANEL, code="quorum"),
            "share": Share("quorum"),
            "kinds": ListOf(Key("unknown", lambda names: names.known.kinds), least=1),
            "countries": Count(LARGEST_PANEL, code="quorum"),
        },
    ),
)
RUNG = Part(
    "reminder",
    {"key": KEY, "before": DURATION, "on": OneOf(("deadline",)), "after": DURATION, "to": RECIPIENT_LIST},
    ("key", "to"),
)
ROUND = Part(
    "round",
    {
        "key": KEY,
        "kind": OneOf(ROUND_KINDS),
        "label": LABEL,
        "blind": OneOf(BLIND),
        "visibility": OneOf(VISIBILITIES),
        "quorum": QUORUM,
        "panel": Count(LARGEST_PANEL),
        "form": Key("unknown-form", lambda names: names.forms),
        "criteria": CRITERIA,
        "period": PERIOD,
        "response": PERIOD,
        "reminders": ListOf(RUNG),
    },
    ("key", "kind", "label", "visibility", "quorum", "period"),
)
TIMER = Part(
    "timer",
    {"key": KEY, "after": DURATION, "then": OneOf(("remind", "take")), "to": RECIPIENT_LIST, "transition": KEY},
    ("key", "after", "then"),
)

PARAMETERS: Mapping[str, Kind] = {"minimum": Count(999), "round": KEY, "sections": SECTION_LIST}


def _gate(name: str) -> Part:
    """A gate as it is written: its name and the parameters of its rule beside the facts and the stage."""
    asked = list(inspect.signature(GATES[name]).parameters.values())[2:]
    needed = [each.name for each in asked if each.default is inspect.Parameter.empty]
    fields = {"gate": OneOf((name,)), **{each.name: PARAMETERS[each.name] for each in asked}}
    return Part(f"gate-{name}", fields, ("gate", *needed))


TRANSITION = Part(
    "transition",
    {
        "key": KEY,
        "kind": OneOf(TRANSITION_KINDS),
        "label": LABEL,
        "to": STAGE,
        "beside": ListOf(STAGE),
        "by": Who(ACTORS, {"coordinator": "coordinator", "decider": "decider"}),
        "body": Key("unknown-body", lambda names: names.bodies),
        "reason": Flag(),
        "at_most": Count(99),
        "when": ListOf(Named("gate", "gate", {name: _gate(name) for name in GATES})),
        "effects": ListOf(OneOf(EFFECTS)),
    },
    ("key", "kind", "label", "to", "by"),
)
DEFINITION = Part(
    "definition",
    {
        "format": OneOf(FORMATS),
        "key": KEY,
        "title": LABEL,
        "languages": ListOf(LANGUAGE_CODE, least=1),
        "conflicts": Part("conflicts", dict.fromkeys(CONFLICTS, OneOf(TREATMENTS))),
        "bodies": ListOf(Part("body", {"key": KEY, "label": LABEL}, ("key", "label"))),
        "calendars": ListOf(Part("calendar", {"key": KEY, "country": Country(), "days": ListOf(DATE)}, ("key",))),
        "forms": ListOf(Part("form", {"key": KEY, "criteria": CRITERIA}, ("key", "criteria"))),
        "stages": ListOf(
            Part(
                "stage",
                {
                    "key": KEY,
                    "kind": OneOf(STAGE_KINDS),
                    "label": LABEL,
                    "description": TEXT,
                    "who": LABEL,
                    "visibility": OneOf(tuple(STAGE_VISIBILITIES)),
                    "capabilities": ListOf(Capability()),
                    "open_ended": Flag(),
                    "join": Flag(),
                    "end": Flag(),
                    "round": ROUND,
                    "timers": ListOf(TIMER),
                    "transitions": ListOf(TRANSITION),
                },
                ("key", "kind", "label"),
            )
        ),
    },
    ("format", "key", "title", "stages"),
)
