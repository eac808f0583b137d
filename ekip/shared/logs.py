"""Log lines for machines: JSON with the request, the task and the run that they belong to, and nobody's address."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("ekip.requests")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
ADDRESS = re.compile(r"[^\s<>()\"',;:=@]+@[^\s<>()\"',;:@]+")
# Asked by machines every few seconds, and never worth a line.
QUIET = {"pages:live", "pages:ready", "pages:metrics"}
OF_EVERY_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime", "request", "taskName"}

_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039  never changed in place


def bind(**members: Any) -> Token[dict[str, Any]]:
    """Let every line say this too, until the token is given back to `unbind`."""
    return _context.set({**_context.get(), **members})


def unbind(token: Token[dict[str, Any]]) -> None:
    """What was bound last is said no more."""
    _context.reset(token)


@contextmanager
def bound(**members: Any) -> Iterator[None]:
    """Within the block every line says this too."""
    token = bind(**members)
    try:
        yield
    finally:
        unbind(token)


def bound_now() -> dict[str, Any]:
    """What every line says at present."""
    return _context.get()


class Discreet(logging.Filter):
    """Takes paths out of what Django says of requests: a path may hold a key that opens something."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the name of the view where the path was; every record passes."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(view_name(request) if each == request.path else each for each in record.args)
        return True


class TextFormatter(logging.Formatter):
    """Lines for people: what is bound stands at the end."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and a traceback if there is one."""
        line, *rest = super().format(record).split("\n")
        told = " ".join(f"{name}={value}" for name, value in _members(record).items())
        return discreet("\n".join([f"{line} [{told}]" if told else line, *rest]))


class JsonFormatter(logging.Formatter):
    """One JSON object for each line."""

    def format(self, record: logging.LogRecord) -> str:
        """When, how grave, from where, what, what is bound, and a traceback if there is one."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_members(record),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: _plain(value) for name, value in told.items()}, ensure_ascii=False)


def discreet(text: str) -> str:
    """The text without mail addresses."""
    return ADDRESS.sub("(address)", text)


def _members(record: logging.LogRecord) -> dict[str, Any]:
    extra = {name: value for name, value in vars(record).items() if name not in OF_EVERY_RECORD}
    return {**_context.get(), **extra}


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return discreet(str(value))


class RequestMiddleware:
    """Gives every request an id, which its log lines and its answer carry, and says how long it took.

    An id that a proxy sends is kept when it looks like one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then say so."""
        sent = request.headers.get("X-Request-ID", "")
        request_id = sent if REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
        began = time.perf_counter()
        with bound(request_id=request_id):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            if request.resolver_match is not None and view_name(request) not in QUIET:
                told = {
                    "method": request.method,
                    "view": view_name(request),
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - began) * 1000),
                }
                logger.info("%(method)s %(view)s %(status)d in %(ms)d ms", told, extra=told)
        return response


def view_name(request: HttpRequest) -> str:
    """The name of the view that answers, never the path."""
    return request.resolver_match.view_name if request.resolver_match else "(no view)"
