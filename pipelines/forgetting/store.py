"""The takedowns in their index: stores, lists and lifts them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from elasticsearch import Elasticsearch, NotFoundError

from pipelines.forgetting.pages import ForgottenPage
from schemas.codec import make_document
from schemas.elasticsearch.indices import TAKEDOWNS
from schemas.elasticsearch.takedowns import Takedown

INDEX = TAKEDOWNS.index("")
MOST = 10_000
"""Takedowns that are listed at most."""


def read_takedown(client: Elasticsearch, id: str) -> Takedown | None:
    """Returns a takedown as stored, or None."""
    try:
        return msgspec.convert(client.get(index=INDEX, id=id)["_source"], Takedown)
    except NotFoundError:
        return None


def store_takedown(
    client: Elasticsearch, page: ForgottenPage, reason: str | None, by: str | None, removed: Mapping[str, int]
) -> Takedown:
    """Stores the takedown of a page, in force from now on: one document for each of its ids.

    A page that was taken down before keeps the time of that, and what was removed is added.
    """
    now = datetime.now(UTC)
    known = read_takedown(client, page.first_id)
    counts = dict(known.removed) if known else {}
    first = Takedown(
        takedown_id=page.first_id,
        url=page.url,
        article_ids=tuple(sorted(page.ids - {page.first_id})),
        reason=reason or (known.reason if known else None),
        by=by or (known.by if known else None),
        at=known.at if known else now,
        updated_at=now,
        removed=counts | {place: counts.get(place, 0) + number for place, number in removed.items()},
    )
    others = [
        Takedown(takedown_id=id, is_first=False, url=page.url, at=first.at, updated_at=now) for id in first.article_ids
    ]
    write_takedowns(client, [first, *others])
    return first


def write_takedowns(client: Elasticsearch, takedowns: Iterable[Takedown]) -> None:
    """Writes documents of takedowns. When it returns, each search sees them."""
    for each in takedowns:
        client.index(index=INDEX, id=each.takedown_id, document=make_document(each))
    client.indices.refresh(index=INDEX)


def list_takedowns(client: Elasticsearch) -> list[Takedown]:
    """Returns the newest takedowns, also those that were lifted."""
    return convert_hits(search(client, {"term": {"is_first": True}}))


def lift_takedown(client: Elasticsearch, page: ForgottenPage, by: str | None) -> Takedown | None:
    """Allows a page again. Returns the record of its takedown, or None if none is in force."""
    first = read_takedown(client, page.first_id)
    if first is None or first.lifted_at:
        return None
    now = datetime.now(UTC)
    documents = [first, *(found for id in first.article_ids if (found := read_takedown(client, id)))]
    lifted = [msgspec.structs.replace(each, lifted_at=now, lifted_by=by) for each in documents]
    write_takedowns(client, lifted)
    return lifted[0]


def search(client: Elasticsearch, query: dict[str, Any]) -> Any:
    """Returns the response to a search, the newest first."""
    client.indices.refresh(index=INDEX)
    return client.search(index=INDEX, query=query, size=MOST, sort=[{"at": "desc"}])


def convert_hits(response: Any) -> list[Takedown]:
    """Returns the takedowns of a response."""
    return [msgspec.convert(hit["_source"], Takedown) for hit in response["hits"]["hits"]]
