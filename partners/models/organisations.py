"""Organisations, who belongs to them, and which networks they are in."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ekip.shared import clock
from ekip.shared.folding import fold


class Sector(models.Model):
    """A cultural or creative sector, finer than the ESSnet-Culture domains that it maps to."""

    key = models.SlugField(unique=True)
    label = models.CharField(_("label"), max_length=80)
    essnet = models.JSONField(_("ESSnet-Culture domains"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "label"]
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")

    def __str__(self) -> str:
        return self.label


class Organisation(models.Model):
    """A body that takes part or is known: by the quadruple helix, with intermediaries as the fifth kind."""

    class Kind(models.TextChoices):
        ACADEMIA = "academia", _("Academia")
        INDUSTRY = "industry", _("Industry")
        GOVERNMENT = "government", _("Government")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        INTERMEDIARY = "intermediary", _("Intermediary")

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    description = models.TextField(_("description"), blank=True)
    sectors = models.ManyToManyField(Sector, blank=True, related_name="organisations", verbose_name=_("sectors"))
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166 code, two letters."))
    city = models.CharField(_("city"), max_length=100, blank=True)
    territory = models.ForeignKey("partners.Territory", models.PROTECT, null=True, blank=True, related_name="seated")
    website = models.URLField(_("website"), blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    is_network = models.BooleanField(_("is a network"), default=False)
    is_example = models.BooleanField(_("invented example"), default=False)
    source = models.URLField(_("source of these facts"), blank=True, max_length=300)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="partners.Membership", related_name="organisations"
    )
    networks = models.ManyToManyField(
        "self", through="partners.NetworkMembership", symmetrical=False, related_name="network_members"
    )

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded sort key in step with the name."""
        self.sort_key = fold(self.name)[:250]
        super().save(*args, **kwargs)


class Membership(models.Model):
    """A person belongs to an organisation in a role, for a time."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        DRAFTER = "drafter", _("Drafter")
        MANAGER = "manager", _("Manager")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    started_at = models.DateTimeField(_("since"), default=clock.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            # Read by partners.permissions: one live membership of a person in an organisation.
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_live_membership",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.organisation}"


class NetworkMembership(models.Model):
    """An organisation is a member of another one, which is a network."""

    network = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    member = models.ForeignKey(Organisation, models.CASCADE, related_name="network_memberships")

    class Meta:
        verbose_name = _("network membership")
        verbose_name_plural = _("network memberships")
        constraints = [
            models.UniqueConstraint(fields=["network", "member"], name="one_network_membership"),
            models.CheckConstraint(condition=~Q(network=models.F("member")), name="network_is_not_its_own_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.network}"
