import pytest
from hypothesis import strategies as st

from ekip.shared.folding import fold
from tests.recommendations.text.texts import for_any


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Łódź \n STRASSE ", "lodz strasse"),
        ("Straße", "strasse"),
        ("Ærø, Ångström", "aero, angstrom"),
        ("Đurđević", "durdevic"),
        ("Œuvre d’été", "oeuvre d'ete"),
        ("İstanbul ILICA ılıca", "istanbul ilica ilica"),
        ("ΑΘΉΝΑΣ", "αθηνασ"),
        ("Þing, ħamrun", "thing, hamrun"),
    ],
)
def test_spellings_meet(written, folded):
    assert fold(written) == folded


@for_any(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
