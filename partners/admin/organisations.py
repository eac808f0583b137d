"""Organisations, who belongs to them, and sectors."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ekip.shared import clock
from ekip.shared.errors import Refusal
from partners.admin.base import BegunAndEndedAdmin, KeptAdmin, ReadOnlyAdmin
from partners.models import Membership, NetworkMembership, Organisation, Sector
from partners.services import people


class NetworkInline(admin.TabularInline):
    """The networks that the organisation is in."""

    model = NetworkMembership
    fk_name = "member"
    extra = 0
    autocomplete_fields = ["network"]
    verbose_name = _("network that it is in")
    verbose_name_plural = _("networks that it is in")


@admin.register(Organisation)
class OrganisationAdmin(KeptAdmin):
    """Organisations."""

    list_display = ["name", "kind", "country", "city", "is_network", "is_example"]
    list_filter = ["kind", "is_network", "is_example", "country"]
    search_fields = ["name", "sort_key", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["sectors"]
    autocomplete_fields = ["territory"]
    readonly_fields = ["is_example"]
    inlines = [NetworkInline]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        """The key is proposed once; addresses hold it afterwards."""
        return self.prepopulated_fields if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The key stays as it is: addresses and published documents name it."""
        return [*self.readonly_fields, *(["slug"] if obj else [])]

    def history(self, objs: Iterable[Model]) -> list[str]:
        """Memberships, ended ones too."""
        rows = Membership.objects.filter(organisation__in=objs)
        return [str(row) for row in rows.select_related("person", "organisation")]


@admin.register(Membership)
class MembershipAdmin(BegunAndEndedAdmin):
    """Memberships begin here or by invitation, and are ended by the action."""

    list_display = ["person", "organisation", "role", "started_at", "ended_at"]
    list_filter = ["role", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "organisation"]
    search_fields = ["person__name", "person__email", "organisation__name"]
    autocomplete_fields = ["person", "organisation"]
    actions = ["end_memberships"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A new membership asks for three things; the rest follows."""
        asked = ["person", "organisation", "role"]
        return asked if obj is None else [*asked, "started_at", "ended_at"]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Through the service."""
        membership = people.join(person=obj.person, organisation=obj.organisation, role=obj.role, now=clock.now())
        obj.pk = membership.pk

    @admin.action(description=_("End the selected memberships"))
    def end_memberships(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Through the service, which keeps an organisation's last manager."""
        for membership in queryset.filter(ended_at__isnull=True).select_related("person", "organisation"):
            try:
                people.leave(membership_id=membership.pk, by=request.user, now=clock.now())
            except Refusal as refusal:
                self.message_user(request, f"{membership}: {refusal}", messages.WARNING)


@admin.register(Sector)
class SectorAdmin(ReadOnlyAdmin):
    """Sectors come from the reference file."""

    list_display = ["label", "key", "position"]
