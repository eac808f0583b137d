"""Runs, their visits to stages, and the timers that wait in a visit."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.models.definitions import ProcessVersion


class Run(models.Model):
    """One proposal's way through one version of a process. Its position is its open visits."""

    proposal = models.OneToOneField("recommendations.Proposal", models.PROTECT, related_name="run")
    version = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="runs")
    publication = models.OneToOneField(
        "recommendations.Publication", models.PROTECT, null=True, blank=True, related_name="run"
    )
    opened_at = models.DateTimeField(_("opened"))
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)
    set_aside_error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)

    class Meta:
        ordering = ["-opened_at"]
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        # Read by tick.
        indexes = [models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="run_due_again")]

    def __str__(self) -> str:
        return f"{self.proposal}"


class Visit(models.Model):
    """One stay of a run in a stage; open until it is left."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="visits")
    stage = models.SlugField(_("stage"), max_length=60)
    number = models.PositiveSmallIntegerField(_("number"))
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_by = models.SlugField(_("left by transition"), max_length=60, blank=True)

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            # Read by transition: a run is at a stage at most once at a time.
            models.UniqueConstraint(
                fields=["run", "stage"], condition=Q(left_at__isnull=True), name="one_open_visit_per_stage"
            ),
            models.UniqueConstraint(fields=["run", "number"], name="one_visit_per_number"),
        ]
        indexes = [models.Index(fields=["stage"], condition=Q(left_at__isnull=True), name="visit_open")]

    def __str__(self) -> str:
        return f"{self.run}: {self.stage}"


class Timer(models.Model):
    """An instant at which something is due in a visit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="timers")
    key = models.SlugField(_("key"), max_length=60)
    due_at = models.DateTimeField(_("due"))
    fired_at = models.DateTimeField(_("fired"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [models.UniqueConstraint(fields=["visit", "key"], name="one_timer_per_key")]
        indexes = [
            # Read by tick.
            models.Index(
                fields=["due_at"],
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
                name="timer_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.visit}: {self.key}"


class Pause(models.Model):
    """A time in which a run's deadlines stand still. When it ends, what was due later is due later by its length.

    `until` is the instant at which it ends by itself; without one a coordinator ends it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField(_("began"))
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    until = models.DateTimeField(_("ends by itself"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["began_at"]
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        constraints = [
            # Read by gather: a run is paused or it is not.
            models.UniqueConstraint(fields=["run"], condition=Q(ended_at=None), name="one_open_pause"),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_reason"),
        ]
        # Read by tick.
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="pause_due")]

    def __str__(self) -> str:
        return f"{self.run}: {self.began_at}"
