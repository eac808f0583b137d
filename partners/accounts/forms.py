"""Forms of the account pages."""

from allauth.account import forms as allauth_forms
from django import forms


class SignupForm(forms.Form):
    """What self-registration asks beside e-mail and password."""

    name = forms.CharField(max_length=120)

    def signup(self, request, user):
        """Called by allauth when the account is being made."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name", "sort_key"])


class LoginForm(allauth_forms.LoginForm):
    """Sign-in by e-mail."""
