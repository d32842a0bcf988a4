"""Messages when the stack cannot start: one sentence that names the cause and what to do."""

import json
import os
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deploy.doctor import Finding, check_disk, check_port, examine, find_exit_code
from deploy.local.java import find_java
from deploy.local.processes import ProcessId, stop
from deploy.local.stack import down, list_embedded_servers, up
from deploy.local.status import find_status, read_logs
from deploy.settings import ElasticsearchSettings, KafkaSettings, Settings
from schemas.errors import Permanent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a stack that was never started."""
    return Settings.load(
        {"NEWSCLAIMS_DATA_DIR": str(tmp_path / "data"), "NEWSCLAIMS_CACHE_DIR": str(tmp_path / "cache")}
    )


def fake_java(home: Path, version: str) -> Path:
    """Creates a `java` that reports `version`. Returns its home."""
    command = home / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    command.chmod(0o755)
    return home


def test_old_java_is_named_with_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(fake_java(tmp_path, "1.8.0_402") / "bin"))
    with pytest.raises(Permanent, match=r"Java 17 or newer is needed, but .*/bin/java is Java 1.8.0_402: install it"):
        find_java()


def test_missing_java_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Permanent, match=r"no working Java was found: install it .*, or set JAVA_HOME to it"):
        find_java()


def test_a_new_java_on_the_path_is_used_if_java_home_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "old", "11.0.2")))
    monkeypatch.setenv("PATH", str(fake_java(tmp_path / "new", "21") / "bin"), prepend=os.pathsep)
    assert find_java().feature == 21


@pytest.mark.parametrize(
    ("server", "option", "variable"),
    [
        ("kafka", "kafka-port", "KAFKA_BOOTSTRAP_SERVERS"),
        ("elasticsearch", "elasticsearch-port", "ELASTICSEARCH_URL"),
    ],
)
def test_busy_port_names_its_holder_and_the_options(
    settings: Settings, server: str, option: str, variable: str
) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        busy = settings.with_ports(*(port if server == name else 39_217 for name in ("kafka", "elasticsearch", "-")))
        sentence = (
            rf"Port {port}, .* is taken by .*process {os.getpid()}.*: "
            rf"stop that process, .*--{option} N.* set {variable}\."
        )
        with pytest.raises(Permanent, match=sentence):
            up(busy)
        found = check_port(next(one for one in list_embedded_servers(busy) if one.name == server), busy)
        assert found.verdict == "fail"


def test_stale_record_does_not_kill_the_process_that_reuses_its_number(settings: Settings) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as innocent:
        started = psutil.Process(innocent.pid).create_time()
        settings.embedded.data_dir.mkdir()
        record = {"pid": innocent.pid, "started": started - 3600, "address": "127.0.0.1:9092"}
        settings.embedded.state_file.write_text(json.dumps({"kafka": record}))
        assert [change.outcome for change in down(settings)] == ["not running", "not running"]
        assert innocent.poll() is None
        assert json.loads(settings.embedded.state_file.read_text()) == {}
        stop(ProcessId(innocent.pid, started))
        assert innocent.wait(10) < 0


@pytest.mark.parametrize("text", ["", "[]", '{"kafka": 3}', '{"kafka": {"pid": "x"}}', "\0"])
def test_unreadable_record_counts_as_nothing_running(settings: Settings, text: str) -> None:
    settings.embedded.data_dir.mkdir()
    settings.embedded.state_file.write_text(text)
    assert [server.state for server in find_status(settings)] == ["stopped", "stopped"]
    assert [change.outcome for change in down(settings)] == ["not running", "not running"]


def test_logs_of_a_server_that_never_ran_or_does_not_exist(settings: Settings) -> None:
    with pytest.raises(Permanent, match=r"Kafka has no log yet in .*: start it with `newsclaims up`"):
        list(read_logs(settings, "kafka"))
    with pytest.raises(Permanent, match="'zookeeper' is not an embedded server: choose kafka or elasticsearch"):
        list(read_logs(settings, "zookeeper"))


def test_es_home_without_elasticsearch_is_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ES_HOME", str(tmp_path))
    with pytest.raises(
        Permanent, match=r"ES_HOME is .*, which contains no Elasticsearch: set it to an Elasticsearch 8 or 9"
    ):
        down(settings)


def test_doctor_has_a_remedy_for_everything_that_is_missing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    unreachable = replace(
        settings.with_ports(39_217, 39_218, None),
        kafka=KafkaSettings(bootstrap_servers=("localhost:39217",)),
        elasticsearch=ElasticsearchSettings(urls=("http://localhost:39218",)),
    )
    findings = {finding.name: finding for finding in examine(unreachable)}
    assert findings["Python"].verdict == "ok"
    assert findings["Java"].verdict == findings["Kafka"].verdict == findings["Elasticsearch"].verdict == "fail"
    assert findings["Kafka program"].verdict == "warn"
    assert all(finding.remedy for finding in findings.values() if finding.verdict != "ok")
    assert find_exit_code(list(findings.values())) == 1
    assert find_exit_code([Finding("a", "ok", ""), Finding("b", "warn", "", "c")]) == 0


def test_doctor_fails_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.doctor.LEAST_FREE_BYTES", 10**18)
    found = check_disk("disk", tmp_path / "not" / "there", "NEWSCLAIMS_DATA_DIR")
    assert (found.verdict, found.remedy) == (
        "fail",
        "free some space, or set NEWSCLAIMS_DATA_DIR to a directory on another disk",
    )
