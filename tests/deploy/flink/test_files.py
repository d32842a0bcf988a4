"""The files of the Flink cluster: jars, configuration, image and services, checked without starting anything."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from deploy.flink.start import CONFIG, MAIN_CLASSES, make_command
from deploy.local.lock import read_lock
from deploy.settings import VARIABLES
from deploy.settings.flink import DEFAULT_JOB_SERVER, read_flink
from newsclaims import app
from schemas.errors import Permanent

COMPOSE: dict[str, Any] = yaml.safe_load((CONFIG / "compose.yaml").read_text("utf-8"))
MAIN: dict[str, Any] = yaml.safe_load((CONFIG.parent / "containers" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SETTINGS: dict[str, Any] = yaml.safe_load((CONFIG / "flink-conf.yaml").read_text("utf-8"))


def test_every_jar_is_pinned_and_of_one_version_of_beam() -> None:
    pinned = read_lock("deploy.flink")["flink"]
    assert len(pinned.files) > 150
    assert all(re.fullmatch(r"[0-9a-f]{64}", each.sha256) and each.size > 0 for each in pinned.files)
    beam = {re.search(r"-(\d+\.\d+\.\d+)\.jar", each.artifact) for each in pinned.files if "/beam-" in each.artifact
            and "vendor" not in each.artifact}  # fmt: skip
    assert {found[1] for found in beam if found} == {pinned.version}


@pytest.mark.parametrize("role", MAIN_CLASSES)
def test_command_has_the_class_the_jars_and_the_configuration(role: str) -> None:
    command = make_command(role, "/java", Path("/opt/libs"), Path("/etc/flink"), ["-Dx=y"], megabytes=700)
    assert command[:2] == ["/java", "-Xmx700m"]
    assert command[command.index("-cp") + 1] == "/opt/libs/*"
    after = command[command.index(MAIN_CLASSES[role]) + 1 :]
    assert after[:2] == ["--flink-conf-dir" if role == "jobserver" else "--configDir", "/etc/flink"]
    assert after[-1] == "-Dx=y"


def test_configuration_has_what_the_study_of_faults_needs() -> None:
    assert SETTINGS["taskmanager.numberOfTaskSlots"] == 1
    assert SETTINGS["cluster.evenly-spread-out-slots"] is True
    assert SETTINGS["pipeline.operator-chaining.enabled"] is False
    assert SETTINGS["execution.checkpointing.externalized-checkpoint-retention"] == "RETAIN_ON_CANCELLATION"
    assert {"state.checkpoints.dir", "state.savepoints.dir"} <= set(SETTINGS)


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_closed_to_the_network_and_has_no_rights_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert "ports" not in service
    assert service["profiles"] == ["flink"]
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert set(service["environment"]) <= set(VARIABLES)
    host, _ = service["environment"]["KAFKA_BOOTSTRAP_SERVERS"].split(":")
    assert host in MAIN["services"]


def test_processes_and_client_find_each_other() -> None:
    assert SETTINGS["jobmanager.rpc.address"] == SETTINGS["rest.address"] == "jobmanager"
    environment = SERVICES["flink-job"]["environment"]
    assert environment["FLINK_URL"] == f"http://jobmanager:{SETTINGS['rest.port']}"
    host, _, port = environment["FLINK_JOB_SERVER"].partition(":")
    assert f"--job-port={port}" in SERVICES[host]["command"]
    assert f"--flink-master=jobmanager:{SETTINGS['rest.port']}" in SERVICES[host]["command"]
    for role in ("jobmanager", "taskmanager", "jobserver"):
        assert SERVICES[role]["command"][0] == role
    for name in ("state.checkpoints.dir", "state.savepoints.dir"):
        assert SETTINGS[name].startswith("file:///var/lib/flink/")


def test_client_is_started_with_options_that_it_has() -> None:
    command: Any = typer.main.get_command(app)
    name, *words = SERVICES["flink-job"]["command"]
    assert command.commands[name].make_context(name, words).params["workers"] == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"FLINK_URL": "jobmanager:8081"}, "not an address like http://localhost:8081"),
        ({"FLINK_URL": "http://me:secret@jobmanager:8081"}, "contains a user"),
        ({"FLINK_JOB_SERVER": "http://jobserver:8099"}, "is not host:port"),
        ({"FLINK_JOB_SERVER": "jobserver"}, "is not host:port"),
    ],
)
def test_wrong_setting_is_one_sentence_that_names_it(values: dict[str, str], message: str) -> None:
    with pytest.raises(Permanent, match=message) as raised:
        read_flink(values)
    assert next(iter(values)) in str(raised.value)
    assert "secret" not in str(raised.value)


def test_settings_have_the_ports_of_the_processes() -> None:
    assert read_flink({}).job_server == DEFAULT_JOB_SERVER
    assert read_flink({"FLINK_URL": "http://flink/cluster/"}).url == "http://flink/cluster"
