"""The archiver with a real Kafka: each message once, whatever dies."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import lifecycle
from pipelines.archive.archiver import Archiver
from pipelines.archive.store import ArchiveFile, ArchiveStore, pack
from pipelines.io.kafka.partitions import PartitionReader
from schemas.errors import Permanent, Retryable
from tests.conftest import Stack
from tests.pipelines.messages import message
from tests.pipelines.run.running import ROOT, command, emptied, json_of, messages, send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

TODAY = datetime.now(UTC).date()


@pytest.fixture
def empty(stack: Stack) -> Stack:
    """The servers in the state after `init` on a new machine, and no committed offsets of the archive."""
    emptied(stack, f"{stack.settings.group}-archive")
    return stack


def archive(stack: Stack, store: ArchiveStore) -> Archiver:
    consumer = {**stack.settings.kafka.client_options(), "group_id": f"{stack.settings.group}-archive"}
    return Archiver(store, consumer, every=600.0, until_caught_up=True)


def read_all(store: ArchiveStore) -> list[str]:
    """Returns the addresses of all archived articles."""
    return sorted(json.loads(line)["url"] for file in store.list_files() for line in store.read_lines(file))


def published(stack: Stack) -> list[bytes]:
    return [record.value for record in messages(stack, "raw-articles")]


@pytest.mark.slow
def test_each_message_is_archived_once_whatever_dies(
    empty: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ArchiveStore.open(str(tmp_path / "archive"))
    pretty = json.dumps(json.loads(message(500)), indent=2).encode()
    send(empty, *(message(number) for number in range(1, 30)), b"no article", pretty, key=b"a")
    send(empty, *(message(number) for number in range(30, 40)), key=b"b")

    # The process dies after a file is there, before its offsets are committed.
    with monkeypatch.context() as patch:
        patch.setattr(PartitionReader, "commit", lambda *_: None)
        archive(empty, store).run()
    first = read_all(store)
    assert len(first) == 40
    assert archive(empty, store).run().articles == 0
    assert read_all(store) == first

    # kill -9 at moments of any kind, while messages come.
    options = [sys.executable, "-m", "newsclaims", "archive", "run", "--archive", store.root, "--every", "0.3s"]
    choice = random.Random(7)
    number = 1000
    for _ in range(3):
        process = subprocess.Popen(
            options, env={**os.environ, **empty.environ}, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        began = len(store.list_files())
        while len(store.list_files()) == began:
            send(empty, *(message(number + each) for each in range(5)), key=str(number).encode())
            number += 5
            time.sleep(0.2)
        time.sleep(choice.random())
        process.kill()
        process.communicate()
    done = json_of(command(empty, "archive", "run", "--archive", store.root, "--until-caught-up", "--json"))
    assert done["refused"] == 0  # before the committed offset
    wanted = Counter(json.loads(value)["url"] for value in published(empty) if value != b"no article")
    assert Counter(read_all(store)) == wanted
    listed = json_of(command(empty, "archive", "list", "--archive", store.root, "--json"))
    assert len(listed) == len(store.list_files())

    # SIGTERM writes what was read.
    send(empty, message(9000))
    process = subprocess.Popen(
        [*options[:-1], "1h"], env={**os.environ, **empty.environ}, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    time.sleep(5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    json_of(command(empty, "archive", "run", "--archive", store.root, "--until-caught-up", "--json"))
    assert Counter(read_all(store)) == wanted + Counter([json.loads(message(9000))["url"]])

    # Retention.
    store.write(ArchiveFile(99, 0, 1, TODAY - timedelta(days=3)), pack([b"{}\n"]))
    dry = command(empty, "archive", "prune", "--archive", store.root, "--retention", "2", "--dry-run", "--json")
    assert [file["partition"] for file in json_of(dry)] == [99]
    assert 99 in {file.partition for file in store.list_files()}
    send(empty, message(9001))
    command(empty, "archive", "run", "--archive", store.root, "--until-caught-up", "--retention", "2")
    assert 99 not in {file.partition for file in store.list_files()}
    assert len(read_all(store)) == len(published(empty)) - 1


def test_archive_of_another_topic_is_refused(empty: Stack, tmp_path: Path) -> None:
    store = ArchiveStore.open(str(tmp_path))
    store.write(ArchiveFile(0, 0, 999_999, TODAY), pack([b"{}\n"]))
    with pytest.raises(Permanent, match="the topic raw-articles was created again"):
        archive(empty, store).run()


def test_second_run_on_the_same_archive_is_refused(empty: Stack, tmp_path: Path) -> None:
    store = ArchiveStore.open(str(tmp_path))
    send(empty, *(message(number) for number in range(5)))
    first = archive(empty, store)
    parts = first.find_parts()
    archive(empty, store).run()
    while not any(part.articles for part in parts):
        first.read(parts)
    full = next(part for part in parts if part.articles)
    with pytest.raises(Permanent, match="another `newsclaims archive run` writes there"):
        first.flush(full)
    first.reader.close()
    assert len(read_all(store)) == 5


def test_unreachable_storage_holds_the_reading_and_loses_nothing(
    empty: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ArchiveStore.open(str(tmp_path))
    send(empty, message(1))
    answers = iter([Retryable("The archive cannot be written"), None])
    write = ArchiveStore.write

    def fail_once(self: ArchiveStore, file: ArchiveFile, data: bytes) -> None:
        if error := next(answers, None):
            raise error
        write(self, file, data)

    monkeypatch.setattr(ArchiveStore, "write", fail_once)
    monkeypatch.setattr("pipelines.archive.archiver.PAUSE_SECONDS", 0.01)
    assert archive(empty, store).run().articles == 1

    send(empty, message(2))
    answers = iter([Retryable("The archive cannot be written")] * 9)
    lifecycle.stop_requested.clear()
    monkeypatch.setattr("pipelines.archive.archiver._log.warning", lambda *_: lifecycle.stop_requested.set())
    with pytest.raises(Retryable):
        archive(empty, store).run()
    lifecycle.stop_requested.clear()
    monkeypatch.undo()
    assert archive(empty, store).run().articles == 1
    assert len(read_all(store)) == 2
