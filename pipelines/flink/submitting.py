"""Builds the job and submits it to Beam's job server: `python -m pipelines.flink.submitting`.

A process of its own, because Beam and the text rules take memory that a client which only watches does not need. The
order comes as one JSON line on standard input, and answers go as JSON lines to standard output until the job runs or
has failed, or until standard input ends. The pipeline has names of settings only: each worker loads its own.
"""

import logging
import os
import sys
import threading
import time
from typing import TextIO

import apache_beam as beam
import grpc
import msgspec
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineState

from pipelines.flink.orders import SubmitAnswer, SubmitOrder
from pipelines.flink.publishing import publish_counters
from pipelines.flink.spreading import KEY_GROUPS, spread
from pipelines.io.held_options import hold
from pipelines.io.kafka.runner_traits import RunnerTraits
from pipelines.io.kafka.source import Pace, ReadFromKafka
from pipelines.run.graph import check_fused
from pipelines.run.worker import load_job
from schemas.errors import NewsclaimsError

CONSUMER = "consumer"
"""The name under which workers hold the settings of their consumer."""
CROWD = 500
"""How many records of other partitions may wait before a turn that has read its own ends."""
POLL_SECONDS = 0.5
TRAITS = RunnerTraits(finalizes=False, place=spread, begin_bundle=publish_counters)


def main() -> int:
    """Submits the job of the order. Returns the exit code."""
    logging.basicConfig(level=logging.WARNING)
    order = msgspec.json.decode(sys.stdin.readline(), type=SubmitOrder)
    threading.Thread(target=_watch_client, daemon=True).start()
    try:
        result = build_pipeline(order).run()
        return _follow(result, sys.stdout)
    except NewsclaimsError as error:
        _answer(sys.stdout, "REFUSED", str(error))
    except grpc.RpcError as error:
        code = getattr(error, "code", lambda: "unknown")()
        _answer(sys.stdout, "UNREACHABLE", f"the job server at {order.job_server} does not answer ({code})")
    except grpc.FutureTimeoutError:
        _answer(sys.stdout, "UNREACHABLE", f"the job server at {order.job_server} does not answer")
    return 1


def build_pipeline(order: SubmitOrder) -> beam.Pipeline:
    """Returns the pipeline of the order. Raises `Permanent` if it is not one fused chain."""
    source = ReadFromKafka(order.topic, hold(CONSUMER, {}), pace=make_pace(order.turn_seconds), traits=TRAITS)
    pipeline = beam.Pipeline(options=PipelineOptions(make_arguments(order)))
    load_job(order.job)(pipeline, source, {**order.settings, "kafka": {}, "elasticsearch": {}})
    check_fused(pipeline)
    return pipeline


def make_pace(turn_seconds: float) -> Pace:
    """Returns the pace of long turns: Beam's Java runner keeps about 6 kB for each of them in every checkpoint."""
    return Pace(idle_seconds=2 * turn_seconds, seconds=turn_seconds, linger_seconds=turn_seconds, crowd=CROWD)


def make_arguments(order: SubmitOrder) -> list[str]:
    """Returns the options of the pipeline."""
    environment = msgspec.json.encode({"command": order.worker}).decode()
    return [
        "--runner=PortableRunner",
        f"--job_endpoint={order.job_server}",
        "--streaming",
        "--environment_type=PROCESS",
        f"--environment_config={environment}",
        f"--parallelism={order.parallelism}",
        f"--max_parallelism={KEY_GROUPS}",
        f"--checkpointing_interval={round(order.checkpoint_seconds * 1000)}",
        # Else what a bundle brings during a checkpoint waits for the next bundle. After the list of partitions there is
        # none: a job whose first checkpoint came while it was listed read nothing, and looked well.
        "--finish_bundle_before_checkpointing",
        "--externalized_checkpoints_enabled",
        "--retain_externalized_checkpoints_on_cancellation",
        f"--job_name={order.name}",
        *([f"--savepoint_path={order.restore}"] if order.restore else []),
    ]


def _follow(result: beam.runners.runner.PipelineResult, out: TextIO) -> int:
    """Reports the states of the job until it runs or is over; the client looks at Flink itself."""
    before = None
    while True:
        state = result.state
        if state != before:
            before = state
            error = _read_error(result) if state == PipelineState.FAILED else ""
            _answer(out, str(state), error)
        if state in (PipelineState.FAILED, PipelineState.DONE, PipelineState.CANCELLED):
            return 1
        time.sleep(POLL_SECONDS)


def _read_error(result: beam.runners.runner.PipelineResult) -> str:
    """Returns the error that the job server reports."""
    try:
        result.wait_until_finish(duration=2000)
    except RuntimeError as error:
        return str(error)
    return ""


def _answer(out: TextIO, state: str, error: str = "") -> None:
    out.write(msgspec.json.encode(SubmitAnswer(state=state, error=error)).decode() + "\n")
    out.flush()


def _watch_client() -> None:
    """Ends the process once the client no longer needs it."""
    while sys.stdin.readline():
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
