"""`python -m tests.cluster`: the job on a real Flink cluster whose processes are killed, stopped and rescaled.

Ends with 1 if an article is lost or doubled, if the partitions are not spread evenly, or if reading stalls.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

from deploy.flink.jars import install_jars
from tests.cluster import scenario
from tests.cluster.processes import Cluster
from tests.faults.__main__ import servers
from tests.faults.articles import expect
from tests.faults.comparison import compare
from tests.pipelines.run.running import emptied


def main(arguments: list[str] | None = None) -> int:
    """Runs the scenario. Returns 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=150, help="articles of each wave")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="afterwards, keep the job running so long and watch its checkpoints"
    )
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("tests.cluster").setLevel(logging.INFO)
    jars = install_jars()
    directory = Path(tempfile.mkdtemp(prefix="newsclaims-cluster-"))
    began = time.monotonic()
    with servers() as stack:
        emptied(stack)
        run = scenario.Run(stack, Cluster(stack, directory, jars), options.articles)
        try:
            scenario.run(run)
            if options.minutes:
                scenario.watch_checkpoints(run, options.minutes)
            result = compare(stack, expect(run.sent), "cluster")
        finally:
            run.cluster.kill_everything()
    print(
        f"{result.articles} articles, {result.claims} claims, found {result.found}, lost {result.lost}, "
        f"doubled {result.doubled}, {time.monotonic() - began:.0f} s"
    )
    for problem in [*run.problems, *result.notes[:20]]:
        print(f"wrong: {problem}")
    is_good = result.is_good and not run.problems
    if is_good and not options.keep:
        shutil.rmtree(directory)
    else:
        print(f"the logs are in {directory}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
