"""Topics of the tests' own in the real Kafka."""

import itertools
import os
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewPartitions, NewTopic

_numbers = itertools.count()


class Topic:
    """A new topic; its group has the same name."""

    def __init__(self, bootstrap_servers: str, partitions: int = 1, configs: dict[str, str] | None = None) -> None:
        self.servers = bootstrap_servers
        self.name = f"test-{os.getpid()}-{next(_numbers)}"
        with closing(KafkaAdminClient(bootstrap_servers=self.servers)) as admin:
            admin.create_topics([NewTopic(self.name, partitions, 1, topic_configs=configs or {})])
        self.partitions = partitions
        self.consumer_extra: dict[str, Any] = {}

    @property
    def consumer(self) -> dict[str, Any]:
        """Consumer settings that read it."""
        return {"bootstrap_servers": self.servers, "group_id": self.name, **self.consumer_extra}

    def grow(self, partitions: int) -> None:
        """Adds partitions, up to this number."""
        with closing(KafkaAdminClient(bootstrap_servers=self.servers)) as admin:
            admin.create_partitions({self.name: NewPartitions(partitions)})
        self.partitions = partitions

    def publish(self, values: Sequence[bytes | None], partition: int | None = None, **fields: Any) -> None:
        """Sends values to `partition`, or to all partitions in turn. Returns once all are acknowledged."""
        with closing(KafkaProducer(bootstrap_servers=self.servers, linger_ms=5)) as producer:
            for number, value in enumerate(values):
                where = number % self.partitions if partition is None else partition
                producer.send(self.name, value, partition=where, **fields)
            producer.flush()

    def committed(self) -> list[int | None]:
        """Returns the committed offsets of the group, by partition."""
        with closing(KafkaConsumer(**self.consumer, enable_auto_commit=False)) as client:
            return [client.committed(TopicPartition(self.name, number)) for number in range(self.partitions)]
