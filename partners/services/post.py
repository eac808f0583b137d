"""The way to the mail server: one connection for many mails, made anew when it breaks, but not for ever."""

import logging
from smtplib import SMTPException, SMTPServerDisconnected
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

# How often a connection may break before the rest waits for the next call.
MOST_BROKEN_CONNECTIONS = 3


class Post:
    """A connection to the mail server, opened when the first mail wants it."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._broken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def is_open(self) -> bool:
        """Whether a mail can be sent now; opens the connection. False for a server that is gone or broke too often."""
        if self._connection is None and self._broken < MOST_BROKEN_CONNECTIONS:
            connection = get_connection(fail_silently=False)
            try:
                connection.open()
            except (OSError, SMTPException) as error:
                logger.warning("the mail server cannot be reached: %s", error)
                self._broken = MOST_BROKEN_CONNECTIONS
            else:
                self._connection = connection
        return self._connection is not None

    def send(self, mail: EmailMessage) -> None:
        """Send one mail. Raises whatever the backend raises."""
        assert self._connection is not None  # noqa: S101 - asked for by `is_open`
        self._connection.send_messages([mail])

    def broke(self) -> None:
        """The connection is lost: the next mail wants another."""
        self._broken += 1
        self._close()

    def _close(self) -> None:
        if self._connection is None:
            return
        try:
            self._connection.close()
        except (OSError, SMTPException):
            logger.debug("the mail connection was gone before it was closed")
        self._connection = None


def is_broken(error: Exception) -> bool:
    """Whether the connection is lost, as against a message that the server refused."""
    refused = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
    return isinstance(error, OSError) and not refused
