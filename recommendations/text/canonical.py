"""The bytes that stand for a text wherever it is hashed: NFC, sorted keys, no spare white space."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from recommendations.text.blocks import Block, Text
from recommendations.text.data_out import block_data, to_data


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


def content_hash(text: Text) -> str:
    """The hash that binds a whole text: words, marks, languages, structure and block ids."""
    return sha256_of(to_data(text))


def block_hash(block: Block) -> str:
    """The hash of one block without its id: equal for equal words, marks, language and kind."""
    return sha256_of(block_data(block) | {"id": ""})
