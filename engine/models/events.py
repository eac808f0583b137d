"""Events: the append-only, hash-chained record of every run."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from engine.models.runs import Run


class Event(AppendOnly):
    """Something that happened in a run: ids, keys, instants and salted hashes only. No actor means the system."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    kind = models.SlugField(_("kind"), max_length=40)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(_("data"))
    previous_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)
    seal = models.CharField(
        _("seal"), max_length=32, default="", db_default="", help_text=_("Never shown where the actor is not.")
    )

    class Meta:
        ordering = ["run", "number"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_event_per_number")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.run_id}.{self.number} {self.kind}"


class EventWords(models.Model):
    """The names and free text of an event, beside the chain so that they can be erased."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="words")
    salt = models.CharField(max_length=32)
    words = models.JSONField(_("words"))

    class Meta:
        verbose_name = _("words of an event")
        verbose_name_plural = _("words of events")

    def __str__(self) -> str:
        return f"{self.event_id}"


class Checkpoint(AppendOnly):
    """A hash over the heads of every run's chain at one instant; each checkpoint takes in the one before."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    runs = models.PositiveIntegerField(_("runs"))
    events = models.PositiveBigIntegerField(_("events"))
    previous_hash = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.number}"


class CheckpointHead(AppendOnly):
    """Where the chain of a run ended when a checkpoint was made; only for runs that had moved since the one before."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="heads")
    # Not a foreign key: it is there to tell of a run that somebody removed.
    run = models.PositiveBigIntegerField(_("run"))
    number = models.PositiveIntegerField(_("number"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        ordering = ["checkpoint", "run"]
        verbose_name = _("head in a checkpoint")
        verbose_name_plural = _("heads in checkpoints")
        constraints = [models.UniqueConstraint(fields=["run", "checkpoint"], name="one_head_per_checkpoint")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.checkpoint_id}: {self.run}.{self.number}"


class SystemPulse(models.Model):
    """The last time that a part of the machinery was seen alive."""

    part = models.SlugField(_("part"), max_length=20, unique=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("pulse")
        verbose_name_plural = _("pulses")

    def __str__(self) -> str:
        return self.part
