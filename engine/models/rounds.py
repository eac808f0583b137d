"""Rounds, who is asked, and what they answer."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Least
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from engine.models.runs import Pause, Visit
from engine.process.quorum import Quorum, quorum_from

# LEAST passes over what is null: it is when the round closes, or was closed before that.
UNLOOKED_AT = Q(ladder_for__isnull=True) | ~Q(ladder_for=Least(F("closes_at"), F("closed_at")))


class Round(models.Model):
    """A review round on one frozen revision, with its own copy of form, visibility, quorum and blindness.

    `answer_by` is the instant until which those invited should accept or decline. `ladder_for` is the deadline
    for which its reminders were last looked at, `ladder_at` the instant at which the next of them falls due.
    """

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="rounds")
    revision = models.ForeignKey("recommendations.Revision", models.PROTECT, related_name="rounds")
    key = models.SlugField(_("template"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20)
    form = models.JSONField(_("form"))
    visibility = models.CharField(_("who sees others' reviews"), max_length=15)
    quorum = models.PositiveSmallIntegerField(_("quorum"))
    quorum_rules = models.JSONField(_("further rules of the quorum"), default=dict, blank=True)
    blind = models.CharField(_("who learns whose names"), max_length=10, default="none")
    answer_by = models.DateTimeField(_("answer wished by"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closes_at = models.DateTimeField(_("closes"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    ladder_for = models.DateTimeField(null=True, blank=True, editable=False)
    ladder_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["opened_at"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            # Read by rounds.open_round: a visit holds one round of a template at a time.
            models.UniqueConstraint(
                fields=["visit", "key"],
                condition=Q(closed_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_round_per_template",
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="round_closes_after_opening"),
        ]
        indexes = [
            # Read by tick.
            models.Index(
                fields=["closes_at"],
                condition=Q(closed_at__isnull=True, cancelled_at__isnull=True),
                name="round_due",
            ),
            # Read by remind on every tick: those whose next reminder is due, and those whose deadline is not the one
            # that their reminders were last looked at for. Whoever moves a deadline has nothing more to do.
            models.Index(fields=["ladder_at"], condition=Q(ladder_at__isnull=False), name="round_ladder_due"),
            models.Index(fields=["id"], condition=UNLOOKED_AT, name="round_ladder_unlooked"),
        ]

    def __str__(self) -> str:
        return f"{self.visit.run}: {self.key}"

    @cached_property
    def paused_at(self) -> datetime | None:
        """Since when its deadline stands still, because the run is paused. One query."""
        pauses = Pause.objects.filter(run__visits=self.visit_id, ended_at=None)
        return pauses.values_list("began_at", flat=True).first()

    def has_run_out(self, now: datetime) -> bool:
        """Whether its deadline has passed (half-open) and does not stand still."""
        return now >= self.closes_at and self.paused_at is None

    @property
    def whole_quorum(self) -> Quorum:
        """The number with the further rules: share, kinds of actors, countries."""
        return quorum_from({**self.quorum_rules, "number": self.quorum})


def since_when_paused(to_round: str = "") -> Subquery:
    """An annotation that tells `paused_at` of many rounds at once; `to_round` as in `not_run_out`."""
    return Subquery(_pauses(to_round).values("began_at"))


def not_run_out(now: datetime, to_round: str = "") -> Q:
    """The condition that the deadline of a round is ahead, or stands still; `to_round` is the way to it, with `__`."""
    return Q(**{f"{to_round}closes_at__gt": now}) | Exists(_pauses(to_round))


def _pauses(to_round: str) -> models.QuerySet[Pause]:
    return Pause.objects.filter(run=OuterRef(f"{to_round}visit__run"), ended_at=None)


class Assignment(models.Model):
    """One person is asked to review in one round; what they answered stands in the instants."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="assignments")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    organisation = models.ForeignKey("partners.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.TextField(_("reason for declining"), blank=True)
    barred_at = models.DateTimeField(_("barred"), null=True, blank=True)
    bar_reason = models.TextField(_("reason for the bar"), blank=True)

    class Meta:
        ordering = ["invited_at", "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["round", "reviewer"], name="one_assignment_per_reviewer"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="accepted_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.round}"


class Review(models.Model):
    """What one reviewer says in one round; a draft until it is submitted."""

    class Advice(models.TextChoices):
        PUBLISH = "publish", _("Publish as it is")
        REVISE = "revise", _("Publish after revision")
        REJECT = "reject", _("Do not publish")

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="review")
    advice = models.CharField(_("advice"), max_length=10, choices=Advice, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    saved_at = models.DateTimeField(_("saved"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.assignment}"


class Answer(models.Model):
    """A reviewer's answer to one criterion; it keeps the question that it answered."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="answers")
    criterion = models.SlugField(_("criterion"), max_length=60)
    question = models.CharField(_("question"), max_length=300)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_answer_per_criterion"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="score_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"
