"""A definition told in words: every part of the language finds some."""

from engine.process.values import definition_from
from engine.selectors.outline import outline

DATA = {
    "key": "example",
    "title": "Example",
    "bodies": [{"key": "council", "label": "Example council"}],
    "forms": [{"key": "two", "criteria": [{"key": key, "question": key} for key in ("a", "b")]}],
    "stages": [
        {
            "key": "review",
            "kind": "review",
            "label": "Review",
            "description": "Experts judge the text.",
            "who": "reviewers",
            "visibility": "public",
            "round": {
                "key": "review",
                "kind": "review",
                "label": "Round one",
                "blind": "double",
                "quorum": {"number": 3, "share": 0.5, "kinds": ["government", "academia"], "countries": 2},
                "panel": 12,
                "form": "two",
                "visibility": "never",
                "period": {"working_days": 20},
                "response": "P1W",
                "reminders": [
                    {"key": "soon", "before": "P3D", "to": ["reviewers"]},
                    {"key": "due", "on": "deadline", "to": ["coordinators"]},
                    {"key": "late", "after": "P7D", "to": ["coordinators", "deputies"]},
                ],
            },
            "timers": [
                {"key": "late", "after": "P30D", "then": "remind", "to": ["coordinators", "deputies"]},
                {"key": "over", "after": "P60D", "then": "take", "transition": "lapse"},
            ],
            "transitions": [
                {
                    "key": "publish",
                    "kind": "advance",
                    "label": "Publish",
                    "to": "end",
                    "by": "decider",
                    "body": "council",
                    "reason": True,
                    "when": [{"gate": "complete", "sections": ["context", "problem"]}],
                },
                {"key": "lapse", "kind": "end", "label": "Lapse", "to": "end", "by": "timer", "at_most": 1},
            ],
        },
        {"key": "end", "kind": "end", "label": "End", "end": True},
    ],
}


def test_everything_that_a_stage_says_is_told():
    review, end = outline(definition_from(DATA))
    assert review.heading == "Review"
    assert review.sentences == (
        "Experts judge the text.",
        "Reviewers: read and review the frozen text · 20 working days",
        "Listed on the process page; anybody reads the frozen text.",
        "Round “Round one” (review) of 20 working days, quorum 3, at least 50 % of those invited, among them Academia, "
        "Government, from at least 2 countries, at most 12 invited, invitations answered within 1 week, double-blind, "
        "2 questions",
        "Reminders: reviewers 3 days before the deadline; "
        "coordinators at the deadline, if it closed without the quorum; "
        "coordinators, deputies 1 week after the deadline, if it closed without the quorum",
        "After 30 days reminds: coordinators, deputies",
        "After 60 days the way “Lapse” is taken",
        "→ Publish, by a decider (Example council), to End; when complete (sections: context, problem); with a reason",
        "→ Lapse, by a timer, to End; at most once",
    )
    assert (end.heading, end.sentences) == ("End", ())


def test_nobody_is_invited_to_a_consultation():
    review, end = DATA["stages"]
    round = {**review["round"], "kind": "consultation"}
    told, _end = outline(definition_from({**DATA, "stages": [{**review, "round": round}, end]}))
    assert not any("at most 12 invited" in sentence for sentence in told.sentences)
