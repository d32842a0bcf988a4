"""Runs the benchmarks: `python -m tests.benchmarks [NAME...]`. Each prints a ratio to a baseline, and its bound."""

import importlib
import pkgutil
import sys

import tests.benchmarks


def main() -> None:
    """Runs the named benchmarks, or all."""
    modules = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__)]
    names = [name for name in modules if name not in ("__main__", "ratios") and not name.startswith("test_")]
    wanted = sys.argv[1:] or names
    if unknown := set(wanted) - set(names):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
    for name in wanted:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]  # a benchmark may have options of its own, when it is run alone
        importlib.import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main()
