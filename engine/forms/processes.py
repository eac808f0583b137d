"""Forms with which processes are copied, changed, tried and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from engine.definitions.checking import LONGEST_KEY, LONGEST_TITLE
from engine.forms.proposals import MAX_NOTE
from engine.process.simulation import Behaviour, Days
from recommendations.forms.base import PageForm


class CopyForm(PageForm):
    """Whether the copy becomes the next version of the same process or another process."""

    NEXT, OTHER = "next", "other"

    goal = forms.ChoiceField(label=_("What do you want to do?"), widget=forms.RadioSelect, initial=NEXT)
    title = forms.CharField(
        label=_("Title of the new process"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=_("Only for a new process. Partners choose it by this title."),
    )
    key = forms.CharField(
        label=_("Short name of the new process"),
        max_length=LONGEST_KEY,
        required=False,
        help_text=_("Stands in addresses: small letters, digits and hyphens. Left empty, it is made from the title."),
    )

    def __init__(self, *args: Any, title: str, key: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = key
        self.fields["goal"].choices = [
            (self.NEXT, _g("Change “%(title)s”: the copy becomes its next version") % {"title": title}),
            (self.OTHER, _g("Make a new process beside it")),
        ]

    def clean(self) -> dict[str, Any]:
        """A new process has a title, and a key other than that of the process copied."""
        data = super().clean() or self.cleaned_data
        if data.get("goal") != self.OTHER:
            return data
        if not data.get("title") and "title" not in self.errors:
            self.add_error("title", _("Write a title for the new process."))
        elif "key" not in self.errors:
            data["key"] = data["key"] or slugify(data.get("title", ""))[:LONGEST_KEY].strip("-")
            if data["key"] == self.taken:
                self.add_error("key", _("This short name is taken. Choose another."))
        return data


class DraftForm(PageForm):
    """The text of a draft, with the number of the save that it rests on."""

    text = forms.CharField(
        label=_("The process as text"),
        strip=False,
        required=False,
        widget=forms.Textarea(
            {
                "rows": 30,
                "class": "code-field",
                "spellcheck": "false",
                "autocapitalize": "none",
                "autocomplete": "off",
            }
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def clean_text(self) -> str:
        """Lines as the reader counts them; browsers send each with two characters at its end."""
        return self.cleaned_data["text"].replace("\r\n", "\n")


class StageForm(PageForm):
    """A further stage: what happens there, between which stages, and for how long."""

    kind = forms.ChoiceField(label=_("What happens there?"), widget=forms.RadioSelect)
    label = forms.CharField(
        label=_("What is it called?"), max_length=60, help_text=_("For example: Second consultation")
    )
    place = forms.ChoiceField(label=_("Where does it stand?"))
    days = forms.IntegerField(
        label=_("For how many days is it open?"),
        min_value=1,
        max_value=365,
        initial=21,
        help_text=_("The coordinator chooses the very last day for each proposal, and is reminded after so many."),
    )
    longest = forms.IntegerField(
        label=_("After how many days does the process go on without it?"),
        min_value=1,
        max_value=3650,
        initial=90,
        help_text=_("If too few answer or nobody acts. Nothing waits for ever."),
    )
    quorum = forms.IntegerField(
        label=_("How many must hand something in?"),
        min_value=1,
        max_value=50,
        initial=1,
        help_text=_("When so many have, and the time is over, the process goes on by itself. Not for decisions."),
    )
    questions = forms.CharField(
        label=_("What are they asked?"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "One on each line. Reviewers answer with a score from 1 to 5. A review needs at least one question."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[tuple[str, str | Promise]],
        places: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = list(kinds)
        self.fields["place"].choices = list(places)

    def clean_questions(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip())

    def clean(self) -> dict[str, Any]:
        """A stage is open before it is passed over, and reviewers are asked something."""
        data = super().clean() or self.cleaned_data
        if data.get("days") and data.get("longest") and data["longest"] <= data["days"]:
            self.add_error("longest", _("This must be longer than the stage is open."))
        if data.get("kind") == "review" and not data.get("questions") and "questions" not in self.errors:
            self.add_error("questions", _("Write at least one question."))
        return data


class WithdrawVersionForm(PageForm):
    """Why no new proposal starts on a version."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody reads it on the page of the version."),
    )


DAYS: dict[str, Promise] = {
    "research": _("Until the system finds what its gates ask for"),
    "write": _("Authors write a first text"),
    "revise": _("Authors revise it"),
    "coordinate": _("Coordinators act"),
    "answer": _("Invited people answer"),
    "review": _("Reviewers hand in"),
    "decide": _("Deciders decide"),
}
SHARES: dict[str, Promise] = {
    "accept": _("Invitations accepted"),
    "hand_in": _("Handed in, of those accepted"),
    "send_back": _("Stays sent back"),
    "withdraw": _("Stays withdrawn by the authors"),
    "decline": _("Stays ended by deciders"),
    "silent": _("Stays in which nobody acts"),
    "heed": _("Reminders that are heeded"),
}


class SimulationForm(PageForm):
    """How many synthetic proposals, and how people are assumed to act. What is left empty is as usual."""

    MOST = 500
    usual: ClassVar[Behaviour] = Behaviour()

    runs = forms.IntegerField(label=_("Synthetic proposals"), min_value=1, max_value=MOST, initial=200)
    seed = forms.IntegerField(
        label=_("Chance"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("The same number gives the same result."),
    )
    spare = forms.IntegerField(label=_("Invited beyond the quorum"), min_value=0, max_value=50)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in DAYS.items():
            self.fields[name] = forms.FloatField(label=label, min_value=0, max_value=1000)
        for name, label in SHARES.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=100)
        for each in fields(Behaviour):
            value = getattr(self.usual, each.name)
            self.initial.setdefault(each.name, _shown(value))
            self.fields[each.name].required = False
        if self.is_bound:
            self.data = self.initial | self.data.dict()

    @property
    def lengths(self) -> list[forms.BoundField]:
        """How many days each takes, usually."""
        return [self[name] for name in DAYS]

    @property
    def shares(self) -> list[forms.BoundField]:
        """How often each happens, in percent."""
        return [self[name] for name in SHARES]

    def behaviour(self) -> Behaviour:
        """The behaviour that was typed: the usual lengths stretch the shortest and the longest with them."""
        typed = {name: value for name, value in self.cleaned_data.items() if value is not None}
        lengths = [name for name in DAYS if name in typed]
        changed: dict[str, Any] = {name: _stretched(getattr(self.usual, name), typed[name]) for name in lengths}
        changed |= {name: typed[name] / 100 for name in SHARES if name in typed}
        if "spare" in typed:
            changed["spare"] = typed["spare"]
        return replace(self.usual, **changed)


def _shown(value: Days | float | int) -> float | int:
    if isinstance(value, Days):
        return value.usual
    return round(value * 100) if isinstance(value, float) else value


def _stretched(days: Days, usual: float) -> Days:
    factor = usual / days.usual
    return Days(days.least * factor, usual, days.most * factor)
