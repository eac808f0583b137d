"""The texts of mail that people write: words with placeholders from a closed list, never a template language.

A placeholder is a name in braces. A paragraph in which a placeholder has nothing to say is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import category

LONGEST_SUBJECT = 150
LONGEST_BODY = 4000

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,40})\}")
_BRACED = re.compile(r"\{[^{}\n]{0,40}\}?|\}")


@dataclass(frozen=True)
class TextFault:
    """Something that keeps a text from being stored: its stable code, what stands there, and what may be meant."""

    code: str
    found: str = ""
    near: str = ""


def faults(text: str, allowed: Collection[str], *, is_subject: bool) -> tuple[TextFault, ...]:
    """Everything that is wrong with a text, in the order in which it stands there; empty when it can be stored.

    Codes: empty, too-long, line-break (in a subject: it would begin a further header of the mail), control-character,
    unknown-placeholder, lone-brace.
    """
    found = []
    if not text.strip():
        found.append(TextFault("empty"))
    if len(text) > (LONGEST_SUBJECT if is_subject else LONGEST_BODY):
        found.append(TextFault("too-long"))
    # `splitlines` knows every character that some program takes for the end of a line.
    if is_subject and len(text.splitlines()) > 1:
        found.append(TextFault("line-break"))
    if any(category(each) == "Cc" for each in text if each not in "\n\r\t"):
        found.append(TextFault("control-character"))
    for match in _BRACED.finditer(text):
        name = match.group().strip("{} ")
        if _PLACEHOLDER.fullmatch(match.group()) and name in allowed:
            continue
        if match.group()[0] == "{" and match.group()[-1] == "}":
            near = get_close_matches(name, allowed, n=1)
            found.append(TextFault("unknown-placeholder", match.group(), near[0] if near else ""))
        else:
            found.append(TextFault("lone-brace", match.group()))
    return tuple(dict.fromkeys(found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. What is filled in is never read as a text with placeholders itself.

    A paragraph is left out when it has a placeholder without a value.
    """
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "\n\n".join(_filled(each, values) for each in paragraphs if _speaks(each, values))


def _speaks(paragraph: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in _PLACEHOLDER.findall(paragraph))


def _filled(paragraph: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], paragraph)
