"""The mail texts of a process as those see them who change processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ekip.shared.errors import NotFound
from ekip.shared.look import words as instant_words
from engine.models import MailText, ProcessDefinition
from engine.process.mail_texts import fill
from engine.wording import BY_KEY, WORDINGS, Wording, placeholders_of
from partners.languages import CHOICES


@dataclass(frozen=True)
class TextLine:
    """One kind of mail, and the languages in which this process sends words of its own."""

    wording: Wording
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlaceholderLine:
    """A placeholder as it is typed, what it stands for, and an example."""

    typed: str
    meaning: str
    sample: str


def process_of(key: str) -> ProcessDefinition:
    """The process of that key; NotFound when there is none."""
    definition = ProcessDefinition.objects.filter(key=key).first()
    if definition is None:
        raise NotFound
    return definition


def text_lines(definition: ProcessDefinition) -> list[TextLine]:
    """Every kind of mail, in the order in which a proposal meets them. One query."""
    names = dict(CHOICES)
    changed: dict[str, list[tuple[str, str]]] = {}
    for kind, tag in MailText.objects.filter(definition=definition).values_list("kind", "language"):
        changed.setdefault(kind, []).append((tag, names[tag]))
    return [TextLine(each, tuple(sorted(changed.get(each.key, ())))) for each in WORDINGS]


def mail_text(definition: ProcessDefinition, kind: str, language: str) -> MailText | None:
    """The words of the process for a kind of mail; None where ours are sent; NotFound for no kind or language."""
    if kind not in BY_KEY or language not in dict(CHOICES):
        raise NotFound
    rows = MailText.objects.filter(definition=definition, kind=kind, language=language)
    return rows.select_related("saved_by").first()


def placeholder_lines(wording: Wording) -> list[PlaceholderLine]:
    """What may stand in a text; instants in the reader's zone."""
    return [
        PlaceholderLine(f"{{{name}}}", str(each.meaning), _sample(each.sample))
        for name, each in placeholders_of(wording)
    ]


def preview(wording: Wording, *, subject: str, body: str) -> tuple[str, str]:
    """Subject and body as they would be sent about an invented proposal; the words have no faults."""
    values: Mapping[str, str] = {name: _sample(each.sample) for name, each in placeholders_of(wording)}
    return fill(subject, values), fill(body, values)


def _sample(sample: object) -> str:
    return instant_words(sample) if isinstance(sample, datetime) else str(sample)
