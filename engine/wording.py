"""The kinds of mail that a process sends: our own words for each, and the placeholders that may stand in them.

A text that somebody has changed for one process and language takes the place of ours (`engine.models.MailText`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVERYWHERE = ("title", "area", "process")
"""Placeholders that every text may use."""


@dataclass(frozen=True)
class Placeholder:
    """What stands for a placeholder, and an invented example of it."""

    meaning: str | Promise
    sample: str | Promise | datetime


@dataclass(frozen=True)
class Wording:
    """One kind of mail: when it is sent, to whom, and our own words for it."""

    key: str
    label: str | Promise
    to: str | Promise
    subject: str | Promise
    body: str | Promise
    further: tuple[str, ...] = ()

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Every placeholder that may stand in it."""
        return (*EVERYWHERE, *self.further)


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "title": Placeholder(_("the title of the proposal"), _("Shared means for small companies")),
    "area": Placeholder(_("its policy area"), _("Access to shared means")),
    "process": Placeholder(_("the title of the process"), _("ekip Engine")),
    "stage": Placeholder(_("the stage where it stands now"), _("Revision")),
    "left": Placeholder(_("the stage that it has left"), _("Community review")),
    "points": Placeholder(_("how many points of reviewers wait for an answer"), _("3 points")),
    "lacks": Placeholder(_("what the quorum still lacks"), _("1 review")),
    "edition": Placeholder(_("the number of the edition"), "2"),
    "version": Placeholder(_("the number of the version of the process"), "4"),
    "summary": Placeholder(
        _("the summary of the proposal"), _("What cities can do so that small companies try tools.")
    ),
    "answer_by": Placeholder(
        _("until when an answer is wished; nothing where the process does not say"),
        datetime(2027, 3, 12, 16, tzinfo=UTC),
    ),
    "before": Placeholder(_("the deadline as it was"), datetime(2027, 3, 12, 16, tzinfo=UTC)),
    "closes_at": Placeholder(_("the deadline as it is now"), datetime(2027, 3, 26, 16, tzinfo=UTC)),
    "until": Placeholder(
        _("when the pause ends by itself; nothing where somebody ends it"), datetime(2027, 4, 5, 7, tzinfo=UTC)
    ),
    "due_at": Placeholder(_("when the time of the stage had passed"), datetime(2027, 3, 12, 16, tzinfo=UTC)),
    "handed_in": Placeholder(_("how many have handed in, as a sentence"), _("2 of 4 reviews are in.")),
    "names": Placeholder(_("who has not handed in yet"), _("Example Person")),
    "waits_for": Placeholder(_("who acts at the stage, and how"), _("authors: answer the points and revise the text")),
    "by_hand": Placeholder(
        _("that a coordinator sent it; nothing where the process did"), _("A coordinator reminds you.")
    ),
    "because": Placeholder(
        _("why a deputy gets it; nothing for others"),
        _("You get this as a deputy, because no coordinator is in today."),
    ),
    "back": Placeholder(_("the day on which the reviewer is back"), _("26 March 2027")),
    "reviewer": Placeholder(_("the name of the reviewer"), _("Example Person")),
    "reason": Placeholder(_("the reason that was given"), _("I know the authors too well.")),
}

WORDINGS: tuple[Wording, ...] = (
    Wording(
        "invitation",
        _("Somebody is asked to review"),
        _("the reviewers who are chosen"),
        _("Please review “{title}”"),
        _(
            "You are asked to review a proposal in the policy area {area}.\n\n{summary}\n\n"
            "Accept or decline on the page below. You read the full text once you have accepted.\n\n"
            "Please answer until {answer_by}."
        ),
        ("summary", "answer_by"),
    ),
    Wording(
        "city-test-invitation",
        _("Somebody is asked to test in their city"),
        _("those who are chosen to test"),
        _("Please test “{title}” where you are"),
        _(
            "You are asked to test a draft in the policy area {area} in your city or district, and to record what it "
            "met.\n\n{summary}\n\nAccept or decline on the page below. You read the full text once you have accepted."
            "\n\nPlease answer until {answer_by}."
        ),
        ("summary", "answer_by"),
    ),
    Wording(
        "declined",
        _("A reviewer declines"),
        _("the coordinator who opened the round"),
        _("A reviewer declined: “{title}”"),
        _("{reviewer} will not review it. Reason: {reason}"),
        ("reviewer", "reason"),
    ),
    Wording(
        "round-wanted",
        _("A proposal waits for a review round"),
        _("coordinators and deputies"),
        _("“{title}” waits for a review round"),
        _("A proposal was submitted. Choose reviewers and a deadline, and open the round."),
        ("stage",),
    ),
    Wording(
        "consultation-wanted",
        _("A proposal waits for its consultation"),
        _("coordinators and deputies"),
        _("“{title}” waits for its consultation"),
        _("A proposal was submitted. Choose a deadline, and open the consultation to everybody."),
        ("stage",),
    ),
    Wording(
        "quorum-missed",
        _("A round closes with too few reviews"),
        _("coordinators, deputies and authors"),
        _("Too few reviews of “{title}”"),
        _(
            "The round closed without the quorum. A further round with other reviewers can be opened."
            "\n\nStill missing: {lacks}"
        ),
        ("lacks",),
    ),
    Wording(
        "contributions-missed",
        _("A consultation closes with too few contributions"),
        _("coordinators, deputies and authors"),
        _("Too few contributions to “{title}”"),
        _("The consultation closed without the quorum. It can be opened once more.\n\nStill missing: {lacks}"),
        ("lacks",),
    ),
    Wording(
        "review-closed",
        _("The reviews are in and the revision begins"),
        _("authors"),
        _("The review of “{title}” has closed"),
        _("Reviewers left {points}. Answer what they wrote, revise the text, and submit the revision."),
        ("points", "stage"),
    ),
    Wording(
        "sent-back",
        _("A coordinator sends a submission back"),
        _("authors and reviewers"),
        _("“{title}” was sent back to you"),
        _("The open rounds are cancelled. The reason stands on the page of the proposal."),
        ("stage",),
    ),
    Wording(
        "withdrawn",
        _("The authors take their submission back"),
        _("coordinators, deputies and reviewers"),
        _("“{title}” was withdrawn"),
        _("The authors took their submission back. There is nothing more to do for now."),
        ("stage",),
    ),
    Wording(
        "drafting-open",
        _("Drafting opens"),
        _("authors"),
        _("Drafting of “{title}” is open"),
        _("The research briefing of the policy area is published. Its questions stand beside your text."),
        ("stage",),
    ),
    Wording(
        "decision-wanted",
        _("A proposal waits for a decision"),
        _("those who decide"),
        _("“{title}” waits for a decision"),
        _("The authors answered the reviewers and submitted a revision."),
        ("stage",),
    ),
    Wording(
        "returned",
        _("A decider returns a proposal"),
        _("authors"),
        _("“{title}” comes back for revision"),
        _("The decider returned it. The reason stands on the page of the proposal."),
        ("stage",),
    ),
    Wording(
        "decided",
        _("It is decided not to publish"),
        _("authors, coordinators and deputies"),
        _("“{title}” will not be published"),
        _("The decision and its reason stand on the page of the proposal."),
        ("stage",),
    ),
    Wording(
        "published",
        _("An edition is published"),
        _("everybody who took part"),
        _("“{title}” is published"),
        _("Edition {edition} stands in the library. Thank you for taking part."),
        ("edition",),
    ),
    Wording(
        "correction-wanted",
        _("A publication is to be corrected"),
        _("authors"),
        _("“{title}” is to be corrected"),
        _("Mend the text; a decider publishes it as the next edition. The reason stands on the page."),
        ("stage",),
    ),
    Wording(
        "corrected",
        _("A corrected edition is published"),
        _("everybody who took part"),
        _("“{title}” was corrected"),
        _("Edition {edition} takes the place of the one before. Its page says what changed."),
        ("edition",),
    ),
    Wording(
        "superseded",
        _("Another publication takes its place"),
        _("everybody who took part"),
        _("“{title}” was superseded"),
        _("Another publication takes its place. Its page says why, and leads there."),
    ),
    Wording(
        "edition-withdrawn",
        _("A publication is withdrawn"),
        _("everybody who took part"),
        _("“{title}” was withdrawn from the library"),
        _("Its page says why. The text stays readable at its own address, under a notice."),
    ),
    Wording(
        "lapsed",
        _("The time for a stage runs out"),
        _("authors, coordinators and deputies"),
        _("The time for “{title}” in the stage {left} has run out"),
        _("Nobody acted in the time that the process allows. It stands at {stage} now."),
        ("left", "stage"),
    ),
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
        "reviewer-left",
        _("A reviewer has no account any more"),
        _("coordinators and deputies"),
        _("A reviewer has left: “{title}”"),
        _(
            "{reviewer} has no account any more and was taken out of the round, before handing in.\n\n"
            "Still missing: {lacks}\n\nYou can ask somebody else on the page of the round."
        ),
        ("reviewer", "lacks"),
    ),
    Wording(
        "reviewer-moved",
        _("A reviewer leaves their organisation"),
        _("coordinators and deputies"),
        _("A reviewer has left their organisation: “{title}”"),
        _(
            "{reviewer} no longer belongs to the organisation for which they were asked. They stay in the round, and "
            "count for the organisation to which they belong now, if any.\n\n"
            "Still missing: {lacks}\n\nYou can take them out of the round, or ask somebody else, on its page."
        ),
        ("reviewer", "lacks"),
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
    Wording(
        "migrated",
        _("A proposal goes on under another version"),
        _("authors, coordinators and deputies"),
        _("“{title}” goes on under another version of its process"),
        _("It is version {version} of “{process}” now. The reason stands on the page of the proposal."),
        ("version",),
    ),
)
BY_KEY: Mapping[str, Wording] = {each.key: each for each in WORDINGS}


def placeholders_of(wording: Wording) -> Iterator[tuple[str, Placeholder]]:
    """The placeholders that may stand in a text, with what they mean."""
    for name in wording.placeholders:
        yield name, PLACEHOLDERS[name]
