"""Words of watches: what is found in a text and what is not, in many scripts, with true offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.watches.words import WordIndex, simplify_name

FOUND = [
    ("pier", "The Pier, closed.", "Pier"),
    ("pier", "PIER-side works", "PIER"),
    ("casualt*", "no casualties yet", "casualties"),
    ("casualt*", "one Casualty", "Casualty"),
    ("port authority", "the Port\n Authority said", "Port\n Authority"),
    ("port authority", "port-authority staff", "port-authority"),
    ("post-war", "the post war years", "post war"),
    ("port author*", "port authorities said", "port authorities"),
    ("Kim's", "Kim’s visit", "Kim’s"),
    ("Kim", "Kim's visit", "Kim"),
    ("U.S. Navy", "the U.S. Navy ship", "U.S. Navy"),
    ("U.S.", "in the U.S., too", "U.S"),
    ("3,000", "about 3,000 men", "3,000"),
    ("Straße", "die STRASSE brennt", "STRASSE"),
    ("istanbul", "aus İstanbul", "İstanbul"),
    ("ΝΑΎΣ", "η ναύς εδώ", "ναύς"),
    ("загибл*", "Троє загиблих", "загиблих"),
    ("втрати", "ВТРАТИ зросли", "ВТРАТИ"),
    ("무기*", "북한이 무기를 보냈다", "무기를"),
    ("हिन्दी", "यह हिन्दी है", "हिन्दी"),
    ("قتلى", "سقط قتلى اليوم", "قتلى"),
    ("派兵", "北朝鮮が派兵を認めた", "派兵"),
    ("NATO加盟", "来年nato加盟か", "nato加盟"),
    ("nato", "北朝鮮とNATOの対立", "NATO"),
    ("ทหาร", "ส่งทหารไป", "ทหาร"),
    ("cafe\u0301", "le café ferme", "café"),
]

NOT_FOUND = [
    ("pier", "The piers closed"),
    ("pier", "a rapier"),
    ("pier", "pier_2"),
    ("port authority", "in port. Authority was lost"),
    ("port authority", "port\n\nAuthority"),
    ("port authority", "port authorities"),
    ("port authority", "port"),
    ("casualt*", "casual"),
    ("무기", "북한이 무기를 보냈다"),
    ("हिन्द", "यह हिन्दी है"),
    ("NATO加盟", "XNATO加盟"),
    ("派兵", "no such letters"),
]


@pytest.mark.parametrize(("entry", "text", "found"), FOUND)
def test_entry_is_found_where_it_stands(entry: str, text: str, found: str) -> None:
    places = list(WordIndex([entry]).find(text))
    assert [(place.entry, text[place.start : place.end]) for place in places] == [(entry, found)]


@pytest.mark.parametrize(("entry", "text"), NOT_FOUND)
def test_entry_is_not_found_in_other_words(entry: str, text: str) -> None:
    assert list(WordIndex([entry]).find(text)) == []


def test_all_entries_are_found_together_and_each_place_of_each() -> None:
    index = WordIndex(["pier", "pier*", "old pier", "old pier wall", "harbour"])
    text = "The old pier wall. Piers! The old pier."
    found = sorted((place.start, place.entry) for place in index.find(text))
    assert found == [(4, "old pier"), (4, "old pier wall"), (8, "pier"), (8, "pier*"), (19, "pier*"), (30, "old pier"),
                     (34, "pier"), (34, "pier*")]  # fmt: skip


@given(st.text(max_size=200), st.lists(st.text(alphabet="aб中ก '-*.é", min_size=1, max_size=6), max_size=5))
def test_any_text_is_searched_and_offsets_are_in_it(text: str, entries: list[str]) -> None:
    from schemas.watches import check_phrase

    index = WordIndex(entry for entry in entries if not check_phrase(entry))
    assert all(0 <= place.start < place.end <= len(text) for place in index.find(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Volodymyr Zelenskyy", "VOLODYMYR ZELENSKYY"),
        ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
        ("Kim Yong-hyun", "Kim Yong Hyun"),
        ("the Kremlin", "Kremlin"),
        ("Jarosław Kaczyński", "Jaroslaw Kaczynski"),
        ("O’Neill", "O'Neill"),
        ("Зеленський", "ЗЕЛЕНСЬКИЙ"),
    ],
)
def test_names_are_the_same_without_case_and_accents(one: str, other: str) -> None:
    assert simplify_name(one) == simplify_name(other)


def test_other_names_stay_others() -> None:
    assert len({simplify_name(name) for name in ("Seoul", "Soul", "The Hague Court", "हिन्दी", "हन्दी")}) == 5
