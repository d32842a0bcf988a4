"""Alert rules on the real Elasticsearch: each reads its number from `health`, and fires for the subjects above it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from dashboards.ask.answers import TimeSpan
from dashboards.grafana.alert_rules import WINDOW, build_rule
from schemas.alerts import ALERTS, Alert
from schemas.codec import make_document
from schemas.elasticsearch.buckets import month
from schemas.elasticsearch.indices import HEALTH
from schemas.operations.records import HealthSample
from tests.conftest import Stack
from tests.dashboards.grafana.grafana_source import search

Writing = Callable[..., None]
SUBJECT = "alert-test"
LATER = datetime(2031, 5, 5, 12, 0, 30, tzinfo=UTC)
"""When the rules are evaluated: at a time that no other sample is near to."""


@pytest.fixture(scope="module")
def client(demo_data: Stack) -> Iterator[Elasticsearch]:
    """Elasticsearch."""
    with Elasticsearch(demo_data.elasticsearch_url) as opened:
        yield opened


@pytest.fixture
def write(client: Elasticsearch) -> Iterator[Writing]:
    """Writes an alert's number as the monitor would have some seconds ago, and deletes it at the end."""
    written: list[dict[str, Any]] = []

    def call(alert: Alert, value: float, subject: str = "", ago: int = 20) -> None:
        at = LATER - timedelta(seconds=ago)
        sample = HealthSample(at=at, seconds=30, source="monitor", instance="alert-test:1", value=value,
                              metric="newsclaims_condition", alert=alert.name, subject=subject)  # fmt: skip
        made = client.index(index=HEALTH.index(month(LATER)), document=make_document(sample), refresh=True)
        written.append({"_op_type": "delete", "_index": made["_index"], "_id": made["_id"]})

    yield call
    bulk(client, written, refresh=True)
    client.indices.delete(index=HEALTH.index(month(LATER)), ignore_unavailable=True)


def firing(client: Elasticsearch, alert: Alert) -> dict[str, bool]:
    """The rule as Grafana evaluates it: for each series whether its last number is above the threshold."""
    asked, last, compared = build_rule(alert)["data"]
    assert (last["model"]["reducer"], last["model"]["settings"]) == ("last", {"mode": "dropNN"})
    span = TimeSpan(LATER - timedelta(seconds=asked["relativeTimeRange"]["from"]), LATER)
    answer = client.search(index="health", body=search(asked["model"], span, {}, every="1m"))
    assert answer["_shards"]["failed"] == 0
    series, times = (bucket["id"] for bucket in asked["model"]["bucketAggs"])
    [threshold] = compared["model"]["conditions"][0]["evaluator"]["params"]
    found = {}
    for bucket in answer["aggregations"][series]["buckets"]:
        values = [each["1"]["value"] for each in bucket[times]["buckets"]]
        found[bucket["key"]] = [value for value in values if value is not None][-1] > threshold
    return found


@pytest.mark.parametrize("alert", ALERTS.values(), ids=lambda alert: alert.name)
def test_a_rule_fires_above_its_threshold_and_for_that_subject_only(
    client: Elasticsearch, write: Writing, alert: Alert
) -> None:
    assert firing(client, alert) == {}
    other = next(each for each in ALERTS.values() if each is not alert)
    write(other, other.threshold + 1)
    write(alert, alert.threshold * 0.99, SUBJECT if alert.subject else "")
    series = SUBJECT if alert.subject else alert.name
    assert firing(client, alert) == {series: False}
    write(alert, alert.threshold * 1.01, SUBJECT if alert.subject else "", ago=1)
    assert firing(client, alert) == {series: True}
    if alert.subject:
        write(alert, 0.0, "another", ago=1)
        assert firing(client, alert) == {SUBJECT: True, "another": False}


def test_the_newest_number_counts_and_an_old_one_is_forgotten(client: Elasticsearch, write: Writing) -> None:
    alert = ALERTS["lag_growing"]
    write(alert, alert.threshold + 1, ago=WINDOW + 90)
    assert firing(client, alert) == {}
    write(alert, alert.threshold + 1, ago=300)
    assert firing(client, alert) == {alert.name: True}
    write(alert, 0.0, ago=5)
    assert firing(client, alert) == {alert.name: False}


def test_an_alert_with_nothing_to_tell_of_any_subject_has_its_number_too(client: Elasticsearch, write: Writing) -> None:
    write(ALERTS["watch_spike"], 0.0)
    assert firing(client, ALERTS["watch_spike"]) == {"": False}
