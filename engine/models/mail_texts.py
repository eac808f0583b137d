"""The words of mail that a process sends, where somebody has changed them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.models.definitions import ProcessDefinition


class MailText(models.Model):
    """Subject and body of one kind of mail of one process in one language; without a row our own words are sent.

    Placeholders come from a closed list (`engine.process.mail_texts`). `version` counts saves, so that none is lost.
    """

    definition = models.ForeignKey(ProcessDefinition, models.CASCADE, related_name="mail_texts")
    kind = models.SlugField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    version = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        ordering = ["definition", "kind", "language"]
        verbose_name = _("mail text")
        verbose_name_plural = _("mail texts")
        constraints = [
            models.UniqueConstraint(fields=["definition", "kind", "language"], name="one_mail_text_each"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(body=""), name="mail_text_is_written"),
        ]

    def __str__(self) -> str:
        return f"{self.definition}: {self.kind}, {self.language}"
