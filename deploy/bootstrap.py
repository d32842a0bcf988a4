"""`newsclaims init`: topics, index templates, aliases and first indices; safe to repeat, also beside a running job.

`init` brings the servers to what `schemas` says, `check` only looks, and is what the job calls at its start.
Elasticsearch has an alias only where it has an index, and searches and boards fail on an alias that is not there, so
each family gets the (empty) index of the present month: the one that the next live article needs anyway.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError
from rich.table import Table

from deploy.settings import Settings
from schemas.elasticsearch.indices import FAMILIES, Family, month, template
from schemas.errors import Permanent, Retryable
from schemas.topics import Topic, load_topics

HOW = "run `newsclaims init`"

CONNECT_SECONDS = 5.0
"""How long a broker may take to accept a connection."""

Outcome = Literal["created", "changed", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the report: what was done to a topic, template, alias or index.

    `kept` is a difference that init leaves alone, with the reason in `detail`.
    """

    what: Literal["topic", "template", "alias", "index"]
    name: str
    outcome: Outcome
    detail: str = ""


def init(settings: Settings) -> list[Change]:
    """Prepares the servers of these settings. Returns what was done; raises as `prepare` does."""
    with _clients(settings) as (admin, elasticsearch):
        return prepare(admin, elasticsearch)


def check(settings: Settings) -> None:
    """Refuses servers that `init` has not prepared for this release. Raises as `check_prepared` does."""
    with _clients(settings) as (admin, elasticsearch):
        check_prepared(admin, elasticsearch)


@contextmanager
def _clients(settings: Settings) -> Iterator[tuple[KafkaAdminClient, Elasticsearch]]:
    # kafka-python would try for half a minute, log each attempt, and leave its sockets open.
    if not any(listens(server) for server in settings.kafka.bootstrap_servers):
        raise no_kafka(f"nothing listens at {', '.join(settings.kafka.bootstrap_servers)}")
    try:
        admin = KafkaAdminClient(**settings.kafka.client_options())
    except KafkaError as error:
        raise no_kafka(str(error)) from error
    with closing(admin), Elasticsearch(**settings.elasticsearch.client_options()) as elasticsearch:
        yield admin, elasticsearch


def listens(server: str) -> bool:
    """Whether a connection to `host:port` is accepted."""
    host, _, port = server.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def no_kafka(why: str) -> Retryable:
    """The error for a Kafka that does not answer."""
    return Retryable(f"Kafka does not answer ({why}): start it with `newsclaims up`, or set KAFKA_BOOTSTRAP_SERVERS")


def render(report: Sequence[Change]) -> Table:
    """The report for a terminal: what is unchanged in one line, each change in one of its own."""
    table = Table("what", "name", "outcome", "detail", box=None, pad_edge=False)
    for change in report:
        if change.outcome != "unchanged":
            table.add_row(change.what, change.name, change.outcome, change.detail)
    unchanged = sum(change.outcome == "unchanged" for change in report)
    table.caption = f"{unchanged} of {len(report)} were as they should be"
    return table


def prepare(
    admin: KafkaAdminClient | None, elasticsearch: Elasticsearch | None, replicas: int = 0, replication_factor: int = -1
) -> list[Change]:
    """Creates or updates everything; a client that is None leaves its server out.

    `replicas` are Elasticsearch's copies beside the first, `replication_factor` is Kafka's (-1: the broker's default).
    Returns what was done, in order. Raises `Retryable` where a server does not answer, and `Permanent` where what is
    there cannot be changed in place.
    """
    report: list[Change] = []
    if admin is not None:
        try:
            for topic in load_topics().values():
                report += init_topic(admin, topic, replication_factor)
        except KafkaError as error:
            raise Retryable(f"Kafka does not do as asked ({error}): look at `newsclaims status`") from error
    if elasticsearch is not None:
        try:
            for family in FAMILIES.values():
                report += init_family(elasticsearch, family, replicas)
        except TransportError as error:
            raise unreachable(error) from error
        except ApiError as error:
            raise Permanent(f"Elasticsearch refuses the set-up: {reason(error)}") from error
    return report


def init_topic(admin: KafkaAdminClient, topic: Topic, replication_factor: int = -1) -> list[Change]:
    """Creates the topic, or brings its settings to those of its file. Partitions are never changed."""
    if topic.name not in admin.list_topics():
        options = {
            "num_partitions": topic.partitions, "replication_factor": replication_factor, "configs": topic.configs(),
        }  # fmt: skip
        try:
            admin.create_topics({topic.name: options}, wait_for_metadata=True)
        except TopicAlreadyExistsError:  # another init was faster
            return [Change("topic", topic.name, "unchanged")]
        return [Change("topic", topic.name, "created", f"{topic.partitions} partitions")]
    changes = [_partitions(admin, topic), _configs(admin, topic)]
    return [change for change in changes if change] or [Change("topic", topic.name, "unchanged")]


def _partitions(admin: KafkaAdminClient, topic: Topic) -> Change | None:
    found = len(admin.describe_topics([topic.name])[0]["partitions"])
    if found == topic.partitions:
        return None
    detail = f"has {found} partitions, its file says {topic.partitions}; a change would move keys between workers"
    return Change("topic", topic.name, "kept", detail)


def _configs(admin: KafkaAdminClient, topic: Topic) -> Change | None:
    wanted = topic.configs()
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, dict.fromkeys(wanted))
    found = admin.describe_configs([resource], config_filter="all")["topic"][topic.name]
    different = {name: value for name, value in wanted.items() if str(found.get(name, {}).get("value")) != value}
    if not different:
        return None
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, different)])
    was = ", ".join(f"{name} {found.get(name, {}).get('value')} → {value}" for name, value in different.items())
    return Change("topic", topic.name, "changed", was)


def init_family(client: Elasticsearch, family: Family, replicas: int = 0) -> list[Change]:
    """Template first, so that a first index made meanwhile is right; then what is there, then the first index.

    Raises `Permanent` where an index stands in the way of the alias.
    """
    if client.indices.exists(index=family.name) and not _aliased(client, family):
        raise Permanent(f"an index is named {family.name}, as the alias must be: delete it, or reindex it elsewhere")
    changes = [init_template(client, family, replicas)]
    there = _mappings(client, family.pattern)
    changes += [init_mapping(client, family, index, found) for index, found in sorted(there.items())]
    return [*changes, init_alias(client, family, there)]


def init_template(client: Elasticsearch, family: Family, replicas: int = 0) -> Change:
    """Writes the family's index template where it is missing or different."""
    wanted, found = template(family, replicas), _template(client, family)
    if found is not None and all(found.get(name) == value for name, value in wanted.items()):
        return Change("template", family.template, "unchanged")
    client.indices.put_index_template(name=family.template, **{name.lstrip("_"): wanted[name] for name in wanted})
    return Change("template", family.template, "created" if found is None else "changed")


def init_mapping(client: Elasticsearch, family: Family, index: str, found: dict[str, Any]) -> Change:
    """Adds new fields to an index that was made by an earlier release.

    Raises `Permanent` where a field changed its type: that takes a new generation of indices.
    """
    wanted = family.mapping()
    if _hash(found) == wanted["_meta"]["mapping_hash"]:
        return Change("index", index, "unchanged")
    added = sorted(wanted["properties"].keys() - found.get("properties", {}).keys())
    try:
        client.indices.put_mapping(
            index=index, properties=wanted["properties"], dynamic=wanted["dynamic"], meta=wanted["_meta"]
        )
    except BadRequestError as error:
        raise Permanent(
            f"the index {index} cannot take the mapping of this release ({reason(error)}): raise GENERATION in "
            "schemas/elasticsearch/indices.py and process the articles again, or delete the index"
        ) from error
    return Change("index", index, "changed", f"new fields: {', '.join(added)}" if added else "field settings")


def init_alias(client: Elasticsearch, family: Family, there: dict[str, dict[str, Any]]) -> Change:
    """Puts the alias on every index of the family; makes the first index where there is none."""
    try:
        if not there:
            first = family.index(month(datetime.now(UTC)))
            client.indices.create(index=first)  # the template brings mapping and alias
            return Change("alias", family.name, "created", f"on the new index {first}")
        bare = there.keys() - set(_aliased(client, family))
        for index in bare:
            client.indices.put_alias(index=index, name=family.name)
    except BadRequestError as error:
        if "resource_already_exists" not in reason(error):
            raise
        return Change("alias", family.name, "unchanged")  # another init was faster
    return Change("alias", family.name, "changed" if bare else "unchanged", ", ".join(sorted(bare)))


def check_prepared(admin: KafkaAdminClient | None, elasticsearch: Elasticsearch | None) -> None:
    """Refuses servers that `init` has not prepared for this release; a client that is None leaves its server out.

    Raises `Permanent` with one sentence that says what is missing, and `Retryable` where a server does not answer.
    """
    if admin is not None:
        try:
            missing = load_topics().keys() - set(admin.list_topics())
        except KafkaError as error:
            raise Retryable(f"Kafka does not answer ({error}): start it with `newsclaims up`") from error
        if missing:
            raise Permanent(f"Kafka has no topic {' and no topic '.join(sorted(missing))}: {HOW}")
    if elasticsearch is not None:
        try:
            for family in FAMILIES.values():
                check_family(elasticsearch, family)
        except TransportError as error:
            raise unreachable(error) from error
        except ApiError as error:
            raise Permanent(f"Elasticsearch does not let this user look at the set-up: {reason(error)}") from error


def check_family(client: Elasticsearch, family: Family) -> None:
    """Compares template, alias and the mapping hash of each index. Raises `Permanent`."""
    wanted = family.mapping()["_meta"]["mapping_hash"]
    found = _template(client, family)
    if found is None:
        raise Permanent(f"Elasticsearch has no index template {family.template}: {HOW}")
    if _hash(found.get("template", {}).get("mappings", {})) != wanted:
        raise Permanent(f"the index template {family.template} is of another release: {HOW}")
    if not _aliased(client, family):
        raise Permanent(f"Elasticsearch has no alias {family.name}: {HOW}")
    for index, mapped in sorted(_mappings(client, family.pattern).items()):
        if _hash(mapped) != wanted:
            raise Permanent(f"the index {index} has the mapping of another release: {HOW}")


def _template(client: Elasticsearch, family: Family) -> dict[str, Any] | None:
    try:
        found = client.indices.get_index_template(name=family.template)["index_templates"]
    except NotFoundError:
        return None
    return dict(found[0]["index_template"])


def _mappings(client: Elasticsearch, pattern: str) -> dict[str, dict[str, Any]]:
    found = client.indices.get_mapping(index=pattern, ignore_unavailable=True, allow_no_indices=True)
    return {index: body["mappings"] for index, body in found.items()}


def _aliased(client: Elasticsearch, family: Family) -> list[str]:
    try:
        return list(client.indices.get_alias(name=family.name).keys())
    except NotFoundError:
        return []


def _hash(mapped: dict[str, Any]) -> str:
    return str(mapped.get("_meta", {}).get("mapping_hash", ""))


def reason(error: ApiError) -> str:
    """What Elasticsearch said, in one line."""
    body = error.body.get("error") if isinstance(error.body, dict) else None
    return f"{body.get('type')}: {body.get('reason')}" if isinstance(body, dict) else f"HTTP {error.meta.status}"


def unreachable(error: TransportError) -> Retryable:
    """The error for an Elasticsearch that does not answer."""
    return Retryable(
        f"Elasticsearch does not answer ({error.message}): start it with `newsclaims up`, or set ELASTICSEARCH_URL"
    )
