"""People, role grants and invitations."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ekip.shared import clock
from partners import selectors
from partners.admin.base import BegunAndEndedAdmin, KeptAdmin, ReadOnlyAdmin
from partners.models import Invitation, Membership, RoleGrant, User
from partners.services import people


class PersonForm(forms.ModelForm):
    """A person, with an address that nobody else has confirmed."""

    def clean_email(self) -> str:
        """Refuse an address that is another account's second one."""
        email = self.cleaned_data["email"].lower()
        owner = selectors.account_with_address(email)
        if owner is not None and owner.pk != self.instance.pk:
            raise forms.ValidationError(_("There is an account with this address."))
        return email


@admin.register(User)
class UserAdmin(KeptAdmin):
    """People. A new one has no password and chooses it through “Forgot your password?”."""

    form = PersonForm

    list_display = ["name", "email", "is_active", "is_staff", "is_example", "last_login"]
    list_filter = ["is_active", "is_staff", "is_example"]
    search_fields = ["name", "email", "sort_key"]
    ordering = ["sort_key"]
    fields = [
        "email",
        "name",
        "language",
        "time_zone",
        "is_active",
        "is_staff",
        "is_example",
        "joined_at",
        "last_login",
    ]
    actions = ["close_accounts"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """An address is changed by its owner, who has to confirm it; nobody takes their own powers away."""
        fixed = ["is_example", "joined_at", "last_login"]
        if obj is not None:
            fixed.append("email")
        if obj == request.user:
            fixed += ["is_active", "is_staff"]
        return fixed

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """An administrator may do everything here; a new person's address counts as confirmed."""
        obj.is_superuser = obj.is_staff
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)

    def history(self, objs: Iterable[Model]) -> list[str]:
        """Memberships and role grants, ended ones too."""
        memberships = Membership.objects.filter(person__in=objs).select_related("person", "organisation")
        grants = RoleGrant.objects.filter(person__in=objs).select_related("person")
        return [str(row) for row in [*memberships, *grants]]

    @admin.action(description=_("Close the selected accounts"))
    def close_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Nobody signs in with them any more and no mail goes out to them; what the people did stays."""
        closed = queryset.exclude(pk=request.user.pk).update(is_active=False)
        self.message_user(request, _("Accounts closed: %(count)s.") % {"count": closed}, messages.SUCCESS)


@admin.register(RoleGrant)
class RoleGrantAdmin(BegunAndEndedAdmin):
    """Role grants are given, and ended by the action; a change is an end and a new grant."""

    list_display = ["person", "role", "scope", "granted_at", "granted_by", "ended_at"]
    list_filter = ["role", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "granted_by"]
    search_fields = ["person__name", "person__email", "scope"]
    autocomplete_fields = ["person"]
    actions = ["end_grants"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A new grant asks for three things; the rest follows."""
        asked = ["person", "role", "scope"]
        return asked if obj is None else [*asked, "granted_by", "granted_at", "ended_at"]

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: Any, change: bool) -> None:
        """Through the service, which tells the person."""
        grant = people.grant_role(
            person=obj.person, role=obj.role, scope=obj.scope, granted_by=request.user, now=clock.now()
        )
        obj.pk = grant.pk

    @admin.action(description=_("End the selected role grants"))
    def end_grants(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        """Through the service, which tells the people."""
        live = queryset.filter(ended_at__isnull=True)
        for grant in live:
            people.end_role(grant_id=grant.pk, by=request.user, now=clock.now())
        self.message_user(request, _("The live ones among the selected grants have ended."), messages.SUCCESS)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations are sent and taken back on the members page of an organisation."""

    list_display = ["email", "organisation", "role", "invited_by", "invited_at", "accepted_at", "cancelled_at"]
    list_select_related = ["organisation", "invited_by"]
    search_fields = ["email", "organisation__name"]
    exclude = ["token_hash"]
