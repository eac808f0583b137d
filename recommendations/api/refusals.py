"""What the API refuses beyond the refusals that everything shares."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from ekip.shared.errors import Refusal


class UnknownValue(Refusal):
    """A parameter has a value that is none of the allowed ones; `errors` holds both, by parameter."""

    status = 400
    code = "unknown-value"
    message = _("A parameter has a value that is not known.")

    def __init__(self, unknown: Mapping[str, Iterable[str]], allowed: Mapping[str, Iterable[str]]) -> None:
        super().__init__()
        self.errors = {name: {"unknown": sorted(unknown[name]), "allowed": list(allowed[name])} for name in unknown}


class UnknownParameter(Refusal):
    """The address has a parameter that this list does not know: most often a slip that would go unnoticed."""

    status = 400
    code = "unknown-parameter"
    message = _("The address has a parameter that is not known here.")

    def __init__(self, unknown: Iterable[str], allowed: Iterable[str]) -> None:
        super().__init__()
        self.errors = {"parameters": {"unknown": sorted(unknown), "allowed": list(allowed)}}


class OutOfRange(Refusal):
    """A number in the address is not one, or lies outside its range."""

    status = 400
    code = "out-of-range"
    message = _("A number in the address is outside its range.")

    def __init__(self, name: str, *, low: int, high: int | None) -> None:
        super().__init__()
        allowed = f"{low} to {high}" if high else f"{low} and above"
        self.errors = {name: {"allowed": [allowed]}}


class TooLong(Refusal):
    """The search words are longer than a search can use."""

    status = 400
    code = "too-long"
    message = _("The search words are too long.")

    def __init__(self, name: str, *, most: int) -> None:
        super().__init__()
        self.errors = {name: {"allowed": [f"at most {most} characters"]}}
