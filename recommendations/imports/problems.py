"""What is wrong with a file, told by line and place."""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: the line (from 1), the place as in `publications[0].authors[1]`, and a sentence."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.place}: {self.message}" if self.place else f"line {self.line}: {self.message}"


class Lines:
    """Where in the file each part of the data stands."""

    def __init__(self) -> None:
        self._lines: dict[Path, int] = {}

    def note(self, path: Path, line: int) -> None:
        """The part at `path` begins on `line`."""
        self._lines[path] = line

    def of(self, path: Path) -> int:
        """The line of the part, or of the nearest one around it; 1 when nothing is known."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def problem(self, path: Iterable[str | int], message: str) -> Problem:
        """A fault of the part at `path`."""
        place = tuple(path)
        return Problem(self.of(place), written(place), message)


def written(path: Path) -> str:
    """A path as people read it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
