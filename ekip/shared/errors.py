"""Refusals: everything the product says no to, typed and coded.

A refusal's class docstring is its message to a developer; `message` is what a person reads, `code` is stable and
appears in the API. `ekip.shared.handler` turns each into a page or a problem document, once.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """The product answers no."""

    status = 400
    code = "refused"
    message: str | Promise = _("This cannot be done.")

    def __init__(self, message: str | Promise | None = None, *, code: str | None = None, **context: Any) -> None:
        self.message = message or type(self).message
        self.code = code or type(self).code
        self.context = context
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refusal):
    """There is no such row, or this person may not know of it: both give this answer."""

    status = 404
    code = "not-found"
    message = _("There is nothing at this address, or it is not open to you.")


class NotAllowed(Refusal):
    """The person may see the thing but not do this to it."""

    status = 403
    code = "not-allowed"
    message = _("Your role does not allow this.")


class NotNow(Refusal):
    """The person may do this, but not at this moment: the stage has moved on."""

    status = 409
    code = "stage-moved"
    message = _("This has moved on since you opened the page.")


class EditConflict(NotNow):
    """Somebody else saved the same text first; `context["theirs"]` holds what is stored now."""

    code = "edit-conflict"
    message = _("Somebody else saved this text while you were writing.")


class Invalid(Refusal):
    """The input breaks a rule; `errors` maps field names to lists of messages."""

    status = 422
    code = "invalid"
    message = _("Some of what you entered needs another look.")

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        code: str | None = None,
        errors: dict[str, list[str]] | None = None,
        **context: Any,
    ) -> None:
        super().__init__(message, code=code, **context)
        self.errors = errors or {}


class Gone(Refusal):
    """The thing was public and has been taken away for good."""

    status = 410
    code = "gone"
    message = _("This text has been removed.")


class TooMany(Refusal):
    """A limit in a stretch of time was passed."""

    status = 429
    code = "too-many"
    message = _("That is more than we can take at once. Wait a moment and try again.")
