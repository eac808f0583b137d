"""Territories and ecosystems."""

from django.contrib import admin

from partners.models import Ecosystem, EcosystemMember, Territory


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    """Territories; one that others lie in, or that is somebody's seat, cannot be deleted."""

    list_display = ["name", "level", "country", "nuts", "parent", "is_example"]
    list_filter = ["level", "country", "is_example"]
    list_select_related = ["parent"]
    search_fields = ["name", "sort_key", "nuts"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent"]
    readonly_fields = ["is_example"]


class EcosystemMemberInline(admin.TabularInline):
    """Who takes part in the ecosystem."""

    model = EcosystemMember
    extra = 0
    autocomplete_fields = ["organisation"]


@admin.register(Ecosystem)
class EcosystemAdmin(admin.ModelAdmin):
    """Ecosystems with their members."""

    list_display = ["name", "kind", "territory", "is_example"]
    list_filter = ["kind", "is_example"]
    list_select_related = ["territory"]
    search_fields = ["name", "sort_key"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["territory"]
    readonly_fields = ["is_example"]
    inlines = [EcosystemMemberInline]
