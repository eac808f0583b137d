"""The library: append-only rows. `recommendations.publishing` is the only writer."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ekip.shared.append_only import AppendOnly, protect_rows
from recommendations.models.areas import PolicyArea


def keys_field(label: Any) -> ArrayField:
    """A list of vocabulary keys, frozen with the row."""
    return ArrayField(models.CharField(max_length=60), verbose_name=label, default=list, blank=True)


class Publication(AppendOnly):
    """The lasting public identity under which editions appear."""

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    area = models.ForeignKey(PolicyArea, models.PROTECT, related_name="publications", verbose_name=_("policy area"))
    created_at = models.DateTimeField(_("created"))
    is_example = models.BooleanField(_("invented example"), default=False)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        triggers = protect_rows()

    def __str__(self) -> str:
        return self.slug


class Edition(AppendOnly):
    """A numbered, immutable edition of a publication."""

    class Origin(models.TextChoices):
        RUN = "run", _("Developed on this platform")
        IMPORT = "import", _("Entered from a back catalogue")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("number"))
    serial = models.PositiveBigIntegerField(_("serial"), unique=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    language = models.CharField(_("original language"), max_length=5)
    published_at = models.DateTimeField(_("published"))
    first_published_on = models.CharField(_("first published elsewhere"), max_length=10, blank=True)
    revision_hash = models.CharField(_("revision hash"), max_length=64, blank=True)
    provenance = models.JSONField(_("provenance"), default=dict)
    building_blocks = keys_field(_("building blocks"))
    levels = keys_field(_("levels"))
    target_actors = keys_field(_("target actors"))

    class Meta:
        ordering = ["-serial"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [models.UniqueConstraint(fields=["publication", "number"], name="one_edition_per_number")]
        indexes = [GinIndex(fields=["building_blocks", "levels"], name="edition_facets")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.publication.slug}.{self.number}"


class EditionAuthor(AppendOnly):
    """An organisation stands as author of an edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="authors")
    organisation = models.ForeignKey("partners.Organisation", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "organisation"], name="one_edition_author")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.organisation} for {self.edition_id}"


class EditionText(AppendOnly):
    """An edition's words in one language, with the folded text that search reads."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="texts")
    language = models.CharField(_("language"), max_length=5)
    title = models.CharField(_("title"), max_length=200)
    sort_key = models.CharField(max_length=250, editable=False)
    summary = models.TextField(_("summary"))
    sections = models.JSONField(_("sections"), default=list)
    folded = models.TextField(editable=False)
    search = models.GeneratedField(
        expression=SearchVector("folded", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="one_text_per_language")]
        indexes = [GinIndex(fields=["search"], name="edition_text_search")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return self.title


class EditionRecommendation(AppendOnly):
    """One published statement; `key` is the same in every edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="recommendations")
    key = models.SlugField(_("key"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"))
    statement = models.CharField(_("statement"), max_length=400)
    rationale = models.JSONField(_("rationale"), default=list)
    guideline = models.JSONField(_("practical guideline"), default=list)
    levels = keys_field(_("levels"))
    target_actors = keys_field(_("target actors"))
    building_blocks = keys_field(_("building blocks"))
    evidence = keys_field(_("evidence"))

    class Meta:
        ordering = ["position"]
        verbose_name = _("published recommendation")
        verbose_name_plural = _("published recommendations")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_published_key")]
        indexes = [GinIndex(fields=["building_blocks", "levels"], name="published_rec_facets")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return self.statement


class EditionEvidence(AppendOnly):
    """A piece of evidence as it was cited in an edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="evidence")
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("kind"), max_length=20)
    address = models.URLField(_("address"), blank=True, max_length=300)
    publisher = models.CharField(_("publisher"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    note = models.TextField(_("what it shows"), blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_edition_evidence")]
        triggers = protect_rows()

    def __str__(self) -> str:
        return self.title


class Notice(AppendOnly):
    """What is said about an edition after it appeared: a correction, a supersession, a withdrawal."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        SUPERSESSION = "supersession", _("Supersession")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.TextField(_("text"))
    successor = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    serial = models.PositiveBigIntegerField(_("serial"), unique=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["serial"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        triggers = protect_rows()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.edition_id}"


class EditionDocument(AppendOnly):
    """The public document of an edition as rendered when a row of it was appended; the newest one counts."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="documents")
    content_hash = models.CharField(_("content hash"), max_length=64, db_index=True)
    body = models.BinaryField(_("body"))
    rendered_at = models.DateTimeField(_("rendered"))

    class Meta:
        ordering = ["pk"]
        triggers = protect_rows()

    def __str__(self) -> str:
        return self.content_hash

    @property
    def is_redacted(self) -> bool:
        """Whether the body was removed: its address answers 410."""
        return not self.body
