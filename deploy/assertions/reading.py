"""Reads claims and stored assertions. What is to be found must be refreshed; the client's errors are raised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from elasticsearch import Elasticsearch

from deploy.assertions.counting import COPIED, ClaimRow
from deploy.assertions.positions import Positions, find_changed, find_ranges, list_values
from deploy.searches.paging import iterate_hits
from schemas.elasticsearch.assertions import PassState

NAME: Final = "assertions"
"""Name of the pass and of the alias of assertions."""
AT_ONCE: Final = 1_000
"""Ids in one request."""
PAGE: Final = 10_000
"""Claims in one answer."""
FRESH_PAGE: Final = 2_000
"""Claims with what describes them in one answer."""
LATE_TAKEDOWNS: Final = timedelta(hours=1)
"""How long a job may delete claims after their article was taken down."""
MOST_NAME: Final = 1_024
"""Characters of the longest name of a claimant that is indexed."""

_ROW: Final = (
    "assertion_id", "claim_id", "article_id", "publisher", "story_id", "published_at", "duplicate_of", "retraction",
    "mark", "claimant.id", "claimant.name",
)  # fmt: skip
_STORED: Final = ("assertion_id", "digest")
_FIELDS: Final = list(dict.fromkeys((*_ROW, *COPIED)))
_HAS_ID: Final[dict[str, Any]] = {
    "bool": {"filter": {"exists": {"field": "assertion_id"}}, "must_not": {"term": {"assertion_id": ""}}}
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

Clause = dict[str, Any]
T = TypeVar("T")


class StoredDigest(NamedTuple):
    """The digest of a stored document, with its id and its assertion."""

    id: str
    assertion_id: str
    digest: str


@dataclass(frozen=True)
class FreshClaims:
    """The claims that were written since a pass: what each adds, by assertion, and its fields by its id."""

    at: datetime
    """A time before they were read."""
    rows: dict[str, list[ClaimRow]] = field(default_factory=dict)
    sources: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def read_fresh(client: Elasticsearch, now: Positions, state: PassState, at: datetime) -> FreshClaims:
    """Reads the claims that were written between a pass and some positions. `at` is when those were read."""
    found = FreshClaims(at)
    for index, shard, first, last in find_ranges(now, state.positions, "claims"):
        while True:
            hits = client.search(
                index=index, size=FRESH_PAGE, sort=["_seq_no"], seq_no_primary_term=True, track_total_hits=False,
                query={"bool": {"filter": [{"range": {"_seq_no": {"gt": first, "lte": last}}}, _HAS_ID]}},
                source_includes=_FIELDS, preference=f"_shards:{shard}",
            )["hits"]["hits"]  # fmt: skip
            for hit in hits:
                row = read_row(hit)
                found.rows.setdefault(row.assertion_id, []).append(row)
                found.sources[row.claim_id] = hit["_source"]
            if len(hits) < FRESH_PAGE:
                break
            first = hits[-1]["_seq_no"]
    return found


def read_row(hit: Mapping[str, Any]) -> ClaimRow:
    """Returns what a hit says of its claim."""
    source = hit["_source"]
    claimant = source.get("claimant") or {}
    name = claimant.get("name") or ""
    return ClaimRow(
        source["assertion_id"],
        (datetime.fromisoformat(source["published_at"]) - _EPOCH) // _MILLISECOND,
        source.get("duplicate_of") is not None,
        source["claim_id"],
        source["article_id"],
        source.get("publisher") or "",
        source.get("story_id") or source["article_id"],
        claimant.get("id") or (name if len(name) <= MOST_NAME else ""),
        source.get("retraction") is not None,
        hit["_index"],
        hit["_seq_no"],
        source.get("mark") is not None,
    )


def find_changed_assertions(
    client: Elasticsearch, now: Positions, state: PassState, at: datetime, fresh: Iterable[str]
) -> set[str]:
    """Returns the ids of the assertions that may have changed since a pass; `fresh` are those of fresh claims."""
    articles = set(find_changed(client, now, state.positions, "ledger", "article_id"))
    late = {"range": {"updated_at": {"gte": (at - LATE_TAKEDOWNS).isoformat()}}}
    articles.update(list_values(client, "takedowns", late, "article_ids"))
    return {*fresh, *find_assertions_of(client, articles)}


def find_assertions_of(client: Elasticsearch, articles: Iterable[str]) -> set[str]:
    """Returns the ids of the stored assertions that articles say."""
    return {
        id
        for part in split_parts(sorted(articles))
        for id in list_values(client, NAME, {"terms": {"article_ids": part}}, "assertion_id")
    }


def split_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yields at most `AT_ONCE` values at a time."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def read_rows(client: Elasticsearch, clause: Clause) -> Iterator[ClaimRow]:
    """Yields the claims that a clause matches."""
    for hit in iterate_hits(
        client, "claims", {"bool": {"filter": [clause, _HAS_ID]}}, ["assertion_id", "claim_id"], PAGE,
        source_includes=list(_ROW), seq_no_primary_term=True,
    ):  # fmt: skip
        yield read_row(hit)


def read_digests(client: Elasticsearch, clause: Clause) -> list[StoredDigest]:
    """Returns the digests of the stored documents of the assertions that a clause matches."""
    hits = iterate_hits(client, NAME, clause, ["assertion_id", "marked"], PAGE, source_includes=list(_STORED))
    return [StoredDigest(hit["_id"], *(hit["_source"][name] for name in _STORED)) for hit in hits]


def read_claims(client: Elasticsearch, rows: Sequence[ClaimRow]) -> dict[str, Mapping[str, Any]]:
    """Returns the claims of some rows by id. One that was deleted meanwhile is missing."""
    if not rows:
        return {}
    found = client.mget(
        docs=[{"_index": row.stored_in, "_id": row.claim_id} for row in rows], source_includes=list(COPIED)
    )
    return {each["_id"]: each["_source"] for each in found["docs"] if each.get("found")}
