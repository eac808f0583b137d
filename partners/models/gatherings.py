"""Gatherings: where people met, how many of them, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Organisation


class Gathering(models.Model):
    """People met in a place, online, or both. Nobody who attended is named."""

    class Kind(models.TextChoices):
        POLICY_CORNER = "policy_corner", _("Policy corner")
        POLICY_LAB = "policy_lab", _("Policy lab")
        COMMUNITY_REVIEW_WORKSHOP = "community_review_workshop", _("Community review workshop")
        POLICY_ASSESSMENT = "policy_assessment", _("Policy assessment")
        POLICY_DIALOGUE = "policy_dialogue", _("Policy dialogue")
        OPEN_INNOVATION_FACTORY = "open_innovation_factory", _("Open innovation factory")
        ROUND_TABLE = "round_table", _("Round table")
        MEET_UP = "meet_up", _("Meet-up")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    held_on = models.DateField(_("held on"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    ecosystem = models.ForeignKey("partners.Ecosystem", models.PROTECT, null=True, blank=True, related_name="+")
    territory = models.ForeignKey("partners.Territory", models.PROTECT, null=True, blank=True, related_name="+")
    is_online = models.BooleanField(_("online"), default=False)
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=5000, blank=True)
    is_example = models.BooleanField(_("invented example"), default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["held_on", "pk"]
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        constraints = [
            # Read by every list of gatherings, which names each by its title.
            models.CheckConstraint(condition=~Q(title=""), name="gathering_has_a_title"),
            # Read by every page that shows two days only where there are two.
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("held_on")), name="gathering_ends_after_it_began"
            ),
            # Read by everything that says where it was.
            models.CheckConstraint(
                condition=Q(ecosystem__isnull=False) | Q(territory__isnull=False) | Q(is_online=True),
                name="gathering_was_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> str:
        """Where it was, in words."""
        places = [each.name for each in (self.ecosystem, self.territory) if each]
        if self.is_online:
            places.append(_g("online"))
        return ", ".join(dict.fromkeys(places))


class Attendance(models.Model):
    """How many people of one kind of actor came to a gathering from one country."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="attendance")
    kind = models.CharField(_("kind of actor"), max_length=15, choices=Organisation.Kind)
    country = models.CharField(_("country"), max_length=2)
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            # Read by provenance, which adds up the groups of a kind and of a country.
            models.UniqueConstraint(
                fields=["gathering", "kind", "country"], name="one_attendance_per_kind_and_country"
            ),
            # Read by the number of people beside a gathering: nobody counted is no group, not a group of nobody.
            models.CheckConstraint(condition=Q(people__range=(1, 100_000)), name="somebody_attended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.country}: {self.people}"
