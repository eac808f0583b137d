"""Language tags in their short form: language, script, region (BCP 47)."""

from __future__ import annotations

import re

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?(?:[-_][A-Za-z0-9-_]*)?")


def short_lang(tag: str) -> str:
    """The short form of a tag (`EN_gb` and `en-GB-oxendict` are `en-GB`); empty when it is no tag."""
    match = _TAG.fullmatch(tag.strip())
    if match is None:
        return ""
    language, script, region = match.groups()
    return "-".join([language.lower(), *([script.title()] if script else []), *([region.upper()] if region else [])])
