"""One question to a Kafka or an Elasticsearch, wherever it runs: do you work, and which version are you?"""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.settings import ElasticsearchSettings, KafkaSettings

TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """What a server said: its version, where it tells, and its health in a few words."""

    version: str | None
    health: str


@dataclass(frozen=True)
class Refusal:
    """What came instead of an answer; `status` is the HTTP status where there was one."""

    problem: str
    status: int | None = None


def kafka(settings: KafkaSettings) -> Answer | Refusal:
    """Asks Kafka for its brokers and topics."""
    if not any(_accepts(server) for server in settings.bootstrap_servers):
        return Refusal("nobody accepts connections there")
    from kafka import KafkaAdminClient

    options = settings.client_options() | {"request_timeout_ms": TIMEOUT_SECONDS * 1000}
    with _quiet("kafka"):
        try:
            client = KafkaAdminClient(**options)
        except Exception as error:  # kafka-python raises its own, OSError, ssl's and ValueError
            return Refusal(f"{type(error).__name__}: {error}")
        try:
            brokers = len(client.describe_cluster()["brokers"])
            topics = len(client.list_topics())
        except Exception as error:  # as above
            return Refusal(f"{type(error).__name__}: {error}")
        finally:
            client.close()
    return Answer(None, f"{brokers} broker{'s' * (brokers != 1)}, {topics} topic{'s' * (topics != 1)}")


def _accepts(server: str) -> bool:
    """Whether a connection is accepted; asked first because kafka-python tries for long and leaves its sockets open."""
    host, _, port = server.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS).close()
    except OSError:
        return False
    return True


def elasticsearch(settings: ElasticsearchSettings) -> Answer | Refusal:
    """Asks Elasticsearch for its version and health."""
    from elasticsearch import ApiError, Elasticsearch, TransportError

    with _quiet("elastic_transport"):
        try:
            options = settings.client_options() | {"request_timeout": TIMEOUT_SECONDS, "max_retries": 0}
            with Elasticsearch(**options) as client:
                version = str(client.info()["version"]["number"])
                health = client.cluster.health()
        except ApiError as error:
            return Refusal(f"HTTP {error.status_code}", error.status_code)
        except (TransportError, ValueError, OSError) as error:
            return Refusal(f"{type(error).__name__}: {error}")
    return Answer(version, f"{health['status']}, {health['active_primary_shards']} shards")


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keeps the client's own complaints about a server that is not there yet out of the terminal."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
