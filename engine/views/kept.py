"""Nothing that was typed is lost when a page has moved on."""

from collections.abc import Iterator
from contextlib import contextmanager

from ekip.shared.errors import NotNow
from engine.forms.base import PageForm


@contextmanager
def keeping(form: PageForm) -> Iterator[None]:
    """Within the block, a refusal that comes too late carries what the form holds, by label."""
    try:
        yield
    except NotNow as refusal:
        refusal.context["kept"] = form.kept()
        raise


def rest_on(form: PageForm, version: int) -> None:
    """Let a form that met a newer text rest on it, so that sending it again replaces that text knowingly."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(version)
