"""The form of a gathering: what, when, where, who came in how many groups, what came of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Invalid
from ekip.shared.folding import fold
from partners.countries import COUNTRIES
from partners.models import Ecosystem, Gathering, Organisation, Territory
from partners.services.gatherings import (
    LONGEST_OUTCOME,
    LONGEST_TITLE,
    MOST_GROUPS,
    MOST_PEOPLE,
    GatheringDraft,
    Group,
)
from recommendations.forms.base import PageForm

GROUPS = "groups"
EMPTY_GROUPS = 3


def country_choices() -> list[tuple[str, str]]:
    """Countries by their names in the language of the page, after a line that asks to choose."""
    named = sorted(((code, str(name)) for code, name in COUNTRIES.items()), key=lambda each: fold(each[1]))
    return [("", str(_("Choose a country"))), *named]


class GroupForm(PageForm):
    """So many people of one kind of actor from one country."""

    kind = forms.ChoiceField(label=_("Kind of actor"), choices=[("", _("Choose a kind")), *Organisation.Kind.choices])
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    people = forms.IntegerField(label=_("People"), min_value=1, max_value=MOST_PEOPLE)


class BaseGroupFormSet(forms.BaseFormSet):
    """Who came; a group that is empty when it is sent is left out."""

    def initial_form_count(self) -> int:
        """None of those that are sent has to be filled, even if it was when the page was opened."""
        return 0 if self.is_bound else super().initial_form_count()

    def written(self) -> tuple[Group, ...]:
        """The groups that say something, as far as they are valid, in order."""
        return tuple(Group(**form.cleaned_data) for form in self.forms if form.has_changed() and form.is_valid())


GroupFormSet = forms.formset_factory(
    GroupForm,
    formset=BaseGroupFormSet,
    extra=EMPTY_GROUPS,
    max_num=MOST_GROUPS,
    absolute_max=MOST_GROUPS,
    validate_max=True,
)


class GatheringForm(PageForm):
    """A gathering as typed, with its groups, and the number of the save that it rests on."""

    template_name = "engine/parts/gathering_fields.html"

    kind = forms.ChoiceField(label=_("Kind of gathering"), choices=[("", _("Choose a kind")), *Gathering.Kind.choices])
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    ended_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where it lasted longer than one day."),
    )
    ecosystem = forms.ModelChoiceField(
        Ecosystem.objects.all(), label=_("City or district"), required=False, empty_label=_("None")
    )
    territory = forms.ModelChoiceField(
        Territory.objects.all(), label=_("Territory"), required=False, empty_label=_("None")
    )
    is_online = forms.BooleanField(label=_("People met online, or could join online"), required=False)
    host = forms.ModelChoiceField(Organisation.objects.all(), label=_("Host"), required=False, empty_label=_("None"))
    outcome = forms.CharField(
        label=_("What came of it"),
        required=False,
        max_length=LONGEST_OUTCOME,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What was found or changed. Name nobody who attended: this is published with the edition."),
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(
        self, data: QueryDict | None = None, *, draft: GatheringDraft | None = None, version: int | None = None
    ) -> None:
        super().__init__(data, initial=_initial(draft) | {"version": version} if draft else {})
        initial = [vars(each) for each in draft.attendance] if draft else []
        self.groups = GroupFormSet(data, prefix=GROUPS, initial=initial)

    @classmethod
    def with_more_groups(cls, data: QueryDict) -> "GatheringForm":
        """The form with everything that was typed, unjudged, and further groups to fill."""
        form = cls()
        form.initial = data.dict()
        typed = [{field.name: field.value() for field in group} for group in GroupFormSet(data, prefix=GROUPS)]
        form.groups = GroupFormSet(prefix=GROUPS, initial=[each for each in typed if any(each.values())])
        return form

    def is_valid(self) -> bool:
        """Both are asked, so that one look shows every fault."""
        return all([super().is_valid(), self.groups.is_valid()])

    def kept(self) -> dict[str, str]:
        """The groups too, one in a line."""
        groups = [" ".join(each.kept().values()) for each in self.groups]
        return super().kept() | {str(_("Who came")): "\n".join(filter(None, groups))}

    def add_faults(self, faults: dict[str, list[str]]) -> None:
        """Show what a service would refuse beside what the form itself found, one of both at each field."""
        if further := {name: told for name, told in faults.items() if name not in self.errors}:
            self.add_refusal(Invalid(errors=further))

    def draft(self) -> GatheringDraft:
        """What was typed, as far as it is valid."""
        data = self.cleaned_data
        chosen = {name: getattr(data.get(name), "pk", None) for name in ("ecosystem", "territory", "host")}
        return GatheringDraft(
            kind=data.get("kind", ""),
            title=data.get("title", ""),
            held_on=data.get("held_on"),
            ended_on=data.get("ended_on"),
            ecosystem_id=chosen["ecosystem"],
            territory_id=chosen["territory"],
            is_online=data.get("is_online", False),
            host_id=chosen["host"],
            outcome=data.get("outcome", ""),
            attendance=self.groups.written(),
        )


class TakeGatheringForm(PageForm):
    """One of the gatherings that are recorded already. The service knows which of them can be taken."""

    gathering = forms.IntegerField(label=_("Gathering"), widget=forms.Select)

    def __init__(self, *args: Any, gatherings: Iterable[Gathering] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(each.pk, f"{each.title} ({date_format(each.held_on, 'j F Y')})") for each in gatherings]
        self.fields["gathering"].widget.choices = [("", _("Choose a gathering")), *named]


def _initial(draft: GatheringDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "title": draft.title,
        "held_on": draft.held_on,
        "ended_on": draft.ended_on,
        "ecosystem": draft.ecosystem_id,
        "territory": draft.territory_id,
        "is_online": draft.is_online,
        "host": draft.host_id,
        "outcome": draft.outcome,
    }
