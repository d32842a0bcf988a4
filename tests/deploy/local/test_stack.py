"""The embedded stack with its real servers, through the command line's functions."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from deploy.doctor import examine, find_exit_code
from deploy.local.elasticsearch_server import find_installed
from deploy.local.stack import down, read_state, up
from deploy.local.status import find_status, read_logs
from deploy.settings import Settings
from tests.conftest import Stack, embedded_environ

pytestmark = pytest.mark.integration
LARGE = 10_000_000


@pytest.fixture
def environ(stack_directory: Path) -> Iterator[dict[str, str]]:
    """The environment of a separate stack, which is stopped and removed after the test."""
    directory = stack_directory / "own"
    values = embedded_environ(directory)
    yield values
    down(Settings.load(values))
    shutil.rmtree(directory)


def newsclaims(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user does."""
    command = [sys.executable, "-m", "newsclaims", *arguments]
    return subprocess.run(command, env=os.environ | environ, capture_output=True, text=True, check=False)


def java_processes(directory: str) -> list[int]:
    """Returns the Java processes of `directory` that have not ended."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        command = " ".join(process.info["cmdline"] or [])
        if directory in command and "java" in command and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


def accepts_connections(address: str) -> bool:
    """Returns whether `address` accepts connections."""
    host, port = address.removeprefix("http://").split(":")
    with closing(socket.socket()) as probe:
        return probe.connect_ex((host, int(port))) == 0


def put(url: str, document: dict[str, str]) -> None:
    """Stores one document."""
    request = urllib.request.Request(
        url, json.dumps(document).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    urllib.request.urlopen(request).close()


def test_life_of_the_stack(environ: dict[str, str]) -> None:
    """up, up again, status, down, up with the data kept, up --fresh without it: each in a process of its own."""
    started = newsclaims(environ, "up", "--json")
    assert started.returncode == 0, started.stderr
    assert [server["outcome"] for server in json.loads(started.stdout)] == ["started", "started"]

    again = newsclaims(environ, "up")
    assert again.stdout.count("was already running") == 2

    settings = Settings.load(environ)
    report = find_status(settings)
    assert [server.state for server in report] == ["running", "running"]
    assert report[1].version == "8.19.8"
    assert all(server.memory and server.memory > 50_000_000 for server in report)
    assert all(server.data and server.data > 0 for server in report)
    assert newsclaims(environ, "status").returncode == 0

    bootstrap, url = settings.kafka.bootstrap_servers[0], settings.elasticsearch.urls[0]
    put(f"{url}/kept/_doc/1?refresh=true", {"word": "still"})
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics([NewTopic("kept", 1, 1)])
    with closing(KafkaProducer(bootstrap_servers=bootstrap, max_request_size=2 * LARGE)) as producer:
        producer.send("kept", b"x" * LARGE).get(30)

    stopped = newsclaims(environ, "down", "--json")
    assert [server["outcome"] for server in json.loads(stopped.stdout)] == ["stopped", "stopped"]
    assert java_processes(environ["NEWSCLAIMS_DATA_DIR"]) == []
    assert not accepts_connections(bootstrap)
    assert not accepts_connections(url)
    assert read_state(settings.embedded) == {}
    assert newsclaims(environ, "status").returncode == 1

    up(settings)
    with urllib.request.urlopen(f"{url}/kept/_doc/1") as answer:
        assert json.load(answer)["_source"] == {"word": "still"}
    consumer = KafkaConsumer(
        "kept", bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=20_000
    )
    with closing(consumer):
        assert len(next(consumer).value) == LARGE

    up(settings, fresh=True)
    with urllib.request.urlopen(f"{url}/_cat/indices?format=json") as answer:
        assert json.load(answer) == []
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        assert admin.list_topics() == []


def test_killed_server_is_noticed_and_started_again(environ: dict[str, str]) -> None:
    settings = Settings.load(environ | {"ELASTICSEARCH_URL": "http://127.0.0.1:1"})
    up(settings)
    killed = read_state(settings.embedded)["kafka"]
    process = psutil.Process(killed.pid)
    os.kill(killed.pid, signal.SIGKILL)
    process.wait(30)
    result = newsclaims(environ | {"ELASTICSEARCH_URL": "http://127.0.0.1:1"}, "up")
    assert result.returncode == 0, result.stderr
    assert f"(process {killed.pid}) has ended without `newsclaims down`" in " ".join(result.stderr.split())
    assert read_state(settings.embedded)["kafka"].find() is not None


def test_down_finds_a_server_whose_record_was_lost(environ: dict[str, str]) -> None:
    """This happens if `up` is killed after it has recorded Elasticsearch's launcher and before it records the node."""
    settings = Settings.load(environ | {"ELASTICSEARCH_URL": "http://127.0.0.1:1"})
    up(settings)
    settings.embedded.state_file.unlink()
    assert java_processes(environ["NEWSCLAIMS_DATA_DIR"]) != []
    assert [change.outcome for change in down(settings)] == ["stopped", "not running"]
    assert java_processes(environ["NEWSCLAIMS_DATA_DIR"]) == []


def test_external_servers_are_not_started(stack: Stack, environ: dict[str, str]) -> None:
    given = {name: stack.environ[name] for name in ("KAFKA_BOOTSTRAP_SERVERS", "ELASTICSEARCH_URL")}
    settings = Settings.load(environ | given)
    assert [change.outcome for change in up(settings)] == ["external", "external"]
    report = find_status(settings)
    assert [(server.state, server.embedded) for server in report] == [("running", False), ("running", False)]
    assert report[1].version == "8.19.8"


def test_logs_end_with_the_newest_lines(stack: Stack) -> None:
    environ = {name: value for name, value in stack.environ.items() if name.startswith("NEWSCLAIMS_")}
    lines = list(read_logs(Settings.load(environ), "elasticsearch", lines=5))
    assert len(lines) == 5
    assert all("o.e." in line for line in lines)


def test_installed_elasticsearch_is_used_instead(
    stack: Stack, environ: dict[str, str], stack_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = Path(environ["NEWSCLAIMS_CACHE_DIR"]) / "elasticsearch-8.19.8"
    monkeypatch.setenv("ES_HOME", str(installed))
    assert find_installed() == (installed, "8.19.8")
    empty = stack_directory / "empty"
    without_cache = environ | {
        "NEWSCLAIMS_CACHE_DIR": str(empty),
        "KAFKA_BOOTSTRAP_SERVERS": stack.bootstrap_servers,
    }
    settings = Settings.load(without_cache)
    assert [change.outcome for change in up(settings)] == ["external", "started"]
    assert not empty.exists()


def test_doctor_probes_the_servers(stack: Stack) -> None:
    findings = {finding.name: finding for finding in examine(stack.settings)}
    assert findings["Kafka"].verdict == "ok"
    assert "8.19.8" in findings["Elasticsearch"].found
    assert find_exit_code(list(findings.values())) == 0
