"""The register of policy areas, the sources that support them, and the briefings that research wrote on them."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ekip.shared.folding import fold
from recommendations.models.vocabulary import Cluster


class PolicyArea(models.Model):
    """A policy area that was identified; it may have been selected, or declined with a reason."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    summary = models.TextField(_("summary"), blank=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="areas", verbose_name=_("cluster"))
    lab_number = models.PositiveSmallIntegerField(_("policy lab number"), null=True, blank=True)
    source = models.URLField(_("source of these facts"), blank=True, max_length=300)
    selected_at = models.DateTimeField(_("selected"), null=True, blank=True)
    selected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.TextField(_("reason for declining"), blank=True)
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("policy area")
        verbose_name_plural = _("policy areas")
        constraints = [
            # Read by areas.selectors.open_areas: an area is not both selected and declined.
            models.CheckConstraint(
                condition=Q(selected_at__isnull=True) | Q(declined_at__isnull=True), name="area_selected_or_declined"
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True) | ~Q(decline_reason=""), name="area_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the folded sort key in step with the title."""
        self.sort_key = fold(self.title)[:200]
        super().save(*args, **kwargs)


class Source(models.Model):
    """One data source that supports a policy area."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("Network")
        SURVEY = "survey", _("Survey")
        SOCIAL_LISTENING = "social-listening", _("Social listening")
        POLICY_DOCUMENT = "policy-document", _("Policy document")
        POLICY_CORNER = "policy-corner", _("Policy corner")
        DESK_RESEARCH = "desk-research", _("Desk research")

    area = models.ForeignKey(PolicyArea, models.CASCADE, related_name="sources")
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    address = models.URLField(_("address"), blank=True, max_length=300)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["-year", "title"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [models.UniqueConstraint(fields=["area", "title"], name="source_counts_once")]

    def __str__(self) -> str:
        return self.title


class Briefing(models.Model):
    """What research knows about a policy area, and the questions that guide drafting; `version` counts saves.

    It is one text: published once, and changed afterwards where everybody reads it.
    """

    area = models.OneToOneField(PolicyArea, models.CASCADE, related_name="briefing")
    language = models.CharField(_("language"), max_length=5, default="en")
    blocks = models.JSONField(_("text"), default=list)
    questions = ArrayField(models.CharField(max_length=300), verbose_name=_("guiding questions"), default=list)
    version = models.PositiveIntegerField(default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(_("last written"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["area"]
        verbose_name = _("research briefing")
        verbose_name_plural = _("research briefings")
        constraints = [
            # Read by the gate "briefed" and by the pages of the area.
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | ~(Q(blocks=[]) | Q(questions=[])),
                name="published_briefing_is_complete",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}"
