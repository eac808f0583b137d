"""The gatherings that a run draws on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engine.models.runs import Run


class RunGathering(models.Model):
    """A run draws on a gathering; several runs may draw on the same one."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="gatherings")
    gathering = models.ForeignKey("partners.Gathering", models.PROTECT, related_name="runs")

    class Meta:
        verbose_name = _("gathering of a run")
        verbose_name_plural = _("gatherings of runs")
        constraints = [
            # Read by gatherings_of: a run draws on a gathering once.
            models.UniqueConstraint(fields=["run", "gathering"], name="one_link_per_gathering")
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.gathering}"
