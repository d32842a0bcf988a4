"""The short form of the benchmarks that need no server, and the bounds of all."""

import re
from pathlib import Path

import pytest

from tests.benchmarks import languages, ratios, text, watches
from tests.benchmarks.ratios import BOUNDS, Bound, report_ratio


def test_a_ratio_outside_its_bound_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ratios, "BOUNDS", {"fast": Bound("ours against theirs", least=0.5), "slow": Bound("x", most=2)})

    report_ratio("fast", 0.5)
    report_ratio("slow", 2.0)
    assert capsys.readouterr().out.splitlines()[0] == "ratio 0.50 (at least 0.5): ours against theirs"
    with pytest.raises(SystemExit, match=r"fast: the ratio 0\.49 is outside its bound \(at least 0\.5\)"):
        report_ratio("fast", 0.49)
    with pytest.raises(SystemExit, match=r"slow: the ratio 2\.01 is outside its bound \(at most 2\)"):
        report_ratio("slow", 2.01)


def test_every_benchmark_reports_a_ratio_with_a_bound() -> None:
    benchmarks = [file for file in Path(__file__).parent.glob("*.py") if "def main" in file.read_text("utf-8")]
    silent = [
        file.name
        for file in benchmarks
        if file.stem != "__main__" and not re.search(r"^    +report_ratio\(", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert silent == []
    assert all(any(name.startswith(file.stem) for file in benchmarks) for name in BOUNDS)


def test_text_side_keeps_its_bound() -> None:
    ours, baseline = text.compare(rounds=1)
    report_ratio("text", ours / baseline)


def test_short_texts_keep_their_bound() -> None:
    ours, baseline = languages.compare(languages.list_texts())
    report_ratio("languages", ours / baseline)


def test_watches_keep_their_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watches, "AMOUNTS", (3, 300))
    watches.main()
