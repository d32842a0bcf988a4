"""Runs the benchmarks: `python -m tests.benchmarks [NAME...]`. Each prints its ratio to a baseline run beside it."""

import importlib
import pkgutil
import sys

import tests.benchmarks


def main() -> None:
    """Runs the named benchmarks, or all."""
    names = [module.name for module in pkgutil.iter_modules(tests.benchmarks.__path__) if module.name != "__main__"]
    wanted = sys.argv[1:] or names
    if unknown := set(wanted) - set(names):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
    for name in wanted:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]  # a benchmark may have options of its own, when it is run alone
        importlib.import_module(f"tests.benchmarks.{name}").main()


if __name__ == "__main__":
    main()
