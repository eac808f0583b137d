"""How mail is worded: greeting, text, one link, and a footer that names the operator. Plain text only."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from partners.models import Delivery


class Unsendable(Exception):
    """The delivery can never be sent, however often it is tried."""


def one_line(text: str) -> str:
    """`text` on one line, without control characters: fit for a header of a mail."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean(text: str) -> str:
    """`text` without NUL characters, which the database refuses."""
    return text.replace("\x00", "")


def letter(*, name: str, body: str, path: str) -> str:
    """The text of a mail to the person called `name`; `path` is an address on this site, or empty."""
    parts = [_("Hello %(name)s,") % {"name": one_line(name)} if name else _("Hello,"), clean(body).strip()]
    if path:
        parts.append(settings.BASE_URL + path)
    return "\n\n".join([*parts, footer()]) + "\n"


def footer() -> str:
    """The lines under every mail: which site it comes from and who runs it."""
    operator = settings.OPERATOR["name"]
    lines = ["-- ", _("ekip Engine, %(address)s") % {"address": settings.BASE_URL}]
    if operator:
        contact = settings.OPERATOR["email"]
        lines.append(_("Run by %(operator)s") % {"operator": f"{operator}, {contact}" if contact else operator})
    lines.append(_("You get this mail because of your part in it. Nobody reads answers to this address."))
    return "\n".join(lines)


def of_delivery(delivery: Delivery) -> EmailMessage:
    """The mail of a delivery. It has the same bytes whenever it is made: even its date is the notification's."""
    notification = delivery.notification
    return EmailMessage(
        subject=one_line(notification.subject),
        body=letter(name=notification.person.name, body=notification.body, path=notification.path),
        to=[notification.person.email],
        headers={
            "Message-ID": delivery.message_id,
            "Date": format_datetime(notification.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )
