"""Probes of Kafka and Elasticsearch, wherever they run: do they answer, and which version are they?"""

from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from deploy.settings import ElasticsearchSettings, KafkaSettings
from schemas.errors import AccessRefused, NewsclaimsError

TIMEOUT_SECONDS = 5
SUPPORTED_ELASTICSEARCH = (8, 9)
"""Major versions of Elasticsearch that our client supports."""


@dataclass(frozen=True)
class ServerInfo:
    """A server that answers: its version (Kafka does not give one), and its health in a few words."""

    version: str | None
    health: str


@dataclass(frozen=True)
class ProbeFailure:
    """Why a probe failed.

    `status` is the HTTP status, if there was a response. `is_refusal`: the server answers, and refuses this client; the
    problem says why.
    """

    problem: str
    status: int | None = None
    is_refusal: bool = False


def probe_kafka(settings: KafkaSettings) -> ServerInfo | ProbeFailure:
    """Counts Kafka's brokers and topics. Returns a failure instead of raising."""
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    from deploy.kafka_connection import check_kafka
    from deploy.server_errors import silence_client

    try:
        check_kafka(settings)
    except NewsclaimsError as error:
        return ProbeFailure(str(error), is_refusal=isinstance(error, AccessRefused))

    options = settings.client_options() | {"request_timeout_ms": TIMEOUT_SECONDS * 1000}
    with silence_client("kafka"):
        try:
            client = KafkaAdminClient(**options)
            try:
                brokers = len(client.describe_cluster()["brokers"])
                topics = len(client.list_topics())
            finally:
                client.close()
        except (KafkaError, OSError, ValueError, RuntimeError) as error:  # OSError: also those of TLS
            return ProbeFailure(f"{type(error).__name__}: {error}")
    return ServerInfo(None, f"{brokers} broker{'s' * (brokers != 1)}, {topics} topic{'s' * (topics != 1)}")


def probe_elasticsearch(settings: ElasticsearchSettings) -> ServerInfo | ProbeFailure:
    """Requests Elasticsearch's version and health. Returns a failure instead of raising."""
    from elastic_transport import TlsError
    from elasticsearch import ApiError, Elasticsearch, TransportError

    from deploy.server_errors import describe_elasticsearch_error, silence_client

    with silence_client("elastic_transport"):
        try:
            options = settings.client_options() | {"request_timeout": TIMEOUT_SECONDS, "max_retries": 0}
            with Elasticsearch(**options) as client:
                version = str(client.info()["version"]["number"])
                health = client.cluster.health()
        except ApiError as error:
            refused = error.status_code in (401, 403)
            why = describe_elasticsearch_error(error) if refused else f"HTTP {error.status_code}"
            return ProbeFailure(why, error.status_code, refused)
        except TlsError as error:
            return ProbeFailure(describe_elasticsearch_error(error), is_refusal=True)
        except (TransportError, ValueError, OSError) as error:
            return ProbeFailure(f"{type(error).__name__}: {error}")
    return ServerInfo(version, f"{health['status']}, {health['active_primary_shards']} shards")


def is_supported_elasticsearch(version: str) -> bool:
    """Returns whether our client supports this version of Elasticsearch, such as `8.19.8` or `9.1.0-SNAPSHOT`."""
    try:
        return Version(version.partition("-")[0]).major in SUPPORTED_ELASTICSEARCH
    except InvalidVersion:
        return False
