import random
import time

from hypothesis import strategies as st

from recommendations.text import Paragraph, Run, Tally, diff, diff_to_html, from_plain_text, keep_ids, tally
from recommendations.text.align import matches
from recommendations.text.blocks import slots
from recommendations.text.diff import runs_after, runs_before
from tests.recommendations.text.texts import TEXTS, for_any


def read(source: str):
    return from_plain_text(source, lang="en")


@for_any(TEXTS, TEXTS)
def test_a_diff_holds_both_sides(before, after):
    changes = diff(before, after)
    assert tuple(change.before for change in changes if change.before) == before
    assert tuple(change.after for change in changes if change.after) == after
    for change in changes:
        if change.before:
            assert tuple(map(runs_before, change.slots)) == slots(change.before)
        if change.after:
            assert tuple(map(runs_after, change.slots)) == slots(change.after)


@for_any(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {change.fate for change in diff(text, text)} <= {"kept"}
    assert "<ins>" not in diff_to_html(diff(text, text), lang="en")


def test_words_are_compared_within_a_changed_block():
    before = read("The city **should** pay by 2027.")
    after = keep_ids(read("The city **must** pay by 2028."), before)
    assert diff_to_html(diff(before, after), lang="en") == (
        '<p class="is-changed">The city <del><strong>should</strong></del><ins><strong>must</strong></ins> '
        "pay by <del>2027</del><ins>2028</ins>.</p>"
    )


def test_each_side_can_be_shown_alone():
    before, after = read("Kept words here.\n\nGone."), read("Kept words there.\n\nQuite new.")
    changes = diff(before, after)
    assert diff_to_html(changes, lang="en", side="before") == (
        '<p class="is-changed">Kept words <del>here</del>.</p><p class="is-removed"><del>Gone.</del></p>'
    )
    assert diff_to_html(changes, lang="en", side="after") == (
        '<p class="is-changed">Kept words <ins>there</ins>.</p><p class="is-added"><ins>Quite new.</ins></p>'
    )


def test_a_change_of_marks_is_a_change():
    changes = diff(read("A word"), read("A *word*"))
    assert diff_to_html(changes, lang="en") == '<p class="is-changed">A <del>word</del><ins><em>word</em></ins></p>'


def test_lists_stay_lists():
    before, after = read("- a b c\n- d"), read("- a b c\n  - new\n- d")
    assert diff_to_html(diff(before, after), lang="en") == (
        '<ul><li>a b c<ul><li class="is-added"><ins>new</ins></li></ul></li><li>d</li></ul>'
    )


def test_a_table_is_compared_cell_by_cell():
    before, after = read("| a | b |\n| c | d |"), read("| a | b |\n| c | e |")
    assert "<td>c</td><td><del>d</del><ins>e</ins></td>" in diff_to_html(diff(before, after), lang="en")


def test_the_tally_agrees_with_what_is_shown():
    changes = diff(read("One two.\n\nThree.\n\nStays."), read("One too.\n\nStays.\n\nFour five."))
    assert tally(changes) == Tally(kept=1, changed=1, added=1, removed=1, words_added=3, words_removed=2)


@for_any(st.lists(st.integers(0, 3), max_size=12), st.lists(st.integers(0, 3), max_size=12))
def test_the_alignment_is_a_longest_common_subsequence(a, b):
    pairs = matches(a, b)
    assert all(a[x] == b[y] for x, y in pairs)
    assert pairs == sorted(pairs)
    assert len({x for x, _ in pairs}) == len({y for _, y in pairs}) == len(pairs)
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for x, one in enumerate(a):
        for y, other in enumerate(b):
            table[x + 1][y + 1] = table[x][y] + 1 if one == other else max(table[x][y + 1], table[x + 1][y])
    assert len(pairs) == table[-1][-1]


def test_large_sequences_are_aligned_at_what_is_unique():
    a = [0, 1] * 4_000 + ["here"] + [2, 3] * 4_000
    b = [1, 0, 0] * 3_000 + ["here"] + [3, 2, 2] * 3_000
    assert (8_000, 9_000) in matches(a, b)


def test_texts_at_their_limit_are_compared_in_about_a_second():
    dice = random.Random(1)
    vocabulary = [f"word{n}" for n in range(300)]

    def text(prefix):
        return tuple(
            Paragraph(id=f"{prefix}{n}", lang="en", runs=(Run(" ".join(dice.choices(vocabulary, k=20))),))
            for n in range(2_000)
        )

    one = text("a")
    edited = tuple(
        Paragraph(id=block.id, lang="en", runs=(Run(block.runs[0].text.replace("7", "8") + " more"),)) for block in one
    )
    for other in (text("b"), edited, one[::-1]):
        start = time.process_time()
        diff(one, other)
        assert time.process_time() - start < 3  # a slow machine under load; about half a second otherwise
