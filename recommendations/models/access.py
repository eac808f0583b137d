"""Access as two facts. `recommendations.access` is the only writer; every read or write of a proposal asks here."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.models.drafting import Proposal, Revision


class Opening(models.Model):
    """A capability that is open on a proposal now. None means frozen."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="openings")
    capability = models.CharField(_("capability"), max_length=20)

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [models.UniqueConstraint(fields=["proposal", "capability"], name="one_opening")]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.capability}"


class Grant(models.Model):
    """A right on a proposal, or on one of its revisions, that a person or the holders of a platform role have."""

    class Right(models.TextChoices):
        AUTHOR = "author", _("Co-author")
        REVIEW = "review", _("Reviewer")
        OVERSEE = "oversee", _("Oversees")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="grants")
    revision = models.ForeignKey(Revision, models.CASCADE, null=True, blank=True, related_name="grants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="proposal_grants"
    )
    role = models.CharField(_("role"), max_length=20, blank=True)
    right = models.CharField(_("right"), max_length=10, choices=Right)
    source = models.CharField(_("source"), max_length=60, help_text=_("What gave it, e.g. “assignment:12”."))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                condition=(Q(person__isnull=False) & Q(role="")) | (Q(person__isnull=True) & ~Q(role="")),
                name="grant_to_person_or_role",
            ),
            # A reviewer reads one frozen text, never the draft.
            models.CheckConstraint(
                condition=~Q(right="review") | Q(revision__isnull=False), name="review_grant_names_revision"
            ),
            models.UniqueConstraint(
                fields=["proposal", "person", "role", "right", "source"],
                condition=Q(ends_at__isnull=True),
                nulls_distinct=False,
                name="one_live_grant",
            ),
        ]
        indexes = [models.Index(fields=["person", "right"], condition=Q(ends_at__isnull=True), name="grant_live")]

    def __str__(self) -> str:
        return f"{self.person or self.role}: {self.right}"
