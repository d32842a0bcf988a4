"""`newsclaims init` and the job's check, on real servers, with families and topics of the test's own."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from rich.console import Console

from deploy import bootstrap
from deploy.bootstrap import SetupChange
from deploy.settings import ElasticsearchSettings, KafkaSettings, Settings
from schemas.elasticsearch.buckets import Buckets
from schemas.elasticsearch.index_settings import IndexSettings
from schemas.elasticsearch.indices import Family, template
from schemas.errors import Permanent, Retryable
from schemas.topics import Topic, load_topics
from tests.conftest import Stack


class Before(msgspec.Struct):
    """A record of the previous release."""

    word: str


class After(msgspec.Struct):
    """The same record with one more field."""

    word: str
    number: int = 0


class Changed(msgspec.Struct):
    """The same record with a field of another type."""

    word: int


pytestmark = pytest.mark.integration


@pytest.fixture
def settings(stack: Stack) -> Settings:
    return stack.settings


@pytest.fixture
def admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(**settings.kafka.client_options())
    yield client
    client.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[Elasticsearch]:
    with Elasticsearch(**settings.elasticsearch.client_options()) as made:
        yield made


@pytest.fixture
def family(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Family]:
    """A family that is the only one during the test."""
    made = Family(f"test{uuid.uuid4().hex[:8]}", Before)
    release(monkeypatch, made)
    yield made
    for index in client.indices.get(index=f"{made.name}*"):
        client.indices.delete(index=index)
    client.options(ignore_status=404).indices.delete_index_template(name=made.template)


@pytest.fixture
def topic(admin: KafkaAdminClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Topic]:
    """A topic that is the only one during the test."""
    made = msgspec.structs.replace(load_topics()["claims"], name=f"test{uuid.uuid4().hex[:8]}", partitions=2)
    monkeypatch.setattr(bootstrap, "load_topics", lambda: {made.name: made})
    yield made
    if made.name in admin.list_topics():
        admin.delete_topics([made.name])


def release(monkeypatch: pytest.MonkeyPatch, family: Family) -> None:
    """Makes this the only family of the release."""
    monkeypatch.setattr(bootstrap, "list_families", lambda _state: iter([family]))


def outcomes(report: list[SetupChange]) -> list[tuple[str, str]]:
    return [(change.what, change.outcome) for change in report]


def test_alias_answers_searches_on_an_empty_cluster(client: Elasticsearch, family: Family) -> None:
    report = bootstrap.prepare(None, client)
    assert outcomes(report) == [("template", "created"), ("alias", "created")]
    assert client.count(index=family.name)["count"] == 0
    bootstrap.check_prepared(None, client)


@pytest.mark.usefixtures("family")
def test_init_is_safe_to_repeat(client: Elasticsearch) -> None:
    bootstrap.prepare(None, client)
    assert outcomes(bootstrap.prepare(None, client)) == [
        ("template", "unchanged"), ("index", "unchanged"), ("alias", "unchanged"),
    ]  # fmt: skip


def test_new_field_reaches_template_and_existing_indices(
    client: Elasticsearch, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(None, client)
    later = replace(family, record=After)
    release(monkeypatch, later)
    with pytest.raises(Permanent, match="another release: run `newsclaims init`"):
        bootstrap.check_prepared(None, client)
    report = bootstrap.prepare(None, client)
    assert outcomes(report) == [("template", "changed"), ("index", "changed"), ("alias", "unchanged")]
    assert report[1].detail == "new fields: number"
    bootstrap.check_prepared(None, client)
    client.index(index=report[1].name, document={"word": "a", "number": 1}, refresh=True)
    client.index(index=family.index("1999"), document={"word": "b", "number": 2}, refresh=True)
    assert client.count(index=family.name)["count"] == 2


def test_index_of_the_previous_release_is_refused_by_the_check_even_if_the_template_is_new(
    client: Elasticsearch, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(None, client)
    later = replace(family, record=After)
    release(monkeypatch, later)
    bootstrap.init_template(client, later, template(later), None)
    with pytest.raises(Permanent, match=f"the index {family.name}-g1-.* another release"):
        bootstrap.check_prepared(None, client)


def test_changed_type_says_what_to_do(client: Elasticsearch, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.prepare(None, client)
    release(monkeypatch, replace(family, record=Changed))
    with pytest.raises(Permanent, match="raise GENERATION"):
        bootstrap.prepare(None, client)


def test_replicas_are_set_in_the_template(client: Elasticsearch, family: Family) -> None:
    bootstrap.prepare(None, client)
    one = {family.name: IndexSettings(replicas=1)}
    assert outcomes(bootstrap.prepare(None, client, one))[0] == ("template", "changed")


def test_index_in_the_way_of_the_alias_is_named(client: Elasticsearch, family: Family) -> None:
    client.index(index=family.name, document={"word": "a"})
    with pytest.raises(Permanent, match=f"an index has the name {family.name}, which the alias needs"):
        bootstrap.prepare(None, client)


def test_index_without_alias_gets_it(client: Elasticsearch, family: Family) -> None:
    client.indices.create(index=family.index("1999"))
    report = bootstrap.prepare(None, client)
    assert outcomes(report) == [
        ("template", "created"), ("index", "changed"), ("index", "changed"), ("index", "kept"), ("alias", "changed"),
    ]  # fmt: skip
    assert report[3].detail == "number_of_replicas is 1, changed by an operator; it would be 0"
    assert list(client.indices.get_alias(name=family.name)) == [family.index("1999")]


def test_check_refuses_what_is_missing(client: Elasticsearch, family: Family) -> None:
    with pytest.raises(Permanent, match=f"no index template {family.template}: run `newsclaims init`"):
        bootstrap.check_prepared(None, client)
    bootstrap.init_template(client, family, template(family), None)
    with pytest.raises(Permanent, match=f"no alias {family.name}: run `newsclaims init`"):
        bootstrap.check_prepared(None, client)


def test_topic_is_created_from_its_file(admin: KafkaAdminClient, topic: Topic) -> None:
    with pytest.raises(Permanent, match=f"no topic {topic.name}, or this user may not see it: run `newsclaims init`"):
        bootstrap.check_prepared(admin, None)
    assert outcomes(bootstrap.prepare(admin, None)) == [("topic", "created")]
    assert len(admin.describe_topics([topic.name])[0]["partitions"]) == 2
    assert topic_config(admin, topic, "cleanup.policy") == "compact"
    assert outcomes(bootstrap.prepare(admin, None)) == [("topic", "unchanged")]
    bootstrap.check_prepared(admin, None)


def test_settings_of_an_existing_topic_are_reported_and_adjusted(
    admin: KafkaAdminClient, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare(admin, None)
    other = msgspec.structs.replace(topic, partitions=5, max_message_bytes=2_000_000)
    monkeypatch.setattr(bootstrap, "load_topics", lambda: {other.name: other})
    kept, changed = bootstrap.prepare(admin, None)
    assert (kept.outcome, changed.outcome) == ("kept", "changed")
    assert "has 2 partitions, its file says 5" in kept.detail
    assert changed.detail == "max.message.bytes 10485760 → 2000000"
    assert topic_config(admin, topic, "max.message.bytes") == "2000000"


def topic_config(admin: KafkaAdminClient, topic: Topic, name: str) -> str:
    resource = ConfigResource(ConfigResourceType.TOPIC, topic.name, {name: None})
    return str(admin.describe_configs([resource], config_filter="all")["topic"][topic.name][name]["value"])


def test_init_and_check_take_the_settings(settings: Settings) -> None:
    report = bootstrap.init(settings)
    assert {change.name for change in report} >= {"raw-articles", "claims", "newsclaims-claims", "ledger"}
    bootstrap.check(settings)
    console = Console(width=120)
    with console.capture() as printed:
        console.print(bootstrap.render([*report, SetupChange("topic", "claims", "kept", "has 2 partitions")]))
    assert "has 2 partitions" in printed.get()
    assert "were already up to date" in printed.get()


def test_unreachable_servers_are_reported_in_one_sentence(settings: Settings) -> None:
    with pytest.raises(Retryable, match=r"Kafka does not answer .*newsclaims up"):
        bootstrap.init(replace(settings, kafka=KafkaSettings(bootstrap_servers=("127.0.0.1:1",))))
    with pytest.raises(Retryable, match=r"Elasticsearch does not answer .*newsclaims up"):
        bootstrap.init(replace(settings, elasticsearch=ElasticsearchSettings(urls=("http://127.0.0.1:1",))))


def test_settings_reach_template_and_indices_and_an_operators_value_is_kept(
    client: Elasticsearch, family: Family
) -> None:
    def prepare(**settings: Any) -> list[SetupChange]:
        return bootstrap.prepare(None, client, {family.name: IndexSettings(**settings)})

    prepare()
    (first,) = client.indices.get(index=family.pattern)
    second = family.index("1999")
    client.indices.create(index=second)
    # An operator raises the replicas of one index, and adds to the template what this product knows nothing of.
    client.indices.put_settings(index=first, settings={"index.number_of_replicas": 2})
    made = client.indices.get_index_template(name=family.template)["index_templates"][0]["index_template"]
    made["template"]["settings"]["index"] |= {"routing.allocation.include._tier_preference": "data_hot"}
    client.indices.put_index_template(
        name=family.template,
        **{name.lstrip("_"): made[name] for name in ("index_patterns", "priority", "template", "_meta")},
    )
    assert [(change.name, change.outcome, change.detail) for change in prepare() if change.outcome != "unchanged"] == [
        (first, "kept", "number_of_replicas is 2, changed by an operator; it would be 0"),
    ]
    changed = prepare(replicas=1, refresh_interval="5s", buckets=Buckets("year"))
    assert [(change.what, change.name, change.outcome) for change in changed if change.outcome != "unchanged"] == [
        ("template", family.template, "changed"), ("index", second, "changed"), ("index", first, "changed"),
        ("index", first, "kept"),
    ]  # fmt: skip
    assert changed[3].detail == "number_of_replicas 0 → 1, refresh_interval 1s → 5s"
    assert read_settings(client, first) == ("2", "5s")
    assert read_settings(client, second) == ("1", "5s")
    client.indices.create(index=family.index("1998"))
    assert read_settings(client, family.index("1998")) == ("1", "5s")
    found = client.indices.get_settings(index=family.index("1998"), flat_settings=True)
    assert "index.routing.allocation.include._tier_preference" in found[family.index("1998")]["settings"]
    # The operator goes back to what we wrote: the next change is ours again.
    client.indices.put_settings(index=first, settings={"index.number_of_replicas": 1})
    prepare(replicas=0)
    assert read_settings(client, first) == ("0", "1s")
    assert all(change.outcome == "unchanged" for change in prepare(replicas=0))


def read_settings(client: Elasticsearch, index: str) -> tuple[str, str]:
    """The replicas and the refresh interval of an index."""
    found = client.indices.get_settings(index=index)[index]["settings"]["index"]
    return found["number_of_replicas"], found["refresh_interval"]


def test_template_of_the_last_release_is_taken_over(client: Elasticsearch, family: Family) -> None:
    old = template(family)
    del old["_meta"]["settings"]
    client.indices.put_index_template(name=family.template, **{name.lstrip("_"): value for name, value in old.items()})
    report = bootstrap.prepare(None, client, {family.name: IndexSettings(refresh_interval="5s")})
    assert outcomes(report) == [("template", "changed"), ("alias", "created")]
    (index,) = client.indices.get(index=family.pattern)
    assert read_settings(client, index) == ("0", "5s")


def test_first_index_is_in_the_bucket_of_the_family(client: Elasticsearch, family: Family) -> None:
    bootstrap.prepare(None, client, {family.name: IndexSettings(buckets=Buckets("year"))})
    assert list(client.indices.get(index=family.pattern)) == [family.index(str(datetime.now(UTC).year))]
