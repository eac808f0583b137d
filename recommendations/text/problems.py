"""What can be wrong with a text, told by code and place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: a stable `code`, the `path` to it (`[3].runs[0].text`), and a sentence for people."""

    code: str
    path: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path}: {self.detail} ({self.code})" if self.path else f"{self.detail} ({self.code})"


class TextInvalid(ValueError):
    """The text does not have the form of `recommendations.text`; `problems` says where and why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code if self.problems else "invalid"
