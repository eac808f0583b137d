"""Who may do what at which stage: what a definition grants, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engine.process.values import CAPABILITIES, Definition, Stage

NAMES: Mapping[str, Promise] = {
    "edit": gettext_lazy("Change the text"),
    "comment": gettext_lazy("Comment on it"),
    "suggest": gettext_lazy("Suggest wordings"),
    "submit": gettext_lazy("Hand it on"),
    "review": gettext_lazy("Review it"),
    "consult": gettext_lazy("Take part in the consultation"),
    "test": gettext_lazy("Test it locally"),
    "dispose": gettext_lazy("Answer points"),
    "decide": gettext_lazy("Decide"),
    "translate": gettext_lazy("Translate it"),
    "publish": gettext_lazy("Publish it"),
}
WHO_MAY: Mapping[str, Promise] = {
    "edit": pgettext_lazy("who may", "authors"),
    "comment": pgettext_lazy("who may", "those who are invited"),
    "suggest": pgettext_lazy("who may", "those who are invited"),
    "submit": pgettext_lazy("who may", "authors"),
    "review": pgettext_lazy("who may", "invited reviewers"),
    "consult": pgettext_lazy("who may", "everybody with an account"),
    "test": pgettext_lazy("who may", "invited cities"),
    "dispose": pgettext_lazy("who may", "authors"),
    "decide": pgettext_lazy("who may", "deciders"),
    "translate": pgettext_lazy("who may", "translators"),
    "publish": pgettext_lazy("who may", "coordinators"),
}
ROUNDS = gettext_lazy("Open rounds")
WHO_OPENS_ROUNDS = pgettext_lazy("who may", "coordinators")
SEEN = gettext_lazy("What everybody sees")
SEES: Mapping[str, Promise] = {
    "participants": gettext_lazy("nothing"),
    "listed": gettext_lazy("title and stage"),
    "public": gettext_lazy("title, stage and the frozen text"),
}


@dataclass(frozen=True)
class Matrix:
    """The table: names of its columns; each row is a stage, and who may do what each column names."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def matrix(definition: Definition) -> Matrix:
    """Stages in the order of the definition; capabilities that no stage grants are left out."""
    granted = [name for name in CAPABILITIES if any(name in stage.capabilities for stage in definition.stages)]
    has_rounds = any(stage.round for stage in definition.stages)
    head = [_("Stage"), *(str(NAMES[name]) for name in granted)]
    return Matrix(
        head=(*head, *([str(ROUNDS)] if has_rounds else []), str(SEEN)),
        rows=tuple(_row(stage, granted, definition, has_rounds=has_rounds) for stage in definition.stages),
    )


def _row(stage: Stage, granted: list[str], definition: Definition, *, has_rounds: bool) -> tuple[str, ...]:
    cells = [_who(name, stage, definition) if name in stage.capabilities else "–" for name in granted]
    rounds = [str(WHO_OPENS_ROUNDS) if stage.round else "–"] if has_rounds else []
    return (stage.label, *(capfirst(cell) for cell in (*cells, *rounds, str(SEES[stage.visibility]))))


def _who(capability: str, stage: Stage, definition: Definition) -> str:
    """The people; decision bodies by their names."""
    taking = {way.body for way in stage.transitions} if capability == "decide" else set()
    bodies = [body.label for body in definition.bodies if body.key in taking]
    return ", ".join(bodies) if bodies else str(WHO_MAY[capability])
