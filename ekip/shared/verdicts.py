"""The answer to a named permission question: `Allowed`, or `Denied` with the reason a person reads."""

from dataclasses import dataclass

from django.utils.functional import Promise

from ekip.shared.errors import NotAllowed, NotFound, NotNow


@dataclass(frozen=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> bool:
        return True

    def enforce(self) -> None:
        """Nothing to refuse."""


@dataclass(frozen=True)
class Denied:
    """No, and why. `kind` tells "you may not know" from "not you" and from "not now"."""

    reason: str | Promise
    code: str
    kind: str = "not_you"  # hidden | not_you | not_now

    def __bool__(self) -> bool:
        return False

    def enforce(self) -> None:
        """Raise the refusal that fits.

        Raises:
            NotFound: the person may not know that the thing exists.
            NotNow: the person may do this, but not at this stage.
            NotAllowed: the person may not do this.
        """
        if self.kind == "hidden":
            raise NotFound
        if self.kind == "not_now":
            raise NotNow(self.reason, code=self.code)
        raise NotAllowed(self.reason, code=self.code)


Verdict = Allowed | Denied
