"""The capacity model: its sizes keep the utilisation, and what it says of bursts agrees with a simulation."""

from dataclasses import replace
from random import Random

import pytest

from deploy.capacity.figures import CapacityFigures, MeasuredSize, MemoryFigures
from deploy.capacity.load import DAY_SECONDS, ArticleLoad
from deploy.capacity.model import MARGIN_DISK, CapacityOptions, find_burst, find_usual_waiting, make_plan
from tests.deploy.capacity.simulation import SimulatedChain, simulate

MARGIN = 0.15
"""How far the model may be from the simulation, as a share."""


def size(message_bytes: float, factor: float) -> MeasuredSize:
    cpu = {"workers": 20.0, "supervisor": 0.0, "elasticsearch": 10.0, "kafka": 1.0}
    indices = {"articles": 2_000.0, "claims": 4_000.0, "figures": 3_000.0, "ledger": 1_000.0}
    return MeasuredSize(
        message_bytes,
        {name: each * factor for name, each in cpu.items()},
        {"claims": 3.0, "decode": 1.0},
        {"raw-articles": message_bytes, "claims": 3_000.0 * factor},
        {name: each * factor for name, each in indices.items()},
        {"articles": 1.0, "claims": 7.0 * factor, "figures": 8.0 * factor, "ledger": 1.0},
    )


FIGURES = CapacityFigures(
    "abc1234", "2026-11-30", 2_000, 0.8, MemoryFigures(1_224, 150, 4_000, 2_000), (size(1_000, 1), size(4_000, 3))
)
OPTIONS = CapacityOptions(ArticleLoad(864_000, peak=2, burst=5, burst_seconds=600), message_bytes=1_000)


def test_the_shape_of_a_day_has_its_mean_and_its_peak() -> None:
    for peak in (1.0, 1.3, 2.0, 6.0):
        rates = ArticleLoad(864_000, peak, 5, 600).list_rates()
        assert sum(rates) * 60 == pytest.approx(864_000, rel=0.001)
        assert max(rates) == pytest.approx(10 * peak, rel=0.001)
        assert min(rates) >= 0


def test_costs_lie_on_the_line_through_the_measured_sizes() -> None:
    assert FIGURES.find_cpu_ms(1_000)["workers"] == 20
    assert FIGURES.find_cpu_ms(4_000)["workers"] == 60
    assert FIGURES.find_cpu_ms(2_500)["workers"] == 40
    assert FIGURES.find_cpu_ms(7_000)["elasticsearch"] == pytest.approx(50)
    assert FIGURES.find_topic_bytes(2_000)["raw-articles"] == 2_000
    assert FIGURES.find_step_shares(3_000) == {"claims": 0.75, "decode": 0.25}


def test_sizes_keep_the_utilisation_at_the_busiest_moment() -> None:
    needs = {need.name: need for need in make_plan(OPTIONS, FIGURES).needs}
    # 20 articles a second at 25 ms of a worker's time, and 20 ms of Elasticsearch's with its replica.
    assert needs["workers"].size == 1
    assert needs["workers"].busy_at_peak == pytest.approx(0.5)
    assert needs["elasticsearch"].size == 1.0
    assert needs["elasticsearch"].busy_at_peak == pytest.approx(0.4)
    busier = make_plan(replace(OPTIONS, load=replace(OPTIONS.load, articles_per_day=8_640_000)), FIGURES)
    assert {need.name: need.size for need in busier.needs} == {
        "workers": 9, "partitions": 4, "elasticsearch": 7.0, "kafka": 1.0,
    }  # fmt: skip
    assert all(need.busy_at_peak <= 0.6001 for need in busier.needs if need.name != "partitions")


def test_what_breaks_first_is_what_is_full_at_the_fewest_articles() -> None:
    plan = make_plan(OPTIONS, FIGURES)
    assert plan.first.name == "workers"
    assert plan.first.breaks_at == pytest.approx(40 / 2 * DAY_SECONDS)
    assert make_plan(replace(OPTIONS, workers=4), FIGURES).first.name == "elasticsearch"
    assert make_plan(replace(OPTIONS, workers=4, partitions=1), FIGURES).first.name == "partitions"
    few = make_plan(replace(OPTIONS, workers=4, elasticsearch_cores=0.5), FIGURES)
    assert (few.first.name, few.rate) == ("elasticsearch", pytest.approx(25))


def test_workers_beyond_the_partitions_are_remarked() -> None:
    assert make_plan(OPTIONS, FIGURES).remarks == []
    [remark] = make_plan(replace(OPTIONS, workers=6), FIGURES).remarks
    assert remark.startswith("raw-articles has 4 partitions, and 6 workers share it: give it at least 6")
    [full] = make_plan(replace(OPTIONS, elasticsearch_cores=0.1), FIGURES).remarks
    assert full.startswith("elasticsearch cannot take the busiest moment")


def test_disk_is_what_is_kept_with_its_copies() -> None:
    plan = make_plan(replace(OPTIONS, retention_days=100, replicas=2, kafka_copies=3), FIGURES)
    assert plan.index_bytes == pytest.approx(10_000 * 3 * 864_000 * 100)
    assert plan.topic_bytes == pytest.approx((1_000 * 30 + 3_000 * 100) * 864_000 * 3)
    assert plan.disk["elasticsearch"] == pytest.approx(plan.index_bytes * MARGIN_DISK)
    assert plan.full_after_days is None
    full = make_plan(replace(OPTIONS, replicas=2, disk_bytes=MARGIN_DISK * 10_000 * 3 * 864_000 * 7), FIGURES)
    assert full.full_after_days == pytest.approx(7)


def test_memory_is_that_of_the_processes() -> None:
    plan = make_plan(replace(OPTIONS, workers=3, replicas=2), FIGURES)
    assert plan.memory_mb == {"workers": 3 * 1_224 + 150, "elasticsearch": 12_000, "kafka": 6_000}


def test_a_burst_that_is_taken_makes_nothing_wait() -> None:
    load = ArticleLoad(864_000, 2, 5, 600)
    assert find_burst(load, 50.0).most_waiting == 0
    slow = find_burst(load, 30.0)
    assert (slow.most_waiting, slow.longest_wait_seconds) == (12_000, 400)
    assert slow.caught_up_seconds == 600 + 1_200
    assert find_burst(load, 20.0).caught_up_seconds is None


@pytest.mark.parametrize(
    ("workers", "cores", "usual", "burst", "seconds"),
    [
        pytest.param(2, 8, 40.0, 200.0, 120.0, id="workers are the slowest"),
        pytest.param(4, 8, 100.0, 400.0, 60.0, id="four workers"),
        pytest.param(1, 8, 10.0, 150.0, 200.0, id="a long burst"),
        pytest.param(4, 1, 50.0, 250.0, 120.0, id="Elasticsearch is the slowest"),
    ],
)
def test_bursts_are_as_in_the_simulation(workers: int, cores: int, usual: float, burst: float, seconds: float) -> None:
    busy_share, worker, elasticsearch = 0.8, 0.020, 0.012
    rate = min(workers * busy_share / worker, cores / elasticsearch)
    load = ArticleLoad(usual * DAY_SECONDS, 1.0, burst / usual, seconds)
    expected = find_burst(load, rate)
    assert expected.caught_up_seconds is not None
    chain = SimulatedChain(workers, 4, worker, worker / busy_share - worker, elasticsearch, cores)
    seen = simulate(chain, usual, burst, seconds, end=2 * expected.caught_up_seconds)
    assert seen.most_waiting == pytest.approx(expected.most_waiting, rel=MARGIN)
    assert seen.longest_wait == pytest.approx(expected.longest_wait_seconds, rel=MARGIN)
    assert seen.caught_up == pytest.approx(expected.caught_up_seconds, rel=MARGIN)


@pytest.mark.parametrize("rate", [11.0, 14.0, 18.0])
def test_the_lag_of_a_usual_day_is_as_in_a_simulation(rate: float) -> None:
    load = ArticleLoad(864_000, 2.0, 5, 600)
    chance, waiting, most = Random(3), 0.0, 0.0
    for each in load.list_rates(1.0) * 2:
        waiting = max(0.0, waiting + chance.gauss(each, each**0.5) - rate)
        most = max(most, waiting)
    assert find_usual_waiting(load, rate) == pytest.approx(most, rel=MARGIN)
    assert find_usual_waiting(load, 25.0) == 0
    assert find_usual_waiting(load, 9.9) is None
