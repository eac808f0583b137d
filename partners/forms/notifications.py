"""Forms on how a person wants to be reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners import kinds
from partners.kinds import Group
from partners.models import Choice, Rhythm
from partners.services.preferences import Quiet, Wanted

TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class PreferencesForm(forms.Form):
    """A choice for each group, and the hours in which the person is left alone."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=TIME, help_text=_("In your own time zone. The same hour twice: no quiet hours.")
    )
    quiet_until = forms.TimeField(label=_("Quiet until"), widget=TIME)
    works_weekends = forms.BooleanField(label=_("Saturdays and Sundays are like other days for me"), required=False)
    holds_all_mail = forms.BooleanField(
        label=_("Other mail waits for the end of my quiet hours, days off and absences too"),
        help_text=_("Reminders and the digest always do. What was decided about your own text never does."),
        required=False,
    )
    digest_at = forms.TimeField(
        label=_("Hour of the daily digest"),
        widget=TIME,
        help_text=_("One mail a day, and none when there is nothing to say or you have read it here already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in kinds.groups():
            if kinds.is_essential(group):
                continue
            words = {"group": group.label}
            self.fields[f"mail_{group.key}"] = forms.ChoiceField(
                label=_("Mail: %(group)s") % words, choices=Choice.Mail, initial=group.mail
            )
            self.fields[f"list_{group.key}"] = forms.BooleanField(
                label=_("On my list: %(group)s") % words, required=False, initial=True
            )

    @staticmethod
    def known(choices: dict[str, Choice], rhythm: Rhythm) -> dict[str, Any]:
        """Initial values from what is stored."""
        found: dict[str, Any] = {name: getattr(rhythm, name) for name in Quiet.__dataclass_fields__}
        for group, choice in choices.items():
            found |= {f"mail_{group}": choice.mail, f"list_{group}": choice.in_app}
        return found

    def lines(self) -> list[dict[str, Any]]:
        """Each group with its two fields, or without any where there is nothing to choose."""
        return [self._line(group) for group in kinds.groups()]

    def hours(self) -> list[forms.BoundField]:
        """The fields that are not about a group."""
        return [self[name] for name in Quiet.__dataclass_fields__]

    def wanted(self) -> dict[str, Wanted]:
        """The choices by group; only of a form without faults."""
        return {
            name.removeprefix("mail_"): Wanted(mail, self.cleaned_data[f"list_{name.removeprefix('mail_')}"])
            for name, mail in self.cleaned_data.items()
            if name.startswith("mail_")
        }

    def quiet(self) -> Quiet:
        """The hours; only of a form without faults."""
        return Quiet(**{name: self.cleaned_data[name] for name in Quiet.__dataclass_fields__})

    def _line(self, group: Group) -> dict[str, Any]:
        if kinds.is_essential(group):
            return {"group": group, "mail": None, "listed": None}
        return {"group": group, "mail": self[f"mail_{group.key}"], "listed": self[f"list_{group.key}"]}


class AbsenceForm(forms.Form):
    """Whole days on which a person cannot act."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Both days belong to it. For one day, write it twice."),
    )
