"""Whom the lock-out counts failures for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def typed_address(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The address that somebody tries to sign in with, in lower case: writing it otherwise starts no new count.

    It comes from the credentials of the attempt (sign-in and the repeated password), else from the sign-in form.
    """
    source: Mapping[str, Any] = credentials or request.POST
    address = source.get("login") or source.get("email") or source.get("username") or ""
    return str(address).strip().lower()
