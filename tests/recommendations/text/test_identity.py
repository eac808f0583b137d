from recommendations.text import from_html, from_plain_text, keep_ids, to_html, words
from tests.recommendations.text.texts import TEXTS, for_any


def read(source: str, salt: str = ""):
    return from_plain_text(source, lang="en", salt=salt)


@for_any(TEXTS, TEXTS)
def test_no_id_stands_twice_and_nothing_but_ids_changes(new, previous):
    kept = keep_ids(new, previous)
    assert len({block.id for block in kept}) == len(kept)
    assert [(type(block), words(block)) for block in kept] == [(type(block), words(block)) for block in new]
    assert keep_ids(kept, kept) == kept


@for_any(TEXTS)
def test_an_editor_that_loses_ids_does_no_harm(text):
    assert keep_ids(from_html(to_html(text, lang="en"), lang="en"), text) == text


def test_edited_moved_and_new_blocks():
    before = read("First one here, as it was.\n\nSecond one.\n\nThird one, which will move.\n\nFourth.", "old")
    after = keep_ids(
        read("Third one, which will move.\n\nFirst one here, as it is.\n\nQuite other.\n\nFourth."), before
    )
    ids = [block.id for block in before]
    assert [block.id for block in after[:2]] == [ids[2], ids[0]]
    assert after[2].id not in ids
    assert after[3].id == ids[3]


def test_a_split_paragraph_leaves_its_id_with_the_longer_part():
    before = read("One two three four five six seven. Eight nine ten.", "old")
    after = keep_ids(read("One two three four five six seven.\n\nEight nine ten."), before)
    assert after[0].id == before[0].id != after[1].id


def test_a_new_block_never_takes_the_id_of_a_deleted_one():
    before = read("Same words.\n\nOther words entirely, gone now.")
    after = keep_ids(read("Same words.\n\nSame words."), before)
    assert after[0].id == before[0].id
    assert after[1].id not in {block.id for block in before}


def test_references_follow_their_footnote():
    before = read("Word[^1].\n\n[^1]: The note as it is.", "old")
    after = keep_ids(read("Word changed[^1].\n\n[^1]: The note as it was."), before)
    assert after[1].id == before[1].id
    assert {run.marks.note for run in after[0].runs} == {"", before[1].id}
