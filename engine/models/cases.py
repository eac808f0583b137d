"""City cases: what a city or district met when it tested a draft."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engine.models.rounds import Review


class CityCase(models.Model):
    """What one city or district met when it tested a frozen text; it is handed in with its review."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="case")
    ecosystem = models.ForeignKey("partners.Ecosystem", models.PROTECT, null=True, blank=True, related_name="+")
    set_up = models.TextField(_("set-up"), blank=True)
    gaps = models.TextField(_("gaps"), blank=True)
    resources = models.TextField(_("resources needed"), blank=True)

    class Meta:
        verbose_name = _("city case")
        verbose_name_plural = _("city cases")

    def __str__(self) -> str:
        return f"{self.ecosystem}: {self.review}"


class Participation(models.Model):
    """How many people of one kind of actor took part in a city test."""

    case = models.ForeignKey(CityCase, models.CASCADE, related_name="participation")
    kind = models.CharField(_("kind of actor"), max_length=15)
    people = models.PositiveSmallIntegerField(_("people"), validators=[MaxValueValidator(1000)])

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_participation_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.people}"


class Finding(models.Model):
    """What one recommendation met locally."""

    case = models.ForeignKey(CityCase, models.CASCADE, related_name="findings")
    recommendation = models.SlugField(_("recommendation"), max_length=60)
    text = models.TextField(_("what it met"))

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "recommendation"], name="one_finding_each")]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.text[:40]}"
