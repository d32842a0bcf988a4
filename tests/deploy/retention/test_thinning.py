"""Thinned health samples: boards get the same numbers over whole steps, and events remain."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.ask import queries
from dashboards.ask.query import Query
from deploy.retention.thinning import LOWEST, STEPS, find_step, thin
from schemas.metrics import METRICS

START = datetime(2026, 10, 1, tzinfo=UTC)
MINUTE, TEN = STEPS


def sample(metric: str, seconds: int, value: float, **more: Any) -> dict[str, Any]:
    at = (START + timedelta(seconds=seconds)).isoformat()
    return {"at": at, "seconds": 10.0, "source": "run", "instance": "h:1", "metric": metric, "value": value, **more}


def test_bucket_gets_coarser_with_age() -> None:
    steps = [find_step(START, START + timedelta(days=days)) for days in (6, 7, 59, 60)]
    assert steps == [None, MINUTE, MINUTE, TEN]


@pytest.mark.parametrize(
    ("metric", "more", "kept"),
    [
        ("newsclaims_records_total", {"step": "decode", "outcome": "ok"}, 30.0),
        ("newsclaims_step_seconds", {"step": "decode", "quantile": "count"}, 30.0),
        ("newsclaims_step_seconds", {"step": "decode", "quantile": "0.95"}, 17.0),
        ("newsclaims_consumer_lag_records", {"topic": "raw-articles", "partition": "0"}, 17.0),
        ("newsclaims_server_up", {"server": "kafka"}, 1.0),
    ],
)
def test_series_has_one_sample_for_each_step(metric: str, more: dict[str, Any], kept: float) -> None:
    values = [1.0, 17.0, 12.0]
    first = [sample(metric, 10 * place, value, **more) for place, value in enumerate(values)]
    second = [sample(metric, 60, 5.0, **more)]
    assert [each["value"] for each in thin([*first, *second], MINUTE).values()] == [kept, 5.0]
    assert len(thin([*first, sample(metric, 5, 3.0, **{**more, "instance": "h:2"})], MINUTE)) == 2


def test_counter_keeps_the_seconds_that_it_covers() -> None:
    found = [sample("newsclaims_claims_total", seconds, 2.0) for seconds in (0, 10, 20)]
    [one] = thin(found, MINUTE).values()
    assert (one["seconds"], one["value"], one["at"]) == (30.0, 6.0, found[-1]["at"])


def test_detail_and_time_are_those_of_the_worst_value() -> None:
    found = [
        sample("newsclaims_condition", seconds, value, alert="lag_growing", subject="", detail=f"lag {value}")
        for seconds, value in ((0, 5.0), (30, 900.0), (50, 0.0))
    ]
    assert list(thin(found, TEN).values()) == [found[1]]


def test_events_remain() -> None:
    found = [sample("newsclaims_alert", seconds, 1.0, alert="lag_growing", subject="") for seconds in (0, 1, 2)]
    unknown = [sample("newsclaims_of_another_release", seconds, 1.0) for seconds in (0, 1)]
    assert list(thin([*found, *unknown], TEN).values()) == [*found, *unknown]


def test_thinning_again_changes_nothing_and_coarser_steps_may_follow() -> None:
    chance = random.Random(5)
    found = [
        sample(metric, seconds, float(chance.randrange(100)))
        for seconds in range(0, 3600, 10)
        for metric in ("newsclaims_claims_total", "newsclaims_workers", "newsclaims_elasticsearch_free_bytes")
    ]
    once = thin(found, MINUTE)
    assert thin(once.values(), MINUTE) == once
    assert len(once) == 180
    values = [{id: each["value"] for id, each in thin(some, TEN).items()} for some in (found, once.values())]
    assert values[0] == values[1]


def test_boards_use_the_value_that_is_kept() -> None:
    """A board that drew the smallest value of another gauge would show something else once it is thinned."""
    kept = {"counter": "sum", "gauge": "max", "histogram": "max"}
    found = [each for each in vars(queries).values() if isinstance(each, Query) and each.index == "health"]
    drawn = 0
    for query in found:
        metric = METRICS[query.where.split(" ")[0].removeprefix("metric:")]
        for measure in query.measures:
            if metric.kind != "event" and not query.fields:
                assert measure.kind == ("min" if metric.name in LOWEST else kept[metric.kind]), query
                drawn += 1
    assert drawn > 15
