"""Forms of the account pages: allauth's, in our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners.accounts.fields import AboutYou, guess
from partners.accounts.rewording import Reworded
from partners.models import User


class LoginForm(Reworded, allauth_forms.LoginForm):
    """Sign-in by e-mail."""

    labels = {
        "login": _("E-mail address"),
        "password": _("Password"),
        "remember": _("Stay signed in on this device"),
    }


class SignupForm(Reworded, AboutYou, allauth_forms.SignupForm):
    """Self-registration: address and password, name, language and time zone."""

    labels = {
        "email": _("E-mail address"),
        "password1": _("Password"),
        "password2": _("Password, once more"),
    }
    field_order = ["name", "email", "password1", "password2", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = guess(context.request.headers.get("Accept-Language", "")) | self.initial

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the account is being made."""
        user.name = self.cleaned_data["name"]
        user.language = self.cleaned_data["language"]
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["name", "sort_key", "language", "time_zone"])


class AddEmailForm(Reworded, allauth_forms.AddEmailForm):
    """One more address to sign in with."""

    labels = {"email": _("E-mail address")}


class ChangePasswordForm(Reworded, allauth_forms.ChangePasswordForm):
    """A new password, with the present one as proof."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }


class ReauthenticateForm(Reworded, allauth_forms.ReauthenticateForm):
    """The password once more, before something that protects the account is changed."""

    labels = {"password": _("Password")}


class ResetPasswordForm(Reworded, allauth_forms.ResetPasswordForm):
    """Asking for the mail by which a new password is chosen."""

    labels = {"email": _("E-mail address")}


class NewPasswordForm(Reworded, allauth_forms.ResetPasswordKeyForm):
    """A new password, with the mail as proof."""

    labels = {"password1": _("New password"), "password2": _("New password, once more")}
