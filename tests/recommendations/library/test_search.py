"""Words typed into the search field find publications."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.library.search import MOST_CHARACTERS, search_query, tidy_words
from recommendations.models import EditionText
from tests.recommendations import shelf

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    """The titles of the editions that the words find."""
    query = search_query(tidy_words(typed))
    return set(EditionText.objects.filter(search=query).values_list("title", flat=True))


@pytest.fixture(autouse=True)
def _shelf():
    shelf.place("a", title="Łódź and its open looms", summary="")
    shelf.place("b", title="Open-air stages", summary="")
    shelf.place("c", title="Crafts", summary="For lace")


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("lodz", {"Łódź and its open looms"}),
        ("ŁÓDŹ", {"Łódź and its open looms"}),
        ("open", {"Łódź and its open looms", "Open-air stages"}),
        ("open loo", {"Łódź and its open looms"}),
        ("open-ai", {"Open-air stages"}),
        ("loo open", set()),
        ('"open looms"', {"Łódź and its open looms"}),
        ('"looms open"', set()),
        ("open -looms", {"Open-air stages"}),
        ('open -"open looms"', {"Open-air stages"}),
        ("- open --looms", {"Open-air stages"}),
        ("lace or stages", {"Crafts", "Open-air stages"}),
        ("lace or sta", {"Crafts"}),
        ("lace'); drop", set()),
        ("& | ! ( :* <->", set()),
    ],
)
def test_words_find(typed, titles):
    assert found(typed) == titles


def test_no_words_make_no_query():
    assert search_query(tidy_words(" \x00\n ")) is None


@pytest.mark.parametrize("typed", ["-" * 200, '-"' * 100, "- " * 100, "or " * 60, "-a or " * 30, "(!" * 100])
def test_heaps_of_operators_are_no_error(typed):
    query = search_query(tidy_words(typed))
    assert query is None or EditionText.objects.filter(search=query).count() >= 0


def test_words_are_cut_where_a_search_would_fail():
    assert len(tidy_words("x" * 10_000)) == MOST_CHARACTERS
    assert found("x" * 10_000) == set()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.text(alphabet="-\"! orab|&:*()'", max_size=200))
def test_whatever_is_typed_the_database_answers(typed):
    query = search_query(tidy_words(typed))
    if query is not None:
        EditionText.objects.filter(search=query).count()
