"""Counts assertions from the indexed claims, and writes those that have changed.

A pass takes the claims that were written since the last one, and the articles that the ledger says were written: a
claim that is gone leaves nothing else. It counts their assertions again from all their claims; if an assertion is not
stored yet, these are new. So the result depends on the claims that are there, not on the order in which they came. A
pass over everything comes first, and whenever the last position cannot be continued: after a re-processing, a
restoration, or the drop of an old index. It also comes once a day, so that a gap can never stay.

Two passes at the same time do no harm: a document has the time before its claims were read as its version, so that
what was read later wins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch, NotFoundError

from deploy.assertions.counting import Tally, count_rows, make_assertion
from deploy.assertions.positions import Positions, find_changed, read_positions
from deploy.assertions.reading import (
    NAME,
    Clause,
    FreshClaims,
    StoredDigest,
    find_changed_assertions,
    read_claims,
    read_digests,
    read_fresh,
    read_rows,
    split_parts,
)
from deploy.assertions.writing import make_action, send, to_version
from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.assertions import PassState
from schemas.elasticsearch.indices import PASSES

EVERY: Final = timedelta(hours=24)
"""From a pass over everything to the next."""
MOST_FRESH: Final = 20_000
"""Claims that are kept in memory with what describes them. More are counted by the ids of their assertions."""
MOST_NAMED: Final = 200_000
"""With more changed assertions, a pass over everything is faster."""
PART: Final = 20_000
"""Claims of one part of a pass over everything, about."""
TIMEOUT_SECONDS: Final = 120.0
_HEX: Final = "0123456789abcdef"


@dataclass(frozen=True)
class PassResult:
    """What a pass did: assertions counted, documents written and deleted, and whether it went over everything."""

    counted: int = 0
    written: int = 0
    deleted: int = 0
    full: bool = False
    seconds: float = 0.0

    def describe(self) -> str:
        """Returns it in words."""
        scope = "all claims" if self.full else "what has changed"
        return (
            f"{self.counted:,} assertions counted from {scope}: {self.written:,} written, {self.deleted:,} deleted "
            f"({self.seconds:.1f} s)"
        )

    def add(self, other: "PassResult") -> "PassResult":
        """Returns the sum of both."""
        return replace(
            self,
            counted=self.counted + other.counted,
            written=self.written + other.written,
            deleted=self.deleted + other.deleted,
        )


def refresh(settings: Settings, full: bool = False) -> PassResult:
    """Brings the index of assertions up to date. Safe to repeat, also while a job or another pass runs.

    Raises `Retryable` if Elasticsearch does not answer; what was written stays, and the next pass does the rest.
    """
    options = settings.elasticsearch.client_options()
    with (
        Elasticsearch(**options, request_timeout=TIMEOUT_SECONDS) as client,
        handle_elasticsearch_errors("count the assertions"),
    ):
        return run_pass(client, full)


def run_pass(client: Elasticsearch, full: bool = False) -> PassResult:
    """Does what `refresh` does. Raises the client's errors."""
    began, state = datetime.now(UTC), read_state(client)
    now = read_positions(client, f"claims,ledger,{NAME}")
    # What has a number by now must be found.
    client.indices.refresh(index=f"claims,ledger,takedowns,{NAME}")
    if full or state is None or began - state.full_at >= EVERY or not now.continues(state):
        done = replace(count_all(client), full=True)
        full_at = began
    else:
        done = count_changed(client, now, state, began)
        full_at = began if done.full else state.full_at
    if done.written or done.deleted:
        client.indices.refresh(index=NAME)
    done = replace(done, seconds=(datetime.now(UTC) - began).total_seconds())
    write_state(client, PassState(
        name=NAME, positions={index: dict(shards) for index, shards in now.numbers.items()},
        index_ids=dict(now.index_ids), at=began, full_at=full_at, seconds=done.seconds,
        written=done.written + done.deleted,
    ))  # fmt: skip
    return done


def count_changed(client: Elasticsearch, now: Positions, state: PassState, at: datetime) -> PassResult:
    """Counts the assertions that may have changed since a pass; all if these are too many."""
    if now.count_writes(state.positions, "claims") <= MOST_FRESH:
        fresh = read_fresh(client, now, state, at)
        return count_named(client, find_changed_assertions(client, now, state, at, fresh.rows), fresh)
    written = set(find_changed(client, now, state.positions, "claims", "assertion_id"))
    changed = find_changed_assertions(client, now, state, at, written)
    if len(changed) > MOST_NAMED:
        return replace(count_all(client), full=True)
    return count_named(client, changed)


def read_state(client: Elasticsearch) -> PassState | None:
    """Returns how far the last pass came; None if there was none, or one of another release."""
    try:
        source = client.get(index=PASSES.index(""), id=NAME)["_source"]
        return msgspec.convert(source, PassState)
    except (NotFoundError, msgspec.ValidationError):
        return None


def write_state(client: Elasticsearch, state: PassState) -> None:
    """Stores how far a pass came, unless a pass that began later has done so."""
    client.options(ignore_status=409).index(
        index=PASSES.index(""), id=state.name, document=make_document(state), version=to_version(state.at),
        version_type="external_gte",
    )  # fmt: skip


def count_named(client: Elasticsearch, ids: Iterable[str], fresh: FreshClaims | None = None) -> PassResult:
    """Counts some assertions. Raises the client's errors.

    With the claims that are `fresh` since a pass, an assertion that is not stored is counted from these alone: it has
    no others, because the pass would have stored it.
    """
    done = PassResult()
    for part in split_parts(sorted(ids)):
        clause = {"terms": {"assertion_id": part}}
        if fresh is None:
            done = done.add(count_part(client, clause))
            continue
        stored = read_digests(client, clause)
        known = {each.assertion_id for each in stored}
        new = count_rows(row for id in part if id not in known for row in fresh.rows.get(id, ()))
        done = done.add(write_counts(client, new, (), fresh.at, fresh.sources))
        if known:
            at = datetime.now(UTC)
            tallies = count_rows(read_rows(client, {"terms": {"assertion_id": sorted(known)}}))
            done = done.add(write_counts(client, tallies, stored, at, fresh.sources))
    return done


def count_all(client: Elasticsearch) -> PassResult:
    """Counts all assertions, in parts of similar size. Raises the client's errors."""
    done, claims = PassResult(), client.count(index="claims")["count"]
    for clause in split_ids(claims // PART):
        done = done.add(count_part(client, clause))
    return done


def split_ids(parts: int) -> Iterator[Clause]:
    """Yields clauses that together match every id once: at least so many, each with as many ids. Ids are hex digits."""
    digits = 0
    while 16**digits < parts:
        digits += 1
    bounds = ["".join(each) for each in product(_HEX, repeat=digits)][1:]
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        limits = {name: value for name, value in (("gte", low), ("lt", high)) if value}
        yield {"range": {"assertion_id": limits}} if limits else {"match_all": {}}


def count_part(client: Elasticsearch, clause: Clause) -> PassResult:
    """Counts the assertions that a clause matches from all their claims."""
    at = datetime.now(UTC)
    tallies = count_rows(read_rows(client, clause))
    return write_counts(client, tallies, read_digests(client, clause), at, {})


def write_counts(
    client: Elasticsearch,
    tallies: Sequence[Tally],
    stored: Sequence[StoredDigest],
    at: datetime,
    sources: Mapping[str, Mapping[str, Any]],
) -> PassResult:
    """Writes the tallies that differ from what is stored, and deletes what is stored without a tally.

    `at` is a time before the claims were read, `sources` are the claims that are known already, by their ids.
    """
    before = {each.id: each.digest for each in stored}
    changed = [each for each in tallies if before.get(each.id) != each.digest]
    gone = before.keys() - {each.id for each in tallies}
    written = 0
    for part in split_parts(changed):
        firsts = {each.first.claim_id: each.first for each in part}
        claims = {id: sources[id] for id in firsts if id in sources}
        claims |= read_claims(client, [row for id, row in firsts.items() if id not in claims])
        written += send(client, [
            make_action("index", each.id, at, make_assertion(each, claims[each.first.claim_id], at))
            for each in part
            if each.first.claim_id in claims
        ])  # fmt: skip
    deleted = send(client, [make_action("delete", id, at) for id in sorted(gone)])
    return PassResult(len({each.assertion_id for each in tallies}), written, deleted)
