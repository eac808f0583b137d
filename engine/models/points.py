"""Points and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.models.rounds import Review


class Point(models.Model):
    """One reviewer remark, tied to a passage of the frozen text or to the whole."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    place = models.CharField(_("place"), max_length=130, blank=True, help_text=_("Section key or recommendation."))
    block_id = models.CharField(_("passage"), max_length=40, blank=True)
    quote = models.TextField(_("quoted words"), blank=True)
    prefix = models.CharField(max_length=80, blank=True)
    suffix = models.CharField(max_length=80, blank=True)
    text = models.TextField(_("remark"))
    wording = models.TextField(_("proposed wording"), blank=True)
    must_answer = models.BooleanField(_("must be answered"), default=True)

    class Meta:
        ordering = ["review", "number"]
        verbose_name = _("point")
        verbose_name_plural = _("points")
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="one_point_per_number")]

    def __str__(self) -> str:
        return f"{self.review_id}.{self.number}"


class Disposition(models.Model):
    """What became of a point, why, and from which revision on the text shows it."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        PARTLY = "partly", _("Partly accepted")
        DECLINED = "declined", _("Declined")
        DEFERRED = "deferred", _("Deferred")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope")

    point = models.OneToOneField(Point, models.CASCADE, related_name="disposition")
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome)
    reason = models.TextField(_("reason"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    disposed_at = models.DateTimeField(_("answered"))
    revision = models.ForeignKey(
        "recommendations.Revision", models.PROTECT, null=True, blank=True, related_name="carried_points"
    )

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="disposition_has_reason")]

    def __str__(self) -> str:
        return f"{self.point}: {self.outcome}"
