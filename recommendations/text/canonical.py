"""The bytes that stand for a text wherever it is hashed: NFC, sorted keys, no spare white space."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any


def canonical_bytes(data: object) -> bytes:
    """The canonical JSON of plain data, as UTF-8. Raises ValueError for what JSON cannot say."""
    plain = json.dumps(_composed(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return plain.encode("utf-8", "replace")


def _composed(data: Any) -> Any:
    match data:
        case str():
            return unicodedata.normalize("NFC", data)
        case Mapping():
            return {_composed(key): _composed(value) for key, value in data.items()}
        case list() | tuple():
            return [_composed(value) for value in data]
        case _:
            return data


def sha256_of(data: object) -> str:
    """The SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(data)).hexdigest()
