"""Reads the documents of an index page by page from one point in time, in constant memory."""

from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from elasticsearch import ApiError, Elasticsearch, TransportError

from dashboards.ask.asking import explain_errors

ExportedIndex = Literal["articles", "claims", "figures"]

KEEP_ALIVE: Final = "30m"
"""How long Elasticsearch keeps the point in time after each page: the reader of a pipe may pause."""
TIMEOUT: Final = 60
"""Seconds to wait for a page. A busy server needs time."""
PAGES: Final = {"articles": 200, "claims": 2000, "figures": 2000}
"""Documents in a page, some megabytes: articles contain their whole text."""
IDS: Final = {"articles": "article_id", "claims": "claim_id", "figures": "figure_id"}


@dataclass(frozen=True)
class DocumentPage:
    """The next documents, as indexed, and the total number of matching documents."""

    documents: list[dict[str, Any]]
    total: int


def read_pages(
    client: Elasticsearch,
    index: ExportedIndex,
    clauses: list[dict[str, Any]],
    *,
    newest_first: bool = False,
    size: int | None = None,
) -> Generator[DocumentPage, None, None]:
    """Yields the documents that match all clauses, by time of publication and then id, in pages of `size`.

    Documents written meanwhile are not included. There is always a first page, which may be empty. Raises what
    `explain_errors` raises.
    """
    order = "desc" if newest_first else "asc"
    search: dict[str, Any] = {
        "query": {"bool": {"filter": clauses}},
        "sort": [{"published_at": order}, {IDS[index]: order}],
        "size": size or PAGES[index],
        "allow_partial_search_results": False,
    }
    client = client.options(request_timeout=TIMEOUT)
    with explain_errors(index):
        moment = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE)["id"]
    try:
        yield from _read_pages(client, index, search, moment)
    finally:
        # The server deletes it when it expires; it may be unreachable now.
        with suppress(ApiError, TransportError):
            client.close_point_in_time(id=moment)


def _read_pages(
    client: Elasticsearch, index: ExportedIndex, search: dict[str, Any], moment: str
) -> Iterator[DocumentPage]:
    total: int | None = None
    while True:
        with explain_errors(index):
            answer = client.search(
                **search, pit={"id": moment, "keep_alive": KEEP_ALIVE}, track_total_hits=total is None
            )
        hits = answer["hits"]["hits"]
        total = answer["hits"]["total"]["value"] if total is None else total
        yield DocumentPage([hit["_source"] for hit in hits], total)
        if len(hits) < search["size"]:
            return
        moment = answer.get("pit_id", moment)
        search["search_after"] = hits[-1]["sort"]
