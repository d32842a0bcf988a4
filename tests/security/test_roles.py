"""Each role is enough for its commands, and for nothing else."""

import json
import shlex
import uuid
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from elasticsearch import AuthorizationException, Elasticsearch
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.security.roles import load_roles
from deploy.settings import Settings
from docs.tools.commands import commands as all_commands
from schemas.elasticsearch.indices import FAMILIES
from schemas.topics import load_topics
from tests.security.servers import SecureServers
from tests.security.users import add_users, connect_elasticsearch, connect_kafka

WORKS = {
    "admin": ["init", "doctor", "status", "alerts list", "offsets show"],
    "poller": ["publish articles.jsonl", "feeds run --once --file feeds.yaml", "feeds list --file feeds.yaml"],
    "job": ["run --until-caught-up"],
    "monitor": ["monitor --once", "status", "doctor", "alerts list"],
    "boards": ["report --board all --output boards.html", "export claims --output claims.csv", "alerts list"],
    "analyst": [
        "report --output report.html",
        "export figures --output figures.csv",
        "watches list",
        "stories list",
        "marks list",
    ],
    "archive": ["archive run --until-caught-up --archive archived"],
    "operator": [
        "dead-letters list",
        "dead-letters replay",
        "watches backfill hurt",
        "stories regroup",
        "takedowns list",
    ],
    "retention": ["retention --dry-run", "retention"],
}
"""What each role must be able to do. In this order, each finds what those before it wrote."""

REFUSED = [
    ("poller", "run --until-caught-up", "this user may not see it"),
    ("poller", "export claims --output none.csv", "does not allow this user to read claims"),
    ("boards", "init", "Kafka does not allow this user to"),
    ("job", "init", "Kafka does not allow this user to"),
    ("monitor", "publish articles.jsonl", "Kafka does not allow this user to write to the topic raw-articles"),
    ("boards", "dead-letters replay", "does not allow this user to replay dead letters"),
    ("boards", "feeds run --once --file feeds.yaml", "topic feed-states"),
    ("boards", "monitor --once", ""),
]
"""What roles may not do, and what the one sentence says."""


@pytest.fixture(scope="module")
def users(secure_servers: SecureServers) -> SecureServers:
    """The servers, with a user for each role."""
    add_users(secure_servers)
    return secure_servers


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with articles, feeds and watches."""
    text = "The minister said 12 people were hurt in the fire, and police said that three people were arrested."
    for name in ("articles.jsonl", "feed.jsonl"):
        url = f"https://news.example/{uuid.uuid4().hex}"  # new in each test: other tests use the same servers
        (tmp_path / name).write_text(f'{{"url": "{url}", "body": "{text}", "title": "Fire"}}\n')
    settings = f"{{path: '{tmp_path}', pattern: feed.jsonl, settle: 0}}"  # the file was written a moment ago
    (tmp_path / "feeds.yaml").write_text(
        f"feeds:\n  drop:\n    connector: folder\n    interval: 1m\n    settings: {settings}\n"
    )
    (tmp_path / "watches.yaml").write_text("watches:\n  hurt:\n    words: [hurt]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mark_a_claim_and_take_its_page_down(users: SecureServers, url: str) -> None:
    """An analyst marks a claim that the job has written, and an operator takes its page down."""
    with connect_elasticsearch(users) as client:
        client.indices.refresh(index="claims")
        hits = client.search(index="claims", size=1, query={"term": {"url": url}})["hits"]["hits"]
    assert hits, f"no claim of {url}"
    claim = hits[0]["_source"]
    for user, words in (
        ("analyst", ("marks", "add", claim["claim_id"], "wrong")),
        ("analyst", ("marks", "list")),
        ("analyst", ("marks", "remove", claim["claim_id"])),
        ("operator", ("forget", claim["url"], "--reason", "test")),
        ("operator", ("takedowns", "undo", claim["url"])),
    ):
        result = users.run(*words, user=user)
        assert result.code == 0, (user, words, result.err, result.out)


@pytest.mark.integration
@pytest.mark.slow
def test_a_role_is_enough_for_its_commands(users: SecureServers, folder: Path) -> None:
    for role, lines in WORKS.items():
        for line in lines:
            result = users.run(*shlex.split(line), user=role)
            assert result.code == 0, (role, line, result.err, result.out)
    assert "12 people" in (folder / "claims.csv").read_text()
    assert "12" in (folder / "figures.csv").read_text()
    mark_a_claim_and_take_its_page_down(users, json.loads((folder / "feed.jsonl").read_bytes())["url"])


@pytest.mark.integration
@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_a_command_without_its_role_says_so(users: SecureServers) -> None:
    for role, line, words in REFUSED:
        result = users.run(*shlex.split(line), user=role)
        assert result.code == 1, (role, line, result)
        if words:
            assert words in result.sentence, (role, line)
        assert "Traceback" not in result.err + result.out


@pytest.mark.integration
@pytest.mark.slow
def test_elasticsearch_refuses_what_a_role_does_not_need(users: SecureServers) -> None:
    claims = users.run("doctor").check() and next(iter(find_indices(users, "claims")))
    document = {"claim_id": "x"}
    may_not: dict[str, list[Callable[[Elasticsearch], object]]] = {
        "job": [
            lambda client: client.indices.delete(index=claims),
            lambda client: client.indices.put_index_template(name="newsclaims-claims", index_patterns=["claims-g1-*"]),
            lambda client: client.indices.put_settings(index=claims, settings={"index": {"blocks.write": True}}),
            lambda client: client.security.get_user(username="poller"),
        ],
        "poller": [
            lambda client: client.search(index="claims"),
            lambda client: client.search(index="articles"),
            lambda client: client.index(index=claims, document=document),
        ],
        "boards": [
            lambda client: client.index(index=claims, document=document),
            lambda client: client.delete_by_query(index="claims", query={"match_all": {}}),
            lambda client: client.indices.delete(index=claims),
            lambda client: client.search(index="ledger"),
        ],
        "monitor": [
            lambda client: client.index(index=claims, document=document),
            lambda client: client.indices.delete(index=claims),
        ],
        "analyst": [
            lambda client: client.index(index=next(iter(find_indices(users, "articles"))), document=document),
            lambda client: client.delete(index=claims, id="x"),
            lambda client: client.indices.delete(index=claims),
        ],
        "operator": [
            lambda client: client.indices.delete(index=claims),
            lambda client: client.indices.put_index_template(name="newsclaims-claims", index_patterns=["claims-g1-*"]),
        ],
        "admin": [
            lambda client: client.security.put_user(username="me", password="something", roles=["superuser"]),
        ],
    }
    for role, actions in may_not.items():
        with connect_elasticsearch(users, role) as client:
            for number, act in enumerate(actions):
                assert is_denied(act, client), (role, number)


@pytest.mark.integration
@pytest.mark.slow
def test_kafka_refuses_what_a_role_does_not_need(users: SecureServers) -> None:
    writes = {
        "job": "raw-articles",
        "poller": "claims",
        "monitor": "raw-articles",
        "boards": "claims",
        "analyst": "claims",
    }
    for role, topic in writes.items():
        options = Settings.load(users.environ(role)).kafka.client_options()
        with (
            closing(KafkaProducer(**options, allow_auto_create_topics=False, max_block_ms=5000)) as producer,
            pytest.raises(KafkaError),
        ):
            producer.send(topic, b"x").get(timeout=10)
    for role in load_roles():
        with closing(connect_kafka(users, role)) as admin:
            assert not is_deleted(users, admin, "claims"), role


def is_denied(act: Callable[[Elasticsearch], object], client: Elasticsearch) -> bool:
    """Returns whether Elasticsearch does not allow an action."""
    try:
        act(client)
    except AuthorizationException:
        return True
    return False


def is_deleted(servers: SecureServers, admin: KafkaAdminClient, topic: str) -> bool:
    """Tries to delete a topic. Returns whether it is gone."""
    with suppress(KafkaError):
        admin.delete_topics([topic])
    with closing(connect_kafka(servers)) as superuser:
        return topic not in superuser.list_topics()


def find_indices(servers: SecureServers, family: str) -> list[str]:
    """Returns the indices of a family."""
    with connect_elasticsearch(servers) as client:
        return sorted(client.indices.get_alias(name=family))


def test_roles_name_only_what_exists() -> None:
    known = {name for family in FAMILIES.values() for name in (family.name, f"{family.name}-g*")}
    for name, role in load_roles().items():
        named = {index for each in role.elasticsearch.indices for index in each.names}
        assert named <= known, name
        assert {each.topic for each in role.kafka if each.topic} <= {*load_topics(), "*"}, name
        assert all(bool(each.topic) != bool(each.group) for each in role.kafka), name


def test_some_role_may_use_each_family() -> None:
    roles = load_roles().values()
    written = {
        index
        for role in roles
        for each in role.elasticsearch.indices
        if "index" in each.privileges
        for index in each.names
    }
    assert set(FAMILIES) <= written | set().union(
        *(each.names for role in roles for each in role.elasticsearch.indices if "all" in each.privileges)
    )


def test_the_commands_of_each_role_exist_and_are_tried() -> None:
    known = set(all_commands())
    for name, role in load_roles().items():
        assert [each for each in role.commands if not {each, f"{each} claims"} & known] == [], name
        assert [line for line in WORKS[name] if not line.startswith(role.commands)] == [], name
