"""The history of ratios, its trend, and the gate: a regression ends with an error and is not stored."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import history, ratios
from tests.benchmarks.history import BadHistory, BenchmarkRun, find_median, find_regressions, read_history, render_trend
from tests.benchmarks.ratios import BOUNDS, Bound, report_ratio
from tests.checkout import needs_checkout

TWO = {"fast": Bound("ours against theirs", least=0.5), "cost": Bound("ours against theirs", most=10)}
EARLIER = [
    BenchmarkRun("aaaaaaa", "2026-11-01", {"fast": 1.0, "cost": 4.0}),
    BenchmarkRun("bbbbbbb", "2026-11-02", {"fast": 1.1, "cost": 5.0}),
    BenchmarkRun("ccccccc", "2026-11-03", {"fast": 0.9, "cost": 3.0}),
]


def gate(**found: float) -> list[str]:
    return list(find_regressions(BenchmarkRun("ddddddd", "2026-11-04", found), EARLIER, TWO).values())


def test_a_ratio_near_its_median_passes() -> None:
    assert gate(fast=0.76, cost=4.99) == []
    assert gate(fast=9.0, cost=0.1) == []


def test_a_ratio_worse_than_its_history_allows_is_a_regression() -> None:
    assert gate(fast=0.74) == ["fast: the ratio 0.74 is 26% worse than the median 1.00 of its history; 25% is allowed"]
    assert gate(cost=5.2) == ["cost: the ratio 5.20 is 30% worse than the median 4.00 of its history; 25% is allowed"]


def test_a_ratio_outside_its_bound_is_a_regression_without_any_history() -> None:
    run = BenchmarkRun("ddddddd", "2026-11-04", {"fast": 0.49, "cost": 11.0})
    assert list(find_regressions(run, [], TWO).values()) == [
        "cost: the ratio 11.00 is outside its bound (at most 10)",
        "fast: the ratio 0.49 is outside its bound (at least 0.5)",
    ]


def test_a_margin_is_that_of_the_ratio() -> None:
    strict = {"fast": Bound("ours against theirs", least=0.5, margin=0.05)}
    assert find_regressions(BenchmarkRun("d", "2026-11-04", {"fast": 0.94}), EARLIER, strict)
    assert not find_regressions(BenchmarkRun("d", "2026-11-04", {"fast": 0.96}), EARLIER, strict)


def test_a_short_history_is_not_judged_by() -> None:
    assert find_median("fast", EARLIER[:2]) is None
    assert find_median("fast", EARLIER) == 1.0


def test_a_median_forgets_what_was_long_ago() -> None:
    old = [BenchmarkRun("a", "2026-01-01", {"fast": 100.0})] * 20
    new = [BenchmarkRun("b", "2026-02-01", {"fast": 1.0})] * history.LAST
    assert find_median("fast", [*old, *new]) == 1.0


def test_a_history_begins_again_where_a_ratio_was_accepted() -> None:
    accepted = BenchmarkRun("d", "2026-11-04", {"fast": 0.6, "cost": 4.0}, ("fast",))
    later = BenchmarkRun("e", "2026-11-05", {"fast": 0.6})
    assert find_median("fast", [*EARLIER, accepted]) is None
    assert find_median("fast", [*EARLIER, accepted, later, later]) == 0.6
    assert find_median("cost", [*EARLIER, accepted]) == 4.0


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    assert read_history(path) == []
    for run in EARLIER:
        history.append_run(run, path)
    history.append_run(BenchmarkRun("d", "2026-11-04", {"fast": 0.123456}, ("fast",)), path)
    assert read_history(path) == [*EARLIER, BenchmarkRun("d", "2026-11-04", {"fast": 0.1235}, ("fast",))]


@pytest.mark.parametrize("line", ["{", "[]", '{"commit": "a", "date": "b"}', '{"commit": "a", "ratios": {"x": "y"}}'])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(f'{{"commit": "a", "date": "2026-11-04", "ratios": {{}}}}\n\n{line}\n')
    with pytest.raises(BadHistory, match=r"history\.jsonl:3: not a run with commit, date and ratios"):
        read_history(path)


def test_the_trend_has_each_run_and_the_change_against_the_median() -> None:
    text = print_table([*EARLIER, BenchmarkRun("ddddddd", "2026-11-04", {"fast": 0.8})], last=2)
    assert "aaaaaaa" not in text
    assert "11-03" in text
    fast, cost = (next(line.split() for line in text.splitlines() if line.startswith(name)) for name in TWO)
    assert fast == ["fast", "at", "least", "0.5", "0.90", "0.80", "1.00", "20%", "worse"]
    assert cost == ["cost", "at", "most", "10", "3.00", "too", "few"]


def print_table(runs: list[BenchmarkRun], last: int) -> str:
    from io import StringIO

    from rich.console import Console

    console = Console(file=StringIO(), width=200)
    console.print(render_trend(runs, last, TWO))
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the benchmarks with the ratio that a benchmark is to measure, at a commit, over a history of three runs."""
    monkeypatch.setattr(ratios, "BOUNDS", TWO)
    monkeypatch.setattr(benchmarks, "BOUNDS", TWO)
    for function in (find_regressions, render_trend):
        monkeypatch.setattr(function, "__defaults__", (TWO,))
    monkeypatch.setattr(benchmarks, "list_benchmarks", lambda: ["sample"])
    for run in EARLIER:
        history.append_run(run, tmp_path / "history.jsonl")

    def run_with(ratio: float, *options: str, commit: str = "ddddddd") -> int:
        module = SimpleNamespace(main=lambda: report_ratio("fast", ratio))
        monkeypatch.setattr(benchmarks.importlib, "import_module", lambda name: module)
        monkeypatch.setattr(history, "find_commit", lambda path: (commit, "2026-11-04"))
        return benchmarks.main([*options, "--history", str(tmp_path / "history.jsonl")])

    return run_with


def stored(tmp_path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()][len(EARLIER) :]


def test_a_run_is_stored_with_its_commit(call: Callable[..., int], tmp_path: Path) -> None:
    assert call(0.9) == 0
    assert stored(tmp_path) == [{"commit": "ddddddd", "date": "2026-11-04", "ratios": {"fast": 0.9}}]


def test_a_regression_fails_and_is_not_stored(
    call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(0.6) == 1
    assert capsys.readouterr().err.startswith("fast: the ratio 0.60 is 40% worse")
    assert stored(tmp_path) == []


def test_a_regression_can_be_accepted(call: Callable[..., int], tmp_path: Path) -> None:
    assert call(0.6, "--accept") == 0
    assert [each["accepted"] for each in stored(tmp_path)] == [["fast"]]
    assert call(0.6) == 0


def test_a_ratio_outside_its_bound_cannot_be_accepted(
    call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(0.4, "--accept") == 1
    assert capsys.readouterr().err == "fast: the ratio 0.40 is outside its bound (at least 0.5)\n"
    assert stored(tmp_path) == []


def test_changed_files_are_judged_and_not_stored(
    call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(0.9, commit="ddddddd+") == 0
    assert call(0.6, commit="ddddddd+") == 1
    assert "commit your changes first" in capsys.readouterr().out
    assert stored(tmp_path) == []


def test_a_trend_runs_nothing(call: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(0.4, "--trend") == 0
    assert "ccccccc" in capsys.readouterr().out
    assert stored(tmp_path) == []


@needs_checkout
def test_the_commit_is_that_of_the_checkout() -> None:
    commit, date = history.find_commit()
    assert len(commit.rstrip(history.DIFFERENT)) >= 7
    assert len(date) == 10


def test_the_stored_history_can_be_read_and_names_ratios_that_exist() -> None:
    runs = read_history()
    assert runs
    assert {name for run in runs for name in run.ratios} <= set(BOUNDS)
    assert all(run.is_of_commit for run in runs)
    keys = {key for line in history.HISTORY.read_text("utf-8").splitlines() for key in json.loads(line)}
    assert keys <= {"commit", "date", "ratios", "accepted"}, "a line must not name a machine"
