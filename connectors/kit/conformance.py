"""What every connector must do, as tests to inherit: one suite for our connectors and for those of other packages.

Write `class TestMine(Conformance)` in a file that pytest collects, and implement the methods that raise
`NotImplementedError` here. The suite does what the poller does: it delivers batches, keeps the cursor as JSON between
runs, and kills readers.
"""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec

from connectors.kit import Batch, Connector, Context, Cursor
from connectors.web.client import Web
from connectors.web.hosts import HostLimits
from connectors.web.wire import FetchLimits
from schemas.codec import decode_raw_article, encode
from schemas.errors import NewsclaimsError

BATCH_LIMIT = 500
CURSOR_LIMIT = 2_000_000
"""Bytes of the largest cursor that the state topic can hold."""


def make_context(url: str = "", feed: str = "conformance") -> Context:
    """Returns a context for tests: short time limits, no spacing between requests."""
    web = Web(FetchLimits(total=5, silence=1, body=5_000_000), HostLimits(spacing=0, at_once=8))
    return Context(feed=feed, url=url, web=web)


class Conformance:
    """The suite. Inherit it and give it a source.

    It is not an abstract base class, because pytest silently skips abstract classes with all their tests.
    """

    huge: ClassVar[int] = 2_500
    """The number of articles of a huge source: more than fit into one batch."""
    can_be_slow: ClassVar[bool] = True
    """Whether the source can make its reader wait."""

    def connector(self, context: Context) -> Connector[Any]:
        """Returns a new connector for the source, with this context (set its `url` with `dataclasses.replace`)."""
        raise NotImplementedError

    def put(self, first: int, last: int) -> None:
        """Adds the articles numbered `first` to `last` to the source (none if last < first)."""
        raise NotImplementedError

    def break_source(self) -> None:
        """Makes the content of the source unreadable."""
        raise NotImplementedError

    def slow_source(self) -> None:
        """Makes the source send nothing for longer than the context's time limits. Required if it `can_be_slow`."""
        raise NotImplementedError

    def drain(self, cursor: Cursor, batches: int | None = None) -> tuple[set[str], Cursor]:
        """Reads to the end, or only `batches` batches with articles; returns the article ids and the last cursor."""
        cancelled = threading.Event()
        connector = self.connector(replace(make_context(), cancelled=cancelled))
        found: set[str] = set()
        left = batches
        connector.open()
        try:
            for batch in connector.read(cursor):
                self.check_batch(batch)
                found |= {item.article.article_id for item in batch.articles}
                cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
                connector.acknowledge(batch)
                left = left - bool(batch.articles) if left is not None else None
                if left == 0:
                    break
        finally:
            connector.close()
        return found, cursor

    def check_batch(self, batch: Batch) -> None:
        """Asserts what is true of any batch."""
        assert len(batch.articles) <= BATCH_LIMIT
        assert len(msgspec.json.encode(batch.cursor)) <= CURSOR_LIMIT
        for item in batch.articles:
            assert item.place
            assert decode_raw_article(encode(item.article)) == item.article
            assert item.article.fetched_at <= datetime.now(UTC)

    def collect_complaints(self, cursor: Cursor) -> list[str]:
        """Returns what the connector reports about a source that it cannot read."""
        connector = self.connector(make_context())
        complaints: list[str] = []
        connector.open()
        try:
            for batch in connector.read(cursor):
                complaints += [item.why for item in batch.refused] + ([batch.warning] if batch.warning else [])
        except NewsclaimsError as error:
            complaints.append(str(error))
        finally:
            connector.close()
        return complaints

    def test_each_article_comes_once(self) -> None:
        self.put(1, 5)
        found, cursor = self.drain({})
        assert len(found) == 5
        again, _ = self.drain(cursor)
        assert again == set()

    def test_reading_continues_from_the_cursor(self) -> None:
        self.put(1, 3)
        _, cursor = self.drain({})
        self.put(4, 5)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def test_undelivered_articles_come_again_with_the_same_ids(self) -> None:
        self.put(1, 4)
        first, _ = self.drain({})
        again, _ = self.drain({})
        assert first == again
        assert len(first) == 4

    def test_an_empty_source_is_not_an_error(self) -> None:
        self.put(1, 0)
        found, cursor = self.drain({})
        assert found == set()
        self.put(1, 2)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def test_a_broken_source_is_reported_on_one_line_and_loses_nothing(self) -> None:
        self.put(1, 2)
        _, cursor = self.drain({})
        self.break_source()
        complaints = self.collect_complaints(cursor)
        assert complaints
        assert all(text and "\n" not in text and "Traceback" not in text for text in complaints)
        self.put(3, 4)
        found, _ = self.drain(cursor)
        assert len(found) == 2

    def test_a_huge_source_is_read_completely_in_batches(self) -> None:
        self.put(1, self.huge)
        found, cursor = self.drain({})
        assert len(found) == self.huge
        assert self.drain(cursor)[0] == set()

    def test_a_reader_killed_halfway_loses_nothing(self) -> None:
        self.put(1, self.huge)
        first, cursor = self.drain({}, batches=1)
        assert 0 < len(first) < self.huge
        rest, _ = self.drain(cursor)
        assert len(first | rest) == self.huge

    def test_a_cancelled_reader_ends(self) -> None:
        self.put(1, self.huge)
        cancelled = threading.Event()
        connector = self.connector(replace(make_context(), cancelled=cancelled))
        connector.open()
        count = 0
        for batch in connector.read({}):
            count += len(batch.articles)
            cancelled.set()
        connector.close()
        assert count <= BATCH_LIMIT

    def test_a_slow_source_ends_in_an_error_and_loses_nothing(self) -> None:
        if not self.can_be_slow:
            return
        self.put(1, 2)
        _, cursor = self.drain({})
        self.slow_source()
        assert self.collect_complaints(cursor)
        self.put(3, 3)
        found, _ = self.drain(cursor)
        assert len(found) == 1

    def test_open_and_close_may_be_called_twice(self) -> None:
        self.put(1, 1)
        connector = self.connector(make_context())
        for _ in range(2):
            connector.open()
            connector.close()
            connector.close()
        connector.open()
        assert sum(len(batch.articles) for batch in connector.read({})) == 1
        connector.close()
