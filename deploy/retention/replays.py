"""Removes the history of dead letters once it is as old as the letters may get."""

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from schemas.elasticsearch.indices import REPLAYS


def match_old(days: int, now: datetime) -> dict[str, Any]:
    """Matches the replays that were sent more than this many days ago."""
    return {"range": {"at": {"lt": (now - timedelta(days=days)).isoformat()}}}


def count_replays(client: Elasticsearch, days: int | None, now: datetime) -> int:
    """Returns how many replays are older than the limit, none without a limit."""
    if days is None:
        return 0
    return int(client.count(index=REPLAYS.name, query=match_old(days, now), ignore_unavailable=True)["count"])


def delete_replays(client: Elasticsearch, days: int | None, now: datetime) -> int:
    """Deletes the replays that are older than the limit. Returns how many.

    One whose outcome `newsclaims dead-letters list` records at that moment stays until the next run.
    """
    if days is None:
        return 0
    query = match_old(days, now)
    done = client.delete_by_query(
        index=REPLAYS.name, query=query, conflicts="proceed", ignore_unavailable=True, refresh=True
    )
    return int(done["deleted"])
