"""Small jobs for the tests of source and supervisor, whose sinks write when their bundle ends."""

import gc
import os
import threading
import time
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipelines import counters, lifecycle
from pipelines.io.kafka.record import KafkaRecord
from schemas.errors import Permanent, Retryable

collected: list[tuple[KafkaRecord, float]] = []
"""What `Collect` saw in this process: records with Beam's timestamp, in seconds."""
flushed = threading.Event()
"""Set whenever a `Collect` ends a bundle that had records."""


class Collect(beam.DoFn):
    """Collects in this process's memory; fails at the end of a bundle that holds `fail_on`."""

    def __init__(self, fail_on: bytes | None = None) -> None:
        self.fail_on = fail_on

    def start_bundle(self) -> None:
        self.bundle: list[tuple[KafkaRecord, float]] = []

    def process(self, element: KafkaRecord, timestamp: Any = beam.DoFn.TimestampParam) -> None:
        self.bundle.append((element, float(timestamp)))

    def finish_bundle(self) -> None:
        if self.fail_on and any(record.value == self.fail_on for record, _ in self.bundle):
            raise Retryable("the sink is broken")
        if self.bundle:
            collected.extend(self.bundle)
            flushed.set()


class AppendLines(beam.DoFn):
    """Appends `partition offset value` for each record of a bundle to a file, in one write."""

    def __init__(self, path: str) -> None:
        self.path = path

    def start_bundle(self) -> None:
        self.lines: list[str] = []

    def process(self, element: KafkaRecord) -> None:
        counters.add("newsclaims_claims_total")
        self.lines.append(f"{element.partition} {element.offset} {(element.value or b'').decode()}\n")

    def finish_bundle(self) -> None:
        if self.lines:
            with Path(self.path).open("a") as file:
                file.write("".join(self.lines))


def append(pipeline: beam.Pipeline, source: beam.PTransform, settings: dict[str, Any]) -> None:
    """Writes every record to the file `path`."""
    _ = pipeline | source | beam.ParDo(AppendLines(settings["path"]))


class Crash(beam.DoFn):
    """Dies at a record `crash`, once: the file `path` remembers it. With `always`, every time."""

    def __init__(self, path: str, always: bool) -> None:
        self.path = Path(path)
        self.always = always

    def process(self, element: KafkaRecord) -> Any:
        if element.value == b"crash" and (self.always or not self.path.exists()):
            self.path.touch()
            os.write(2, b"the worker's last words\n")
            os._exit(3)
        yield element


def crash(pipeline: beam.Pipeline, source: beam.PTransform, settings: dict[str, Any]) -> None:
    """As `append`, with a crash at a record `crash`."""
    crashing = Crash(settings["path"] + ".crashed", settings.get("always", False))
    _ = pipeline | source | beam.ParDo(crashing) | beam.ParDo(AppendLines(settings["path"]))


class Refuse(beam.DoFn):
    """A sink with a wrong configuration."""

    def process(self, _element: KafkaRecord) -> None:
        raise Permanent("The templates are missing: run `newsclaims init`.")


def refuse(pipeline: beam.Pipeline, source: beam.PTransform, _settings: dict[str, Any]) -> None:
    """Raises `Permanent` at the first record."""
    _ = pipeline | source | beam.ParDo(Refuse())


class WaitForServer(beam.DoFn):
    """A sink whose server is unreachable: it waits at the end of a bundle, and gives up when the process must stop."""

    def process(self, _element: KafkaRecord) -> None:
        counters.set_gauge("newsclaims_sink_waiting", 1)

    def finish_bundle(self) -> None:
        if counters.snapshot().get(("newsclaims_sink_waiting", ())):
            lifecycle.stop_requested.wait()
            raise Retryable("Elasticsearch does not answer")


def wait_for_server(pipeline: beam.Pipeline, source: beam.PTransform, _settings: dict[str, Any]) -> None:
    """Waits for a server that never comes."""
    _ = pipeline | source | beam.ParDo(WaitForServer())


def branch(pipeline: beam.Pipeline, source: beam.PTransform, _settings: dict[str, Any]) -> None:
    """Not a chain."""
    records = pipeline | source
    _ = records | "one" >> beam.Map(print)
    _ = records | "two" >> beam.Map(print)


frozen: list[int] = []
"""How many objects the job `count_frozen` found out of reach of the garbage collector."""


def note_frozen(_element: object) -> None:
    """Adds the number to `frozen`."""
    frozen.append(gc.get_freeze_count())


def count_frozen(pipeline: beam.Pipeline, _source: beam.PTransform, _settings: dict[str, Any]) -> None:
    """Reads nothing, and counts the objects that the garbage collector passes over."""
    _ = pipeline | beam.Impulse() | beam.Map(note_frozen)


class AppendIfPermitted(AppendLines):
    """As `AppendLines`, but it writes as the sink does: once it may. It waits for the file `gate` first, if given."""

    def __init__(self, path: str, gate: str | None) -> None:
        super().__init__(path)
        self.gate = gate

    def finish_bundle(self) -> None:
        if self.lines and self.gate:
            Path(self.gate + ".waiting").touch()
            while not Path(self.gate).exists():
                time.sleep(0.05)
        lifecycle.require_write_permission()
        super().finish_bundle()


def append_if_permitted(pipeline: beam.Pipeline, source: beam.PTransform, settings: dict[str, Any]) -> None:
    """Writes every record to the file `path`, if the worker may write."""
    _ = pipeline | source | beam.ParDo(AppendIfPermitted(settings["path"], settings.get("gate")))
