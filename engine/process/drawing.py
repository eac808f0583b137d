"""A process as a drawing, from top to bottom: where its boxes, ways on and ways back lie, in units of the view box.

The drawing is narrow, so that its words can be read on a phone: stages beside each other share a row, ways back run
as arcs through the margins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.process.course import aside, course
from engine.process.values import Definition, Stage, Transition

WIDTH = 380
MARGIN = 48
GAP = 12
HEIGHT = 74
ROW = 102
TOP = 8
EDGE = 6
NEAREST = 12
SPOT = 12


@dataclass(frozen=True)
class Box:
    """A stage in the drawing: its upper left corner and its width; `is_aside` when it lies beside the course."""

    stage: Stage
    x: int
    y: int
    width: int
    is_aside: bool

    @property
    def middle(self) -> int:
        """Where the middle of the box stands, from the left."""
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        """Where the box ends below."""
        return self.y + HEIGHT


@dataclass(frozen=True)
class Line:
    """A way in the drawing, as an SVG path; `kind` is that of its transition."""

    path: str
    kind: str


@dataclass(frozen=True)
class Drawing:
    """The whole process; `ways` lead on, `arcs` lead back or aside."""

    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Line, ...]
    arcs: tuple[Line, ...]
    width: int = WIDTH
    box_height: int = HEIGHT


def drawing(definition: Definition) -> Drawing:
    """Where everything lies: the course from top to bottom, what lies beside it beneath, ends last.

    What a timer takes when nobody acts is drawn only where nothing else leads.
    """
    apart = aside(definition)
    between = tuple(stage for stage in apart if not stage.is_end)
    ends = tuple(stage for stage in apart if stage.is_end)
    path = course(definition)
    rows = [*path, *((stage,) for stage in between), *([ends] if ends else [])]
    boxes = tuple(box for n, row in enumerate(rows) for box in _row(row, n, is_aside=n >= len(path)))
    by_key = {box.stage.key: box for box in boxes}
    led_to = _led_to(definition)
    ways: list[Line] = []
    sides: dict[str, list[tuple[Box, Box, Transition]]] = {"left": [], "right": []}
    for box in boxes:
        for way in box.stage.transitions:
            for key in way.enters:
                if way.by == "timer" and key in led_to:
                    continue
                to = by_key[key]
                if way.kind == "advance" and to.y == box.y + ROW and not to.is_aside:
                    ways.append(_way(box, to))
                else:
                    sides[_side(box, to, way)].append((box, to, way))
    arcs = [*_arcs(sides["left"], is_left=True), *_arcs(sides["right"], is_left=False)]
    return Drawing(TOP + len(rows) * ROW - (ROW - HEIGHT) + TOP, boxes, tuple(ways), tuple(arcs))


def _led_to(definition: Definition) -> set[str]:
    """The stages to which somebody or the system leads."""
    ways = (way for stage in definition.stages for way in stage.transitions)
    return {key for way in ways if way.by != "timer" for key in way.enters}


def _row(stages: tuple[Stage, ...], number: int, *, is_aside: bool) -> Iterable[Box]:
    inner = WIDTH - 2 * MARGIN
    width = (inner - GAP * (len(stages) - 1)) // len(stages)
    for n, stage in enumerate(stages):
        yield Box(stage, MARGIN + n * (width + GAP), TOP + number * ROW, width, is_aside)


def _way(start: Box, to: Box) -> Line:
    bend = (start.bottom + to.y) // 2
    path = f"M {start.middle} {start.bottom} C {start.middle} {bend}, {to.middle} {bend}, {to.middle} {to.y}"
    return Line(path, "advance")


def _side(start: Box, to: Box, way: Transition) -> str:
    """The margin on whose side both boxes lie; where both sides are free, withdrawals and ends take the left one."""
    touching = [box for box in (start, to) if box.width < WIDTH - 2 * MARGIN]
    if touching:
        return "left" if all(box.x == MARGIN for box in touching) else "right"
    return "left" if way.kind in ("withdraw", "end") else "right"


def _arcs(ways: list[tuple[Box, Box, Transition]], *, is_left: bool) -> Iterable[Line]:
    """Arcs through one margin: those that span more swing further out, and none ends where another does."""
    inner_first = sorted(ways, key=lambda each: abs(each[0].y - each[1].y))
    lanes = _lanes([(min(start.y, to.y), max(start.y, to.y)) for start, to, _way in inner_first])
    used: Counter[tuple[str, bool]] = Counter()
    for (start, to, way), lane in zip(inner_first, lanes, strict=True):
        reach = NEAREST + (MARGIN - EDGE - NEAREST) * (lane - 1) // max(1, max(lanes) - 1)
        from_y, to_y = _spot(used, start, is_upper=start.y < to.y), _spot(used, to, is_upper=to.y < start.y)
        from_x, to_x = (start.x, to.x) if is_left else (start.x + start.width, to.x + to.width)
        # A cubic curve reaches three quarters of the way to its control points.
        far = MARGIN - reach * 4 // 3 if is_left else WIDTH - MARGIN + reach * 4 // 3
        yield Line(f"M {from_x} {from_y} C {far} {from_y}, {far} {to_y}, {to_x} {to_y}", way.kind)


def _lanes(spans: list[tuple[int, int]]) -> list[int]:
    """For each span, how far out it lies: further than every earlier one that it meets."""
    lanes: list[int] = []
    for top, bottom in spans:
        met = [lane for lane, (other, end) in zip(lanes, spans, strict=False) if other <= bottom and top <= end]
        lanes.append(max(met, default=0) + 1)
    return lanes


def _spot(used: Counter[tuple[str, bool]], box: Box, *, is_upper: bool) -> int:
    """The next free height at the side of a box: arcs that go down begin at its foot, so that they nest."""
    number = used[box.stage.key, is_upper]
    used[box.stage.key, is_upper] += 1
    offset = SPOT + number * SPOT % (HEIGHT - 2 * SPOT + 1)
    return box.bottom - offset if is_upper else box.y + offset
