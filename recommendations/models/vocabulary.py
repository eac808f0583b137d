"""The controlled lists on which areas and recommendations are placed. `load_reference` keeps them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The level of government that a recommendation speaks to."""

    EU = "eu", _("European Union")
    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")
    LOCAL = "local", _("Local")


class Term(models.Model):
    """One entry of a controlled list."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class Cluster(Term):
    """A cluster of policy areas; the key names its accent colour."""

    is_methodological = models.BooleanField(_("methodological"), default=False)

    class Meta(Term.Meta):
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")


class BuildingBlock(Term):
    """A building block of innovation ecosystems on which recommendations act, or a consideration beside them."""

    class Kind(models.TextChoices):
        BLOCK = "block", _("Building block")
        CONSIDERATION = "consideration", _("Consideration")

    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.BLOCK)

    class Meta(Term.Meta):
        verbose_name = _("building block")
        verbose_name_plural = _("building blocks")


class TargetActor(Term):
    """A kind of actor whom a recommendation asks to act."""

    class Meta(Term.Meta):
        verbose_name = _("target actor")
        verbose_name_plural = _("target actors")


class SectionKind(Term):
    """A section of the proposal template; `description` is the guidance shown to drafters."""

    is_required = models.BooleanField(_("required"), default=True)
    minimum_words = models.PositiveIntegerField(_("minimum words"), default=0)

    class Meta(Term.Meta):
        verbose_name = _("section of the template")
        verbose_name_plural = _("section template")
