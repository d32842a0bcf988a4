"""Kafka topics of other shapes: JSON messages whose fields are mapped to ours."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from msgspec import Meta

from connectors.kit import Batch, Connector, Context, Cursor, batched
from connectors.kit.article_line import ArticleLine, Found, Refused
from connectors.sources.feed_dates import date_of
from deploy.settings import Settings
from schemas.errors import Permanent, Retryable
from schemas.fields import ContentType

BATCH = 200
SILENCE = 20.0
"""Seconds without a message, though the topic has more, after which reading ends as failed."""
EPOCHS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

Path = Annotated[str, Meta(min_length=1)]


class TopicFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where in a message our fields stand: names with dots between them, numbers for places in lists."""

    body: Path
    url: Path | None = None
    title: Path | None = None
    author: Path | None = None
    publisher: Path | None = None
    language: Path | None = None
    published_at: Path | None = None


class TopicSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `kafka_topic`."""

    topic: Annotated[str, Meta(description="The topic to read.", min_length=1)]
    fields: Annotated[
        TopicFields,
        Meta(description="Where our fields stand in a message, such as `title: headline.main` or `author: authors.0`: "
             "`body`, `url`, `title`, `author`, `publisher`, `language`, `published_at`; `body` is required."),
    ]  # fmt: skip
    content_type: Annotated[ContentType, Meta(description="What the body is: `text/plain` or `text/html`.")] = (
        "text/plain"
    )
    date_format: Annotated[
        str,
        Meta(description="How `published_at` is written: `s`, `ms`, `us` or `ns` since 1970, or a format such as "
             "`%d.%m.%Y %H:%M`; without one it is recognised."),
    ] = ""  # fmt: skip
    bootstrap_servers: Annotated[
        tuple[str, ...],
        Meta(description="Other brokers than ours, as `host:port`; they are asked without login and encryption."),
    ] = ()


class KafkaTopic(Connector[TopicSettings]):
    """Reads each partition from the cursor's offset to where it ends now; the cursor is partition to offset.

    Raises `Permanent` for a `date_format` that is none.
    """

    name: ClassVar[str] = "kafka_topic"
    about: ClassVar[str] = "A Kafka topic of JSON messages of any shape, mapped field by field"
    example: ClassVar[str] = (
        "wire:\n  connector: kafka_topic\n  interval: 1m\n  settings:\n    topic: wire-stories\n"
        "    fields: {title: headline.main, body: content, url: link, published_at: ts}\n    date_format: ms\n"
    )
    settings_type: ClassVar[type[msgspec.Struct]] = TopicSettings
    needs_url: ClassVar[bool] = False

    def __init__(self, context: Context, settings: TopicSettings) -> None:
        super().__init__(context, settings)
        self.consumer: Any = None
        if settings.date_format and settings.date_format not in EPOCHS and "%" not in settings.date_format:
            raise Permanent(f"date_format: {settings.date_format!r} is none of {', '.join(EPOCHS)} and has no `%`")

    def open(self) -> None:
        """Connects. Raises `Retryable` where no broker answers."""
        self.close()
        # Our login is for our brokers alone.
        others = self.settings.bootstrap_servers
        options = {"bootstrap_servers": list(others)} if others else Settings.load().kafka.client_options()
        try:
            self.consumer = KafkaConsumer(
                **options, enable_auto_commit=False, isolation_level="read_committed", auto_offset_reset="earliest",
                bootstrap_timeout_ms=10_000, max_poll_records=BATCH,
            )  # fmt: skip
        except KafkaError as error:
            servers = ", ".join(options["bootstrap_servers"])
            raise Retryable(f"Kafka at {servers} does not answer ({type(error).__name__})") from error

    def close(self) -> None:
        """Ends the connection."""
        if self.consumer is not None:
            self.consumer.close()
            self.consumer = None

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """All that the topic holds now and that is behind the cursor."""
        try:
            yield from self.batches(cursor)
        except KafkaError as error:
            raise Retryable(f"The topic {self.settings.topic} cannot be read: {error!r}") from error

    def batches(self, cursor: Cursor) -> Iterator[Batch]:
        """The batches. Raises `Retryable` and what Kafka's client does."""
        topic = self.settings.topic
        ends = self.ends()
        offsets, warning = self.begin(cursor, ends)
        heard = time.monotonic()
        while any(self.consumer.position(partition) < end for partition, end in ends.items()):
            if self.context.cancelled.is_set():
                return
            messages = [one for part in self.consumer.poll(timeout_ms=500, max_records=BATCH).values() for one in part]
            if messages:
                heard = time.monotonic()
                # Deleted ones (tombstones) say nothing.
                found = [self.found(message) for message in messages if message.value is not None]
                offsets |= {str(message.partition): message.offset + 1 for message in messages}
                yield batched(found, {"topic": topic, "offsets": dict(offsets)}, warning=warning)
            elif time.monotonic() - heard > SILENCE:
                raise Retryable(f"The topic {topic} has more messages, but gave none for {SILENCE:g} seconds")
        offsets |= {str(partition.partition): self.consumer.position(partition) for partition in ends}
        yield Batch((), {"topic": topic, "offsets": offsets}, warning=warning)

    def ends(self) -> dict[TopicPartition, int]:
        """The topic's partitions and where they end now. Raises `Retryable` where there is no such topic."""
        topic = self.settings.topic
        partitions = [TopicPartition(topic, number) for number in self.consumer.partitions_for_topic(topic) or ()]
        if not partitions:
            raise Retryable(f"There is no topic {topic}: correct `topic`, or create it")
        self.consumer.assign(partitions)
        found: dict[TopicPartition, int] = self.consumer.end_offsets(partitions)
        return found

    def begin(self, cursor: Cursor, ends: dict[TopicPartition, int]) -> tuple[dict[str, int], str | None]:
        """Goes to where the cursor says; what cannot be read any more is told. Returns the offsets and a warning."""
        known: dict[str, int] = cursor.get("offsets", {}) if cursor.get("topic") == self.settings.topic else {}
        firsts, offsets, lost = self.consumer.beginning_offsets(list(ends)), dict[str, int](), 0
        for partition, end in ends.items():
            first = firsts[partition]
            offset = known.get(str(partition.partition), first)
            lost += max(0, first - offset)
            # Beyond the end: the topic was deleted and made anew.
            offset = max(first, offset) if offset <= end else first
            self.consumer.seek(partition, offset)
            offsets[str(partition.partition)] = offset
        return offsets, f"{lost:,} messages were deleted from the topic before they were read" if lost else None

    def found(self, message: Any) -> Found | Refused:
        """The article of a message; it counts as fetched when the message was written, so it comes again the same."""
        place = f"{message.topic}-{message.partition}@{message.offset}"
        now = self.context.clock()
        written = datetime.fromtimestamp(message.timestamp / 1000, UTC) if message.timestamp > 0 else now
        try:
            line = self.line(msgspec.json.decode(message.value), min(written, now))
        except msgspec.ValidationError as error:
            return Refused(place, str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Refused(place, f"not JSON: {error}")
        except ValueError as error:
            return Refused(place, str(error))
        return self.article(line, place)

    def line(self, content: Any, written: datetime) -> ArticleLine:
        """The message's fields as ours. Raises `ValueError` that names the field which is missing or does not fit."""
        paths = msgspec.structs.asdict(self.settings.fields)
        values = {name: text_at(content, path, name) for name, path in paths.items() if path}
        if not values["body"]:
            raise ValueError(f"{self.settings.fields.body} (body) is missing or empty")
        date = values.pop("published_at", None)
        moment = moment_of(date, self.settings.date_format, written) if date else None
        known = {name: value for name, value in values.items() if value}
        kind = self.settings.content_type
        return msgspec.convert(
            {**known, "content_type": kind, "published_at": moment, "fetched_at": written}, ArticleLine
        )


def text_at(content: Any, path: str, name: str) -> str | None:
    """The text or number at the path, None where there is nothing. Raises `ValueError` for anything else."""
    value = value_at(content, path)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{path} ({name}) is neither text nor a number")


def value_at(content: Any, path: str) -> Any:
    """The value at the path, None where there is none. A name that has dots itself comes first."""
    if isinstance(content, dict) and path in content:
        return content[path]
    head, _, rest = path.partition(".")
    if isinstance(content, dict):
        below = content.get(head)
    else:
        is_place = isinstance(content, list) and head.isdecimal() and int(head) < len(content)
        below = content[int(head)] if is_place else None
    return value_at(below, rest) if rest and below is not None else below


def moment_of(text: str, form: str, written: datetime) -> datetime | None:
    """The date as a moment, without a zone in UTC; None for one that no article can have. Raises `ValueError`."""
    if not form:
        return date_of(text, written)
    try:
        if form in EPOCHS:
            return date_of(datetime.fromtimestamp(float(text) / EPOCHS[form], UTC).isoformat(), written)
        return date_of(datetime.strptime(text, form).isoformat(), written)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"published_at: {text[:80]!r} is not written as {form!r}") from None
