"""Drafting: the mutable half. A proposal has no state of its own; its run's open visits say where it is."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from recommendations.models.areas import PolicyArea
from recommendations.models.evidence import Evidence
from recommendations.models.vocabulary import BuildingBlock, Level, SectionKind, TargetActor


class Proposal(models.Model):
    """A set of recommendations being developed in one policy area."""

    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True, max_length=1200)
    area = models.ForeignKey(PolicyArea, models.PROTECT, related_name="proposals", verbose_name=_("policy area"))
    lead_organisation = models.ForeignKey(
        "partners.Organisation", models.PROTECT, related_name="+", verbose_name=_("lead organisation")
    )
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=5, default="en")
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(_("started"))
    changed_at = models.DateTimeField(_("changed"))
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """One section of a proposal's text, in the text form; `version` counts saves, so that no save is lost."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="sections")
    kind = models.ForeignKey(SectionKind, models.PROTECT, related_name="+")
    blocks = models.JSONField(default=list)
    words = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        ordering = ["kind__position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [models.UniqueConstraint(fields=["proposal", "kind"], name="one_section_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.proposal}"


class Recommendation(models.Model):
    """One statement inside a proposal, with a key that survives revisions and editions."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="recommendations")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    statement = models.CharField(_("statement"), max_length=400)
    rationale = models.JSONField(_("rationale"), default=list, blank=True)
    guideline = models.JSONField(_("practical guideline"), default=list, blank=True)
    levels = ArrayField(models.CharField(max_length=10, choices=Level), verbose_name=_("levels"), default=list)
    target_actors = models.ManyToManyField(TargetActor, blank=True, related_name="+", verbose_name=_("target actors"))
    building_blocks = models.ManyToManyField(
        BuildingBlock, blank=True, related_name="+", verbose_name=_("building blocks")
    )
    evidence = models.ManyToManyField(Evidence, blank=True, related_name="recommendations", verbose_name=_("evidence"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [models.UniqueConstraint(fields=["proposal", "key"], name="one_recommendation_per_key")]

    def __str__(self) -> str:
        return self.statement


class Revision(AppendOnly):
    """A proposal's whole text frozen at one instant, with the hash of its canonical bytes."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["proposal", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="one_revision_per_number")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.proposal}, {self.number}"
