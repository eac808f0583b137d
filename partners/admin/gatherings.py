"""Gatherings can be looked at; they are recorded where their results are used."""

from django.contrib import admin

from partners.admin.base import ReadOnlyAdmin
from partners.models import Attendance, Gathering


class AttendanceInline(admin.TabularInline):
    """How many people came."""

    model = Attendance
    extra = 0


@admin.register(Gathering)
class GatheringAdmin(ReadOnlyAdmin):
    """Where people met."""

    list_display = ["title", "kind", "held_on", "ended_on", "place", "host", "is_example"]
    list_filter = ["kind", "is_online", "is_example"]
    list_select_related = ["ecosystem", "territory", "host"]
    search_fields = ["title"]
    inlines = [AttendanceInline]
