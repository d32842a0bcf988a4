"""Condition of analysts: a claim is confirmed or denied."""

from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.readings import (
    DAY,
    MOST_SUBJECTS,
    Reading,
    aggregated,
    hits,
    live,
    shortened,
    shown,
    worst,
)

MOST_SETTLED = 1_000
"""Confirmed and denied assertions of a day that are looked at, the newest."""


def claim_settled(client: Elasticsearch, now: datetime) -> list[Reading]:
    """1 for each assertion that was unconfirmed before the last day's claims confirmed or denied it, newest first.

    What was confirmed, or denied, before the last day already is no news, however often it is repeated.
    """
    claims = settling(client, now)
    unconfirmed, settled = told_at(client, now, {asserted(claim) for claim in claims})
    readings: dict[str, Reading] = {}
    for claim in claims:
        id = asserted(claim)
        first, doubted = settled.get((claim["status"], id)), unconfirmed.get(id)
        if first and doubted and doubted < first and first > now - DAY:
            readings.setdefault(id, settlement(claim, doubted))
    newest = list(readings.values())[:MOST_SUBJECTS]
    return newest or worst("claim_settled", (), "nothing that was unconfirmed was confirmed or denied")


def settling(client: Elasticsearch, now: datetime) -> list[dict[str, Any]]:
    """Live claims of the last day that confirm or deny, newest first; of those that say the same, the newest."""
    query = live(now, DAY, {"terms": {"status": ["confirmed", "denied"]}})
    return hits(client, "claims", query, MOST_SETTLED, "fetched_at:desc", collapse={"field": "assertion_id"})


def asserted(claim: dict[str, Any]) -> str:
    """The assertion that a claim confirms or denies."""
    return str(claim.get("denies") or claim["assertion_id"])


Times = dict[str, datetime]


def told_at(
    client: Elasticsearch, now: datetime, assertions: set[str]
) -> tuple[Times, dict[tuple[str, str], datetime]]:
    """When each assertion was first seen unconfirmed; and first confirmed, first denied, by status and assertion.

    Claims of every kind count, replays and backfills too: what an archive says was known is no news.
    """
    if not assertions:
        return {}, {}
    wanted = sorted(assertions)
    fields = {"unconfirmed": "assertion_id", "confirmed": "assertion_id", "denied": "denies"}
    first = {"first": {"min": {"field": "fetched_at"}}}
    aggs = {
        status: {
            "filter": {"bool": {"filter": [{"term": {"status": status}}, {"terms": {field: wanted}}]}},
            # Ordinals of all assertions would be built for the few that are wanted.
            "aggs": {"ids": {"terms": {"field": field, "size": len(wanted), "execution_hint": "map"}, "aggs": first}},
        }
        for status, field in fields.items()
    }
    any_of = [{"terms": {field: wanted}} for field in ("assertion_id", "denies")]
    until = {"range": {"fetched_at": {"lte": now.isoformat()}}}
    answer = aggregated(client, "claims", {"bool": {"filter": [until, {"bool": {"should": any_of}}]}}, aggs)
    times = {
        (status, bucket["key"]): datetime.fromtimestamp(bucket["first"]["value"] / 1000, now.tzinfo)
        for status in fields
        for bucket in answer[status]["ids"]["buckets"]
    }
    return {id: at for (status, id), at in times.items() if status == "unconfirmed"}, times


def settlement(claim: dict[str, Any], doubted: datetime) -> Reading:
    """The reading of a claim that settles what was in doubt since then."""
    claimant = claim["claimant"] or {}
    who = claimant.get("name") or claim["publisher"] or claim["feed"]
    detail = f"{claim['status']} by {who}: {shortened(claim['text'])} (unconfirmed since {shown(doubted)})"
    return Reading("claim_settled", 1.0, asserted(claim), detail, claim["url"] or None)
