"""Forms of the profile, of invitations and of an organisation's members."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid
from partners.accounts.fields import AboutYou
from partners.models import Membership, User

ROLES_HELP = _(
    "A member reads and reviews. A drafter also writes proposals. A manager also keeps the members and signs off."
)


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role, initial=Membership.Role.MEMBER, help_text=ROLES_HELP
    )


class RoleForm(forms.Form):
    """The role of a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role, help_text=ROLES_HELP)


class JoinForm(AboutYou):
    """Opening an account to take up an invitation; `email` is the invited address."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=password_validators_help_text_html(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["name", "password1", "password2", "language", "time_zone"]

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the site's rules and its repetition."""
        data = super().clean() or {}
        password = data.get("password1")
        again = data.get("password2")
        if password and again and password != again:
            self.add_error("password2", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data


def show_refusal(form: forms.Form, refusal: Invalid) -> None:
    """Put a service's refusal on the form: at the fields that it names, else above them."""
    for name, errors in refusal.errors.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, error)
    if not refusal.errors:
        form.add_error(None, str(refusal))
