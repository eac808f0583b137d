"""Keys made of words."""

import re

from hypothesis import given
from hypothesis import strategies as st

from recommendations.keys import new_key


def test_a_key_is_made_of_the_first_words():
    statement = "Publish one register of équipment that public bodies own"
    assert new_key(statement, fallback="r", taken=lambda _: False) == "publish-one-register-of-equipment-that"


def test_a_key_that_is_taken_is_numbered():
    assert new_key("Share", fallback="r", taken={"share", "share-2"}.__contains__) == "share-3"


def test_words_without_a_latin_form_get_the_fallback():
    assert new_key("Δημόσιες αρχές", fallback="recommendation", taken=lambda _: False) == "recommendation"


@given(st.text(max_size=500), st.sets(st.text(alphabet="ab-2", max_size=5)))
def test_a_key_is_always_a_slug_that_fits_and_is_free(words, taken):
    key = new_key(words, fallback="r", taken=taken.__contains__)
    assert re.fullmatch(r"[a-z0-9_]+(?:-+[a-z0-9_]+)*", key)
    assert len(key) <= 60
    assert key not in taken
