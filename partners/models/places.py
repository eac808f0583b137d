"""Territories and ecosystems."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.folding import fold


class Territory(models.Model):
    """A country, region or municipality, with its NUTS code where one is known."""

    class Level(models.TextChoices):
        COUNTRY = "country", _("Country")
        REGION = "region", _("Region")
        MUNICIPALITY = "municipality", _("Municipality")

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=150, editable=False, db_index=True)
    level = models.CharField(_("level"), max_length=15, choices=Level)
    country = models.CharField(_("country"), max_length=2, blank=True)
    nuts = models.CharField(_("NUTS code"), max_length=5, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("territory")
        verbose_name_plural = _("territories")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded sort key in step with the name."""
        self.sort_key = fold(self.name)[:150]
        super().save(*args, **kwargs)


class Ecosystem(models.Model):
    """A city or an innovation district as a local innovation system."""

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        DISTRICT = "district", _("Innovation district")

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=150, editable=False, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="ecosystems")
    description = models.TextField(_("description"), blank=True)
    source = models.URLField(_("source of these facts"), blank=True, max_length=300)
    is_example = models.BooleanField(_("invented example"), default=False)
    members = models.ManyToManyField(
        "partners.Organisation", through="partners.EcosystemMember", related_name="ecosystems"
    )

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("ecosystem")
        verbose_name_plural = _("ecosystems")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded sort key in step with the name."""
        self.sort_key = fold(self.name)[:150]
        super().save(*args, **kwargs)


class EcosystemMember(models.Model):
    """An organisation takes part in an ecosystem, in words that say how."""

    ecosystem = models.ForeignKey(Ecosystem, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey("partners.Organisation", models.CASCADE, related_name="ecosystem_memberships")
    part = models.CharField(_("part played"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("ecosystem member")
        verbose_name_plural = _("ecosystem members")
        constraints = [models.UniqueConstraint(fields=["ecosystem", "organisation"], name="one_ecosystem_membership")]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.ecosystem}"
