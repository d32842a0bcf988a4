"""Ratios of earlier runs by commit, what changed against them, and the gate that a regression does not pass.

The file has one JSON object a line: the commit, its date, and ratios by name. Ratios do not depend on the machine, so
lines of different machines can be compared, and nothing in a line names one. A run that the gate stops is not stored,
so that a regression does not become the standard by being measured often. `accepted` names the ratios that were
accepted nevertheless: their history begins again with that line.
"""

import json
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from tests.benchmarks.ratios import BOUNDS, Bound
from tests.checkout import ROOT

HISTORY = Path(__file__).parent / "history.jsonl"
LAST = 10
"""Lines that a median is taken of."""
FEWEST = 3
"""With fewer earlier values of a ratio than this, only its bound is checked."""
DIFFERENT = "+"
"""Ends the commit of a run whose files were not those of the commit."""


class BadHistory(Exception):
    """A line of the history cannot be read. The message names the file and the line."""


@dataclass(frozen=True)
class BenchmarkRun:
    """The ratios that one run measured, at a commit. `date` is the day of the commit, such as 2026-11-30.

    `accepted` are ratios that were worse than their history allows, and that somebody accepted.
    """

    commit: str
    date: str
    ratios: Mapping[str, float] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()

    @property
    def is_of_commit(self) -> bool:
        """Whether the files of the run were those of its commit."""
        return not self.commit.endswith(DIFFERENT)


def read_history(path: Path = HISTORY) -> list[BenchmarkRun]:
    """Returns the runs in the order of the file. Raises `BadHistory` with the number of a line that is not a run."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [_parse(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _parse(line: str, place: str) -> BenchmarkRun:
    try:
        found = json.loads(line)
        ratios = {str(name): float(ratio) for name, ratio in found["ratios"].items()}
        accepted = tuple(map(str, found.get("accepted", ())))
        return BenchmarkRun(str(found["commit"]), str(found["date"]), ratios, accepted)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadHistory(f"{place}: not a run with commit, date and ratios: {error}") from None


def find_commit(path: Path = HISTORY) -> tuple[str, str]:
    """Returns the checked-out commit and its day. The commit ends in `+` if files other than the history differ."""
    head = _git("show", "--no-patch", "--date=short", "--format=%h %cd", "HEAD").split()
    others = [":/", f":(exclude){path.relative_to(ROOT)}"] if path.is_relative_to(ROOT) else [":/"]
    changed = _git("status", "--porcelain", "--", *others)
    return head[0] + (DIFFERENT if changed else ""), head[1]


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def append_run(run: BenchmarkRun, path: Path = HISTORY) -> None:
    """Appends a run to the history."""
    line: dict[str, Any] = {"commit": run.commit, "date": run.date}
    line["ratios"] = {name: float(f"{ratio:.4g}") for name, ratio in sorted(run.ratios.items())}
    if run.accepted:
        line["accepted"] = list(run.accepted)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def find_median(name: str, earlier: Sequence[BenchmarkRun]) -> float | None:
    """Returns the median of the last values of a ratio, since it was accepted; None if there are too few."""
    values: list[float] = []
    for run in earlier:
        if name in run.accepted:
            values.clear()
        if name in run.ratios:
            values.append(run.ratios[name])
    return statistics.median(values[-LAST:]) if len(values) >= FEWEST else None


def measure_loss(bound: Bound, ratio: float, median: float) -> float:
    """Returns by which share a ratio is worse than the median; negative if it is better."""
    return ratio / median - 1 if bound.least == 0 else 1 - ratio / median


def find_regressions(
    run: BenchmarkRun, earlier: Sequence[BenchmarkRun], bounds: Mapping[str, Bound] = BOUNDS
) -> dict[str, str]:
    """Returns a sentence for each ratio outside its bound, or worse than its median by more than its margin."""
    found = {}
    for name, ratio in sorted(run.ratios.items()):
        bound, median = bounds[name], find_median(name, earlier)
        if not bound.holds(ratio):
            found[name] = f"{name}: the ratio {ratio:.2f} is outside its bound ({bound})"
        elif median is not None and (loss := measure_loss(bound, ratio, median)) > bound.margin:
            found[name] = (
                f"{name}: the ratio {ratio:.2f} is {loss:.0%} worse than the median {median:.2f} of its history; "
                f"{bound.margin:.0%} is allowed"
            )
    return found


def render_trend(runs: Sequence[BenchmarkRun], last: int, bounds: Mapping[str, Bound] = BOUNDS) -> Table:
    """Renders the last runs: a row for each ratio, a column for each run, and the latest against its median."""
    shown = runs[-last:]
    table = Table("ratio", "bound", box=None, pad_edge=False)
    for run in shown:
        table.add_column(f"{run.date[5:]}\n{run.commit}", justify="right")
    table.add_column("median", justify="right")
    table.add_column("latest", justify="right")
    for name in _list_names(shown, bounds):
        values = [run.ratios.get(name) for run in shown]
        table.add_row(name, str(bounds[name]), *(_format(value) for value in values), *_compare(name, runs, bounds))
    return table


def _list_names(runs: Iterable[BenchmarkRun], bounds: Mapping[str, Bound]) -> list[str]:
    measured = {name for run in runs for name in run.ratios}
    return [name for name in bounds if name in measured]


def _format(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _compare(name: str, runs: Sequence[BenchmarkRun], bounds: Mapping[str, Bound]) -> tuple[str, str]:
    """Returns the median of the runs before the latest that has the ratio, and how much the latest differs from it."""
    where = max(number for number, run in enumerate(runs) if name in run.ratios)
    median = find_median(name, runs[:where])
    if median is None:
        return "", "too few"
    loss = measure_loss(bounds[name], runs[where].ratios[name], median)
    return _format(median), f"{abs(loss):.0%} {'worse' if loss > 0 else 'better'}"
