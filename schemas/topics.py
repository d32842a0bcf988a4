"""The Kafka topics: one YAML file each in `schemas/topics`, read and validated here."""

from functools import cache
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.errors import Permanent

NonEmpty = Annotated[str, Meta(min_length=1)]
Positive = Annotated[int, Meta(ge=1)]


class Topic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic as its file describes it; every field is required."""

    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$")]
    meaning: NonEmpty
    key: NonEmpty
    """What the message key is. Messages of one key stay in order."""
    partitions: Positive
    """At first creation: the most workers that can share the topic. Raising it moves keys, so order breaks once."""
    retention_days: Positive | None
    """How long a message is kept; none is for ever, as for a compacted topic."""
    cleanup: Literal["delete", "compact"]
    max_message_bytes: Positive
    """Largest message, key and headers included; producer and consumer are set to match."""
    compatibility: NonEmpty
    owner: NonEmpty
    producers: Annotated[tuple[str, ...], Meta(min_length=1)]
    consumers: Annotated[tuple[str, ...], Meta(min_length=1)]
    schema: NonEmpty
    """File in `schemas/generated/jsonschema` that the value follows."""

    def configs(self) -> dict[str, str]:
        """The topic's settings in Kafka's names and units."""
        retention = -1 if self.retention_days is None else self.retention_days * 24 * 60 * 60 * 1000
        return {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(retention),
            "max.message.bytes": str(self.max_message_bytes),
        }


def read_topic(name: str, data: bytes) -> Topic:
    """Reads one topic file. Raises `Permanent`, naming file and field, where it is not as `Topic` says."""
    file = f"schemas/topics/{name}.yaml"
    try:
        topic = msgspec.yaml.decode(data, type=Topic)
    except msgspec.DecodeError as error:
        raise Permanent(f"{file}: {error}") from error
    if topic.name != name:
        raise Permanent(f"{file}: the field `name` is {topic.name!r}, and the file is named {name!r}")
    return topic


def find_largest_message() -> int:
    """Returns the bytes of the largest message that any topic takes."""
    return max(topic.max_message_bytes for topic in load_topics().values())


@cache
def load_topics() -> dict[str, Topic]:
    """All topics by name. Raises `Permanent` where a file is wrong."""
    found = {}
    for file in sorted(resources.files("schemas").joinpath("topics").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            name = file.name.removesuffix(".yaml")
            found[name] = read_topic(name, file.read_bytes())
    return found
