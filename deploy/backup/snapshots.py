"""Snapshots of all our indices in a repository of Elasticsearch: creates, lists and deletes them.

A snapshot has the indices with their aliases, and nothing else of the cluster: templates come from `newsclaims init`.
Elasticsearch copies only what has changed since the snapshots before.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from deploy.server_errors import describe_elasticsearch_error, find_cause, handle_elasticsearch_errors
from schemas.elasticsearch.indices import FAMILIES
from schemas.errors import Permanent, Retryable

MANAGED_BY: Final = "newsclaims backup"
"""Metadata of our snapshots: others in the same repository are neither listed nor deleted."""

POLL_SECONDS: Final = 0.5
LOST_SECONDS: Final = 60.0
"""How long a running snapshot may be unknown to the server before it counts as lost."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One of our snapshots. `size` is in bytes, or None if the repository does not say."""

    name: str
    state: str
    started_at: datetime
    seconds: float
    release: str
    indices: tuple[str, ...]
    size: int | None = None
    failures: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it can be restored."""
        return self.state == "SUCCESS"


def ensure_repository(client: Elasticsearch, repository: str, location: str | None = None) -> None:
    """Registers the repository as a directory, unless it exists. `location` is below `path.repo` of every node.

    Raises `Permanent` if that is not possible, or if it exists and is somewhere else.
    """
    with handle_elasticsearch_errors("read the snapshot repositories"):
        try:
            found = client.snapshot.get_repository(name=repository)[repository]
        except NotFoundError:
            found = None
    if found is not None:
        where = found.get("settings", {}).get("location")
        if location is not None and where != location:
            raise Permanent(f"the repository {repository} is at {where}, not at {location}: leave out --location")
        return
    wanted = {"type": "fs", "settings": {"location": location or repository}}
    with handle_elasticsearch_errors("register a snapshot repository"):
        try:
            client.snapshot.create_repository(name=repository, repository=wanted)
        except ApiError as error:
            # A refused directory is a status of 500, as if the server had failed.
            if not find_cause(error).get("type", "").startswith("repository"):
                raise
            raise Permanent(
                f"Elasticsearch has no snapshot repository {repository}, and cannot make one as a directory "
                f"({describe_elasticsearch_error(error)}): set path.repo on every node, or register a repository and "
                "name it in NEWSCLAIMS_BACKUP_REPOSITORY"
            ) from error


def make_name(now: datetime) -> str:
    """Returns the name of a snapshot of now, such as `newsclaims-20261129-184512`."""
    return f"newsclaims-{now.astimezone(UTC):%Y%m%d-%H%M%S}"


def create_snapshot(
    client: Elasticsearch, repository: str, name: str, progress: Progress = lambda _message: None
) -> Snapshot:
    """Takes a snapshot of all our indices, of every generation, and waits until it is complete.

    Raises `Permanent` if the name is taken or there is nothing to store, and `Retryable` if a part could not be stored.
    """
    patterns = [f"{family}-g*" for family in FAMILIES]
    with handle_elasticsearch_errors("take a snapshot"):
        if not client.indices.get(index=patterns, expand_wildcards="open", ignore_unavailable=True):
            raise Permanent("Elasticsearch has no indices of ours: there is nothing to store")
        try:
            client.snapshot.create(
                repository=repository, snapshot=name, indices=patterns, include_global_state=False, partial=False,
                ignore_unavailable=True, wait_for_completion=False,
                metadata={"managed_by": MANAGED_BY, "release": version("newsclaims")},
            )  # fmt: skip
        except BadRequestError as error:
            raise Permanent(f"the snapshot {name} cannot be taken: {describe_elasticsearch_error(error)}") from error
        found = wait_for_snapshot(client, repository, name, progress)
    if not found.is_whole:
        why = f": {found.failures[0]}" if found.failures else ""
        raise Retryable(f"the snapshot {name} ended as {found.state}{why}; delete it and try again")
    return found


def wait_for_snapshot(client: Elasticsearch, repository: str, name: str, progress: Progress) -> Snapshot:
    """Returns the snapshot once it is not in progress. Raises `Retryable` if it disappears."""
    seen = time.monotonic()
    while True:
        try:
            found = parse_snapshot(client.snapshot.get(repository=repository, snapshot=name)["snapshots"][0])
            seen = time.monotonic()
        except NotFoundError as error:
            # Just after the start, it may not be visible yet.
            if time.monotonic() - seen > LOST_SECONDS:
                raise Retryable(f"the snapshot {name} disappeared: was it deleted by somebody?") from error
        else:
            if found.state not in ("IN_PROGRESS", "STARTED"):
                return found
            progress(f"Storing {len(found.indices)} indices …")
        time.sleep(POLL_SECONDS)


def list_snapshots(client: Elasticsearch, repository: str) -> list[Snapshot]:
    """Returns our snapshots, the oldest first. Raises `Permanent` if there is no such repository."""
    with handle_elasticsearch_errors("list the snapshots"):
        try:
            found = client.snapshot.get(repository=repository, snapshot="*", index_details=True)["snapshots"]
        except NotFoundError as error:
            raise Permanent(
                f"Elasticsearch has no snapshot repository {repository}: `newsclaims backup create` makes one"
            ) from error
    ours = (each for each in found if each.get("metadata", {}).get("managed_by") == MANAGED_BY)
    return sorted(map(parse_snapshot, ours), key=lambda each: each.started_at)


def parse_snapshot(found: dict[str, Any]) -> Snapshot:
    """Returns a snapshot from Elasticsearch's description of it."""
    details = found.get("index_details") or {}
    return Snapshot(
        name=found["snapshot"],
        state=found["state"],
        started_at=datetime.fromtimestamp(found.get("start_time_in_millis", 0) / 1000, UTC),
        seconds=found.get("duration_in_millis", 0) / 1000,
        release=(found.get("metadata") or {}).get("release", ""),
        indices=tuple(sorted(found.get("indices", ()))),
        size=sum(each["size_in_bytes"] for each in details.values()) if details else None,
        failures=tuple(f"{each.get('index')}: {each.get('reason')}" for each in found.get("failures", ())),
    )


def delete_old(client: Elasticsearch, repository: str, keep: int) -> list[str]:
    """Deletes our oldest snapshots, so that `keep` whole ones are left. Returns the names of those deleted.

    Of those that are not whole, it deletes what is older than the oldest that is kept.
    """
    found = list_snapshots(client, repository)
    whole = [each for each in found if each.is_whole]
    if len(whole) <= keep:
        return []
    oldest = whole[-keep]
    old = [each.name for each in found if each.started_at < oldest.started_at and each.state != "IN_PROGRESS"]
    with handle_elasticsearch_errors("delete old snapshots"):
        for name in old:
            client.snapshot.delete(repository=repository, snapshot=name)
    return old
