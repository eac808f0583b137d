"""What the forms share that ask for a command on a run."""

from django import forms

from recommendations.forms.base import PageForm


class CommandForm(PageForm):
    """A command on a run: it names the visit on which the page was made."""

    visit_id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_visit_id(self) -> int:
        """No visit, or a broken one, is a visit that is not open."""
        return self.cleaned_data["visit_id"] or 0
