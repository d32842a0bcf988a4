"""Runs the benchmarks: `python -m tests.benchmarks [NAME...]`. Each prints a ratio to a baseline, and its bound.

The ratios are added to `tests/benchmarks/history.jsonl` with their commit. It ends with 1 if a ratio is outside its
bound, or worse than its history allows. `--trend` only prints the history.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

import tests.benchmarks
from tests.benchmarks import history
from tests.benchmarks.ratios import BOUNDS, MEASURED

LIBRARIES = {"__main__", "history", "ratios"}
"""Modules of this folder that are not benchmarks."""


def list_benchmarks() -> list[str]:
    """Returns the names of all benchmarks."""
    modules = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)]
    return [name for name in modules if name not in LIBRARIES and not name.startswith("test_")]


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the arguments. Raises `SystemExit` for a benchmark that does not exist."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", metavar="NAME", nargs="*", help="These benchmarks; without a name, all.")
    parser.add_argument("--trend", action="store_true", help="Print the history, and run nothing.")
    parser.add_argument("--last", type=int, default=8, metavar="N", help="Number of runs to print.")
    parser.add_argument(
        "--accept", action="store_true", help="Store ratios that are worse than before: their history begins again."
    )
    parser.add_argument("--history", type=Path, default=history.HISTORY, metavar="FILE", help="The history's file.")
    options = parser.parse_args(arguments)
    names = list_benchmarks()
    if unknown := set(options.names) - set(names):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
    options.names = options.names or names
    return options


def run_benchmark(name: str) -> str | None:
    """Runs one benchmark. Returns why it failed, if it did; the others are run all the same."""
    print(f"\n== {name}", flush=True)
    sys.argv = [name]  # a benchmark may have options of its own, when it is run alone
    try:
        importlib.import_module(f"tests.benchmarks.{name}").main()
    except SystemExit as error:
        return str(error.code) if error.code else None
    return None


def show_trend(runs: Sequence[history.BenchmarkRun], last: int) -> None:
    """Prints the last runs."""
    print()
    Console().print(history.render_trend(runs, last))


def main(arguments: list[str] | None = None) -> int:
    """Runs the named benchmarks, or all. Returns 1 if one failed, or if a ratio is a regression."""
    options = parse(arguments)
    earlier = history.read_history(options.history)
    if options.trend:
        show_trend(earlier, options.last)
        return 0
    MEASURED.clear()
    failures = [why for name in options.names if (why := run_benchmark(name))]
    run = history.BenchmarkRun(*history.find_commit(options.history), dict(MEASURED))
    show_trend([*earlier, run], options.last)
    regressions = history.find_regressions(run, earlier)
    if options.accept:
        # A ratio outside its bound is not accepted so: its bound has to be changed.
        run = replace(run, accepted=tuple(name for name in regressions if BOUNDS[name].holds(run.ratios[name])))
    problems = dict.fromkeys([*failures, *(why for name, why in regressions.items() if name not in run.accepted)])
    if not run.is_of_commit:
        print("not added to the history: commit your changes first")
    elif not problems:
        history.append_run(run, options.history)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
