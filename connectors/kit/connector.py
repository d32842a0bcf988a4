"""The interface of a connector: settings, discover, open, read with a cursor, acknowledge after delivery, close.

A connector reads one feed. It never delivers: it yields batches, each with the cursor that is valid once the batch is
safely in Kafka. The poller publishes the batch, stores the cursor, and only then acknowledges. So a connector that is
killed at any moment and started again with the last stored cursor loses nothing.
`connectors.kit.conformance` tests this for every connector.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from connectors.kit.article_line import ArticleLine, ArticleOrigin, FoundArticle, RefusedItem, complete_line
from connectors.web.client import Response, Web, utc_now
from schemas.fields import IngestMode

Cursor = dict[str, Any]
"""Where to continue reading: plain JSON values, bounded in size (a few hundred kilobytes at most)."""


class NoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For a connector that has no settings of its own."""


S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True)
class Context:
    """What a connector knows about its feed, and what it may use.

    `cancelled` is set when reading should end soon: check it between batches and while waiting.
    """

    feed: str
    url: str = ""
    publisher: str | None = None
    language: str | None = None
    rights: str | None = None
    mode: IngestMode | None = None
    web: Web = field(default_factory=Web)
    clock: Callable[[], datetime] = utc_now
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Batch:
    """Articles, and the cursor that is valid once they are delivered.

    `wait` is how many seconds the source asks to be left alone, `moved_to` its new address, `warning` what the
    operator should know although reading worked, `empty` the number of entries that had no text of their own, and
    `repairs` what was repaired or left out in the source as it is now, by kind in plain words; None if it is unchanged.
    """

    articles: tuple[FoundArticle, ...]
    cursor: Cursor
    refused: tuple[RefusedItem, ...] = ()
    wait: float = 0.0
    moved_to: str | None = None
    warning: str | None = None
    empty: int = 0
    repairs: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Suggestion:
    """A feed that was discovered: its address, its title, and the connector that reads it."""

    connector: str
    url: str
    title: str = ""


class Connector(ABC, Generic[S]):
    """Base class of all connectors. The order in a file: settings, class with name and example, open, read, close."""

    name: ClassVar[str]
    """The connector's name in feeds.yaml."""
    about: ClassVar[str]
    """One phrase for the list of connectors."""
    example: ClassVar[str]
    """An entry of feeds.yaml."""
    settings_type: ClassVar[type[msgspec.Struct]] = NoSettings
    """The struct for `settings` in feeds.yaml; the descriptions of its fields appear in the documentation."""
    needs_url: ClassVar[bool] = True
    continuous: ClassVar[bool] = False
    """Whether `read` continues until it is cancelled instead of ending when everything is read."""

    def __init__(self, context: Context, settings: S) -> None:
        self.context = context
        self.settings = settings

    @classmethod
    def discover(cls, response: Response) -> Iterable[Suggestion]:
        """Returns the feeds of this kind that a fetched page is or links to; none by default."""
        del response  # for subclasses
        return ()

    def open(self) -> None:
        """Acquires what reading needs. May be called again after `close`."""

    @abstractmethod
    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Continues to read from the cursor ({} at first), in batches of a few hundred articles at most.

        Something that is not an article goes into a batch as `RefusedItem`. Raises `Retryable`, `RateLimited` or
        `Permanent` if the source itself cannot be read.
        """

    def acknowledge(self, batch: Batch) -> None:
        """Called once the batch is in Kafka and its cursor is stored."""

    def close(self) -> None:
        """Releases what `open` acquired. May be called twice."""

    def article(self, line: ArticleLine, place: str, article_id: str = "") -> FoundArticle | RefusedItem:
        """Makes an article of this feed. The feed's publisher and language are used if the line has none.

        Give `article_id` only for one of several articles that share an address.
        """
        context = self.context
        extra = {**line.extra, "rights": context.rights} if context.rights else line.extra
        whole = msgspec.structs.replace(
            line,
            publisher=line.publisher or context.publisher,
            language=line.language or context.language,
            extra=extra,
        )
        origin = ArticleOrigin(context.feed, context.clock(), context.mode, self.name, article_id)
        return complete_line(whole, place, origin)


def batched(items: Iterable[FoundArticle | RefusedItem], cursor: Cursor, **fields: Any) -> Batch:
    """Makes a batch of articles and refused items; `fields` are the other fields of `Batch`."""
    items = list(items)
    articles = tuple(item for item in items if isinstance(item, FoundArticle))
    return Batch(articles, cursor, tuple(item for item in items if isinstance(item, RefusedItem)), **fields)
