"""Throughput and memory of `newsclaims export`, compared with the client's `scan` as the baseline.

`scan` writes the same documents as JSON Lines, unordered, as the client's documentation shows. Memory is the peak of a
process that runs the command for a tenth of the claims and for all of them: it must not grow with their number.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from elasticsearch import Elasticsearch, helpers

from dashboards.exports.export import Export, FormatName, run_export
from deploy.settings import Settings
from tests.benchmarks.ratios import report_ratio
from tests.conftest import servers_of_their_own
from tests.dashboards.boards.many_claims import load, texts

CLAIMS: Final = 50_000
FORMATS: Final[tuple[FormatName, ...]] = ("jsonl", "csv", "parquet")


def run_scan(client: Elasticsearch, file: Path) -> int:
    """Writes all claims with `scan`, the baseline."""
    done = 0
    with file.open("w") as stream:
        for hit in helpers.scan(client, index="claims", size=2000):
            stream.write(json.dumps(hit["_source"]) + "\n")
            done += 1
    return done


def measure_rate(write: Callable[[], int]) -> float:
    """Returns the claims written per second."""
    started = time.perf_counter()
    done = write()
    took = time.perf_counter() - started
    if done != CLAIMS:
        raise AssertionError(f"{done} claims were written")
    return done / took


def measure_peak(environ: dict[str, str], *arguments: str) -> int:
    """Returns the peak memory of the command, in megabytes."""
    call = [sys.executable, "-m", "newsclaims", "export", "claims", *arguments]
    process = subprocess.Popen(call, env={**os.environ, **environ}, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError(f"{call} ended with {process.returncode}")
    return usage.ru_maxrss // 1024


def main() -> None:
    """Fills a new server, and prints rates and memory."""
    with (
        servers_of_their_own() as (directory, environ),
        Elasticsearch(**Settings.load(environ).elasticsearch.client_options()) as client,
    ):
        load(client, texts(CLAIMS, datetime.now(UTC)))
        run_scan(client, directory / "warm")
        plain = measure_rate(lambda: run_scan(client, directory / "scan"))
        print(f"helpers.scan, JSON lines     {plain:8,.0f} claims/s")
        for format in FORMATS:
            file = directory / f"claims.{format}"
            export = Export(index="claims", format=format, output=str(file))
            ours = measure_rate(lambda export=export: run_export(client, export))
            few, all_of_them = (
                measure_peak(environ, "-o", str(file), "--limit", str(limit)) for limit in (CLAIMS // 10, CLAIMS)
            )
            print(
                f"export --format {format:<12} {ours:8,.0f} claims/s, "
                f"{file.stat().st_size / 1e6:,.0f} MB; memory {few} MB for a tenth, {all_of_them} MB for all"
            )
            report_ratio(f"exports, {format}", ours / plain)


if __name__ == "__main__":
    main()
