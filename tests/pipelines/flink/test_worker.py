"""What a TaskManager starts: settings by name, and a folder of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from deploy.settings import Settings
from pipelines.flink import submitting
from pipelines.flink.orders import SubmitOrder
from pipelines.flink.worker import prepare
from pipelines.io import held_options
from pipelines.io.held_options import HeldOptions
from pipelines.run.options import make_buckets

ENVIRON = {"KAFKA_BOOTSTRAP_SERVERS": "kafka:1", "KAFKA_GROUP": "readers", "ELASTICSEARCH_URL": "http://search:2"}


def test_worker_holds_what_the_pipeline_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_options, "_held", {})
    environ = {**ENVIRON, "NEWSCLAIMS_DATA_DIR": str(tmp_path), "NEWSCLAIMS_WATCHES": "/etc/one.yaml"}
    folder = prepare(Settings.load(environ))
    assert HeldOptions("consumer")["group_id"] == "readers"
    assert HeldOptions("kafka")["bootstrap_servers"] == ["kafka:1"]
    assert HeldOptions("elasticsearch")["hosts"] == ["http://search:2"]
    assert (folder / "watches.yaml").readlink() == Path("/etc/one.yaml")
    prepare(Settings.load(environ | {"NEWSCLAIMS_WATCHES": "/etc/two.yaml"}))
    assert (folder / "watches.yaml").readlink() == Path("/etc/two.yaml")


def make_order(**changed: Any) -> SubmitOrder:
    buckets = make_buckets(Settings.load(ENVIRON))
    paths = {"memory": "m", "watches": "w", "watches_kept": "k"}
    settings = {"buckets": buckets, "retention_days": dict.fromkeys(buckets), **paths}
    order = SubmitOrder(
        job="pipelines.stream:job", name="newsclaims g", topic="raw-articles", settings=settings,
        job_server="localhost:1", worker="/opt/worker", parallelism=2, restore=None, checkpoint_seconds=30.0,
        turn_seconds=5.0,
    )  # fmt: skip
    return msgspec.structs.replace(order, **changed)


def test_arguments_of_the_pipeline() -> None:
    found = submitting.make_arguments(make_order(restore="s3://bucket/savepoint-1"))
    assert {
        "--streaming",
        "--parallelism=2",
        "--max_parallelism=128",
        "--checkpointing_interval=30000",
        "--finish_bundle_before_checkpointing",
        "--savepoint_path=s3://bucket/savepoint-1",
        '--environment_config={"command":"/opt/worker"}',
    } <= set(found)
    assert not [each for each in submitting.make_arguments(make_order()) if "savepoint" in each]


def test_pipeline_is_one_chain_with_coders_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_options, "_held", {})
    proto = submitting.build_pipeline(make_order()).to_runner_api()
    assert any(each.unique_name.startswith("write") for each in proto.components.transforms.values())


def test_turns_are_long_so_that_checkpoints_grow_slowly() -> None:
    pace = submitting.make_pace(5.0)
    assert (pace.idle_seconds, pace.seconds, pace.linger_seconds) == (10.0, 5.0, 5.0)
    assert not submitting.TRAITS.finalizes


PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[1]]); time.sleep(60)"
CHILD = """
import os, threading, time
from pipelines.flink import worker
worker.PARENT_SECONDS = worker.STOP_SECONDS = 0.1
threading.Thread(target=worker._watch_parent, args=(os.getppid(),), daemon=True).start()
print(os.getpid(), flush=True)
time.sleep(60)
"""


def test_worker_ends_when_its_taskmanager_is_gone() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + 30
        while time.monotonic() < end and is_alive(worker):
            time.sleep(0.05)
        assert not is_alive(worker)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/status").read_text().split("State:")[1].split()[0] != "Z"
