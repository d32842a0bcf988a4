"""Conditions for ops teams: data for which each must fire, and data for which it must not."""

from typing import Any

import pytest

from deploy.assertions.refreshing import write_state
from deploy.monitoring.conditions.queries import PAGE_BUCKETS
from deploy.monitoring.conditions.readings import Reading
from schemas.elasticsearch.assertions import PassState
from schemas.operations.records import HealthSample
from tests.deploy.monitoring.condition_data import (
    Index,
    ago,
    article,
    counter,
    dead_letter,
    feed,
    for_old_documents,
    sample,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def test_no_articles_counts_from_the_last_fetch(index: Index) -> None:
    index.write(article(30), article(1), article(8))
    reading = index.readings("no_articles")[""]
    assert reading.value == 3600
    assert reading.detail == "the last arrived at 2026-11-26 11:30 UTC from tides: High water"
    assert reading.url == "http://tides.example/1"
    assert not index.firing("no_articles")


def test_no_articles_fires_after_an_hour(index: Index) -> None:
    index.write(article(1.001))
    assert index.firing("no_articles") == {""}


@pytest.mark.parametrize("mode", ["replay", "backfill"])
def test_no_articles_is_not_hidden_by_replays_and_backfills(index: Index, mode: str) -> None:
    index.write(article(2), article(0.1, ingest_mode=mode))
    assert index.value("no_articles") == 7200


def test_no_articles_does_not_fire_if_late_ones_arrive(index: Index) -> None:
    index.write(article(2), article(0.1, late=1000))
    assert not index.firing("no_articles")


def test_no_articles_ever_counts_from_the_first_look(index: Index) -> None:
    assert index.value("no_articles") == 0
    index.write(sample("newsclaims_workers", 1, minutes=90), sample("newsclaims_workers", 1, minutes=5))
    reading = index.readings("no_articles")[""]
    assert reading.value == 5400
    assert "none has arrived since monitoring began at 2026-11-26 11:00 UTC" in reading.detail


@pytest.mark.parametrize(
    ("hours", "expected", "fires"),
    [(5.9, 24, False), (6.1, 24, True), (6.1, 1000, True), (71, 1, False), (73, 1, True)],
)
def test_feed_silent_depends_on_the_expected_volume(index: Index, hours: float, expected: float, fires: bool) -> None:
    index.write(feed(hours, expected_day=expected), feed(0.5, feed="ferry"))
    assert index.firing("feed_silent") == ({"tides"} if fires else set())


def test_feed_silent_says_since_when_and_what_failed(index: Index) -> None:
    index.write(feed(12, error="HTTP 503"))
    reading = index.readings("feed_silent")["tides"]
    assert reading.value == 2
    assert reading.detail == (
        "nothing new since 2026-11-26 00:30 UTC; 24 a day are expected; the last poll failed: HTTP 503"
    )


def test_feed_silent_counts_from_the_first_poll_if_nothing_ever_came(index: Index) -> None:
    index.write(feed(0, entry_at=None, since=ago(7)))
    assert index.firing("feed_silent") == {"tides"}


def test_feeds_without_expectation_or_polls_are_not_silent(index: Index) -> None:
    index.write(feed(1000, expected_day=None))
    assert index.readings("feed_silent")[""].value == 0
    index.write(feed(1000, polled_at=ago(3), next_poll_at=ago(2)))
    reading = index.readings("feed_silent")["tides"]
    assert reading.value == 0
    assert "not polled since 2026-11-26T09:30" in reading.detail


def lags(*totals: float, minutes: float = 15.0) -> list[HealthSample]:
    """Makes rounds of the monitor, five minutes apart, the last one now. Each lag is the sum of two partitions."""
    return [
        sample("newsclaims_consumer_lag_records", total / 2, minutes - 5 * place, topic="raw-articles", partition=half)
        for place, total in enumerate(totals)
        for half in ("0", "1")
    ]


def test_lag_growing_fires_if_it_grew_in_each_third(index: Index) -> None:
    index.write(*lags(100, 200, 600, 700))
    assert index.readings("lag_growing")[""].detail == "the lag grew from 100 to 700 records in fifteen minutes"
    assert index.value("lag_growing") == 600
    assert index.firing("lag_growing")


@pytest.mark.parametrize(
    ("totals", "value"),
    [((100, 200, 300, 600), 500), ((100, 9000, 8999, 9999), 0), ((100, 900, 900, 9999), 0), ((9000, 500, 50, 0), 0)],
    ids=["just under", "not in the middle", "unchanged", "falling"],
)
def test_lag_growing_does_not_fire(index: Index, totals: tuple[float, ...], value: float) -> None:
    index.write(*lags(*totals))
    assert index.value("lag_growing") == value
    assert not index.firing("lag_growing")


def test_lag_growing_needs_fifteen_minutes(index: Index) -> None:
    index.write(*lags(100, 5000, 90000, minutes=10))
    reading = index.readings("lag_growing")[""]
    assert (reading.value, reading.detail) == (0, "the lag has been known for less than fifteen minutes")


def test_lag_growing_sees_rounds_of_a_second(index: Index) -> None:
    index.write(
        *(
            sample("newsclaims_consumer_lag_records", 2000 - place, place / 60, topic="raw-articles")
            for place in range(1200)
        )
    )
    assert index.value("lag_growing") == 900


@for_old_documents
def test_lag_growing_does_not_fire_for_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(*lags(100, 2000, 6000, 9000), *(article(0.1, **old) for _ in range(3)), article(0.1), article(0.1))
    assert not index.firing("lag_growing")
    index.write(article(0.1))
    assert index.firing("lag_growing")


def read(records: float, minutes: float = 1.0) -> list[HealthSample]:
    """Makes samples of records that the job read. Other steps count them too."""
    return [
        sample("newsclaims_records_total", records - 1, minutes, step="decode", outcome="ok"),
        sample("newsclaims_records_total", 1, minutes, step="decode", outcome="failed"),
        sample("newsclaims_records_total", records, minutes, step="write", outcome="written"),
    ]


def test_dead_letter_share_fires_above_five_in_a_hundred(index: Index) -> None:
    index.write(*read(120), *(dead_letter(0.5) for _ in range(6)))
    assert index.value("dead_letter_share") == 0.05
    assert not index.firing("dead_letter_share")
    index.write(dead_letter(0.5, reason="empty_body", ingest_mode=None, published_at=None, fetched_at=None))
    reading = index.readings("dead_letter_share")[""]
    assert reading.detail == "7 of 120 records: 6 not_json, 1 empty_body"
    assert index.firing("dead_letter_share")


@pytest.mark.parametrize("dead", [1, 4])
def test_dead_letter_share_of_few_is_none(index: Index, dead: int) -> None:
    index.write(*read(dead), *(dead_letter(0.5) for _ in range(dead)))
    assert index.value("dead_letter_share") == 0


def test_dead_letter_share_is_that_of_the_last_hour(index: Index) -> None:
    index.write(*read(100, minutes=61), *(dead_letter(1.1) for _ in range(50)))
    assert index.value("dead_letter_share") == 0
    index.write(*read(10, minutes=59), *(dead_letter(0.9) for _ in range(5)))
    assert index.value("dead_letter_share") == 0.5


@pytest.mark.parametrize(
    "old",
    [{"late": 25.0}, {"ingest_mode": "replay"}, {"ingest_mode": "backfill"}, {"attempts": 2}],
    ids=["late", "replay", "backfill", "sent back in"],
)
def test_dead_letter_share_ignores_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(*read(40), *(dead_letter(0.5, **old) for _ in range(20)))
    assert index.value("dead_letter_share") == 0
    index.write(*(dead_letter(0.5) for _ in range(10)))
    assert index.value("dead_letter_share") == 0.5, "and they are not among the records that it is a share of"


@for_old_documents
def test_dead_letter_share_is_not_hidden_by_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(*read(120), *(article(0.5, **old) for _ in range(100)), *(dead_letter(0.5) for _ in range(5)))
    assert index.value("dead_letter_share") == 0.25


TEASER = {"content_scope": "teaser"}


@pytest.mark.parametrize("empty", [TEASER, {"word_count": 0, "body": ""}], ids=["teasers", "no words"])
def test_empty_bodies_fires_for_the_feed(index: Index, empty: dict[str, Any]) -> None:
    texts = [article(0.5) for _ in range(15)]
    index.write(*texts, *(article(0.5, **empty) for _ in range(5)), *(article(0.5, feed="ferry") for _ in range(5)))
    assert index.readings("empty_bodies")["tides"].detail == (
        "5 of 20 articles of the last hour without text, usually 0%"
    )
    assert index.firing("empty_bodies") == {"tides"}
    index.write(*(article(0.5) for _ in range(5)))
    assert index.value("empty_bodies", "tides") == 0.2
    assert not index.firing("empty_bodies")


def test_empty_bodies_evaluates_every_feed(index: Index) -> None:
    feeds = [f"feed-{number:03}" for number in range(PAGE_BUCKETS + 20)]
    index.write(*(article(0.5, feed=name, **TEASER) for name in feeds for _ in range(5)))
    assert index.firing("empty_bodies") == set(feeds)


def test_empty_bodies_counts_dead_letters(index: Index) -> None:
    index.write(*(dead_letter(0.5, reason="empty_body") for _ in range(5)), *(dead_letter(0.5) for _ in range(9)))
    assert index.value("empty_bodies", "tides") == 1


def test_empty_bodies_of_few_are_none(index: Index) -> None:
    index.write(*(article(0.5, **TEASER) for _ in range(4)))
    assert index.value("empty_bodies", "tides") == 0


def test_empty_bodies_of_a_small_feed_are_seen_over_the_day(index: Index) -> None:
    index.write(*(article(2 + 4 * part, **TEASER) for part in range(5)), *(article(3 * part) for part in range(5)))
    assert index.value("empty_bodies", "tides") == 0.5


def test_empty_bodies_as_usual_do_not_fire(index: Index) -> None:
    index.write(
        *(article(0.5, **TEASER) for _ in range(10)), *(article(30 + part, **TEASER) for part in range(17)),
        *(article(200 + part) for part in range(3)),
    )  # fmt: skip
    assert index.value("empty_bodies", "tides") == pytest.approx(0.15)
    assert not index.firing("empty_bodies")


@for_old_documents
def test_empty_bodies_ignores_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(
        *(article(0.5, **TEASER, **old) for _ in range(9)), *(dead_letter(0.5, "empty_body", **old) for _ in range(9)),
        article(0.5),
    )  # fmt: skip
    assert not index.firing("empty_bodies")


def test_elasticsearch_rejecting_fires_above_a_tenth(index: Index) -> None:
    index.write(*counter("newsclaims_documents_total", written=800, deleted=100, busy=60, blocked=40))
    assert index.value("elasticsearch_rejecting") == 0.1
    assert not index.firing("elasticsearch_rejecting")
    index.write(*counter("newsclaims_documents_total", shard_limit=1))
    assert index.firing("elasticsearch_rejecting")
    assert index.readings("elasticsearch_rejecting")[""].detail == (
        "101 of 1001 documents refused: 60 busy, 40 blocked, 1 shard_limit"
    )


@pytest.mark.parametrize(
    "sent",
    [
        counter("newsclaims_documents_total", written=500, gone_already=50, newer_there=50, rejected=300, too_large=9),
        counter("newsclaims_documents_total", written=1, busy=19),
        counter("newsclaims_bulk_requests_total", ok=1, unavailable=2),
        counter("newsclaims_documents_total", minutes=6, blocked=500),
    ],
    ids=["the documents' fault", "few documents", "few requests", "before"],
)
def test_elasticsearch_rejecting_does_not_fire(index: Index, sent: list[HealthSample]) -> None:
    index.write(*sent)
    assert index.value("elasticsearch_rejecting") == 0


def test_elasticsearch_rejecting_fires_for_whole_requests(index: Index) -> None:
    index.write(*counter("newsclaims_bulk_requests_total", ok=1, unreachable=3))
    index.write(sample("newsclaims_elasticsearch_rejected_total", 12))
    reading = index.readings("elasticsearch_rejecting")[""]
    assert reading.value == 0.75
    assert reading.detail == "3 of 4 requests refused: 3 unreachable; the nodes' queues rejected 12"


def test_assertions_behind_counts_from_the_last_pass_that_succeeded(index: Index) -> None:
    failed = [sample("newsclaims_assertion_passes_total", 1, minutes, outcome="failed", detail="it is busy")
              for minutes in (150, 125, 3)]  # fmt: skip
    index.write(sample("newsclaims_assertion_passes_total", 1, outcome="ok"), *failed)
    assert index.value("assertions_behind") == 150 * 60
    assert "no pass since 2026-11-26 10:00 UTC succeeded; 3 passes in a row have failed" in (
        index.readings("assertions_behind")[""].detail
    )
    write_state(index.client, PassState(name="assertions", at=ago(2.01), full_at=ago(9)))
    assert index.firing("assertions_behind")
    write_state(index.client, PassState(name="assertions", at=ago(2), full_at=ago(9)))
    assert index.readings("assertions_behind")[""] == Reading(
        "assertions_behind", 7200.0,
        detail="the last pass began at 2026-11-26 10:30 UTC; 1 pass has failed, the last with: it is busy",
    )  # fmt: skip
    assert not index.firing("assertions_behind")


@for_old_documents
def test_elasticsearch_may_be_busy_with_old_documents(index: Index, old: dict[str, Any]) -> None:
    index.write(article(0.1, **old), *counter("newsclaims_documents_total", written=100, busy=100))
    assert not index.firing("elasticsearch_rejecting")
    index.write(*counter("newsclaims_documents_total", blocked=100))
    assert index.firing("elasticsearch_rejecting")
