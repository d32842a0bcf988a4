"""A round of the monitor: every value in every round, an event once, and conditions that do not affect each other."""

import json
from datetime import datetime, timedelta

import pytest
from elasticsearch import Elasticsearch

from deploy import bootstrap
from deploy.monitoring.alert_list import find_alert_statuses, format_value, render
from deploy.monitoring.conditions import evaluation
from deploy.monitoring.conditions.queries import PAGE_BUCKETS
from deploy.monitoring.conditions.readings import MAX_QUOTE_LENGTH
from schemas.alerts import ALERTS
from schemas.errors import Retryable
from schemas.operations.records import HealthSample
from tests.conftest import Stack
from tests.deploy.monitoring.condition_data import NOW, Index, article, claim, feed, sample
from tests.pipelines.run.running import command

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def round_at(index: Index, at: datetime) -> list[HealthSample]:
    """Makes one round and writes it as the monitor does."""
    made = evaluation.make_samples(index.client, at, "host:1", 30.0)
    index.write(*made)
    return made


def numbers(made: list[HealthSample]) -> dict[str | None, float]:
    """Returns the values of a round by alert, for alerts about the whole product."""
    return {each.alert: each.value for each in made if each.metric == "newsclaims_condition" and not each.subject}


def events(made: list[HealthSample]) -> list[tuple[str | None, str | None]]:
    """Returns what began in a round: alert and subject."""
    return [(each.alert, each.subject) for each in made if each.metric == "newsclaims_alert"]


def test_every_alert_has_a_condition() -> None:
    assert set(evaluation.CONDITIONS) == set(ALERTS)


def test_an_empty_index_gives_values(index: Index) -> None:
    made = round_at(index, NOW)
    assert numbers(made) == dict.fromkeys(ALERTS, 0.0)
    assert not events(made)
    assert {(each.at, each.seconds, each.source, each.instance) for each in made} == {(NOW, 30.0, "monitor", "host:1")}
    assert all(each.detail for each in made)


def test_an_event_is_written_when_a_number_crosses_its_threshold_and_only_then(index: Index) -> None:
    index.write(article(0))
    passed = [timedelta(minutes=minutes) for minutes in (0, 59, 61, 62, 63)]
    assert [events(round_at(index, NOW + time)) for time in passed] == [[], [], [("no_articles", "")], [], []]
    index.write(article(-64 / 60))
    assert events(round_at(index, NOW + timedelta(minutes=65))) == []
    (event,) = (each for each in round_at(index, NOW + timedelta(minutes=130)) if each.metric == "newsclaims_alert")
    assert event.value == 66 * 60
    assert event.detail == "the last arrived at 2026-11-26 13:34 UTC from tides: High water"
    assert event.url == "http://tides.example/1"


def test_a_second_subject_has_an_event_of_its_own(index: Index) -> None:
    index.write(article(0), feed(7), feed(5.9, feed="ferry"))
    assert events(round_at(index, NOW)) == [("feed_silent", "tides")]
    assert events(round_at(index, NOW + timedelta(minutes=10))) == [("feed_silent", "ferry")]
    assert events(round_at(index, NOW + timedelta(minutes=20))) == []


def test_another_monitor_does_not_report_again(index: Index) -> None:
    index.write(article(0), feed(7))
    round_at(index, NOW)
    at = NOW + timedelta(seconds=1)
    assert not events(evaluation.make_samples(index.client, at, "other:1", 30.0))


def test_every_subject_has_a_sample_and_one_event(index: Index) -> None:
    names = {f"feed-{number:03}" for number in range(PAGE_BUCKETS + 100)}
    index.write(*(feed(7, feed=name) for name in names))
    made = round_at(index, NOW)
    assert {each.subject for each in made if each.alert == "feed_silent"} == names
    assert {subject for alert, subject in events(made) if alert == "feed_silent"} == names
    assert not [alert for alert, _ in events(round_at(index, NOW + timedelta(seconds=30))) if alert == "feed_silent"]


def test_a_condition_that_fails_is_reported_and_the_others_are_evaluated(index: Index) -> None:
    index.write(article(0.5))
    index.client.indices.delete(index="feeds-g1")
    failures: dict[str, str] = {}
    readings = evaluation.evaluate_conditions(
        index.client, NOW, lambda alert, error: failures.update({alert: evaluation.describe_failure(error)})
    )
    assert failures == {"feed_silent": "an index is missing: run `newsclaims init`"}
    assert {reading.alert for reading in readings} == set(ALERTS) - {"feed_silent"}
    bootstrap.prepare(None, index.client)


def test_a_log_says_which_condition_failed(index: Index, caplog: pytest.LogCaptureFixture) -> None:
    index.client.indices.delete(index="feeds-g1")
    evaluation.make_samples(index.client, NOW, "host:1", 30.0)
    assert [
        record.getMessage() for record in caplog.records if record.name == "deploy.monitoring.conditions.evaluation"
    ] == ["the condition feed_silent could not be evaluated: an index is missing: run `newsclaims init`"]
    bootstrap.prepare(None, index.client)


def test_an_unreachable_server_is_one_error() -> None:
    with Elasticsearch("http://127.0.0.1:1") as client, pytest.raises(Retryable, match="does not answer"):
        evaluation.evaluate_conditions(client, NOW)


def test_alerts_list_shows_each_alert_and_what_fires(index: Index, stack: Stack) -> None:
    index.write(article(2, title="Flood " * MAX_QUOTE_LENGTH), feed(20, next_poll_at=datetime.now(NOW.tzinfo)))
    found = {each.name: each for each in find_alert_statuses(stack.settings, NOW)}
    assert list(found) == list(ALERTS)
    assert found["no_articles"].state == "firing"
    assert found["no_articles"].value == 7200
    assert found["lag_growing"].state == "ok"
    listed = command(stack, "alerts", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    rows = {row["name"]: row for row in json.loads(listed.stdout)}
    assert list(rows) == list(ALERTS)
    assert rows["watch_spike"] | {"readings": []} == {
        "name": "watch_spike", "title": "A watch spikes", "number": ALERTS["watch_spike"].number, "unit": "none",
        "threshold": 3.0, "minutes": 0, "severity": "info", "audience": "analysts", "state": "ok", "value": 0.0,
        "readings": [], "error": None,
    }  # fmt: skip
    shown_to_people = command(stack, "alerts", "list", COLUMNS="120")
    assert shown_to_people.returncode == 0, shown_to_people.stderr
    assert all(name in shown_to_people.stdout for name in ALERTS)


def test_alerts_list_names_a_condition_that_failed(index: Index, stack: Stack) -> None:
    index.client.indices.delete(index="feeds-g1")
    found = {each.name: each for each in find_alert_statuses(stack.settings, NOW)}
    assert found["feed_silent"].state == "unknown"
    assert found["feed_silent"].value is None
    assert found["feed_silent"].error == "an index is missing: run `newsclaims init`"
    assert render(list(found.values())).row_count == len(ALERTS)
    bootstrap.prepare(None, index.client)


def test_a_detail_is_one_short_line(index: Index) -> None:
    index.write(article(2, title="Flood\n" * MAX_QUOTE_LENGTH))
    detail = index.readings("no_articles")[""].detail
    assert "\n" not in detail
    assert len(detail) < MAX_QUOTE_LENGTH + 100


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(90, "s", "1.5 min"), (5400, "s", "1.5 h"), (864_000, "s", "10 d"), (0.051, "percentunit", "5%"),
     (12_345.6, "short", "12,346"), (1.523, "none", "1.52"), (None, "none", "?")],
)  # fmt: skip
def test_numbers_are_shown_in_their_unit(value: float | None, unit: str, text: str) -> None:
    assert format_value(value, unit) == text


def test_re_processing_changes_no_window(index: Index) -> None:
    """All documents of these tests are processed `NOW`. Claims of two days ago must not count in the last hour."""
    index.write(*(claim(48.5, watches=("bridges",)) for _ in range(20)), sample("newsclaims_workers", 1))
    assert index.readings("watch_spike")["bridges"].value == 0
