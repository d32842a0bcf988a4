"""Our counters on their way through Flink's metrics: from the worker to the client."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import counters
from pipelines.flink import publishing
from pipelines.flink.metric_names import decode_key, encode_key, find_scale


@given(st.text(max_size=30), st.text(max_size=30))
def test_key_survives(one: str, other: str) -> None:
    key = (
        "newsclaims_records_total",
        (one.encode("utf-8", "replace").decode(), other.encode("utf-8", "replace").decode()),
    )
    assert decode_key(encode_key(key)) == key


@given(st.text(max_size=30))
def test_name_has_nothing_that_flink_replaces(label: str) -> None:
    assert not set(encode_key(("newsclaims_dead_letters_total", (label, "x")))) & set(" .:,/[]")


@pytest.mark.parametrize("before", ["", "0.[3]read.newsclaims.", "newsclaims_", "write_x.newsclaims_"])
def test_our_name_is_found_behind_that_of_the_operator(before: str) -> None:
    key = ("newsclaims_step_seconds", ("claims", "+Inf"))
    assert decode_key(before + encode_key(key)) == key


@pytest.mark.parametrize("name", ["numRecordsIn", "newsclaims_unknown_total", "0.newsclaims", ""])
def test_metrics_of_others_are_left_out(name: str) -> None:
    assert decode_key(name) is None


@pytest.fixture
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    counters.reset()
    monkeypatch.setattr(publishing, "_published", {})
    yield
    counters.reset()


@pytest.mark.usefixtures("_fresh")
def test_growth_is_published_once() -> None:
    records = ("newsclaims_source_records_total", ())
    counters.add("newsclaims_source_records_total", 3)
    assert publishing.take_growth() == {records: 3}
    assert publishing.take_growth() == {}
    counters.add("newsclaims_source_records_total", 2)
    assert publishing.take_growth() == {records: 2}


@pytest.mark.usefixtures("_fresh")
def test_gauges_are_published_each_time_and_fractions_survive() -> None:
    waiting, total = ("newsclaims_sink_waiting", ()), ("newsclaims_bundle_seconds", ("sum",))
    counters.set_gauge("newsclaims_sink_waiting", 1)
    counters.observe("newsclaims_bundle_seconds", [0.25])
    found = publishing.take_growth()
    assert found[waiting] / find_scale(waiting) == 1
    assert found[total] / find_scale(total) == 0.25
    assert publishing.take_growth() == {waiting: 1000}
