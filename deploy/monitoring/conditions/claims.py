"""Condition for analysts: a claim is confirmed or denied."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from deploy.monitoring.conditions.queries import DAY, UNMARKED, aggregate, iterate_groups, match_news
from deploy.monitoring.conditions.readings import Reading, format_time, rank_readings, shorten

PAGE_ASSERTIONS = 10_000
"""Assertions in one request: Elasticsearch takes 65,536 terms at most, and returns as many buckets."""


def claim_settled(client: Elasticsearch, now: datetime) -> list[Reading]:
    """Gives 1 for each assertion that was unconfirmed before a claim of the last day confirmed or denied it.

    The newest comes first. An assertion that was confirmed, or denied, before the last day is not news, however often
    that is repeated.
    """
    claims = find_settling_claims(client, now)
    unconfirmed, settled = find_first_times(client, now, {find_assertion(claim) for claim in claims})
    readings: dict[str, Reading] = {}
    for claim in claims:
        id = find_assertion(claim)
        first, doubted = settled.get((claim["status"], id)), unconfirmed.get(id)
        if first and doubted and doubted < first and first > now - DAY:
            readings.setdefault(id, make_reading(claim, doubted))
    nothing = "no unconfirmed claim was confirmed or denied"
    return list(readings.values()) or rank_readings("claim_settled", (), nothing)


def find_settling_claims(client: Elasticsearch, now: datetime) -> list[dict[str, Any]]:
    """Returns the live claims of the last day that confirm or deny, newest first; one for each assertion."""
    query = match_news(now, DAY, {"terms": {"status": ["confirmed", "denied"]}})
    newest = {"newest": {"top_hits": {"size": 1, "sort": [{"fetched_at": "desc"}]}}}
    groups = iterate_groups(client, "claims", query, {"assertion": {"field": "assertion_id"}}, newest)
    claims = [group["newest"]["hits"]["hits"][0]["_source"] for group in groups]
    return sorted(claims, key=lambda claim: datetime.fromisoformat(claim["fetched_at"]), reverse=True)


def find_assertion(claim: dict[str, Any]) -> str:
    """Returns the id of the assertion that a claim confirms or denies."""
    return str(claim.get("denies") or claim["assertion_id"])


FirstTimes = dict[str, datetime]


def find_first_times(
    client: Elasticsearch, now: datetime, assertions: Iterable[str]
) -> tuple[FirstTimes, dict[tuple[str, str], datetime]]:
    """Returns when each assertion was first seen unconfirmed; and first confirmed or denied, by status and assertion.

    Claims of replays and backfills count too: what an archive shows to be known is not news.
    """
    times: dict[tuple[str, str], datetime] = {}
    rest = iter(sorted(assertions))
    while page := list(islice(rest, PAGE_ASSERTIONS)):
        times |= find_page_of_first_times(client, now, page)
    return {id: at for (status, id), at in times.items() if status == "unconfirmed"}, times


def find_page_of_first_times(
    client: Elasticsearch, now: datetime, assertions: list[str]
) -> dict[tuple[str, str], datetime]:
    """Returns when each of these assertions was first seen with each status, by status and assertion."""
    fields = {"unconfirmed": "assertion_id", "confirmed": "assertion_id", "denied": "denies"}
    first = {"first": {"min": {"field": "fetched_at"}}}
    aggs = {
        status: {
            "filter": {"bool": {"filter": [{"term": {"status": status}}, {"terms": {field: assertions}}]}},
            # Without this hint Elasticsearch would build the ordinals of all assertions to count a few.
            "aggs": {
                "ids": {"terms": {"field": field, "size": len(assertions), "execution_hint": "map"}, "aggs": first}
            },
        }
        for status, field in fields.items()
    }
    any_of = [{"terms": {field: assertions}} for field in ("assertion_id", "denies")]
    until = {"range": {"fetched_at": {"lte": now.isoformat()}}}
    answer = aggregate(client, "claims", {"bool": {"filter": [until, UNMARKED, {"bool": {"should": any_of}}]}}, aggs)
    return {
        (status, bucket["key"]): datetime.fromtimestamp(bucket["first"]["value"] / 1000, now.tzinfo)
        for status in fields
        for bucket in answer[status]["ids"]["buckets"]
    }


def make_reading(claim: dict[str, Any], doubted: datetime) -> Reading:
    """Returns the reading of a claim that settles an assertion, which was first unconfirmed at `doubted`."""
    claimant = claim["claimant"] or {}
    who = claimant.get("name") or claim["publisher"] or claim["feed"]
    detail = f"{claim['status']} by {who}: {shorten(claim['text'])} (unconfirmed since {format_time(doubted)})"
    return Reading("claim_settled", 1.0, find_assertion(claim), detail, claim["url"] or None)
