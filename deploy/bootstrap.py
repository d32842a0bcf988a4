"""`newsclaims init`: creates topics, index templates, aliases and first indices. Safe to repeat while a job runs.

`init` changes the servers to match `schemas`. `check` only compares; the job calls it when it starts. An alias needs an
index in Elasticsearch, and searches and boards fail on a missing alias. So each family gets the (empty) index of the
current period, which the next live article needs anyway.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.errors import KafkaError, TopicAlreadyExistsError
from rich.table import Table

from deploy.index_settings import (
    LIVE,
    compare_settings,
    flatten,
    merge_template,
    read_last_settings,
    summarize_kept,
)  # fmt: skip
from deploy.kafka_connection import check_kafka
from deploy.server_errors import ROLE, convert_kafka_error, describe_elasticsearch_error, handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.elasticsearch.buckets import Buckets
from schemas.elasticsearch.generations import CURRENT, convert_state, list_families
from schemas.elasticsearch.index_settings import IndexSettings, SettingsOfFamilies
from schemas.elasticsearch.indices import GENERATIONS, Family, template
from schemas.errors import AccessRefused, Permanent
from schemas.records import GenerationState
from schemas.topics import Topic, load_topics

REMEDY = "run `newsclaims init`"

Outcome = Literal["created", "changed", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class SetupChange:
    """One line of the report: what `init` did to a topic, template, alias or index.

    `kept` is a difference that `init` does not change; `detail` says why.
    """

    what: Literal["topic", "template", "alias", "index"]
    name: str
    outcome: Outcome
    detail: str = ""


def init(settings: Settings) -> list[SetupChange]:
    """Prepares the servers in the settings. Returns what was done. Raises as `prepare` does."""
    with _connect(settings) as (admin, elasticsearch):
        return prepare(admin, elasticsearch, settings.load_index_settings())


def check(settings: Settings) -> None:
    """Checks that `init` has prepared the servers for this release. Raises as `check_prepared` does."""
    with _connect(settings) as (admin, elasticsearch):
        check_prepared(admin, elasticsearch)


@contextmanager
def _connect(settings: Settings) -> Iterator[tuple[KafkaAdminClient, Elasticsearch]]:
    check_kafka(settings.kafka)
    try:
        admin = KafkaAdminClient(**settings.kafka.client_options())
    except KafkaError as error:
        raise convert_kafka_error(error, "read the topics") from error
    with closing(admin), Elasticsearch(**settings.elasticsearch.client_options()) as elasticsearch:
        yield admin, elasticsearch


def render(report: Sequence[SetupChange]) -> Table:
    """Renders the report for a terminal: a row for each change, and one line that counts what is unchanged."""
    table = Table("what", "name", "outcome", "detail", box=None, pad_edge=False)
    for change in report:
        if change.outcome != "unchanged":
            table.add_row(change.what, change.name, change.outcome, change.detail)
    unchanged = sum(change.outcome == "unchanged" for change in report)
    table.caption = f"{unchanged} of {len(report)} were already up to date"
    return table


def prepare(
    admin: KafkaAdminClient | None,
    elasticsearch: Elasticsearch | None,
    indices: SettingsOfFamilies | None = None,
    replication_factor: int = -1,
) -> list[SetupChange]:
    """Creates or updates everything. A client that is None leaves its server out.

    `indices` are the settings of the families (by default, those without indices.yaml), `replication_factor` is Kafka's
    (-1: the broker's default). Returns what was done, in order. Raises `Retryable` if a server does not answer, and
    `Permanent` if something that exists cannot be changed in place.
    """
    report: list[SetupChange] = []
    if admin is not None:
        try:
            for topic in load_topics().values():
                report += init_topic(admin, topic, replication_factor)
        except KafkaError as error:
            raise convert_kafka_error(error, "create and change the topics") from error
    if elasticsearch is not None:
        with handle_elasticsearch_errors("create the templates and indices"):
            data_nodes = elasticsearch.cluster.health(filter_path="number_of_data_nodes")["number_of_data_nodes"]
            for family in list_families(read_generation_state(elasticsearch)):
                report += init_family(elasticsearch, family, (indices or {}).get(family.name), data_nodes)
    return report


def init_topic(admin: KafkaAdminClient, topic: Topic, replication_factor: int = -1) -> list[SetupChange]:
    """Creates the topic, or updates its settings to those of its file. Never changes the number of partitions."""
    if topic.name not in admin.list_topics():
        options = {
            "num_partitions": topic.partitions, "replication_factor": replication_factor, "configs": topic.configs(),
        }  # fmt: skip
        try:
            admin.create_topics({topic.name: options}, wait_for_metadata=True)
        except TopicAlreadyExistsError:  # another `init` was faster
            return [SetupChange("topic", topic.name, "unchanged")]
        return [SetupChange("topic", topic.name, "created", f"{topic.partitions} partitions")]
    changes = [_compare_partitions(admin, topic), _update_configs(admin, topic)]
    return [change for change in changes if change] or [SetupChange("topic", topic.name, "unchanged")]


def _compare_partitions(admin: KafkaAdminClient, topic: Topic) -> SetupChange | None:
    found = len(admin.describe_topics([topic.name])[0]["partitions"])
    if found == topic.partitions:
        return None
    detail = f"has {found} partitions, its file says {topic.partitions}; a change would move keys between workers"
    return SetupChange("topic", topic.name, "kept", detail)


def _update_configs(admin: KafkaAdminClient, topic: Topic) -> SetupChange | None:
    wanted = topic.configs()
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, dict.fromkeys(wanted))
    found = admin.describe_configs([resource], config_filter="all")["topic"][topic.name]
    if not found:  # Kafka answers with nothing if it refuses
        raise AccessRefused(f"Kafka does not allow this user to read the settings of the topic {topic.name}: {ROLE}")
    different = {name: value for name, value in wanted.items() if str(found.get(name, {}).get("value")) != value}
    if not different:
        return None
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, different)])
    was = ", ".join(f"{name} {found.get(name, {}).get('value')} → {value}" for name, value in different.items())
    return SetupChange("topic", topic.name, "changed", was)


def init_family(
    client: Elasticsearch, family: Family, settings: IndexSettings | None = None, data_nodes: int = 1
) -> list[SetupChange]:
    """Creates or updates a family's template, then its existing indices, then its alias and first index.

    The template comes first, so that an index that is created in the meantime gets the right mapping. Raises
    `Permanent` if an index has the name that the alias needs.
    """
    if client.indices.exists(index=family.name) and not _find_aliased(client, family):
        raise Permanent(
            f"an index has the name {family.name}, which the alias needs: delete it, or reindex it elsewhere"
        )
    settings = settings or IndexSettings()
    wanted, found = template(family, settings.make_index_settings(data_nodes)), _read_template(client, family)
    changes = init_template(client, family, wanted, found)
    existing = _read_mappings(client, family.pattern)
    changes += [init_mapping(client, family, index, mapped) for index, mapped in sorted(existing.items())]
    changes += init_settings(client, family, wanted, found)
    return [*changes, init_alias(client, family, existing, settings.buckets)]


def init_template(
    client: Elasticsearch, family: Family, wanted: dict[str, Any], found: dict[str, Any] | None
) -> list[SetupChange]:
    """Writes the family's index template if it is missing or different. Keeps what an operator changed or added."""
    merged = merge_template(wanted, found)
    kept = [SetupChange("template", family.template, "kept", str(setting)) for setting in merged.kept]
    if found is not None and all(found.get(name) == value for name, value in merged.body.items()):
        return kept or [SetupChange("template", family.template, "unchanged")]
    client.indices.put_index_template(
        name=family.template, **{name.lstrip("_"): value for name, value in merged.body.items()}
    )
    return [SetupChange("template", family.template, "created" if found is None else "changed"), *kept]


def init_settings(
    client: Elasticsearch, family: Family, wanted: dict[str, Any], template_before: dict[str, Any] | None
) -> list[SetupChange]:
    """Gives existing indices the settings that are wanted now, where a value is the one that `init` wrote last.

    `template_before` records what that was. The number of shards of an index cannot be changed.
    """
    last = read_last_settings(template_before)
    live = {name: value for name, value in wanted["_meta"]["settings"].items() if name in LIVE}
    report, kept = [], []
    for index, present in sorted(_read_settings(client, family.pattern).items()):
        changes, operators = compare_settings(live, present, last)
        kept += [(index, setting) for setting in operators]
        if changes:
            client.indices.put_settings(index=index, settings={"index": changes})
            was = ", ".join(f"{name} {present.get(name)} → {value}" for name, value in changes.items())
            report.append(SetupChange("index", index, "changed", was))
    for setting, indices in summarize_kept(kept).items():
        more = f" and {len(indices) - 1} more" if len(indices) > 1 else ""
        report.append(SetupChange("index", f"{indices[0]}{more}", "kept", str(setting)))
    return report


def init_mapping(client: Elasticsearch, family: Family, index: str, found: dict[str, Any]) -> SetupChange:
    """Adds new fields to an index that an earlier release created.

    Raises `Permanent` if the type of a field changed, which needs a new generation of indices.
    """
    wanted = family.mapping()
    if _read_mapping_hash(found) == wanted["_meta"]["mapping_hash"]:
        return SetupChange("index", index, "unchanged")
    added = sorted(wanted["properties"].keys() - found.get("properties", {}).keys())
    try:
        client.indices.put_mapping(
            index=index, properties=wanted["properties"], dynamic=wanted["dynamic"], meta=wanted["_meta"]
        )
    except BadRequestError as error:
        why = describe_elasticsearch_error(error)
        raise Permanent(
            f"the index {index} cannot take the mapping of this release ({why}): raise GENERATION in "
            "schemas/elasticsearch/indices.py and process the articles again, or delete the index"
        ) from error
    return SetupChange("index", index, "changed", f"new fields: {', '.join(added)}" if added else "field settings")


def init_alias(
    client: Elasticsearch, family: Family, existing: dict[str, dict[str, Any]], buckets: Buckets
) -> SetupChange:
    """Adds the alias to every index of a live family. Creates the first index if there is none."""
    try:
        if not existing:
            first = family.index(buckets.find_bucket(datetime.now(UTC)))
            client.indices.create(index=first)  # the template brings mapping and alias
            return SetupChange("alias", family.name, "created", f"on the new index {first}")
        bare = existing.keys() - set(_find_aliased(client, family)) if family.is_live else set()
        for index in bare:
            client.indices.put_alias(index=index, name=family.name)
    except BadRequestError as error:
        if "resource_already_exists" not in describe_elasticsearch_error(error):
            raise
        return SetupChange("alias", family.name, "unchanged")  # another `init` was faster
    return SetupChange("alias", family.name, "changed" if bare else "unchanged", ", ".join(sorted(bare)))


def check_prepared(admin: KafkaAdminClient | None, elasticsearch: Elasticsearch | None) -> None:
    """Checks that `init` has prepared the servers for this release. A client that is None leaves its server out.

    Raises `Permanent` with one sentence that says what is missing, and `Retryable` if a server does not answer.
    """
    if admin is not None:
        try:
            missing = load_topics().keys() - set(admin.list_topics())
        except KafkaError as error:
            raise convert_kafka_error(error, "read the topics") from error
        if missing:
            names = " and no topic ".join(sorted(missing))
            raise Permanent(f"Kafka has no topic {names}, or this user may not see it: {REMEDY}")
    if elasticsearch is not None:
        with handle_elasticsearch_errors("read the templates and mappings"):
            for family in list_families(read_generation_state(elasticsearch)):
                check_family(elasticsearch, family)


def check_family(client: Elasticsearch, family: Family) -> None:
    """Compares the template, the alias and the mapping hash of each index with this release. Raises `Permanent`."""
    wanted = family.mapping()["_meta"]["mapping_hash"]
    found = _read_template(client, family)
    if found is None:
        raise Permanent(f"Elasticsearch has no index template {family.template}: {REMEDY}")
    if _read_mapping_hash(found.get("template", {}).get("mappings", {})) != wanted:
        raise Permanent(f"the index template {family.template} belongs to another release: {REMEDY}")
    if not _find_aliased(client, family):
        raise Permanent(f"Elasticsearch has no alias {family.name}: {REMEDY}")
    for index, mapped in sorted(_read_mappings(client, family.pattern).items()):
        if _read_mapping_hash(mapped) != wanted:
            raise Permanent(f"the index {index} has the mapping of another release: {REMEDY}")


def read_generation_state(client: Elasticsearch) -> GenerationState:
    """Returns which generations of the indices there are. Raises the client's errors.

    An index that was made a moment ago has no shard yet, and a read of it fails. So this tries again for ten seconds.
    """
    until = time.monotonic() + 10
    while True:
        try:
            return convert_state(client.get(index=GENERATIONS.index(""), id=CURRENT)["_source"])
        except NotFoundError:
            return GenerationState()
        except ApiError as error:
            if error.error != "no_shard_available_action_exception" or time.monotonic() > until:
                raise
            time.sleep(0.2)


def _read_template(client: Elasticsearch, family: Family) -> dict[str, Any] | None:
    try:
        found = client.indices.get_index_template(name=family.template)["index_templates"]
    except NotFoundError:
        return None
    return dict(found[0]["index_template"])


def _read_mappings(client: Elasticsearch, pattern: str) -> dict[str, dict[str, Any]]:
    found = client.indices.get_mapping(index=pattern, ignore_unavailable=True, allow_no_indices=True)
    return {index: body["mappings"] for index, body in found.items()}


def _read_settings(client: Elasticsearch, pattern: str) -> dict[str, dict[str, Any]]:
    found = client.indices.get_settings(index=pattern, ignore_unavailable=True, allow_no_indices=True)
    return {index: flatten(body["settings"]["index"]) for index, body in found.items()}


def _find_aliased(client: Elasticsearch, family: Family) -> list[str]:
    try:
        return list(client.indices.get_alias(name=family.name).keys())
    except NotFoundError:
        return []


def _read_mapping_hash(mapped: dict[str, Any]) -> str:
    return str(mapped.get("_meta", {}).get("mapping_hash", ""))
