"""Forms of the account pages: allauth's, in our words."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django import forms
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.accounts.fields import AboutYou, guess
from partners.models import User

# The longest address that can be written to (RFC 5321), and the longest that our rows and the lock-out's hold.
LONGEST_ADDRESS = 254


class Reworded(forms.Form):
    """Gives fields our labels, takes away placeholders that repeat them, and limits addresses in length."""

    labels: dict[str, Promise] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.widget.attrs["maxlength"] = LONGEST_ADDRESS
                field.validators = [*field.validators, MaxLengthValidator(LONGEST_ADDRESS)]


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


class ResetPasswordForm(Reworded, allauth_forms.ResetPasswordForm):
    """Asking for the mail by which a new password is chosen."""

    labels = {"email": _("E-mail address")}


class NewPasswordForm(Reworded, allauth_forms.ResetPasswordKeyForm):
    """A new password, with the mail as proof."""

    labels = {"password1": _("New password"), "password2": _("New password, once more")}
