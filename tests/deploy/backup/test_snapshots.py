"""Backups on a real Elasticsearch: what is stored comes back, with aliases, and never over documents."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.backup import restoring, snapshots
from deploy.settings import Settings
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent
from tests.conftest import Stack
from tests.pipelines.run.running import erase

pytestmark = [pytest.mark.integration, pytest.mark.slow]

REPOSITORY = "test-backups"
CLAIM, LEDGER = FAMILIES["claims"].index("2024.10"), FAMILIES["ledger"].index("")


def example(record: str) -> dict[str, object]:
    """Returns the full example of a record."""
    return dict(json.loads(Path(f"schemas/examples/{record}/good-full.json").read_bytes()))


@pytest.fixture
def client(stack: Stack) -> Iterator[Elasticsearch]:
    """A server with one claim and one entry of the ledger; empty again after the test."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as made:
        erase(made)
        bootstrap.prepare(None, made)
        made.index(index=CLAIM, id="c1", document=example("claim"), refresh=True)
        made.index(index=LEDGER, id="a1", document=example("ledger-entry"), version=7, version_type="external_gte")
        yield made
        made.options(ignore_status=404).snapshot.delete(repository=REPOSITORY, snapshot="*")
        made.options(ignore_status=404).snapshot.delete_repository(name=REPOSITORY)
        erase(made)
        bootstrap.prepare(None, made)


def take(client: Elasticsearch, name: str) -> snapshots.Snapshot:
    """Takes a snapshot in the repository of these tests."""
    snapshots.ensure_repository(client, REPOSITORY)
    return snapshots.create_snapshot(client, REPOSITORY, name)


def test_backup_comes_back_on_an_empty_server_and_next_to_a_full_one(client: Elasticsearch) -> None:
    with pytest.raises(Permanent, match="no snapshot repository test-backups: `newsclaims backup create` makes one"):
        snapshots.list_snapshots(client, REPOSITORY)
    taken = take(client, "first")
    assert taken.is_whole
    assert {CLAIM, LEDGER} <= set(taken.indices)
    assert [(each.name, each.release) for each in snapshots.list_snapshots(client, REPOSITORY)] == [
        ("first", snapshots.version("newsclaims"))
    ]

    with pytest.raises(Permanent, match=f"the index {CLAIM} has 1 documents, and 1 more indices have documents"):
        restoring.restore(client, REPOSITORY, taken, taken.indices)

    copies = restoring.restore(client, REPOSITORY, taken, restoring.choose_indices(taken, ["claims-g1-*"]), "old-")
    assert (CLAIM, f"old-{CLAIM}", 1) in [(each.index, each.name, each.documents) for each in copies]
    assert client.count(index="old-claims")["count"] == 1
    assert client.count(index="claims")["count"] == 1  # the live ones do not see it
    with pytest.raises(Permanent, match=r"old-claims-g1-.* delete it, or use another --prefix|has 1 documents"):
        restoring.restore(client, REPOSITORY, taken, [CLAIM], "old-")

    erase(client)
    bootstrap.prepare(None, client)  # as on a new server: empty indices of the same names
    restored = restoring.restore(
        client, REPOSITORY, restoring.find_snapshot(client, REPOSITORY, "latest"), taken.indices
    )
    assert sum(each.documents for each in restored) == 2
    assert client.get(index="claims-g1-2024.10", id="c1")["_source"] == example("claim")
    assert client.count(index="claims")["count"] == 1
    assert client.get(index=LEDGER, id="a1")["_version"] == 7  # so that an older revision is still refused
    bootstrap.check_prepared(None, client)


def test_backup_of_an_earlier_release_is_brought_to_this_one(client: Elasticsearch) -> None:
    """The index lacks a field, its alias and the mapping hash; the template is gone with the old server."""
    erase(client)
    old = FAMILIES["claims"].mapping()
    old["properties"] = {name: mapped for name, mapped in old["properties"].items() if name != "watches"}
    old.pop("_meta")
    for family in FAMILIES.values():
        client.options(ignore_status=404).indices.delete_index_template(name=family.template)
    client.indices.create(index=CLAIM, mappings=old)
    taken = take(client, "old")
    erase(client)
    restoring.restore(client, REPOSITORY, taken, taken.indices)
    bootstrap.check_prepared(None, client)
    assert "watches" in client.indices.get_mapping(index=CLAIM)[CLAIM]["mappings"]["properties"]


def test_old_backups_are_deleted_and_others_are_not(client: Elasticsearch) -> None:
    for name in ("a", "b", "c"):
        take(client, name)
    client.snapshot.create(repository=REPOSITORY, snapshot="of-an-operator", wait_for_completion=True)
    assert snapshots.delete_old(client, REPOSITORY, 5) == []
    assert snapshots.delete_old(client, REPOSITORY, 2) == ["a"]
    assert [each.name for each in snapshots.list_snapshots(client, REPOSITORY)] == ["b", "c"]
    names = [each["snapshot"] for each in client.snapshot.get(repository=REPOSITORY, snapshot="*")["snapshots"]]
    assert "of-an-operator" in names
    with pytest.raises(Permanent, match=r"the snapshot b cannot be taken: .*already exists"):
        snapshots.create_snapshot(client, REPOSITORY, "b")
    with pytest.raises(Permanent, match="does not have the snapshot 'd'"):
        restoring.find_snapshot(client, REPOSITORY, "d")
    with pytest.raises(Permanent, match="has no index articles-g9"):
        restoring.choose_indices(restoring.find_snapshot(client, REPOSITORY, "c"), ["articles-g9"])


def test_repository_that_cannot_be_made_says_what_to_set(client: Elasticsearch) -> None:
    with pytest.raises(Permanent, match=r"path\.repo on every node, or register a repository"):
        snapshots.ensure_repository(client, "elsewhere", "/elsewhere")
    snapshots.ensure_repository(client, REPOSITORY)
    with pytest.raises(Permanent, match="is at test-backups, not at other"):
        snapshots.ensure_repository(client, REPOSITORY, "other")


def test_repository_is_a_setting(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    assert Settings.load(environ).backup_repository == "newsclaims"
    assert Settings.load(environ | {"NEWSCLAIMS_BACKUP_REPOSITORY": "s3"}).backup_repository == "s3"
