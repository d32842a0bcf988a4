"""Looks up in Elasticsearch the originals that articles may be copies of."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.io.elasticsearch.bulk import BulkSender, IndexSearch
from pipelines.stories.fingerprints import Fingerprint, unpack
from pipelines.stories.grouping import MOST_CANDIDATES, SHARED_KEYS, WINDOW, Original
from schemas.elasticsearch.buckets import list_buckets
from schemas.elasticsearch.indices import FAMILIES

INDEX = "articles"
FIELDS = ("article_id", "published_at", "fingerprint")


@dataclass(frozen=True, slots=True, eq=False)
class Newcomer:
    """An article that has no story yet."""

    article_id: str
    published_at: datetime
    fingerprint: Fingerprint


IsCommon = Callable[[str], bool]
"""Returns whether many articles have a key."""


def find_originals(
    sender: BulkSender, newcomers: Sequence[Newcomer], generation: int, is_common: IsCommon = lambda _: False
) -> list[list[Original]]:
    """Returns the candidates of each article in a generation of the indices, in one request.

    Keys that `is_common` are searched only if there are too few others. Raises as `BulkSender.search`.
    """
    if not newcomers:
        return []
    found = sender.search([make_search(each, generation, is_common) for each in newcomers])
    return [[read_original(hit["_source"]) for hit in hits] for hits in found]


def make_search(newcomer: Newcomer, generation: int, is_common: IsCommon = lambda _: False) -> IndexSearch:
    """Returns the search for originals that share keys with an article and were published within the window.

    It goes to the buckets of that time, whatever the size of buckets is now or was before: through the alias, every
    index would be searched for each article.
    """
    keys = [{"term": {"story_keys": key}} for key in newcomer.fingerprint.choose_probes(is_common)]
    since, until = newcomer.published_at - WINDOW, newcomer.published_at + WINDOW
    times = {"gte": since.isoformat(), "lte": until.isoformat()}
    body = {
        "size": MOST_CANDIDATES,
        "track_total_hits": False,
        "_source": list(FIELDS),
        "query": {
            "bool": {
                "filter": [{"range": {"published_at": times}}],
                "must_not": [{"exists": {"field": "duplicate_of"}}],
                "should": keys,
                "minimum_should_match": SHARED_KEYS,
            }
        },
    }
    return IndexSearch(tuple(FAMILIES[INDEX].index(bucket, generation) for bucket in list_buckets(since, until)), body)


def read_original(source: dict[str, Any]) -> Original:
    """Reads an original from the fields `FIELDS` of its document."""
    return Original(
        source["article_id"],
        datetime.fromisoformat(source["published_at"]),
        unpack(base64.b64decode(source["fingerprint"])),
    )
