"""What several admin pages share."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are looked at: the services alone write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False


class BegunAndEndedAdmin(ReadOnlyAdmin):
    """Rows that a service begins and ends: they can be added, but neither changed nor deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """For administrators."""
        return admin.ModelAdmin.has_add_permission(self, request)


class KeptAdmin(admin.ModelAdmin):
    """Rows that may be deleted only while nothing hangs on them, one by one or together."""

    def history(self, objs: Iterable[Model]) -> list[str]:
        """One line for each thing that would be lost with `objs`."""
        raise NotImplementedError

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Add the history to what Django itself protects: its page then names it instead of deleting.

        What the administrator may not delete besides is left unsaid then: the history is the reason.
        """
        to_delete, counts, missing, protected = super().get_deleted_objects(objs, request)
        if history := self.history(objs):
            return to_delete, counts, set(), [*protected, *history]
        return to_delete, counts, missing, protected
