"""Evidence: what statements rest on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.Model):
    """A document, data set or case that a recommendation of one proposal cites."""

    class Kind(models.TextChoices):
        LEGISLATION = "legislation", _("Legislation")
        POLICY_DOCUMENT = "policy-document", _("Policy document")
        STUDY = "study", _("Study or report")
        SURVEY = "survey", _("Survey")
        STATISTICS = "statistics", _("Statistics or data")
        GATHERING_REPORT = "gathering-report", _("Report of a gathering")
        CASE = "case", _("Case or pilot")
        ARTICLE = "article", _("Article")

    proposal = models.ForeignKey("recommendations.Proposal", models.CASCADE, related_name="evidence")
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    address = models.URLField(_("address"), blank=True, max_length=300)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    note = models.TextField(_("what it shows"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        ordering = ["title"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            # Editions cite evidence by key: it must mean one thing within a proposal.
            models.UniqueConstraint(fields=["proposal", "key"], name="one_evidence_per_key")
        ]

    def __str__(self) -> str:
        return self.title
