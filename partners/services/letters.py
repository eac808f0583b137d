"""How mail is worded and put together: greeting, text, one link, and a footer that says why it came and who runs us.

Every mail of a delivery has a plain and an HTML part with the same words, and the same bytes whenever it is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners import kinds
from partners.models import Delivery, Notification
from partners.unsubscribing import token_for


class Unsendable(Exception):
    """The delivery can never be sent, however often it is tried."""


class Letter(EmailMultiAlternatives):
    """A mail whose parts are divided by a line that is always the same for the same Message-ID."""

    def message(self, **kwargs: Any) -> Any:
        """The mail as the `email` package has it (Django 6 has another class of it than Django 5)."""
        made: Message = super().message(**kwargs)
        if made.is_multipart():
            made.set_boundary("=_" + hashlib.sha256(str(made["Message-ID"]).encode()).hexdigest()[:40])
        return made


@dataclass(frozen=True)
class Line:
    """A line of the footer; with an address, which stands after the words and in HTML behind them."""

    words: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.words}: {self.address}" if self.address else self.words


@dataclass(frozen=True)
class Block:
    """What belongs together in a body: paragraphs, or in a digest a heading and (words, address) lines."""

    text: str = ""
    heading: str = ""
    items: tuple[tuple[str, str], ...] = ()


def one_line(text: str) -> str:
    """`text` on one line, without control characters: fit for a header of a mail."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean(text: str) -> str:
    """`text` without NUL characters, which the database refuses."""
    return text.replace("\x00", "")


def identifier(*parts: str) -> str:
    """A Message-ID made of what identifies a mail or a thread."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<{digest[:40]}@{host[-70:]}>"


def letter(*, name: str, body: str, path: str, closing: Sequence[Line] = ()) -> str:
    """The text of a mail to the person called `name`; `path` is an address on this site, or empty."""
    parts = [greeting(name), clean(body).strip()]
    if path:
        parts.append(settings.BASE_URL + path)
    return "\n\n".join([*parts, "\n".join(["-- ", *(str(line) for line in footer(closing))])]) + "\n"


def greeting(name: str) -> str:
    """The first line of a mail."""
    return _("Hello %(name)s,") % {"name": one_line(name)} if name else _("Hello,")


def footer(closing: Sequence[Line] = ()) -> list[Line]:
    """The lines under every mail: which site it comes from, who runs it, and why it came (`closing`)."""
    operator = settings.OPERATOR["name"]
    lines = [Line(_("ekip Engine, %(address)s") % {"address": settings.BASE_URL})]
    if operator:
        contact = settings.OPERATOR["email"]
        lines.append(Line(_("Run by %(operator)s") % {"operator": f"{operator}, {contact}" if contact else operator}))
    lines.extend(closing or [Line(_("You get this mail because of your part in it."))])
    return [*lines, Line(_("Nobody reads answers to this address."))]


def of_delivery(delivery: Delivery) -> Letter:
    """The mail of a delivery. It has the same bytes whenever it is made: even its date is the notification's.

    Raises:
        Unsendable: the person's address is none that a mail can go to.
    """
    notification, person = delivery.notification, delivery.notification.person
    if person.email != one_line(person.email) or "@" not in person.email:
        raise Unsendable("this is not an address")
    closing = _closing(notification)
    mail = Letter(
        subject=one_line(notification.subject),
        body=letter(name=person.name, body=notification.body, path=notification.path, closing=closing),
        to=[person.email],
        headers=_headers(delivery),
    )
    mail.attach_alternative(_html(notification, closing), "text/html")
    return mail


def leave_address(notification: Notification) -> str:
    """Where its person stops mail of this group; "" where nobody chooses."""
    if kinds.kind_of(notification.kind).essential:
        return ""
    token = token_for(notification.person_id, kinds.group_of(notification.kind).key)
    return settings.BASE_URL + reverse("partners:unsubscribe", args=[token])


def _headers(delivery: Delivery) -> dict[str, str]:
    notification = delivery.notification
    headers = {
        "Message-ID": delivery.message_id,
        "Date": format_datetime(notification.created_at),
        "Auto-Submitted": "auto-generated",
    }
    if notification.thread:
        # Nobody ever sends this root: every mail of the thread answers it, and so they stand together.
        root = identifier(str(notification.person_id), "thread", notification.thread)
        headers |= {"In-Reply-To": root, "References": root}
    if leave := leave_address(notification):
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _closing(notification: Notification) -> list[Line]:
    choices = Line(_("Choose what you are sent"), settings.BASE_URL + reverse("partners:notification_choices"))
    leave = leave_address(notification)
    if not leave:
        why = _("This mail reaches you whatever you chose: it is about what became of your own text.")
        return [Line(why), choices]
    if notification.kind == kinds.DIGEST:
        return [
            Line(_("You get this mail because you want to hear of some things once a day.")),
            Line(_("Get no digest any more"), leave),
            choices,
        ]
    group = kinds.group_of(notification.kind).label
    return [
        Line(_("You get this mail as one of: %(group)s.") % {"group": group}),
        Line(_("Get no more mail of these"), leave),
        choices,
    ]


def _html(notification: Notification, closing: Sequence[Line]) -> str:
    context = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "subject": one_line(notification.subject),
        "greeting": greeting(notification.person.name),
        "blocks": _blocks(notification),
        "address": settings.BASE_URL + notification.path if notification.path else "",
        "button": _("See all notifications") if notification.kind == kinds.DIGEST else _("Open the page"),
        "footer": footer(closing),
    }
    return render_to_string("partners/mail/letter.html", context)


def _blocks(notification: Notification) -> list[Block]:
    texts = [text for text in clean(notification.body).strip().replace("\r\n", "\n").split("\n\n") if text.strip()]
    if notification.kind != kinds.DIGEST:
        return [Block(text) for text in texts]
    return [_digest_block(text) for text in texts]


def _digest_block(text: str) -> Block:
    """What `digests` has written: a title, then a line for each notification with perhaps an address under it."""
    title, *lines = text.split("\n")
    if not lines:
        return Block(text)
    items: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith("  ") and items:
            items[-1] = (items[-1][0], line.strip())
        else:
            items.append((line.removeprefix("- "), ""))
    return Block(heading=title, items=tuple(items))
