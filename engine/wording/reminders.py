"""What reminders say, and what coordinators read of those who cannot be reached."""

from django.utils.translation import gettext_lazy as _

from engine.wording.values import Wording

REMINDERS = (
    Wording(
        "reminder-of-invitation",
        _("A reminder: who was asked has not answered"),
        _("reviewers who have neither accepted nor declined"),
        _("Please accept or decline: “{title}”, until {closes_at}"),
        _(
            "{by_hand}\n\nYou were asked to read it and to say what you think. The round closes on {closes_at}.\n\n"
            "If you cannot, decline, so that somebody else can be asked."
        ),
        ("closes_at", "by_hand"),
    ),
    Wording(
        "reminder-of-review",
        _("A reminder: a review is due"),
        _("reviewers who have accepted and not handed in"),
        _("Your review of “{title}” is due on {closes_at}"),
        _("{by_hand}\n\nYou accepted to review it. A review that is not handed in by then does not count."),
        ("closes_at", "by_hand"),
    ),
    Wording(
        "reminder-of-case",
        _("A reminder: a city test is due"),
        _("cities that have accepted and not handed in"),
        _("Your case of “{title}” is due on {closes_at}"),
        _("{by_hand}\n\nYou took up the test. A case that is not handed in by then does not count."),
        ("closes_at", "by_hand"),
    ),
    Wording(
        "reminder-of-contribution",
        _("A reminder: a contribution was begun"),
        _("those who take part in a consultation and have not handed in"),
        _("Your contribution to “{title}” is due on {closes_at}"),
        _("{by_hand}\n\nYou began to take part. Hand in what you want to say before the consultation closes."),
        ("closes_at", "by_hand"),
    ),
    Wording(
        "reminder-of-open-round",
        _("A reminder: a round closes soon"),
        _("coordinators, deputies or deciders, as the process says"),
        _("The round on “{title}” closes on {closes_at}"),
        _("{handed_in}\n\nNot handed in yet: {names}\n\nStill missing: {lacks}\n\n{because}"),
        ("closes_at", "handed_in", "names", "lacks", "because"),
    ),
    Wording(
        "reminder-of-open-round-for-authors",
        _("A reminder for authors: a round closes soon"),
        _("authors"),
        _("The round on “{title}” closes on {closes_at}"),
        _("There is nothing for you to do until then."),
        ("closes_at",),
    ),
    Wording(
        "reminder-of-closed-round",
        _("A reminder: a round closed without the quorum"),
        _("coordinators, deputies or deciders, as the process says"),
        _("“{title}” still waits: its round closed without the quorum"),
        _(
            "The round closed on {closes_at}. {handed_in}\n\nStill missing: {lacks}\n\n"
            "Open a further round with other people, or send the proposal back to its authors.\n\n{because}"
        ),
        ("closes_at", "handed_in", "lacks", "because"),
    ),
    Wording(
        "reminder-of-closed-round-for-authors",
        _("A reminder for authors: a round closed without the quorum"),
        _("authors"),
        _("“{title}” waits since its round closed"),
        _("Too few had handed in by {closes_at}. The coordinators can open a further round."),
        ("closes_at",),
    ),
    Wording(
        "reviewer-away",
        _("A reviewer is away, and back before the deadline"),
        _("coordinators; the deputies when no coordinator is in"),
        _("{reviewer} is away, and was asked about “{title}”"),
        _("{reviewer} is back on {back}, and is reminded then. The round closes on {closes_at}.\n\n{because}"),
        ("reviewer", "back", "closes_at", "because"),
    ),
    Wording(
        "reviewer-away-too-long",
        _("A reviewer is away until after the deadline"),
        _("coordinators; the deputies when no coordinator is in"),
        _("{reviewer} is away, and was asked about “{title}”"),
        _(
            "{reviewer} is back on {back}, after the round closes on {closes_at}.\n\n"
            "Extend the deadline, or ask somebody else.\n\n{because}"
        ),
        ("reviewer", "back", "closes_at", "because"),
    ),
    Wording(
        "overdue",
        _("A proposal is overdue in a stage"),
        _("those whom the timer of the process names"),
        _("“{title}” is overdue in the stage {stage}"),
        _(
            "The time that the process allows for this stage passed on {due_at}.\n\n"
            "It waits for {waits_for}.\n\n{because}"
        ),
        ("stage", "due_at", "waits_for", "because"),
    ),
    Wording(
        "reminder-of-stage",
        _("A reminder by hand: a proposal waits in a stage"),
        _("those who act there"),
        _("“{title}” waits for you in the stage {stage}"),
        _("{by_hand}\n\nIt waits for {waits_for}."),
        ("stage", "by_hand", "waits_for"),
    ),
)
