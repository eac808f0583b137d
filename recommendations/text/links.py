"""Which addresses a text may hold. Everything else is refused, never repaired into something else."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from recommendations.text.limits import MAX_URL

# Browsers drop tabs and line ends inside an address and read a backslash as a slash.
_TREACHEROUS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_MAILBOX = re.compile(r"[^@?]+@[^@?]+(\?.*)?")


def safe_href(address: str) -> str:
    """The address, if a link may lead there (http, https with a host, or mailto with a mailbox); else empty."""
    address = address.strip().replace(" ", "%20")
    if len(address) > MAX_URL or _TREACHEROUS.search(address):
        return ""
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() == "mailto":
        return address if _MAILBOX.fullmatch(rest) else ""
    return address if _is_web(address, {"http", "https"}) else ""


def safe_src(address: str) -> str:
    """The address, if an image may come from there (https, or a path on this site); else empty."""
    address = address.strip().replace(" ", "%20")
    if len(address) > MAX_URL or _TREACHEROUS.search(address):
        return ""
    if address.startswith("/"):
        return "" if address.startswith("//") else address
    return address if _is_web(address, {"https"}) else ""


def _is_web(address: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    # A user name in an address serves to make one host look like another.
    return parts.scheme in schemes and bool(host) and "@" not in parts.netloc and "//" in address[:8]
