"""The administrators' site for recommendations: an area can be identified here; everything else is looked at.

State is written by the services alone, vocabularies by `load_reference`, published rows by `publishing`.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from partners.admin.base import ReadOnlyAdmin
from recommendations import models


class ReadOnlyInline(admin.TabularInline):
    """Rows shown beneath the row that they belong to."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


@admin.register(models.Cluster, models.BuildingBlock, models.TargetActor, models.SectionKind)
class TermAdmin(ReadOnlyAdmin):
    """Entries of the vocabularies."""

    list_display = ["label", "key", "position"]


class SourceInline(ReadOnlyInline):
    """The sources of an area; coordinators keep them on the area's page."""

    model = models.Source
    fields = ["title", "kind", "publisher", "year", "address", "added_by", "is_example"]
    show_change_link = False


@admin.register(models.PolicyArea)
class PolicyAreaAdmin(admin.ModelAdmin):
    """Policy areas: identified and described here, selected and declined on their pages."""

    list_display = ["title", "cluster", "lab_number", "selected_at", "declined_at", "is_example"]
    list_filter = ["cluster", "is_example"]
    list_select_related = ["cluster"]
    search_fields = ["title", "sort_key", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [SourceInline]
    readonly_fields = [
        "selected_at",
        "selected_by",
        "declined_at",
        "declined_by",
        "decline_reason",
        "is_example",
    ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        """The key is proposed once; addresses hold it afterwards."""
        return self.prepopulated_fields if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The key stays as it is: addresses, role grants and published documents name it."""
        return [*self.readonly_fields, *(["slug"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An area that nothing refers to; one that has proposals or publications is declined, not deleted."""
        if obj is not None and (obj.proposals.exists() or obj.publications.exists()):
            return False
        return super().has_delete_permission(request, obj)


@admin.register(models.Briefing)
class BriefingAdmin(ReadOnlyAdmin):
    """Research briefings; coordinators write them on the area's page."""

    list_display = ["area", "written_by", "written_at", "published_at", "version", "is_example"]
    list_filter = ["is_example", "area__cluster"]
    list_select_related = ["area", "written_by"]
    search_fields = ["area__title"]


class OpeningInline(ReadOnlyInline):
    """What is open on a proposal now."""

    model = models.Opening


class GrantInline(ReadOnlyInline):
    """Who may do what with a proposal."""

    model = models.Grant
    fields = ["person", "role", "right", "revision", "source", "starts_at", "ends_at"]
    raw_id_fields = ["person", "revision"]


class SectionInline(ReadOnlyInline):
    """The sections of a proposal."""

    model = models.Section
    fields = ["kind", "words", "version", "saved_by", "saved_at"]


@admin.register(models.Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """Proposals, with what is open on them and to whom."""

    list_display = ["title", "area", "lead_organisation", "changed_at", "archived_at", "deleted_at"]
    list_filter = ["is_example", "area__cluster", "language"]
    list_select_related = ["area", "lead_organisation"]
    search_fields = ["title"]
    date_hierarchy = "started_at"
    inlines = [OpeningInline, GrantInline, SectionInline]


@admin.register(models.Section)
class SectionAdmin(ReadOnlyAdmin):
    """Sections of proposals."""

    list_display = ["proposal", "kind", "words", "version", "saved_by", "saved_at"]
    list_select_related = ["proposal", "kind", "saved_by"]
    search_fields = ["proposal__title"]


@admin.register(models.Recommendation)
class RecommendationAdmin(ReadOnlyAdmin):
    """Recommendations in proposals."""

    list_display = ["statement", "proposal", "position", "version"]
    list_select_related = ["proposal"]
    search_fields = ["statement", "proposal__title"]


@admin.register(models.Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Evidence that proposals cite."""

    list_display = ["title", "kind", "proposal", "publisher", "year"]
    list_select_related = ["proposal"]
    search_fields = ["title", "proposal__title"]


@admin.register(models.Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """Frozen texts."""

    list_display = ["proposal", "number", "content_hash", "frozen_at", "frozen_by"]
    list_select_related = ["proposal", "frozen_by"]
    search_fields = ["proposal__title", "content_hash"]


@admin.register(models.Opening)
class OpeningAdmin(ReadOnlyAdmin):
    """What is open on proposals now."""

    list_display = ["proposal", "capability"]
    list_filter = ["capability"]
    list_select_related = ["proposal"]


@admin.register(models.Grant)
class GrantAdmin(ReadOnlyAdmin):
    """Rights on proposals and revisions, ended ones too."""

    list_display = ["proposal", "person", "role", "right", "source", "starts_at", "ends_at"]
    list_filter = ["right", ("ends_at", admin.EmptyFieldListFilter)]
    list_select_related = ["proposal", "person"]
    search_fields = ["proposal__title", "person__name", "source"]


class EditionInline(ReadOnlyInline):
    """The editions of a publication."""

    model = models.Edition
    fields = ["number", "serial", "origin", "language", "published_at"]


@admin.register(models.Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Publications."""

    list_display = ["slug", "area", "created_at", "is_example"]
    list_select_related = ["area"]
    search_fields = ["slug"]
    inlines = [EditionInline]


class AuthorInline(ReadOnlyInline):
    """The organisations that signed an edition."""

    model = models.EditionAuthor
    show_change_link = False


class PublishedRecommendationInline(ReadOnlyInline):
    """The recommendations of an edition."""

    model = models.EditionRecommendation
    fields = ["position", "key", "statement", "levels", "building_blocks", "target_actors"]
    show_change_link = False


class PublishedEvidenceInline(ReadOnlyInline):
    """The evidence of an edition."""

    model = models.EditionEvidence
    fields = ["key", "title", "kind", "publisher", "year", "address"]
    show_change_link = False


class TextInline(ReadOnlyInline):
    """The words of an edition in its languages."""

    model = models.EditionText
    fields = ["language", "title", "summary"]
    show_change_link = False


class DocumentInline(ReadOnlyInline):
    """The public documents of an edition; the newest one counts."""

    model = models.EditionDocument
    fields = ["content_hash", "rendered_at"]
    show_change_link = False


class NoticeInline(ReadOnlyInline):
    """What was said about an edition."""

    model = models.Notice
    fk_name = "edition"
    fields = ["kind", "text", "successor", "serial", "issued_at", "issued_by"]
    raw_id_fields = ["successor", "issued_by"]


@admin.register(models.Edition)
class EditionAdmin(ReadOnlyAdmin):
    """Editions with all that they consist of."""

    list_display = ["__str__", "serial", "origin", "language", "published_at"]
    list_filter = ["origin", "language"]
    list_select_related = ["publication"]
    search_fields = ["publication__slug"]
    date_hierarchy = "published_at"
    inlines = [
        TextInline,
        AuthorInline,
        PublishedRecommendationInline,
        PublishedEvidenceInline,
        DocumentInline,
        NoticeInline,
    ]


@admin.register(models.Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Notices about editions."""

    list_display = ["edition", "kind", "serial", "issued_at", "issued_by"]
    list_filter = ["kind"]
    list_select_related = ["edition__publication", "issued_by"]
