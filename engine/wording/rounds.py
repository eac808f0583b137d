"""What is said about rounds: who is asked, who declines or leaves, and what a closed round lacks."""

from django.utils.translation import gettext_lazy as _

from engine.wording.values import Wording

ROUNDS = (
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
)
