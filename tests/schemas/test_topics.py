"""Topic files are validated, and give the settings of the topics in Kafka."""

import re

import msgspec
import pytest

from schemas.errors import Permanent
from schemas.generate import FOLDER
from schemas.topics import Topic, load_topics, read_topic

MEGABYTE = 1024 * 1024


def test_the_topics_are_there() -> None:
    assert load_topics().keys() == {"raw-articles", "claims", "dead-letters", "feed-states"}


@pytest.mark.parametrize("topic", load_topics().values(), ids=lambda topic: topic.name)
def test_topic_names_a_schema_that_is_generated(topic: Topic) -> None:
    assert (FOLDER / "jsonschema" / topic.schema).is_file()


def test_claims_are_compacted_and_kept() -> None:
    assert load_topics()["claims"].configs() == {
        "cleanup.policy": "compact",
        "retention.ms": "-1",
        "max.message.bytes": str(10 * MEGABYTE),
        "min.compaction.lag.ms": "86400000",
        "segment.ms": "86400000",
        "max.compaction.lag.ms": "172800000",
    }


@pytest.mark.parametrize("name", ["raw-articles", "dead-letters"])
def test_deleted_messages_go_before_the_retention_ends(name: str) -> None:
    topic = load_topics()[name]
    configs = topic.configs()
    assert configs["cleanup.policy"] == "compact,delete"
    assert int(configs["max.compaction.lag.ms"]) < int(configs["retention.ms"])


def test_topic_whose_compaction_is_left_to_kafka_sets_none_of_it() -> None:
    assert load_topics()["feed-states"].configs().keys() == {"cleanup.policy", "retention.ms", "max.message.bytes"}


def test_retention_is_given_to_kafka_in_milliseconds() -> None:
    assert load_topics()["raw-articles"].configs()["retention.ms"] == str(30 * 86_400_000)


def test_a_dead_letter_has_room_for_the_largest_message_and_its_headers() -> None:
    topics = load_topics()
    assert topics["dead-letters"].max_message_bytes >= topics["raw-articles"].max_message_bytes + MEGABYTE


def file_with(**changes: object) -> bytes:
    content = msgspec.to_builtins(load_topics()["claims"]) | changes
    return msgspec.yaml.encode({name: value for name, value in content.items() if value != "left out"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"partitions": 0}, "$.partitions"),
        ({"partitions": "many"}, "$.partitions"),
        ({"cleanup": "burn"}, "$.cleanup"),
        ({"compact_after_hours": 0}, "$.compact_after_hours"),
        ({"owner": ""}, "$.owner"),
        ({"producers": []}, "$.producers"),
        ({"meaning": "left out"}, "`meaning`"),
        ({"colour": "red"}, "`colour`"),
        ({"name": "Claims"}, "$.name"),
        ({"name": "claim"}, "`name`"),
    ],
)
def test_error_names_file_and_field(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Permanent, match=rf"^schemas/topics/claims\.yaml: .*{re.escape(said)}"):
        read_topic("claims", file_with(**changes))


def test_file_that_is_no_yaml_is_named() -> None:
    with pytest.raises(Permanent, match=r"schemas/topics/claims\.yaml"):
        read_topic("claims", b"name: [")
