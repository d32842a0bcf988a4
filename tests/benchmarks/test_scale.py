"""The benchmark of scale does not wait for a job that has ended."""

import subprocess
import sys

import psutil

from tests.benchmarks.scale import has_ended
from tests.pipelines.run.running import eventually


def test_job_has_ended_once_its_first_process_has() -> None:
    other = psutil.Process()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        started = psutil.Process(process.pid)
        assert not has_ended(lambda: {"supervisor": [started], "workers": [other]})
        process.kill()
        eventually(lambda: has_ended(lambda: {"supervisor": [started], "workers": [other]}))
