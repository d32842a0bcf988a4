"""The memory of lines that recur on a feed's pages."""

import pytest

from pipelines.text.reading.recurring import RecurringLines

TEMPLATE = ("Subscribe to the Courier", "Weather by the lake")


def shown(memory: RecurringLines, feed: str = "courier", pages: int = 6) -> RecurringLines:
    for number in range(pages):
        memory.learn(feed, f"page {number}", [*TEMPLATE, f"Story {number}"])
    return memory


def test_line_recurs_after_enough_pages_of_its_feed():
    memory = shown(RecurringLines(), pages=3)
    assert not memory.recurs("courier", TEMPLATE[0])
    memory.learn("courier", "page 4", TEMPLATE)
    assert memory.recurs("courier", TEMPLATE[0])
    assert not memory.recurs("courier", "Story 1")
    assert not memory.recurs("gazette", TEMPLATE[0])


def test_same_page_seen_again_counts_once():
    memory = RecurringLines()
    for _ in range(20):
        memory.learn("courier", "one page", ["A live blog's standing line"])
    assert not memory.recurs("courier", "A live blog's standing line")


def test_line_of_few_pages_among_many_does_not_recur():
    memory = shown(RecurringLines(), pages=5)
    for number in range(100):
        memory.learn("courier", f"later {number}", [f"Other {number}"])
    assert not memory.recurs("courier", TEMPLATE[0])


def test_memory_is_bounded_by_feeds_and_lines():
    memory = RecurringLines(feeds=3, lines_per_feed=50)
    for feed in range(10):
        for page in range(10):
            memory.learn(f"feed {feed}", f"page {page}", [*TEMPLATE, *(f"{feed} {page} {line}" for line in range(20))])
    assert len(memory) <= 3 * 50
    assert memory.recurs("feed 9", TEMPLATE[0])
    assert not memory.recurs("feed 1", TEMPLATE[0])


def test_new_template_is_learned_after_many_pages_of_the_old_one():
    memory = RecurringLines(recent_pages=20)
    for number in range(1_000):
        memory.learn("courier", f"old {number}", [TEMPLATE[0]])
    for number in range(20):
        memory.learn("courier", f"new {number}", [TEMPLATE[1]])
    assert memory.recurs("courier", TEMPLATE[1])


def test_saved_memory_goes_on_where_it_was():
    memory = shown(RecurringLines())
    restored = RecurringLines()
    restored.load(memory.save())
    assert restored.recurs("courier", TEMPLATE[1])
    restored.learn("courier", "page 1", ["seen before the restart"])
    assert restored.save() == memory.save()


def test_memory_of_this_release_has_version_1() -> None:
    assert b"\xa7version\x01" in RecurringLines().save()


@pytest.mark.parametrize("saved", [b"", b"\x00\x01", b"\x82\xa7version\x09\xa5feeds\x90"])
def test_foreign_bytes_are_refused(saved):
    with pytest.raises(ValueError, match=r"\S"):
        RecurringLines().load(saved)
