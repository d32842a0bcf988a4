"""The values of a process become samples: growth, quantiles, gauges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.monitoring.samples import Sampler, estimate_quantile, make_sample
from pipelines import counters
from schemas.metrics import METRICS

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEN = START + timedelta(seconds=10)
POLLS = ("newsclaims_polls_total", ())
LOST = ("newsclaims_source_lost_total", ())


def test_counter_is_reported_as_its_growth() -> None:
    sampler = Sampler("run", since=START)
    (first,) = sampler.take({POLLS: 7, LOST: 0}, TEN)
    assert (first.metric, first.value, first.seconds, first.at) == ("newsclaims_polls_total", 7, 10, TEN)
    (second,) = sampler.take({POLLS: 7, LOST: 3}, TEN + timedelta(seconds=5))
    assert (second.metric, second.value, second.seconds) == ("newsclaims_source_lost_total", 3, 5)


def test_counter_of_a_server_has_no_growth_at_first_and_continues_after_a_restart() -> None:
    sampler = Sampler("monitor", zeros=True)
    values = [sampler.take({POLLS: count}, TEN)[0].value for count in (900, 905, 4, 4)]
    assert values == [0, 5, 4, 0]


def test_gauge_is_reported_each_time_with_its_labels() -> None:
    sampler = Sampler("run", since=START)
    memory = {("newsclaims_worker_memory_bytes", ("1",)): 5e6}
    for _ in range(2):
        (reported,) = sampler.take(memory, TEN)
        assert (reported.worker, reported.value, reported.step) == ("1", 5e6, None)


def test_counter_of_a_worker_is_reported_with_its_number_and_of_none_without() -> None:
    sampler = Sampler("run", since=START)
    records = "newsclaims_source_records_total"
    values = {(records, ("0",)): 5.0, (records, ("11",)): 7.0, (records, ("",)): 1.0}
    assert [(one.worker, one.value) for one in sampler.take(values, TEN)] == [("0", 5), ("11", 7), (None, 1)]
    values[records, ("11",)] += 2
    assert [(one.worker, one.value) for one in sampler.take(values, TEN)] == [("11", 2)]


def test_histogram_is_reported_as_quantiles_of_its_growth() -> None:
    counters.reset()
    sampler = Sampler("run", since=START)
    counters.observe("newsclaims_step_seconds", [0.002] * 90 + [0.2] * 10, step="decode")
    reported = {one.quantile: one for one in sampler.take(counters.snapshot(), TEN)}
    assert reported["count"].value == 100
    assert 0.001 < reported["0.5"].value <= 0.0025
    assert 0.1 < reported["0.95"].value < reported["0.99"].value <= 0.25
    assert {one.step for one in reported.values()} == {"decode"}
    assert sampler.take(counters.snapshot(), TEN) == []
    counters.observe("newsclaims_step_seconds", [40.0], step="decode")
    reported = {one.quantile: one for one in sampler.take(counters.snapshot(), TEN)}
    assert reported["count"].value == 1
    assert reported["0.5"].value == pytest.approx(45)  # the middle of the bucket from 30 to 60
    counters.reset()


def test_quantile_above_the_last_bound_is_that_bound() -> None:
    assert estimate_quantile(0.5, [0, 0, 8], [1.0, 2.0]) == 2.0


@given(st.lists(st.floats(0, 5000), min_size=1, max_size=60))
def test_quantiles_stay_in_the_bucket_that_the_reading_is_in(readings: list[float]) -> None:
    metric = METRICS["newsclaims_bundle_seconds"]
    counters.reset()
    counters.observe(metric.name, readings)
    values = {key[1][-1]: value for key, value in counters.snapshot().items()}
    counts = [values.get(bucket, 0) for bucket in metric.buckets]
    assert sum(counts) == len(readings)
    found = [estimate_quantile(share, counts, metric.bounds) for share in (0.5, 0.95, 0.99)]
    assert found == sorted(found)
    middle = sorted(readings)[(len(readings) - 1) // 2]
    low = max((bound for bound in metric.bounds if bound < middle), default=0.0)
    high = min((bound for bound in metric.bounds if bound >= middle), default=metric.bounds[-1])
    assert low <= found[0] <= high
    counters.reset()


def test_undeclared_metric_and_missing_labels_are_refused() -> None:
    with pytest.raises(KeyError):
        make_sample("newsclaims_unheard_total", 1, at=TEN, source="run")
    with pytest.raises(ValueError, match="shorter"):
        make_sample("newsclaims_records_total", 1, at=TEN, source="run", labels=("decode",))
    with pytest.raises(KeyError):
        counters.observe("newsclaims_step_seconds", [1.0])
