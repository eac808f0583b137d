"""People, what they may do for the platform, and invitations to join."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ekip.shared import clock
from ekip.shared.folding import fold
from partners import languages, zones
from partners.models.organisations import Membership


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a person with a normalised address; ValueError without one."""
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=5, choices=languages.CHOICES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=60, default=languages.ENGLISH.zone, validators=[zones.validate_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    is_example = models.BooleanField(_("example account"), default=False)
    joined_at = models.DateTimeField(_("joined"), default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # Read by every sign-in: one account per address, however it is typed.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_lower_case")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Bring the address into lower case before the rules are checked."""
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in lower case and the folded sort key in step with the name.

        Whoever opens an account in the demonstration is an example: it never becomes an installation.
        """
        self.email = self.email.lower()
        self.sort_key = fold(self.name or self.email)[:200]
        if settings.DEMO and self._state.adding:
            self.is_example = True
        super().save(*args, **kwargs)


BODY = "body:"


class RoleGrant(models.Model):
    """One person holds one platform role, everywhere or within a scope, for a time."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Coordinator")
        DEPUTY = "deputy", _("Deputy coordinator")
        DECIDER = "decider", _("Decider")
        MODERATOR = "moderator", _("Moderator")
        EDITOR = "editor", _("Editor")
        TRANSLATOR = "translator", _("Translator")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scope = models.CharField(
        _("scope"),
        max_length=100,
        blank=True,
        validators=[
            RegexValidator(
                r"\A(area:[-\w]{1,80}|body:[-\w]{1,55})?\Z",
                _("Leave it empty, or write “area:” with the key of an area, or “body:” with that of a decision body."),
            )
        ],
        help_text=_(
            "Empty for the whole platform, or one policy area as “area:its-key”, or for a decider one decision body as "
            "“body:its-key”."
        ),
    )
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    granted_at = models.DateTimeField(_("granted"), default=clock.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            # Read by partners.permissions.holds_role: at most one live grant of a role in a scope.
            models.UniqueConstraint(
                fields=["person", "role", "scope"],
                condition=Q(ended_at__isnull=True),
                name="one_live_role_grant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Invitation(models.Model):
    """An offer, sent by e-mail, to open an account as a member of an organisation."""

    email = models.EmailField(_("e-mail address"))
    organisation = models.ForeignKey("partners.Organisation", models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            # Read by services.invitations.invite: a second invitation replaces the first.
            models.UniqueConstraint(
                fields=["email", "organisation"],
                condition=Q(accepted_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_invitation",
            ),
            # Read by selectors.pending_invitation: an address is compared as the account's is.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_email_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime) -> bool:
        """Whether the invitation can still be taken up (half-open: not at `expires_at` itself)."""
        return self.accepted_at is None and self.cancelled_at is None and now < self.expires_at
