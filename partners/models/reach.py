"""When and how a person wants to be reached: their rhythm, their choices by kind, their absences, their calendar."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Rhythm(models.Model):
    """The hours in which a person is left alone, in their own time zone. Without a row the defaults hold.

    Reminders and digests keep to it always; other mail only where `holds_all_mail` says so, and a decision on one's own
    proposal never waits.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rhythm")
    quiet_from = models.TimeField(_("quiet from"), default=time(20))
    quiet_until = models.TimeField(_("quiet until"), default=time(7))
    works_weekends = models.BooleanField(_("Saturdays and Sundays are like other days"), default=False)
    holds_all_mail = models.BooleanField(_("other mail waits too"), default=False)
    digest_at = models.TimeField(_("hour of the daily digest"), default=time(8))

    class Meta:
        verbose_name = _("rhythm")
        verbose_name_plural = _("rhythms")

    def __str__(self) -> str:
        return f"{self.person}"


class Choice(models.Model):
    """How one person hears of one group of kinds of notification. Without a row the default of the group holds."""

    class Mail(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DIGEST = "digest", _("In the daily digest")
        OFF = "off", _("Never")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_choices")
    group = models.SlugField(_("group"), max_length=40)
    mail = models.CharField(_("mail"), max_length=10, choices=Mail, default=Mail.AT_ONCE)
    in_app = models.BooleanField(_("on the list of notifications"), default=True)

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        constraints = [
            # Read by outbox.notify: one answer for each group.
            models.UniqueConstraint(fields=["person", "group"], name="one_choice_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.group}"


class Absence(models.Model):
    """Whole days, in the person's own zone, on which they cannot act; both days belong to it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        ordering = ["first_day", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins")
        ]
        # Read by services.rhythm for those who are to be reminded.
        indexes = [models.Index(fields=["person", "last_day"], name="absence_by_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.first_day} to {self.last_day}"


class CalendarAddress(models.Model):
    """The secret address of a person's calendar feed. The address is derived from the nonce; a new nonce revokes it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address")
    nonce = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"{self.person}"
