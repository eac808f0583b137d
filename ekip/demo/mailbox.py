"""The mail of the demonstration: a backend that keeps each mail in a file of its own, and the reading of those files.

A mail that is sent again with the same Message-ID is the same file, as it would be the same mail to a mail program.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage as Parsed
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from ekip.shared.errors import NotFound

KEY = re.compile(r"[0-9]{8}t[0-9]{6}-[0-9a-f]{16}")
SUFFIX = ".eml"
# A link to this computer: the demonstration may have been started on another port since.
HERE = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[0-9]+)?(?=[/\s]|$)")


@dataclass(frozen=True)
class Letter:
    """One mail as its page shows it; `key` is its address. Mails of one `thread` to one address stand together."""

    key: str
    to: str
    sender: str
    subject: str
    sent_at: datetime
    body: str
    html: str = ""
    thread: str = ""


@dataclass(frozen=True)
class Conversation:
    """Mails to one address that a mail program shows as one thread, oldest first."""

    letters: tuple[Letter, ...]

    @property
    def newest(self) -> Letter:
        """The mail that came last."""
        return self.letters[-1]


class Backend(BaseEmailBackend):
    """Stores what is sent in `settings.EMAIL_FILE_PATH`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write one file for each message, in one step; the number written."""
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            content = message.message()
            path = folder / f"{_key(content['Message-ID'], content['Date'])}{SUFFIX}"
            draft = path.with_suffix(".new")
            draft.write_bytes(content.as_bytes())
            draft.replace(path)
        return len(email_messages)


def mail_folder() -> Path:
    """Where the mails are kept."""
    return Path(settings.EMAIL_FILE_PATH)


def letters(*, to: str = "") -> list[Letter]:
    """The mails to addresses that contain `to` (in any case), newest first."""
    wanted = to.strip().casefold()
    found = (_read(path) for path in sorted(mail_folder().glob(f"*{SUFFIX}"), reverse=True) if KEY.fullmatch(path.stem))
    return [letter for letter in found if wanted in letter.to.casefold()]


def conversations(*, to: str = "") -> list[Conversation]:
    """The mails to addresses that contain `to` by thread, the thread with the newest mail first."""
    found: dict[str, list[Letter]] = {}
    for each in letters(to=to):
        found.setdefault(each.thread, []).append(each)
    return [Conversation(tuple(reversed(several))) for several in found.values()]


def conversation_of(one: Letter) -> Conversation:
    """The thread in which a mail stands."""
    return next(each for each in conversations(to=one.to) if each.newest.thread == one.thread)


def letter(key: str) -> Letter:
    """The mail of that key; NotFound for every other text, so that no path leads out of the folder."""
    path = mail_folder() / f"{key}{SUFFIX}"
    if not KEY.fullmatch(key) or not path.is_file():
        raise NotFound
    return _read(path)


def _key(message_id: str, date: str) -> str:
    at = parsedate_to_datetime(date).astimezone(UTC)
    return f"{at:%Y%m%dt%H%M%S}-{hashlib.sha256(message_id.encode()).hexdigest()[:16]}"


def _read(path: Path) -> Letter:
    parsed = message_from_bytes(path.read_bytes(), _class=Parsed, policy=policy.default)
    return Letter(
        key=path.stem,
        to=str(parsed["To"] or ""),
        sender=str(parsed["From"] or ""),
        subject=str(parsed["Subject"] or ""),
        sent_at=datetime.strptime(path.stem[:15], "%Y%m%dt%H%M%S").replace(tzinfo=UTC),
        body=HERE.sub(settings.BASE_URL, _words(parsed, "plain")),
        html=HERE.sub(settings.BASE_URL, _words(parsed, "html")),
        # As mail programs do: what answers the same mail stands together, for each reader. Other mail stands alone.
        thread=f"{parsed['To']} {parsed['References'] or path.stem}",
    )


def _words(parsed: Parsed, kind: str) -> str:
    """The plain text or the HTML of a mail; empty where it has none."""
    part = parsed.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, MessageError):  # an unknown character set
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
