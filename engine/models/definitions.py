"""Process definitions and their immutable versions."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from engine.process.values import Definition, definition_from


class ProcessDefinition(models.Model):
    """A process that has a name; what it says is in its versions."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        ordering = ["key"]
        verbose_name = _("process definition")
        verbose_name_plural = _("process definitions")

    def __str__(self) -> str:
        return self.title


class ProcessVersion(AppendOnly):
    """One published version of a definition: plain data, never changed again."""

    definition = models.ForeignKey(ProcessDefinition, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["definition", "-number"]
        verbose_name = _("process version")
        verbose_name_plural = _("process versions")
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="one_process_version_number"),
            # load_reference publishes a version only when its content is new.
            models.UniqueConstraint(fields=["definition", "content_hash"], name="one_process_version_content"),
        ]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.definition}, {self.number}"


@lru_cache(maxsize=64)
def definition_of(version_id: int) -> Definition:
    """The definition that a version holds; versions never change, so it is kept in the process."""
    return definition_from(ProcessVersion.objects.get(pk=version_id).content)
