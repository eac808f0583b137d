"""What will befall a run beside the ordinary, from the seed."""

from __future__ import annotations

from random import Random

CHANCES = {
    "co-author": 0.15,
    "send-back": 0.08,
    "withdraw": 0.08,
    "too-few": 0.15,
    "city-silent": 0.06,
    "decline": 0.15,
    "remove-reviewer": 0.05,
    "extend": 0.12,
    "close-early": 0.05,
    "pause": 0.08,
    "return": 0.12,
    "second-round": 0.1,
    "take-back": 0.03,
    "reject": 0.08,
    "correct": 0.12,
    "leave-as-it-is": 0.04,
    "supersede": 0.08,
}
TWICE = 0.04
"""How often somebody clicks twice, and both clicks arrive at once."""


class Course:
    """The dice of one run, and its turns: each is taken once."""

    def __init__(self, seed: int, number: int) -> None:
        self.dice = Random(f"{seed}:{number}")
        self._turns = {name for name, chance in CHANCES.items() if self.dice.random() < chance}

    def takes(self, turn: str) -> bool:
        """Whether the run takes this turn now; not a second time."""
        taken = turn in self._turns
        self._turns.discard(turn)
        return taken

    def clicks_twice(self) -> bool:
        """Whether the next click is a double one."""
        return self.dice.random() < TWICE
