"""What a connector is: settings, discover, open, read with a cursor, acknowledge after delivery, close.

A connector reads one feed. It never delivers: it yields batches, each with the cursor that holds once the batch is
safely in Kafka, and whoever runs it publishes, stores the cursor, and only then acknowledges. So a connector that is
killed at any moment and started again with the last stored cursor loses nothing.
`connectors.kit.conformance` holds each
connector to that.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from connectors.kit.article_line import ArticleLine, Found, Refused, complete
from connectors.web.client import Response, Web, now
from schemas.fields import IngestMode

Cursor = dict[str, Any]
"""Where reading goes on: plain JSON values, bounded in size (some hundred kilobytes at most)."""


class NoSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For a connector that takes no settings of its own."""


S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True)
class Context:
    """What a connector is told about its feed, and what it may use.

    `cancelled` is set when reading is to end soon: look at it between batches and while waiting.
    """

    feed: str
    url: str = ""
    publisher: str | None = None
    language: str | None = None
    rights: str | None = None
    mode: IngestMode | None = None
    web: Web = field(default_factory=Web)
    clock: Callable[[], datetime] = now
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Batch:
    """Articles found, and the cursor that holds once they are delivered.

    `wait` is how many seconds the source itself asks to be left alone, `moved_to` its new address, `warning` what its
    operator should know though reading worked, `empty` how many entries came without text of their own.
    """

    articles: tuple[Found, ...]
    cursor: Cursor
    refused: tuple[Refused, ...] = ()
    wait: float = 0.0
    moved_to: str | None = None
    warning: str | None = None
    empty: int = 0


@dataclass(frozen=True)
class Suggestion:
    """A feed that was discovered: the connector to read it with, and its address."""

    connector: str
    url: str
    title: str = ""


class Connector(ABC, Generic[S]):
    """Base of all connectors. The order in a file: settings, class with name and example, open, read, close."""

    name: ClassVar[str]
    """As feeds.yaml names it."""
    about: ClassVar[str]
    """One sentence for the list of connectors."""
    example: ClassVar[str]
    """An entry of feeds.yaml."""
    settings_type: ClassVar[type[msgspec.Struct]] = NoSettings
    """The struct of what stands under `settings`; its fields' docstrings become the connector's page."""
    needs_url: ClassVar[bool] = True
    continuous: ClassVar[bool] = False
    """Whether `read` goes on until it is cancelled, instead of ending when all is read."""

    def __init__(self, context: Context, settings: S) -> None:
        self.context = context
        self.settings = settings

    @classmethod
    def discover(cls, response: Response) -> Iterator[Suggestion]:
        """Feeds of this kind that a fetched page is or names; none by default."""
        return iter(())

    def open(self) -> None:
        """Takes what reading needs; may be called again after `close`."""

    @abstractmethod
    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Reads on from the cursor ({} at first), in batches of some hundred articles at most.

        What cannot be read as an article goes into a batch as `Refused`. Raises `Retryable`, `RateLimited` or
        `Permanent` where the source itself cannot be read.
        """

    def acknowledge(self, batch: Batch) -> None:
        """Called once the batch is in Kafka and its cursor is stored."""

    def close(self) -> None:
        """Gives back what `open` took; may be called twice."""

    def article(self, line: ArticleLine, place: str) -> Found | Refused:
        """The line as an article of this feed: publisher, language and rights are the feed's where it has none."""
        context = self.context
        extra = {**line.extra, "rights": context.rights} if context.rights else line.extra
        whole = msgspec.structs.replace(
            line,
            publisher=line.publisher or context.publisher,
            language=line.language or context.language,
            extra=extra,
        )
        return complete(whole, place, context.clock(), context.feed, context.mode, self.name)


def batched(found: list[Found | Refused], cursor: Cursor, **more: Any) -> Batch:
    """A batch of what was found, articles and refusals apart."""
    articles = tuple(item for item in found if isinstance(item, Found))
    return Batch(articles, cursor, tuple(item for item in found if isinstance(item, Refused)), **more)
