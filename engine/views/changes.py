"""How pages of the engine show changes: in one text, or side by side, by links that work without scripts."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

MODES = {"inline": _("In one text"), "side": _("Side by side")}


def change_modes(request: HttpRequest) -> dict[str, Any]:
    """The way that the address asks for (`mode`), and links to each way (`change_tabs`)."""
    asked = request.GET.get("changes", "")
    mode = asked if asked in MODES else "inline"
    tabs = [
        {"label": label, "url": f"{request.path}?changes={key}#changes", "current": key == mode, "count": None}
        for key, label in MODES.items()
    ]
    return {"mode": mode, "change_tabs": tabs, "changes_open": asked in MODES}
