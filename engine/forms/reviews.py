"""The review form: scores and comments by criterion, points on passages, a comment and an advice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine.models import Review
from recommendations.forms.base import PageForm

SCORES = [
    (1, _("1 – not at all")),
    (2, _("2 – hardly")),
    (3, _("3 – partly")),
    (4, _("4 – largely")),
    (5, _("5 – fully")),
]
MAX_COMMENT = 10_000
MAX_POINTS = 100


class ReviewForm(PageForm):
    """What a reviewer says about the whole. A draft may be saved with anything empty.

    With `is_free`, as in a consultation, nothing has to be scored, and no advice is asked for.
    """

    def __init__(
        self,
        *args: Any,
        criteria: Sequence[dict[str, str]],
        must_be_complete: bool,
        is_free: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.criteria, self.is_free = criteria, is_free
        # A page that is merely shown does not call optional what must be there in the end.
        must_be_complete = (must_be_complete or not self.is_bound) and not is_free
        for criterion in criteria:
            self.fields[f"score-{criterion['key']}"] = forms.TypedChoiceField(
                label=criterion["question"],
                choices=SCORES,
                coerce=int,
                empty_value=None,
                required=must_be_complete,
                widget=forms.RadioSelect,
                error_messages={"required": _("Give a score from 1 to 5.")},
            )
            self.fields[f"comment-{criterion['key']}"] = forms.CharField(
                label=_("Why"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 2})
            )
        self.fields["comment"] = forms.CharField(
            label=_("Overall comment"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 5})
        )
        if not is_free:
            self._ask_advice(must_be_complete)

    def _ask_advice(self, must_be_complete: bool) -> None:
        self.fields["advice"] = forms.ChoiceField(
            label=_("Your advice"),
            choices=Review.Advice.choices,
            required=must_be_complete,
            widget=forms.RadioSelect,
            help_text=_("Advice is not the decision: the decider weighs all advice."),
            error_messages={"required": _("Choose what you advise.")},
        )

    @property
    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each criterion its score and its comment."""
        return [(self[f"score-{each['key']}"], self[f"comment-{each['key']}"]) for each in self.criteria]

    def scores(self) -> dict[str, int | None]:
        """Scores by criterion; None where nothing valid was chosen."""
        return {each["key"]: self.cleaned_data.get(f"score-{each['key']}") for each in self.criteria}

    def comments(self) -> dict[str, str]:
        """Comments by criterion."""
        return {each["key"]: self.cleaned_data.get(f"comment-{each['key']}", "") for each in self.criteria}


class PointForm(PageForm):
    """One remark, on a passage or on the whole."""

    passage = forms.ChoiceField(label=_("Passage"), required=False)
    quote = forms.CharField(
        label=_("Quoted words"), required=False, max_length=2_000, widget=forms.Textarea({"rows": 2})
    )
    text = forms.CharField(
        label=_("Remark"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 3})
    )
    wording = forms.CharField(
        label=_("Proposed wording"), required=False, max_length=MAX_COMMENT, widget=forms.Textarea({"rows": 2})
    )
    must_answer = forms.BooleanField(label=_("The authors must answer this point"), required=False, initial=True)

    def __init__(
        self, *args: Any, passages: Sequence[tuple[str, Any]], are_answered: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if not are_answered:
            del self.fields["must_answer"]
        self.fields["text"].required = not self.is_bound
        self.fields["passage"].choices = [("", _("The text as a whole")), *passages]

    def has_changed(self) -> bool:
        """A point counts as soon as something was written in it, whatever its tick box says."""
        return bool({"passage", "quote", "text", "wording"}.intersection(self.changed_data))

    def clean(self) -> dict[str, Any]:
        """A point without a remark says nothing, unless it proposes a wording."""
        data = super().clean() or self.cleaned_data
        written = any(data.get(name) for name in ("passage", "quote", "wording"))
        if written and not data.get("text") and not data.get("DELETE"):
            self.add_error("text", _("Say what you remark, or remove this point."))
        return data


class BasePointFormSet(forms.BaseFormSet):
    """The points of one review."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """Word the tick box that removes a point."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this point")

    def written(self) -> list[dict[str, Any]]:
        """The cleaned points that say something and are not removed, in order."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() and form.is_valid() and not form.cleaned_data.get("DELETE")
        ]


def point_formset(*, extra: int) -> type[BasePointFormSet]:
    """The formset, with `extra` empty points at its end."""
    return forms.formset_factory(
        PointForm,
        formset=BasePointFormSet,
        extra=extra,
        can_delete=True,
        max_num=MAX_POINTS,
        absolute_max=MAX_POINTS,
        validate_max=True,
    )
