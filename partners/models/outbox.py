"""The outbox: what is to reach people. Rows are the queue; nothing leaves except through a delivery."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """Something that one person should know, written once per cause."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.SlugField(_("kind"), max_length=40)
    cause = models.CharField(_("cause"), max_length=120, help_text=_("What made it, e.g. “event:1234”."))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    path = models.CharField(_("address on this site"), max_length=300, blank=True)
    thread = models.CharField(_("thread"), max_length=60, blank=True, help_text=_("What it belongs to, e.g. “run:12”."))
    in_app = models.BooleanField(_("on the list of notifications"), default=True)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            # Written by outbox.notify with ON CONFLICT DO NOTHING: a repeated cause says nothing twice.
            models.UniqueConstraint(fields=["person", "kind", "cause"], name="one_notification_per_cause")
        ]
        indexes = [
            # Read by the list of notifications, newest first, and by the count of unread ones on every page.
            models.Index(fields=["person", "-created_at"], condition=Q(in_app=True), name="notification_listed"),
            models.Index(fields=["person"], condition=Q(in_app=True, read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One notification on one channel, with what became of it; one in a digest is carried by the digest's mail."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        DIGEST = "digest", _("Daily digest")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Given up")
        DROPPED = "dropped", _("Not needed any more")

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    carried_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="carried",
        verbose_name=_("carried by"),
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="one_delivery_per_channel")]
        indexes = [
            # Read by outbox.deliver_due and digests.gather_due.
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_due"),
            # Read by the page of mail that did not arrive.
            models.Index(fields=["notification"], condition=Q(state="dead"), name="delivery_given_up"),
            # Read by the removal of a delivery that carried others.
            models.Index(fields=["carried_by"], condition=Q(carried_by__isnull=False), name="delivery_carried"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.notification}"
