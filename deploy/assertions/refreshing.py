"""Counts assertions from the indexed claims, and writes those that have changed.

A pass takes the claims that were written since the last one, and the articles that the ledger says were written: a
claim that is gone leaves nothing else. It counts their assertions again from all their claims. So the result depends on
the claims that are there, not on the order in which they came. A pass over everything comes first, and whenever the
last position cannot be continued: after a re-processing, a restoration, or the drop of an old index. It also comes once
a day, so that a gap can never stay.

Two passes at the same time do no harm: a document has the time before its claims were read as its version, so that
what was read later wins.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, Final, TypeVar

import msgspec
from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from deploy.assertions.counting import COPIED, ClaimRow, count_rows, make_assertion
from deploy.assertions.positions import Positions, find_changed, list_values, read_positions
from deploy.searches.paging import iterate_hits
from deploy.server_errors import handle_elasticsearch_errors
from deploy.settings import Settings
from schemas.codec import make_document
from schemas.elasticsearch.assertions import PassState
from schemas.elasticsearch.indices import ASSERTIONS, PASSES
from schemas.errors import Retryable

NAME: Final = "assertions"
"""Name of the pass."""
EVERY: Final = timedelta(hours=24)
"""From a pass over everything to the next."""
AT_ONCE: Final = 1_000
"""Assertions that are counted together if they are named by id."""
PAGE: Final = 10_000
"""Claims in one answer."""
MOST_NAMED: Final = 200_000
"""With more changed assertions, a pass over everything is faster."""
PART: Final = 20_000
"""Claims of one part of a pass over everything, about."""
LATE_TAKEDOWNS: Final = timedelta(hours=1)
"""How long a job may delete claims after their article was taken down."""
TIMEOUT_SECONDS: Final = 120.0
_DONE: Final = (200, 201, 404, 409)
"""Statuses of a write that is done, or that has nothing to do: the document is gone, or there is a later count."""
_HEX: Final = "0123456789abcdef"

Clause = dict[str, Any]
T = TypeVar("T")


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
    now = read_positions(client, "claims,ledger")
    # What has a number by now must be found.
    client.indices.refresh(index=f"claims,ledger,takedowns,{NAME}")
    if full or state is None or began - state.full_at >= EVERY or not now.continues(state):
        done = count_all(client)
        full_at = began
    else:
        changed = find_changed_assertions(client, now, state, began)
        full_at = began if len(changed) > MOST_NAMED else state.full_at
        done = count_all(client) if full_at == began else count_named(client, changed)
    if done.written or done.deleted:
        client.indices.refresh(index=NAME)
    done = replace(done, full=full_at == began, seconds=(datetime.now(UTC) - began).total_seconds())
    write_state(client, PassState(
        name=NAME, positions={index: dict(shards) for index, shards in now.numbers.items()},
        index_ids=dict(now.index_ids), at=began, full_at=full_at, seconds=done.seconds,
        written=done.written + done.deleted,
    ))  # fmt: skip
    return done


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


def find_changed_assertions(client: Elasticsearch, now: Positions, state: PassState, at: datetime) -> set[str]:
    """Returns the ids of the assertions whose claims may have changed since a pass."""
    changed = set(find_changed(client, now, state.positions, "claims", "assertion_id"))
    articles = set(find_changed(client, now, state.positions, "ledger", "article_id"))
    late = {"range": {"updated_at": {"gte": (at - LATE_TAKEDOWNS).isoformat()}}}
    articles.update(list_values(client, "takedowns", late, "article_ids"))
    return changed | find_assertions_of(client, articles)


def find_assertions_of(client: Elasticsearch, articles: Iterable[str]) -> set[str]:
    """Returns the ids of the stored assertions that articles say. What is to be found must be refreshed."""
    return {
        id
        for part in split_parts(sorted(articles))
        for id in list_values(client, NAME, {"terms": {"article_ids": part}}, "assertion_id")
    }


def count_named(client: Elasticsearch, ids: Iterable[str]) -> PassResult:
    """Counts some assertions. Raises the client's errors."""
    done = PassResult()
    for part in split_parts(sorted(ids)):
        done = done.add(count_part(client, {"terms": {"assertion_id": part}}))
    return done


def count_all(client: Elasticsearch) -> PassResult:
    """Counts all assertions, in parts of similar size. Raises the client's errors."""
    done, claims = PassResult(), client.count(index="claims")["count"]
    for clause in split_ids(claims // PART):
        done = done.add(count_part(client, clause))
    return done


def split_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yields at most `AT_ONCE` values at a time."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


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
    """Counts the assertions that a clause matches, writes those that have changed, and deletes those without claims."""
    at = datetime.now(UTC)
    tallies = count_rows(read_rows(client, clause))
    stored = dict(read_digests(client, clause))
    changed = [each for each in tallies if stored.get(each.id) != each.digest]
    gone = stored.keys() - {each.id for each in tallies}
    written = 0
    for part in split_parts(changed):
        claims = read_claims(client, [each.first for each in part])
        written += send(client, [
            make_action("index", each.id, at, make_assertion(each, claim, at))
            for each in part
            if (claim := claims.get(each.first.claim_id))
        ])  # fmt: skip
    deleted = send(client, [make_action("delete", id, at) for id in sorted(gone)])
    return PassResult(len({each.assertion_id for each in tallies}), written, deleted)


def read_rows(client: Elasticsearch, clause: Clause) -> Iterator[ClaimRow]:
    """Yields the claims that a clause matches."""
    unknown = {"term": {"assertion_id": ""}}
    for hit in iterate_hits(
        client, "claims", {"bool": {"filter": [clause, {"exists": {"field": "assertion_id"}}], "must_not": unknown}},
        ["assertion_id", "claim_id"], PAGE,
        source=False, seq_no_primary_term=True,
        docvalue_fields=["assertion_id", "claim_id", "article_id", "publisher", "story_id", "claimant.id",
                         "claimant.name.keyword", "duplicate_of", "retraction", "mark",
                         {"field": "published_at", "format": "epoch_millis"}],
    ):  # fmt: skip
        yield read_row(hit)


def read_row(hit: Mapping[str, Any]) -> ClaimRow:
    """Returns what a hit says of its claim."""
    given = {name: values[0] for name, values in hit["fields"].items()}
    return ClaimRow(
        given["assertion_id"], int(given["published_at"]), "duplicate_of" in given, given["claim_id"],
        given["article_id"], given.get("publisher", ""), given.get("story_id") or given["article_id"],
        given.get("claimant.id") or given.get("claimant.name.keyword", ""), "retraction" in given,
        hit["_index"], hit["_seq_no"], "mark" in given,
    )  # fmt: skip


def read_digests(client: Elasticsearch, clause: Clause) -> Iterator[tuple[str, str]]:
    """Yields id and digest of the stored documents of the assertions that a clause matches."""
    for hit in iterate_hits(client, NAME, clause, ["assertion_id", "marked"], PAGE, source_includes=["digest"]):
        yield hit["_id"], hit["_source"]["digest"]


def read_claims(client: Elasticsearch, rows: Sequence[ClaimRow]) -> dict[str, Mapping[str, Any]]:
    """Returns the claims of some rows by id. One that was deleted meanwhile is missing."""
    found = client.mget(
        docs=[{"_index": row.stored_in, "_id": row.claim_id} for row in rows], source_includes=list(COPIED)
    )
    return {each["_id"]: each["_source"] for each in found["docs"] if each.get("found")}


def to_version(at: datetime) -> int:
    """Returns a time as the version of a document: milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def make_action(kind: str, id: str, at: datetime, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns a write or a deletion, which only holds if nothing later was written."""
    return {
        "_op_type": kind, "_index": ASSERTIONS.index(""), "_id": id, "version": to_version(at),
        "version_type": "external_gte",
    } | ({"_source": source} if source else {})  # fmt: skip


def send(client: Elasticsearch, actions: Sequence[dict[str, Any]]) -> int:
    """Sends actions. Returns how many changed something. Raises `Retryable` if Elasticsearch refuses one."""
    done = 0
    for ok, item in streaming_bulk(client, actions, raise_on_error=False, max_retries=3):
        outcome = next(iter(item.values()))
        if not ok and outcome["status"] not in _DONE:
            raise Retryable(f"Elasticsearch did not write an assertion ({outcome.get('error')}): try again")
        done += ok
    return done
