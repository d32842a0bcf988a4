"""Which articles are copies of one text: measured on re-publications, and by hand on the members of each kind."""

from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import pytest

from pipelines.stories.comparison import count_likeness
from pipelines.stories.fingerprints import (
    KEYS,
    LEAD_KEYS,
    LEAD_PROBES,
    MOST_PAIRS,
    PROBES,
    Fingerprint,
    find_words,
    make_fingerprint,
    unpack,
)
from pipelines.stories.grouping import WINDOW, Original, StoryIndex, choose_story
from tests.pipelines.stories.republications import group_in_order, load_texts, publish_again, score

LEAST_PRECISION, LEAST_RECALL = 0.97, 0.93
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
REPORT = (
    "The harbour council of Torvald voted on Tuesday to close the old ferry pier after divers found 41 cracks in its "
    "pillars. Repairs would take 18 months and cost 2.5 million crowns, the mayor told reporters. Fishing crews asked "
    "for a second landing stage, because their boats cannot reach the northern quay in winter storms."
)
OTHER = (
    "Engineers inspected the railway bridge near Almere and measured its girders with lasers. The state railway "
    "plans to replace bolts before the holiday season, a spokeswoman wrote. Commuters face detours through two "
    "suburbs, and freight trains will run at night until the line opens again."
)


@pytest.mark.parametrize("seed", range(3))
def test_republications_are_found_and_lookalikes_are_not(seed: int) -> None:
    publications = publish_again(load_texts(), seed)
    assert len(publications) > 500
    for is_probed in (False, True):
        precision, recall = score(publications, group_in_order(publications, is_probed))
        assert precision >= LEAST_PRECISION
        assert recall >= LEAST_RECALL


def likeness(one: str, other: str) -> int:
    return count_likeness(make_fingerprint("", one), make_fingerprint("", other))


def test_same_words_with_other_numbers_are_no_copy() -> None:
    assert likeness(REPORT, REPORT.replace("41", "52").replace("18", "6").replace("2.5", "3.1")) == 0
    assert likeness(REPORT, REPORT.replace("41", "52")) > 0


def test_years_decide_nothing() -> None:
    dated = REPORT.replace("on Tuesday", "on 3 March 2026")
    assert (
        likeness(dated, dated.replace("41", "52").replace("18", "6").replace("2.5", "3.1").replace(" 3 ", " 4 ")) == 0
    )


def test_numbers_are_the_same_with_and_without_separators() -> None:
    assert find_words("1,500 boats") == find_words("1500 boats") == ["1500", "boats"]
    assert find_words("2.5 boats") == ["2.5", "boats"]


def test_few_shared_pairs_are_the_topic_and_not_the_text() -> None:
    sentence = REPORT.partition(". ")[0]
    assert likeness(sentence, f"{OTHER} {' '.join(sentence.split()[:7])}") == 0


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    text = "港湾委員会は火曜日、柱に41か所の亀裂が見つかったため、古い渡船の桟橋を閉鎖することを決めた。"
    assert likeness(text, f"速報です。{text}続報を待ってください。") > 0


def test_title_counts_only_without_a_body() -> None:
    title = "Harbour council of Torvald votes to close old ferry pier after divers find cracks in pillars"
    assert make_fingerprint(title, REPORT).pairs.tolist() == make_fingerprint("", REPORT).pairs.tolist()
    assert count_likeness(make_fingerprint(title, ""), make_fingerprint(f"{title} again", "")) > 0
    assert make_fingerprint("", "").keys == ()


def test_excerpt_of_a_very_long_text_is_found() -> None:
    letters = "bcdfghjklmnprstvwz"
    words = ["".join(three) for three in product(letters, letters, letters)]
    long, excerpt = make_fingerprint("", " ".join(words)), make_fingerprint("", " ".join(words[:100]))
    assert len(long.pairs) == MOST_PAIRS
    assert len(long.keys) <= KEYS + LEAD_KEYS
    assert count_likeness(long, excerpt) > 0
    assert len(set(long.keys) & set(excerpt.keys)) >= LEAD_KEYS
    assert set(long.choose_probes()) < set(long.keys)
    assert len(long.choose_probes()) <= PROBES + LEAD_PROBES
    assert len(set(long.keys) & set(excerpt.choose_probes())) >= LEAD_PROBES


def test_keys_that_many_articles_have_are_searched_last() -> None:
    printed = make_fingerprint("", REPORT)
    rare = {*printed.whole[5:], *printed.lead[5:]}
    common = set(printed.keys) - rare
    assert common & set(printed.choose_probes())
    probes = printed.choose_probes(common.__contains__)
    assert not common & set(probes)
    assert len(probes) >= PROBES
    assert printed.choose_probes(lambda _: True) == printed.choose_probes()


def test_packed_fingerprint_is_read_back() -> None:
    fingerprint = make_fingerprint("", REPORT)
    read = unpack(fingerprint.pack())
    assert read.limit == fingerprint.limit
    assert np.array_equal(read.pairs, fingerprint.pairs)
    assert np.array_equal(read.numbers, fingerprint.numbers)


@pytest.mark.parametrize("packed", [b"", b"abc", b"\x00" * 8, make_fingerprint("", REPORT).pack()[:-4]])
def test_other_bytes_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a packed fingerprint|buffer size"):
        unpack(packed)


def original(id: str, text: str, at: datetime = NOON) -> Original:
    return Original(id, at, make_fingerprint("", text))


def choose(text: str, *found: Original, at: datetime = NOON) -> str | None:
    chosen = choose_story(at, make_fingerprint("", text), found)
    return chosen.article_id if chosen else None


def test_page_that_quotes_two_reports_joins_the_one_it_has_more_of() -> None:
    half = " ".join(OTHER.split()[:25])
    assert choose(f"{REPORT} {half}", original("half", half), original("report", REPORT)) == "report"


def test_of_two_equal_originals_the_earlier_counts() -> None:
    later = original("a", REPORT, NOON + timedelta(hours=1))
    assert choose(REPORT, later, original("b", REPORT)) == "b"
    assert choose(REPORT, original("b", REPORT), original("a", REPORT)) == "a"


def test_what_comes_after_the_window_is_a_new_story() -> None:
    assert choose(REPORT, original("a", REPORT), at=NOON + WINDOW) == "a"
    assert choose(REPORT, original("a", REPORT), at=NOON + WINDOW + timedelta(seconds=1)) is None


def keys_of(*names: str) -> tuple[str, ...]:
    return names


EMPTY = Fingerprint(np.array([], dtype=np.uint32), np.array([], dtype=np.uint32))


def entry(id: str, at: datetime = NOON) -> Original:
    return Original(id, at, EMPTY)


def test_index_finds_by_two_keys_and_ranks_by_their_number() -> None:
    index = StoryIndex()
    index.add(entry("two"), keys_of("k1", "k2"))
    index.add(entry("three"), keys_of("k1", "k2", "k3"))
    index.add(entry("one"), keys_of("k1"))
    assert [each.article_id for each in index.find(["k1", "k2", "k3"])] == ["three", "two"]


def test_index_drops_the_oldest_above_its_capacity_and_replaces_a_revision() -> None:
    index = StoryIndex(2)
    for id in ("a", "b", "a", "c"):
        index.add(entry(id), keys_of("k1", "k2"))
    assert {each.article_id for each in index.find(["k1", "k2"])} == {"a", "c"}


def test_index_forgets_what_is_older() -> None:
    index = StoryIndex()
    for hour, id in enumerate("abc"):
        index.add(entry(id, NOON + timedelta(hours=hour)), keys_of("k1", "k2"))
    index.forget(NOON + timedelta(hours=1))
    assert {each.article_id for each in index.find(["k1", "k2"])} == {"b", "c"}
    index.forget(NOON + timedelta(days=1))
    assert index.find(["k1", "k2"]) == []


def test_key_is_common_if_more_than_a_few_originals_have_it() -> None:
    index, many = StoryIndex(), 1_001
    for number in range(many):
        keys = tuple(key for key, owners in (("rare", 5), ("common", 6)) if number < owners)
        index.add(original(str(number), ""), keys)
        if number == 5:
            assert [index.is_common(key) for key in ("absent", "rare", "common")] == [False, False, True]
    assert index.is_common("common")
    for number in range(many, 1_300):
        index.add(original(str(number), ""), ())
    # Of so many, six are a few.
    assert not index.is_common("common")
