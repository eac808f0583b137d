"""How allauth reaches our accounts."""

import logging
from typing import Any

import axes.utils
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.utils.translation import gettext as _

from partners.models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts of the platform."""

    def set_password(self, user: User, password: str) -> None:
        """Store the new password and open the lock: its owner has shown a mail, or the old password."""
        super().set_password(user, password)
        for address in EmailAddress.objects.filter(user=user).values_list("email", flat=True):
            axes.utils.reset(username=address.lower())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send allauth's mail at once, past the outbox: it holds secret links, which the outbox's rows would keep.

        A mail server that does not answer is said on the page; the request goes on, and everything can be asked
        for again.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            logger.warning("an account mail could not be sent: %s", error)
            messages.error(self.request, _("The mail could not be sent just now. Ask for it again in a few minutes."))
