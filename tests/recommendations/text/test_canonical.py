import unicodedata

from recommendations.text import (
    block_hash,
    canonical_bytes,
    content_hash,
    from_data,
    from_plain_text,
    sha256_of,
    to_data,
)
from tests.recommendations.text.texts import TEXTS, for_any


@for_any(TEXTS)
def test_the_hash_survives_storage_and_other_unicode_forms(text):
    def decomposed(data):
        match data:
            case str():
                return unicodedata.normalize("NFD", data)
            case list():
                return [decomposed(each) for each in data]
            case dict():
                return {key: decomposed(data[key]) for key in reversed(data)}
            case _:
                return data

    assert content_hash(from_data(to_data(text))) == content_hash(text)
    assert canonical_bytes(decomposed(to_data(text))) == canonical_bytes(to_data(text))


def test_the_form_of_the_bytes_is_fixed():
    text = from_plain_text("Été **x**", lang="fr")
    expected = (
        '[{"id":"ID","kind":"paragraph","lang":"fr","runs":[{"text":"Été "},{"marks":{"strong":true},"text":"x"}]}]'
    )
    assert canonical_bytes(to_data(text)).decode() == expected.replace("ID", text[0].id)
    assert content_hash(text) == sha256_of(to_data(text))


def test_a_block_has_the_same_hash_under_another_id():
    one, other = (from_plain_text("Words", lang="en", salt=salt) for salt in "ab")
    assert one[0].id != other[0].id
    assert block_hash(one[0]) == block_hash(other[0])
    assert content_hash(one) != content_hash(other)
