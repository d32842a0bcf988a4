"""A process that reads a topic as a member of its group, as a worker does, but without Beam, so that it starts quickly.

    python -m tests.pipelines.io.kafka.reading_process '{"topic": …, "consumer": …, "output": …, "gate": …}'

It appends `name partition offset` for each record to the file `output`, and commits. With a `gate` it first waits until
that file is there. It ends when it is asked to stop, and with 3 if it has lost the partitions of its bundle.
"""

import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from deploy.signals import stop_signals
from pipelines import lifecycle
from pipelines.io.kafka.group_reader import GroupReader
from pipelines.io.kafka.offsets import find_no_refusal
from schemas.errors import Retryable

LOST = 3


def main(given: dict[str, Any]) -> int:
    """Reads until it is asked to stop. Returns the exit code."""
    with stop_signals(lifecycle.stop_requested.set, (signal.SIGTERM,)):
        reader = GroupReader.open(given["topic"], given["consumer"], None, find_no_refusal)
        assert reader is not None
        try:
            while not lifecycle.stop_requested.is_set():
                read_bundle(reader, given)
        except Retryable as error:
            print(error, flush=True)
            return LOST
        finally:
            reader.close()
    return 0


def read_bundle(reader: GroupReader, given: dict[str, Any]) -> None:
    """Reads what there is, writes it if that is allowed, and commits."""
    reader.begin_bundle()
    reader.poll(0.2)
    found = [record for tp in reader.list_waiting() for record in reader.take(tp, 20)]
    if found and given.get("gate"):
        Path(given["gate"] + ".waiting").touch()
        while not Path(given["gate"]).exists():
            time.sleep(0.02)
    if found:
        lifecycle.require_write_permission()
        with Path(given["output"]).open("a") as file:
            file.write("".join(f"{given['name']} {each.partition} {each.offset}\n" for each in found))
    reader.end_bundle(reader.list_positions())


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
