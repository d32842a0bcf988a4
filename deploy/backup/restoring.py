"""Restores a snapshot: into a server without our documents, or next to the live indices under other names."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.backup.snapshots import Snapshot, list_snapshots
from deploy.server_errors import handle_elasticsearch_errors
from schemas.elasticsearch.index_settings import SettingsOfFamilies
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent, Retryable
from schemas.suggestions import suggest

POLL_SECONDS: Final = 0.5
STUCK_SECONDS: Final = 60.0
"""How long shards may be missing without any of them being restored."""

OTHER_CLUSTERS: Final = ("index.lifecycle.*", "index.routing.allocation.*")
"""Settings that belong to the cluster of the snapshot: another one may not know them, or lack such nodes."""


@dataclass(frozen=True, slots=True)
class Restored:
    """One index that was restored: its name in the snapshot, its name now, and its documents."""

    index: str
    name: str
    documents: int


def find_snapshot(client: Elasticsearch, repository: str, name: str) -> Snapshot:
    """Returns one of our snapshots; `latest` is the newest whole one. Raises `Permanent` if it cannot be restored."""
    found = list_snapshots(client, repository)
    whole = [each for each in found if each.is_whole]
    if name == "latest":
        if not whole:
            raise Permanent(f"the repository {repository} has no whole snapshot: `newsclaims backup create` takes one")
        return whole[-1]
    chosen = next((each for each in found if each.name == name), None)
    if chosen is None:
        names = [each.name for each in found] or ["latest"]
        raise Permanent(f"the repository does not have the snapshot {name!r}: {suggest(name, names)}")
    if not chosen.is_whole:
        raise Permanent(f"the snapshot {name} is {chosen.state}, not whole, and cannot be restored")
    return chosen


def choose_indices(snapshot: Snapshot, patterns: Sequence[str]) -> list[str]:
    """Returns the indices of the snapshot that match one of the patterns; all without patterns. Raises `Permanent`."""
    for pattern in patterns:
        if not any(fnmatchcase(index, pattern) for index in snapshot.indices):
            raise Permanent(f"--index: the snapshot {snapshot.name} has no index {pattern}")
    return [index for index in snapshot.indices if not patterns or any(fnmatchcase(index, each) for each in patterns)]


def restore(
    client: Elasticsearch,
    repository: str,
    snapshot: Snapshot,
    indices: Sequence[str],
    prefix: str = "",
    settings: SettingsOfFamilies | None = None,
) -> list[Restored]:
    """Restores the indices of a snapshot, and waits until they can be searched.

    Without a prefix, they get their names and aliases back, and are brought to this release as `newsclaims init` does,
    with the `settings` of the families. Empty indices of the same names are replaced. With a prefix, their names and
    aliases begin with it, and nothing that runs sees them.

    Raises `Permanent` if an index of that name has documents, and `Retryable` if the server fails.
    """
    names = {index: f"{prefix}{index}" for index in indices}
    with handle_elasticsearch_errors("restore a snapshot"):
        empty = find_empty(client, list(names.values()))
        if prefix and empty:
            raise Permanent(f"the index {empty[0]} exists: delete it, or use another --prefix")
        for index in empty:
            client.indices.delete(index=index)
        options: dict[str, Any] = {"rename_pattern": "(.+)", "rename_replacement": f"{prefix}$1"} if prefix else {}
        client.snapshot.restore(
            repository=repository, snapshot=snapshot.name, indices=list(indices), include_global_state=False,
            include_aliases=not prefix, ignore_index_settings=list(OTHER_CLUSTERS), wait_for_completion=False,
            **options,
        )  # fmt: skip
        wait_for_indices(client, list(names.values()))
        if prefix:
            add_aliases(client, prefix, names)
    if not prefix:
        bootstrap.prepare(None, client, settings)
    with handle_elasticsearch_errors("count the restored documents"):
        client.indices.refresh(index=list(names.values()))
        return [Restored(index, name, client.count(index=name)["count"]) for index, name in names.items()]


def find_empty(client: Elasticsearch, names: Sequence[str]) -> list[str]:
    """Returns those of the indices that exist. Raises `Permanent` if one has documents."""
    existing = [name for name in names if client.indices.exists(index=name)]
    if not existing:
        return []
    client.indices.refresh(index=existing)
    full = {name: count for name in existing if (count := client.count(index=name)["count"])}
    for name, count in full.items():
        more = f", and {len(full) - 1} more indices have documents" if len(full) > 1 else ""
        raise Permanent(
            f"the index {name} has {count:,} documents{more}: restore it under other names with --prefix, or delete "
            "what you do not need first"
        )
    return existing


def wait_for_indices(client: Elasticsearch, names: Sequence[str]) -> None:
    """Returns when every index can be searched. Raises `Retryable` if shards cannot be restored."""
    moving = time.monotonic()
    while True:
        health = client.cluster.health(index=list(names), level="cluster")
        if health["status"] != "red":
            return
        if health["initializing_shards"] or health["relocating_shards"]:
            moving = time.monotonic()
        elif time.monotonic() - moving > STUCK_SECONDS:
            raise Retryable(
                f"{health['unassigned_shards']} shards cannot be restored: the log of Elasticsearch says why; delete "
                "the restored indices before another attempt"
            )
        time.sleep(POLL_SECONDS)


def add_aliases(client: Elasticsearch, prefix: str, names: dict[str, str]) -> None:
    """Gives indices that were restored next to the live ones aliases with the prefix, such as `old-claims`."""
    actions = [
        {"add": {"index": name, "alias": f"{prefix}{family}"}}
        for index, name in names.items()
        for family in FAMILIES
        if index.startswith(f"{family}-g")
    ]
    client.indices.update_aliases(actions=actions)
