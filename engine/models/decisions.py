"""Decisions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from engine.models.runs import Visit


class Decision(AppendOnly):
    """A decider's validated command on one revision, with what was known when it was taken."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="decision")
    revision = models.ForeignKey("recommendations.Revision", models.PROTECT, related_name="decisions")
    outcome = models.SlugField(_("outcome"), max_length=60)
    reason = models.TextField(_("reason"))
    inputs = models.JSONField(_("inputs"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.visit}: {self.outcome}"
