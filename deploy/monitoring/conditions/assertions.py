"""Condition for ops teams on assertions: whether passes keep their index up to date."""

from datetime import datetime, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from deploy.assertions.refreshing import read_state
from deploy.monitoring.conditions.queries import find_documents, match_window
from deploy.monitoring.conditions.readings import Reading, format_time, shorten

WINDOW = timedelta(days=7)
NAME = "assertions_behind"
MOST_FAILURES = 1_000
"""Passes in a row that are counted; more are as bad."""


def assertions_behind(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Computes the seconds since the last pass over the assertions that succeeded.

    If none ever did, since the first that failed in the last seven days; 0 if there was none.
    """
    state = read_state(client)
    failures = find_failures(client, now, state.at if state else None)
    if state is None and not failures:
        return [Reading(NAME, 0.0, detail="no pass was run")]
    since = state.at if state else datetime.fromisoformat(failures[-1]["at"])
    said = f"the last pass began at {format_time(since)}" if state else f"no pass since {format_time(since)} succeeded"
    if failures:
        passes = "1 pass has" if len(failures) == 1 else f"{len(failures)} passes in a row have"
        said += f"; {passes} failed, the last with: {shorten(failures[0].get('detail') or '')}"
    return [Reading(NAME, max(0.0, (now - since).total_seconds()), detail=said)]


def find_failures(client: Elasticsearch, now: datetime, since: datetime | None) -> list[dict[str, Any]]:
    """Returns the samples of the passes that failed since the last that succeeded, the newest first."""
    clauses: list[dict[str, Any]] = [
        match_window("at", now, WINDOW),
        {"term": {"metric": "newsclaims_assertion_passes_total"}},
        {"term": {"outcome": "failed"}},
    ]
    if since:
        clauses.append({"range": {"at": {"gt": since.isoformat()}}})
    return find_documents(client, "health", {"bool": {"filter": clauses}}, MOST_FAILURES, "at:desc")
