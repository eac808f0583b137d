"""Forms of the second factor."""

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.webauthn import forms as key_forms
from django.utils.translation import gettext_lazy as _

from partners.accounts.rewording import Reworded


class ActivateAppForm(Reworded, app_forms.ActivateTOTPForm):
    """The first code of an authenticator app."""

    labels = {"code": _("Code of the app")}


class CodeForm(Reworded, base_forms.AuthenticateForm):
    """The code that signing in asks for."""

    labels = {"code": _("Code of the app, or a recovery code")}


class CodeAgainForm(Reworded, base_forms.ReauthenticateForm):
    """The code once more, before something that protects the account is changed."""

    labels = {"code": _("Code of the app, or a recovery code")}


class AddKeyForm(Reworded, key_forms.AddWebAuthnForm):
    """A passkey or security key."""

    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone, without a password")}
    helps = {
        "name": _("By which you know it again in your list."),
        "passwordless": _("The key then asks for your fingerprint, your face or its own code."),
    }
