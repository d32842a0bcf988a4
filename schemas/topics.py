"""The Kafka topics: each has a YAML file in `schemas/topics`, which is read and validated here."""

from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.errors import Permanent

NonEmpty = Annotated[str, Meta(min_length=1)]
Positive = Annotated[int, Meta(ge=1)]


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic, as in its file. Every field is required."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$")]
    meaning: NonEmpty
    key: NonEmpty
    """The key of the messages. Messages with the same key stay in order."""
    partitions: Positive
    """At first creation: the most workers that can share the topic. A higher number breaks the order of keys once."""
    retention_days: Positive | None
    """How long a message is kept; null is without a limit, as for a compacted topic."""
    cleanup: Literal["delete", "compact", "compact,delete"]
    compact_after_hours: Positive | None
    """How long every message is kept at least. After twice as long, messages that were replaced or deleted by a later
    one of the same key are gone. Null leaves both to Kafka, as for a topic that is not compacted."""
    max_message_bytes: Positive
    """Largest message, with key and headers. Producers and consumers have matching limits."""
    compatibility: NonEmpty
    owner: NonEmpty
    producers: Annotated[tuple[str, ...], Meta(min_length=1)]
    consumers: Annotated[tuple[str, ...], Meta(min_length=1)]
    schema: NonEmpty
    """The JSON Schema of the value, a file in `schemas/generated/jsonschema`."""

    def configs(self) -> dict[str, str]:
        """Returns the settings of the topic in Kafka's names and units."""
        retention = -1 if self.retention_days is None else self.retention_days * 24 * 60 * 60 * 1000
        configs = {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(retention),
            "max.message.bytes": str(self.max_message_bytes),
        }
        if self.compact_after_hours is None:
            return configs
        hours = self.compact_after_hours * 60 * 60 * 1000
        # Kafka never cleans the segment that it writes to, so a new one begins as often.
        lags = {"min.compaction.lag.ms": hours, "segment.ms": hours, "max.compaction.lag.ms": 2 * hours}
        return configs | {name: str(value) for name, value in lags.items()}


def read_topic(name: str, data: bytes) -> Topic:
    """Reads one topic file. Raises `Permanent`, with file and field, if it is invalid."""
    file = f"schemas/topics/{name}.yaml"
    try:
        topic = msgspec.yaml.decode(data, type=Topic)
    except msgspec.DecodeError as error:
        raise Permanent(f"{file}: {error}") from error
    if topic.name != name:
        raise Permanent(f"{file}: the field `name` is {topic.name!r}, but the file is named {name!r}")
    return topic


def find_largest_message() -> int:
    """Returns the bytes of the largest message that any topic takes."""
    return max(topic.max_message_bytes for topic in load_topics().values())


@cache
def load_topics() -> dict[str, Topic]:
    """Returns all topics by name. Raises `Permanent` if a file is invalid."""
    found = {}
    for file in sorted(resources.files("schemas").joinpath("topics").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            name = file.name.removesuffix(".yaml")
            found[name] = read_topic(name, file.read_bytes())
    return found
