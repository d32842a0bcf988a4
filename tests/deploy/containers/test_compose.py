"""`deploy/containers/compose.yaml`, checked without an engine: names, paths, ports, commands and versions."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from dashboards.grafana.links import KIBANA_URL
from dashboards.grafana.provisioning import build_files
from deploy.local.stack import list_embedded_servers
from deploy.settings import VARIABLES, Settings
from newsclaims import app

DEPLOY = Path(__file__).parents[3] / "deploy"
CONTAINERS = DEPLOY / "containers"
TEXT = (CONTAINERS / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("newsclaims:")}
REFERENCES = re.compile(r"\$\{(\w+)")
"""Matches a reference to an environment variable."""
EMBEDDED = {each.name: each.version for each in list_embedded_servers(Settings.load({}))}


def published(service: str) -> dict[str, str]:
    """Returns the published ports of a service by container port. Each must be bound to the loopback address."""
    found = {}
    for port in SERVICES[service].get("ports", ()):
        address, outside, inside = port.split(":")
        assert address == "127.0.0.1", f"{service} would be open to the network"
        found[inside] = outside
    return found


def test_nothing_is_open_to_the_network() -> None:
    assert {name for name in SERVICES if published(name)} == {
        "kafka", "elasticsearch", "kibana", "grafana", "job", "monitor",
    }  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_commands_are_ones_that_newsclaims_takes(name: str) -> None:
    command: Any = typer.main.get_command(app)
    words = [re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(each)) for each in OURS[name]["command"]]
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    # Parses, and refuses an option or argument that the command does not have.
    assert command.make_context(name, words).params is not None


@pytest.mark.parametrize("name", OURS)
def test_settings_of_our_services_are_settings(name: str) -> None:
    environment = OURS[name]["environment"]
    assert set(environment) <= set(VARIABLES)
    assert {"KAFKA_BOOTSTRAP_SERVERS", "ELASTICSEARCH_URL"} <= set(environment)


def test_addresses_are_those_at_which_services_listen() -> None:
    listeners = SERVICES["kafka"]["environment"]["KAFKA_LISTENERS"]
    for service in OURS.values():
        host, port = service["environment"]["KAFKA_BOOTSTRAP_SERVERS"].split(":")
        assert host in SERVICES
        assert f"INSIDE://:{port}," in listeners
        assert f"INSIDE://{host}:{port}" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    for service in SERVICES.values():
        for name in ("ELASTICSEARCH_URL", "ELASTICSEARCH_HOSTS", "KIBANA_URL"):
            if address := service.get("environment", {}).get(name):
                host, port = address.removeprefix("http://").split(":")
                assert port in published(host), f"{name} is {address}"


def test_published_addresses_are_those_in_boards_and_texts() -> None:
    assert f"http://localhost:{published('kibana')['5601']}" == KIBANA_URL
    assert SERVICES["kibana"]["environment"]["SERVER_PUBLICBASEURL"] == KIBANA_URL
    assert (
        f"OUTSIDE://localhost:{published('kafka')['9092']}"
        in (SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"])
    )
    for address in re.findall(r"http://localhost:(\d+)", TEXT):
        assert any(address in published(name).values() for name in SERVICES)


def test_mounted_folders_exist_and_are_read_only_and_volumes_are_declared() -> None:
    for name, service in SERVICES.items():
        for mount in service.get("volumes", ()):
            source, _, rest = mount.partition(":")
            if source.startswith("."):
                # A mount of a single file would not follow an editor that replaces the file.
                assert (CONTAINERS / source).is_dir(), f"{name} mounts {source}"
                assert rest.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]
    used = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", ())}
    assert set(COMPOSE["volumes"]) <= used


def test_files_that_services_are_given_are_mounted_there() -> None:
    for name in ("job", "feeds", "grafana"):
        service = SERVICES[name]
        arguments = [*service.get("command", ()), *service["environment"].values()]
        mounted = [mount.split(":")[:2] for mount in service["volumes"]]
        for path in (each for each in arguments if str(each).startswith("/etc/")):
            [(mount, place)] = [each for each in mounted if path.startswith(f"{each[1]}/")]
            assert (CONTAINERS / mount / path.removeprefix(f"{place}/")).exists(), f"{name}: {path}"


def test_grafana_has_every_variable_that_its_provisioning_files_name() -> None:
    provisioning = [text for path, text in build_files().items() if path.startswith("grafana/provisioning")]
    named = {name for text in provisioning for name in REFERENCES.findall(text.decode())}
    given = {name for name in SERVICES["grafana"]["environment"] if not name.startswith("GF_")}
    # Elasticsearch requires no user here, and Grafana sends an empty one.
    assert named - given == {"ELASTICSEARCH_USERNAME", "ELASTICSEARCH_PASSWORD"}
    assert given <= named


def test_services_wait_for_conditions_that_can_be_met() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{name} waits for {other}, which has no health check"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"] == "on-failure", f"{name} waits for {other}, which never ends"


def test_images_are_pinned_and_the_servers_are_the_versions_that_are_tested() -> None:
    tags = {name: service["image"].rpartition(":")[2] for name, service in SERVICES.items()}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", tags[name]) for name in SERVICES.keys() - OURS.keys())
    assert tags["kafka"] == EMBEDDED["kafka"]
    assert tags["elasticsearch"] == tags["kibana"] == EMBEDDED["elasticsearch"]


def test_kafka_is_set_as_the_embedded_one_is() -> None:
    environment = SERVICES["kafka"]["environment"]
    lines = (DEPLOY / "local" / "kafka.properties").read_text("utf-8").splitlines()
    embedded = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    shared = [name for name in embedded if f"KAFKA_{name.upper().replace('.', '_')}" in environment]
    for name in ("message.max.bytes", "auto.create.topics.enable", "offsets.topic.replication.factor"):
        assert name in shared
    own = {
        "listeners",
        "advertised.listeners",
        "listener.security.protocol.map",
        "controller.quorum.voters",
        "log.dirs",
    }
    for name in set(shared) - own:
        assert str(environment[f"KAFKA_{name.upper().replace('.', '_')}"]) == embedded[name], name


def test_every_variable_has_a_default_and_is_in_the_sample() -> None:
    sample = (CONTAINERS / "compose.env.example").read_text("utf-8")
    assert set(re.findall(r"^(\w+)=", sample, re.M)) == set(REFERENCES.findall(TEXT))
    assert [each for each in re.findall(r"\$\{\w+([^}]*)\}", TEXT) if each[:2] not in (":-", ":+")] == []


def test_our_containers_have_no_rights_that_they_do_not_need() -> None:
    for service in OURS.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
