"""`python -m tests.faults`: breaks servers, network and processes while the real job reads, and compares what is there.

Prints a table, and ends with 1 if an article is lost or doubled in any scenario. All moments follow from the seed.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.settings import Settings
from tests.conftest import Stack, servers_of_their_own
from tests.faults.comparison import HEADER
from tests.faults.scenarios import SCENARIOS
from tests.faults.suite import run_scenario

SEED = 14
SHOWN = 20
"""Notes that are printed of a scenario that failed."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the scenarios. Returns 1 if anything is lost or doubled."""
    names = [scenario.name for scenario in SCENARIOS]
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", choices=names, help="run this scenario; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the scenarios and end")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all random moments and choices")
    parser.add_argument("--scale", type=float, default=1.0, help="below 1 for fewer articles and shorter times")
    options = parser.parse_args(arguments)
    if options.list:
        for scenario in SCENARIOS:
            print(f"{scenario.name:22} {(scenario.disturb.__doc__ or '').partition(chr(10))[0]}")
        return 0
    chosen = [scenario for scenario in SCENARIOS if not options.only or scenario.name in options.only]
    results = []
    print(HEADER, flush=True)
    with servers() as stack:
        for scenario in chosen:
            results.append(run_scenario(scenario, stack, options.seed, options.scale))
            print(results[-1].row(), flush=True)
            for note in results[-1].notes[:SHOWN]:
                print(f"  {note}", file=sys.stderr, flush=True)
    return 0 if all(result.is_good for result in results) else 1


@contextmanager
def servers() -> Iterator[Stack]:
    """Servers of the suite's own."""
    with servers_of_their_own() as (_, environ):
        settings = Settings.load(environ)
        addresses = {
            "KAFKA_BOOTSTRAP_SERVERS": settings.kafka.bootstrap_servers[0],
            "ELASTICSEARCH_URL": settings.elasticsearch.urls[0],
        }
        yield Stack(Settings.load(environ | addresses), environ | addresses)


if __name__ == "__main__":
    sys.exit(main())
