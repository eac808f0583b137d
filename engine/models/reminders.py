"""Reminders: who was reminded of what, by which rule, for which due instant."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.models.runs import Run


class Reminder(models.Model):
    """What one rule owes one person for one due instant of one thing. The row is the ledger: it is never owed twice.

    `about` is "round:12", "visit:34" or "assignment:56". `send_at` is `due_at`, or later where the person's quiet
    hours, days off or absence hold it back. It ends as sent, or as dropped because it no longer made sense.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="reminders")
    rule = models.CharField(_("rule"), max_length=140)
    about = models.CharField(_("about"), max_length=40)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField(_("due"))
    send_at = models.DateTimeField(_("sent not before"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)
    drop_reason = models.SlugField(_("why it was dropped"), max_length=40, blank=True)

    class Meta:
        ordering = ["-due_at", "-pk"]
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            # Written with ON CONFLICT DO NOTHING: a tick that is lost or repeated changes nothing.
            models.UniqueConstraint(fields=["rule", "about", "recipient", "due_at"], name="one_reminder_each"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(dropped_at=None), name="reminder_sent_or_dropped"),
        ]
        indexes = [
            # Read by tick.
            models.Index(fields=["send_at"], condition=Q(sent_at=None, dropped_at=None), name="reminder_due")
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.recipient}"
