"""Every pair of colours that meets on a page keeps its contrast, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS.read_text())}

GROUNDS = ["paper", "surface", "tint"]
ACCENTS = [name for name in COLOURS if name.startswith("accent-")]
TEXT = [
    *product(["ink", "ink-soft", "action", "action-hover", "loss", "amber", *ACCENTS], GROUNDS),
    *product(["ink", "ink-soft", "action", "action-hover"], ["action-tint"]),
    *product(["ink", "ink-soft", "loss", "action"], ["loss-tint"]),
    *product(["ink", "ink-soft", "amber", "action"], ["amber-tint"]),
    *product(["on-action"], ["action-fill", "action-fill-hover"]),
    *product(["on-loss"], ["loss-fill", "loss-fill-hover"]),
]
SHAPES = list(product(["line-strong", "focus", "action", *ACCENTS], GROUNDS))


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", between 0 and 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_agrees_with_its_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_seven_accents_stand_for_six_clusters_and_the_method() -> None:
    assert len(ACCENTS) == 7


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT, ids=lambda name: name)
def test_text_can_be_read(front: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), SHAPES, ids=lambda name: name)
def test_borders_rules_and_the_focus_ring_can_be_seen(front: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[ground][theme]) >= 3
