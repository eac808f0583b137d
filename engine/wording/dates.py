"""What is said when deadlines move or stand still."""

from django.utils.translation import gettext_lazy as _

from engine.wording.values import Wording

DATES = (
    Wording(
        "round-extended",
        _("The deadline of a round moves"),
        _("reviewers who have not handed in, authors, coordinators and deputies"),
        _("More time for the round on “{title}”"),
        _("It was {before}. The new deadline is {closes_at}.\n\nReason: {reason}"),
        ("before", "closes_at", "reason"),
    ),
    Wording(
        "stage-extended",
        _("The deadline of a stage moves"),
        _("authors, coordinators and deputies"),
        _("More time for “{title}” in the stage {stage}"),
        _("It was {before}. The new deadline is {closes_at}.\n\nReason: {reason}"),
        ("stage", "before", "closes_at", "reason"),
    ),
    Wording(
        "round-closed-for-reviewers",
        _("A round is closed early, to those who worked in it"),
        _("reviewers who have not handed in"),
        _("The round on “{title}” was closed early"),
        _(
            "It was to close on {before}. Nothing more can be handed in, and there is nothing more to do for you.\n\n"
            "Reason: {reason}"
        ),
        ("before", "reason"),
    ),
    Wording(
        "round-closed-early",
        _("A round is closed early, to those who run it"),
        _("the other coordinators and deputies"),
        _("The round on “{title}” was closed early"),
        _("It was to close on {before}.\n\nReason: {reason}"),
        ("before", "reason"),
    ),
    Wording(
        "paused",
        _("A proposal is paused"),
        _("authors, reviewers who have not handed in, coordinators and deputies"),
        _("“{title}” is paused"),
        _(
            "Its deadlines stand still. You can go on writing; what you save is kept.\n\n"
            "It goes on by itself on {until}.\n\nReason: {reason}"
        ),
        ("until", "reason"),
    ),
    Wording(
        "resumed",
        _("A paused proposal goes on"),
        _("authors, reviewers who have not handed in, coordinators and deputies"),
        _("“{title}” goes on"),
        _("Every deadline has moved on by the length of the pause.\n\nThe next one is {closes_at}."),
        ("closes_at",),
    ),
)
