"""Kafka topics of any shape: JSON messages whose fields are mapped to ours."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from msgspec import Meta

from connectors.kit import ArticleLine, Batch, Connector, Context, Cursor, FoundArticle, RefusedItem, batched
from connectors.sources.feed_dates import parse_date
from deploy.kafka_connection import find_refusal
from deploy.settings import Settings
from schemas.errors import Permanent, Retryable
from schemas.fields import ContentType

BATCH = 200
SILENCE = 20.0
"""Seconds without a message, although the topic has more, after which reading fails."""
EPOCHS = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

FieldPath = Annotated[str, Meta(min_length=1)]


class TopicFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The path of each of our fields in a message: names joined by dots, numbers for positions in lists."""

    body: FieldPath
    url: FieldPath | None = None
    title: FieldPath | None = None
    author: FieldPath | None = None
    publisher: FieldPath | None = None
    language: FieldPath | None = None
    published_at: FieldPath | None = None


class TopicSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `kafka_topic`."""

    topic: Annotated[str, Meta(description="The topic to read.", min_length=1)]
    fields: Annotated[
        TopicFields,
        Meta(description="The path of each of our fields in a message, such as `title: headline.main` or "
             "`author: authors.0`. Our fields are `body` (required), `url`, `title`, `author`, `publisher`, "
             "`language`, `published_at`."),
    ]  # fmt: skip
    content_type: Annotated[ContentType, Meta(description="The type of the body: `text/plain` or `text/html`.")] = (
        "text/plain"
    )
    date_format: Annotated[
        str,
        Meta(description="The format of `published_at`: `s`, `ms`, `us` or `ns` since 1970, or a pattern such as "
             "`%d.%m.%Y %H:%M`. If empty, the format is recognised."),
    ] = ""  # fmt: skip
    bootstrap_servers: Annotated[
        tuple[str, ...],
        Meta(description="Brokers to read from instead of ours, as `host:port`, without login and encryption."),
    ] = ()


class KafkaTopic(Connector[TopicSettings]):
    """Reads each partition from the cursor's offset to its current end. The cursor maps partitions to offsets.

    Raises `Permanent` for an invalid `date_format`.
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
            raise Permanent(
                f"date_format: {settings.date_format!r} must be one of {', '.join(EPOCHS)} or a pattern with `%`"
            )

    def open(self) -> None:
        """Connects. Raises `Retryable` if no broker can be reached, and `Permanent` if they refuse us."""
        self.close()
        # Our login must only be sent to our own brokers.
        others = self.settings.bootstrap_servers
        options = {"bootstrap_servers": list(others)} if others else Settings.load().kafka.client_options()
        if refusal := find_refusal(options):
            raise Permanent(str(refusal))
        try:
            self.consumer = KafkaConsumer(
                **options, enable_auto_commit=False, isolation_level="read_committed", auto_offset_reset="earliest",
                bootstrap_timeout_ms=10_000, max_poll_records=BATCH,
            )  # fmt: skip
        except KafkaError as error:
            servers = ", ".join(options["bootstrap_servers"])
            raise Retryable(f"Kafka at {servers} is unreachable ({type(error).__name__})") from error

    def close(self) -> None:
        """Closes the connection."""
        if self.consumer is not None:
            self.consumer.close()
            self.consumer = None

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Reads everything that the topic holds now after the cursor."""
        try:
            yield from self.read_batches(cursor)
        except KafkaError as error:
            raise Retryable(f"the topic {self.settings.topic} cannot be read: {error!r}") from error

    def read_batches(self, cursor: Cursor) -> Iterator[Batch]:
        """Yields the batches. Raises `Retryable`, and the errors of Kafka's client."""
        topic = self.settings.topic
        ends = self.find_ends()
        offsets, warning = self.seek(cursor, ends)
        last_message_at = time.monotonic()
        while any(self.consumer.position(partition) < end for partition, end in ends.items()):
            if self.context.cancelled.is_set():
                return
            messages = [one for part in self.consumer.poll(timeout_ms=500, max_records=BATCH).values() for one in part]
            if messages:
                last_message_at = time.monotonic()
                # Messages without a value (tombstones) are deletions.
                items = [self.read_message(message) for message in messages if message.value is not None]
                offsets |= {str(message.partition): message.offset + 1 for message in messages}
                yield batched(items, {"topic": topic, "offsets": dict(offsets)}, warning=warning)
            elif time.monotonic() - last_message_at > SILENCE:
                raise Retryable(f"the topic {topic} has more messages, but sent none for {SILENCE:g} seconds")
        offsets |= {str(partition.partition): self.consumer.position(partition) for partition in ends}
        yield Batch((), {"topic": topic, "offsets": offsets}, warning=warning)

    def find_ends(self) -> dict[TopicPartition, int]:
        """Returns the topic's partitions and their current ends. Raises `Retryable` if the topic does not exist."""
        topic = self.settings.topic
        partitions = [TopicPartition(topic, number) for number in self.consumer.partitions_for_topic(topic) or ()]
        if not partitions:
            raise Retryable(f"the topic {topic} does not exist: correct `topic`, or create it")
        self.consumer.assign(partitions)
        found: dict[TopicPartition, int] = self.consumer.end_offsets(partitions)
        return found

    def seek(self, cursor: Cursor, ends: dict[TopicPartition, int]) -> tuple[dict[str, int], str | None]:
        """Moves to the cursor's offsets. Returns the offsets, and a warning if messages were deleted unread."""
        known: dict[str, int] = cursor.get("offsets", {}) if cursor.get("topic") == self.settings.topic else {}
        firsts, offsets, lost = self.consumer.beginning_offsets(list(ends)), dict[str, int](), 0
        for partition, end in ends.items():
            first = firsts[partition]
            offset = known.get(str(partition.partition), first)
            lost += max(0, first - offset)
            # An offset after the end: the topic was deleted and created again.
            offset = max(first, offset) if offset <= end else first
            self.consumer.seek(partition, offset)
            offsets[str(partition.partition)] = offset
        return offsets, f"{lost:,} messages were deleted from the topic before they were read" if lost else None

    def read_message(self, message: Any) -> FoundArticle | RefusedItem:
        """Makes the article of a message.

        The message's timestamp counts as the time of the fetch, so that reading it again gives the same article.
        """
        place = f"{message.topic}-{message.partition}@{message.offset}"
        now = self.context.clock()
        written = datetime.fromtimestamp(message.timestamp / 1000, UTC) if message.timestamp > 0 else now
        try:
            line = self.map_fields(msgspec.json.decode(message.value), min(written, now))
        except msgspec.ValidationError as error:
            return RefusedItem(place, str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return RefusedItem(place, f"not JSON: {error}")
        except ValueError as error:
            return RefusedItem(place, str(error))
        return self.article(line, place)

    def map_fields(self, content: Any, written: datetime) -> ArticleLine:
        """Maps the message's fields to ours. Raises `ValueError` with the field that is missing or does not fit."""
        paths = msgspec.structs.asdict(self.settings.fields)
        values = {name: find_text(content, path, name) for name, path in paths.items() if path}
        if not values["body"]:
            raise ValueError(f"{self.settings.fields.body} (body) is missing or empty")
        date = values.pop("published_at", None)
        moment = parse_message_date(date, self.settings.date_format, written) if date else None
        known = {name: value for name, value in values.items() if value}
        kind = self.settings.content_type
        return msgspec.convert(
            {**known, "content_type": kind, "published_at": moment, "fetched_at": written}, ArticleLine
        )


def find_text(content: Any, path: str, name: str) -> str | None:
    """Returns the text or number at the path, or None if there is nothing. Raises `ValueError` for anything else."""
    value = find_value(content, path)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"{path} ({name}) is neither text nor a number")


def find_value(content: Any, path: str) -> Any:
    """Returns the value at the path, or None. A key that itself contains dots takes precedence."""
    if isinstance(content, dict) and path in content:
        return content[path]
    head, _, rest = path.partition(".")
    if isinstance(content, dict):
        below = content.get(head)
    else:
        is_position = isinstance(content, list) and head.isdecimal() and int(head) < len(content)
        below = content[int(head)] if is_position else None
    return find_value(below, rest) if rest and below is not None else below


def parse_message_date(text: str, form: str, written: datetime) -> datetime | None:
    """Returns the moment of a date; without a zone it is in UTC. Returns None if no article can have it.

    Raises `ValueError` if the date does not have the format `form`.
    """
    if not form:
        return parse_date(text, written)
    try:
        if form in EPOCHS:
            return parse_date(datetime.fromtimestamp(float(text) / EPOCHS[form], UTC).isoformat(), written)
        return parse_date(datetime.strptime(text, form).isoformat(), written)
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"published_at: {text[:80]!r} does not have the format {form!r}") from None
