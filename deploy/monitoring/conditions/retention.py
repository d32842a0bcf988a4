"""Condition for ops teams on retention: whether what is beyond its limit is dropped."""

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import aggregate, find_documents, match_window
from deploy.monitoring.conditions.readings import Reading, format_time

WINDOW = timedelta(days=7)

RUNS: dict[str, Any] = {"term": {"metric": "newsclaims_retention_runs_total"}}


def retention_failing(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Counts the runs of retention that failed since the last that succeeded, in the last seven days."""
    recent = {"bool": {"filter": [match_window("at", now, WINDOW), RUNS]}}
    ok = {"filter": {"term": {"outcome": "ok"}}, "aggs": {"at": {"max": {"field": "at"}}}}
    last = aggregate(client, "health", recent, {"ok": ok})["ok"]["at"]["value"]
    since = {"range": {"at": {"gt": int(last)}}} if last else {"match_all": {}}
    failed = {"bool": {"filter": [recent, since, {"term": {"outcome": "failed"}}]}}
    count = aggregate(client, "health", failed, {"runs": {"sum": {"field": "value"}}})["runs"]["value"]
    if not count:
        return [Reading("retention_failing", 0.0, detail="the last run succeeded, or there was none")]
    newest = find_documents(client, "health", failed, 1, "at:desc")[0]
    at = format_time(datetime.fromisoformat(newest["at"]))
    return [Reading("retention_failing", float(count), detail=f"the last run, at {at}, failed: {newest.get('detail')}")]
