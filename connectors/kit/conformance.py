"""What every connector must do, as tests to inherit: the same suite holds ours and those of other packages.

Write `class TestMine(Conformance)` in a file that pytest collects, with the methods that raise here. It
plays the one who runs connectors: it delivers batches, keeps the cursor as JSON between runs, and kills readers.
"""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from connectors.kit import Batch, Connector, Context, Cursor
from connectors.web.client import Web
from connectors.web.hosts import Hosts
from connectors.web.wire import Limits
from schemas.codec import decode_raw_article, encode
from schemas.errors import NewsclaimsError

BATCH_LIMIT = 500
CURSOR_LIMIT = 2_000_000
"""Bytes of the largest cursor: what the state topic takes."""


def context(url: str = "", feed: str = "conformance") -> Context:
    """A context for tests: short limits, no spacing between requests."""
    web = Web(Limits(total=5, silence=1, body=5_000_000), Hosts(spacing=0, at_once=8))
    return Context(feed=feed, url=url, web=web)


class Conformance:
    """Inherit it, and give it a source to play with.

    No abstract base class: pytest passes those over without a word, with all their tests.
    """

    huge: ClassVar[int] = 2_500
    """Articles of a source that counts as huge: more than any batch holds."""
    can_be_slow: ClassVar[bool] = True
    """Whether the source can keep its reader waiting."""

    def connector(self, context: Context) -> Connector[Any]:
        """A new connector for the source, with this context (set its `url` with `dataclasses.replace`)."""
        raise NotImplementedError

    def put(self, first: int, last: int) -> None:
        """Makes the source hold articles number `first` to `last` (none where last < first), besides earlier ones."""
        raise NotImplementedError

    def break_source(self) -> None:
        """Makes what the source gives unreadable."""
        raise NotImplementedError

    def slow_source(self) -> None:
        """Makes the source give nothing for longer than the context's time limits; needed where it `can_be_slow`."""
        raise NotImplementedError

    def drain(self, cursor: Cursor, batches: int | None = None) -> tuple[set[str], Cursor]:
        """Reads to the end, or so many batches with articles and is then killed; returns ids and the last cursor."""
        told = threading.Event()
        connector = self.connector(replace(context(), cancelled=told))
        found: set[str] = set()
        left = batches
        connector.open()
        try:
            for batch in connector.read(cursor):
                self.check(batch)
                found |= {item.article.article_id for item in batch.articles}
                cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
                connector.acknowledge(batch)
                left = left - bool(batch.articles) if left is not None else None
                if left == 0:
                    break
        finally:
            connector.close()
        return found, cursor

    def check(self, batch: Batch) -> None:
        """What holds for any batch."""
        assert len(batch.articles) <= BATCH_LIMIT
        assert len(msgspec.json.encode(batch.cursor)) <= CURSOR_LIMIT
        for item in batch.articles:
            assert item.place
            assert decode_raw_article(encode(item.article)) == item.article
            assert item.article.fetched_at <= datetime.now(UTC)

    def test_all_articles_come_once_and_nothing_comes_twice(self) -> None:
        self.put(1, 5)
        found, cursor = self.drain({})
        assert len(found) == 5
        again, _ = self.drain(cursor)
        assert again == set()

    def test_reading_goes_on_from_the_cursor(self) -> None:
        self.put(1, 3)
        _, cursor = self.drain({})
        self.put(4, 5)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def test_what_was_not_delivered_comes_again_with_the_same_ids(self) -> None:
        self.put(1, 4)
        first, _ = self.drain({})
        again, _ = self.drain({})
        assert first == again
        assert len(first) == 4

    def test_an_empty_source_is_no_error(self) -> None:
        self.put(1, 0)
        found, cursor = self.drain({})
        assert found == set()
        self.put(1, 2)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def test_a_broken_source_is_told_in_one_sentence_and_loses_nothing(self) -> None:
        self.put(1, 2)
        _, cursor = self.drain({})
        self.break_source()
        told = self.complaints(cursor)
        assert told
        assert all(text and "\n" not in text and "Traceback" not in text for text in told)
        self.put(3, 4)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def complaints(self, cursor: Cursor) -> list[str]:
        """What the connector says about a source that it cannot read."""
        connector = self.connector(context())
        told: list[str] = []
        connector.open()
        try:
            for batch in connector.read(cursor):
                told += [refused.why for refused in batch.refused] + ([batch.warning] if batch.warning else [])
        except NewsclaimsError as error:
            told.append(str(error))
        finally:
            connector.close()
        return told

    def test_a_huge_source_comes_whole_in_batches(self) -> None:
        self.put(1, self.huge)
        found, cursor = self.drain({})
        assert len(found) == self.huge
        assert self.drain(cursor)[0] == set()

    def test_killed_in_the_middle_and_started_again_loses_nothing(self) -> None:
        self.put(1, self.huge)
        first, cursor = self.drain({}, batches=1)
        assert 0 < len(first) < self.huge
        rest, _ = self.drain(cursor)
        assert len(first | rest) == self.huge

    def test_a_cancelled_reader_ends(self) -> None:
        self.put(1, self.huge)
        told = threading.Event()
        connector = self.connector(replace(context(), cancelled=told))
        connector.open()
        count = 0
        for batch in connector.read({}):
            count += len(batch.articles)
            told.set()
        connector.close()
        assert count <= BATCH_LIMIT

    def test_a_slow_source_ends_in_an_error_and_loses_nothing(self) -> None:
        if not self.can_be_slow:
            return
        self.put(1, 2)
        _, cursor = self.drain({})
        self.slow_source()
        assert self.complaints(cursor)
        self.put(3, 3)
        found, _ = self.drain(cursor)
        assert len(found) == 1

    def test_open_and_close_may_come_twice(self) -> None:
        self.put(1, 1)
        connector = self.connector(context())
        for _ in range(2):
            connector.open()
            connector.close()
            connector.close()
        connector.open()
        assert sum(len(batch.articles) for batch in connector.read({})) == 1
        connector.close()
