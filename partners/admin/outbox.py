"""The outbox, to be looked at; what was given up can be tried again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ekip.shared import clock
from partners.admin.base import ReadOnlyAdmin
from partners.models import Delivery, Notification
from partners.services import outbox


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """What people were told."""

    list_display = ["subject", "person", "kind", "created_at", "read_at"]
    list_filter = ["kind"]
    list_select_related = ["person"]
    search_fields = ["subject", "person__name", "person__email", "cause"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What became of each mail."""

    list_display = ["notification", "channel", "state", "attempts", "next_attempt_at", "sent_at"]
    list_filter = ["state", "channel"]
    list_select_related = ["notification"]
    search_fields = ["message_id", "notification__subject", "notification__person__email"]
    actions = ["try_again"]

    @admin.action(description=_("Try the selected ones again that were given up"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        """Through the service."""
        count = outbox.revive(queryset.values_list("pk", flat=True), now=clock.now())
        self.message_user(request, _("Waiting again: %(count)s.") % {"count": count}, messages.SUCCESS)
