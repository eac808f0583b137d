"""What the engine tells people: its kinds of notification, in the groups in which they choose how they hear of them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from engine.models import Run
from partners import threads
from partners.kinds import Group, Kind, register, register_group

NEWS = "-news"
"""The end of the kind in which those hear of something who are not its authors: for them it is not essential."""


def register_all() -> None:
    """Register every group and kind; done when the app starts."""
    for group in GROUPS:
        register_group(group)
    for kind in KINDS:
        register(kind)
    threads.register("run", _titles_of_runs)


def _titles_of_runs(run_ids: Collection[int]) -> dict[int, str]:
    return dict(Run.objects.filter(pk__in=run_ids).values_list("pk", "proposal__title"))


def thread_of(run_id: int) -> str:
    """What holds the notifications about one run together."""
    return f"run:{run_id}"


GROUPS = (
    Group(
        "mine",
        _("Decisions and publications about what I wrote"),
        _("What was decided about your proposals, and what became of them in the library."),
    ),
    Group(
        "waiting",
        _("What waits for me"),
        _("A text to revise, a round to open, a decision to take."),
    ),
    Group("invitations", _("Invitations to review"), _("Somebody asks you to review a proposal, or to test it.")),
    Group(
        "reminders",
        _("Reminders"),
        _("What is due soon, or overdue. They keep to your quiet hours and your days off."),
    ),
    Group(
        "course",
        _("What happens in proposals that I write, review or oversee"),
        _("A deadline moved, a proposal is paused, a reviewer declined, a submission was taken back."),
    ),
    Group(
        "outcomes",
        _("What became of proposals that I reviewed or oversee"),
        _("They were published, corrected, sent back, or not published."),
    ),
)

KINDS = (
    Kind("decided", "mine", _("A proposal will not be published"), essential=True),
    Kind("returned", "mine", _("A decision: revise once more"), essential=True),
    Kind("sent-back", "mine", _("A submission was sent back"), essential=True),
    Kind("lapsed", "mine", _("The time of a stage has run out"), essential=True),
    Kind("published", "mine", _("A proposal is published"), essential=True),
    Kind("corrected", "mine", _("A publication was corrected"), essential=True),
    Kind("superseded", "mine", _("A publication was superseded"), essential=True),
    Kind("edition-withdrawn", "mine", _("A publication was withdrawn"), essential=True),
    Kind("round-wanted", "waiting", _("A proposal waits for a round")),
    Kind("quorum-missed", "waiting", _("A round closed without its quorum")),
    Kind("decision-wanted", "waiting", _("A proposal waits for a decision")),
    Kind("review-closed", "waiting", _("Points to answer")),
    Kind("correction-wanted", "waiting", _("A text to correct")),
    Kind("drafting-open", "waiting", _("Drafting is open")),
    Kind("invitation", "invitations", _("An invitation to review")),
    Kind("reminder", "reminders", _("A reminder"), waits=True),
    Kind("overdue", "reminders", _("A stage is overdue"), waits=True),
    Kind("reviewer-left", "course", _("A reviewer has left")),
    Kind("declined", "course", _("A reviewer declined")),
    Kind("withdrawn", "course", _("A submission was taken back")),
    Kind("migrated", "course", _("Another version of the process")),
    Kind("deadline-moved", "course", _("More time")),
    Kind("round-closed-early", "course", _("A round was closed early")),
    Kind("paused", "course", _("A proposal is paused")),
    Kind("resumed", "course", _("A paused proposal goes on")),
    Kind("decided" + NEWS, "outcomes", _("A proposal will not be published")),
    Kind("sent-back" + NEWS, "outcomes", _("A submission was sent back")),
    Kind("lapsed" + NEWS, "outcomes", _("The time of a stage has run out")),
    Kind("published" + NEWS, "outcomes", _("A proposal is published")),
    Kind("corrected" + NEWS, "outcomes", _("A publication was corrected")),
    Kind("superseded" + NEWS, "outcomes", _("A publication was superseded")),
    Kind("edition-withdrawn" + NEWS, "outcomes", _("A publication was withdrawn")),
)
