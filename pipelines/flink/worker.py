"""`newsclaims-flink-worker`: the program that a TaskManager starts to run our steps (Beam's environment PROCESS).

It does what `boot` does in Beam's container images, and more: it loads the settings, so that none travels with the job;
it works in a folder of its own for what a host keeps; it gives up waiting when it has to stop; and it ends when its
TaskManager is gone.
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

import grpc
from apache_beam.portability.api import beam_provision_api_pb2, beam_provision_api_pb2_grpc, endpoints_pb2
from apache_beam.runners.worker.worker_id_interceptor import WorkerIdInterceptor
from google.protobuf import json_format, text_format

from deploy.settings import Settings
from pipelines import lifecycle
from pipelines.flink.paths import WATCHES, WORKER_FOLDER
from pipelines.io.held_options import hold

PARENT_SECONDS = 1.0
"""How often the worker checks whether its TaskManager is still there."""
STOP_SECONDS = 10.0
"""How long a worker that has to stop may finish what it does."""


def main() -> None:
    """Runs the worker until Flink ends it."""
    parser = argparse.ArgumentParser(prog="newsclaims-flink-worker")
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    for name in ("logging", "control", "artifact"):
        parser.add_argument(f"--{name}_endpoint")
    given, _ = parser.parse_known_args()
    folder = prepare(Settings.load())
    os.chdir(folder)
    _set_environment(given, folder)
    # trafilatura logs the pages of which it gets nothing; the source reports what matters about Kafka.
    for chatty in ("kafka", "trafilatura"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: _stop())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch_parent, args=(os.getppid(),), daemon=True).start()
    # Imported now: it reads the environment.
    from apache_beam.runners.worker import sdk_worker_main

    sdk_worker_main.main(sys.argv[:1])


def prepare(settings: Settings) -> Path:
    """Holds the options of all clients in this process. Returns the folder of what this host keeps for the job."""
    kafka = settings.kafka.client_options()
    hold("kafka", kafka)
    hold("consumer", {**kafka, "group_id": settings.group})
    hold("elasticsearch", settings.elasticsearch.client_options())
    folder = settings.embedded.data_dir / WORKER_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    link, target = folder / WATCHES, settings.watches.absolute()
    if not link.is_symlink() or link.readlink() != target:
        fresh = folder / f"{WATCHES}.{os.getpid()}"
        fresh.symlink_to(target)
        fresh.replace(link)
    return folder


def _set_environment(given: argparse.Namespace, folder: Path) -> None:
    """Sets what Beam's worker reads, from what the TaskManager provides."""
    channel = grpc.intercept_channel(grpc.insecure_channel(given.provision_endpoint), WorkerIdInterceptor(given.id))
    with channel:
        service = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        info = service.GetProvisionInfo(beam_provision_api_pb2.GetProvisionInfoRequest()).info
    os.environ.update(
        WORKER_ID=given.id,
        PIPELINE_OPTIONS=json_format.MessageToJson(info.pipeline_options),
        LOGGING_API_SERVICE_DESCRIPTOR=_describe(given.logging_endpoint or info.logging_endpoint.url),
        CONTROL_API_SERVICE_DESCRIPTOR=_describe(given.control_endpoint or info.control_endpoint.url),
        SEMI_PERSISTENT_DIRECTORY=str(folder),
        RUNNER_CAPABILITIES=" ".join(info.runner_capabilities),
    )


def _describe(url: str) -> str:
    return str(text_format.MessageToString(endpoints_pb2.ApiServiceDescriptor(url=url)))


def _stop() -> None:
    """Lets turns end and waiting sinks give up, then ends the process. What is not finished is read again."""
    lifecycle.stop_requested.set()
    threading.Timer(STOP_SECONDS, os._exit, (0,)).start()


def _watch_parent(parent: int) -> None:
    """Ends the worker once the TaskManager is gone: another one reads its partitions."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    lifecycle.stop_requested.set()
    time.sleep(STOP_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
