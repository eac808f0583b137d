"""Process definitions, their immutable versions, and the drafts of further ones."""

from functools import cached_property, lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from engine.definitions import write_definition
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
    """One published version of a definition: plain data, never changed again.

    `source` is the text as it was written, with its comments; empty for versions from before it was kept.
    """

    definition = models.ForeignKey(ProcessDefinition, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"))
    source = models.TextField(_("text as written"), default="", blank=True)
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

    @cached_property
    def process(self) -> Definition:
        """The definition that it holds."""
        return definition_from(self.content)

    @property
    def text(self) -> str:
        """Its YAML."""
        return self.source or write_definition(self.content)

    @property
    def is_withdrawn(self) -> bool:
        """Whether no new run starts on it any more."""
        return hasattr(self, "withdrawal")


class VersionWithdrawal(AppendOnly):
    """The end of a version's being offered: no new run starts on it, runs on it go on."""

    version = models.OneToOneField(ProcessVersion, models.PROTECT, related_name="withdrawal")
    at = models.DateTimeField(_("withdrawn"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("withdrawal of a process version")
        verbose_name_plural = _("withdrawals of process versions")
        constraints = [
            # Read by the page of the version, where everybody reads why.
            models.CheckConstraint(condition=~Q(reason=""), name="version_withdrawal_has_reason")
        ]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.version}"


class ProcessDraft(models.Model):
    """A text that may become the next version of a process; `version` counts saves, so that no save is lost.

    `key` and `title` are those of the text when they could last be read. `based_on` is the newest version that its
    writers have seen. A draft that was published stays, with what became of it.
    """

    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    based_on = models.ForeignKey(ProcessVersion, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    published = models.OneToOneField(ProcessVersion, models.PROTECT, null=True, blank=True, related_name="draft")

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = _("draft of a process")
        verbose_name_plural = _("drafts of processes")

    def __str__(self) -> str:
        return self.title


@lru_cache(maxsize=64)
def definition_of(version_id: int) -> Definition:
    """The definition that a version holds; versions never change, so it is kept in the process."""
    return ProcessVersion.objects.get(pk=version_id).process
