"""`deploy/kubernetes`, checked without a cluster: schemas, security, probes, secrets, settings and commands."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import typer.main
import yaml

from connectors.feeds.configuration import read_feeds
from deploy.flink.start import MAIN_CLASSES, MEGABYTES
from deploy.security.roles import load_roles, name_role
from deploy.settings import VARIABLES, Settings
from deploy.settings.secrets import SECRETS
from newsclaims import app
from pipelines.flink.stopping import CANCEL_SECONDS, SAVEPOINT_SECONDS
from pipelines.run.supervisor import RunLimits
from schemas.elasticsearch.index_settings import load_index_settings
from schemas.watches import read_watches
from tests.deploy.kubernetes.manifests import (
    FOLDER,
    WORKLOADS,
    Object,
    build,
    build_overlays,
    find_template,
    is_of_flink,
    list_containers,
    list_files,
    list_templates,
    read,
    read_kustomization,
)

ROOT = FOLDER.parents[1]
RELEASE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
OVERLAYS = sorted((FOLDER / "overlays").iterdir())
KUSTOMIZATIONS = sorted(FOLDER.rglob("kustomization.yaml"))
VERSIONS = ("1.30", kubernetes_validate.latest_version())
"""The oldest and the newest version of Kubernetes whose schemas are checked."""
OBJECTS = build_overlays()
PODS = {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] in WORKLOADS}
CONTAINERS = [
    pytest.param(workload, container, id=f"{name}-{container['name']}")
    for name, workload in PODS.items()
    for container in list_containers(workload)
]
OURS = [each for each in CONTAINERS if not is_of_flink(each.values[1])]
"""The containers whose entry point is `newsclaims`."""
WITH_SETTINGS = [each for each in CONTAINERS if "envFrom" in each.values[1]]
FLINK = [each for each in CONTAINERS if is_of_flink(each.values[1])]
SERVED = {"/livez", "/healthz"}
BYTES = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
BESIDES_WORKERS = 200
"""Megabytes of the supervisor, and what the kernel counts to a pod."""


def is_custom(found: Object) -> bool:
    """Whether the object is of an operator."""
    return any(group in found["apiVersion"] for group in (".strimzi.io", ".elastic.co", ".integreatly.org"))


def measure(amount: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([KMG]i)", amount).groups()  # type: ignore[union-attr]
    return int(number) * BYTES[unit]


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda path: path.name)
@pytest.mark.parametrize("version", VERSIONS)
def test_objects_are_what_kubernetes_takes(overlay: Path, version: str) -> None:
    objects = build(overlay)
    assert len(objects) > 20
    for found in objects:
        kubernetes_validate.validate(found, version, strict=True)


def test_examples_are_of_operators_or_what_kubernetes_takes() -> None:
    for path in (FOLDER / "examples").rglob("*.yaml"):
        for found in read(path):
            if not is_custom(found) and found["kind"] != "Kustomization":
                kubernetes_validate.validate(found, VERSIONS[-1], strict=True)


def test_a_wrong_field_is_noticed() -> None:
    job = PODS["newsclaims-job"]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**job, "spec": {**job["spec"], "replica": 2}}, VERSIONS[-1], strict=True)


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_kustomizations_name_every_file_next_to_them_and_nothing_else(path: Path) -> None:
    found = read_kustomization(path.parent)
    generated = [file for each in found.get("configMapGenerator", ()) for file in each["files"]]
    patches = [each["path"] for each in found.get("patches", ())]
    named = [*(each for each in found["resources"] if each.endswith(".yaml")), *patches]
    assert all((path.parent / each).exists() for each in [*found["resources"], *patches, *generated])
    assert sorted(named) == sorted(each.name for each in path.parent.glob("*.yaml") if each != path)
    assert sorted(generated) == sorted(f"files/{each.name}" for each in (path.parent / "files").glob("*"))
    assert found["namespace"] == "newsclaims"


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=lambda path: path.parent.name)
def test_changes_of_an_overlay_change_something(path: Path) -> None:
    found = read_kustomization(path.parent)
    names = {each["metadata"]["name"] for each in build(path.parent)}
    assert {each["name"] for each in found.get("replicas", ())} <= names
    for patch in found.get("patches", ()):
        assert {each["metadata"]["name"] for each in read(path.parent / patch["path"])} <= names
    for each in found.get("configMapGenerator", ()):
        assert each["options"] == {"disableNameSuffixHash": True}, "a new name would not reach running pods"


def test_images_and_labels_are_of_this_release() -> None:
    for path in KUSTOMIZATIONS:
        found = read_kustomization(path.parent)
        for image in found.get("images", ()):
            assert image["name"] in ("newsclaims", "newsclaims-flink")
            assert image["newTag"] == RELEASE
        for labels in found.get("labels", ()):
            assert labels["pairs"].get("app.kubernetes.io/version", RELEASE) == RELEASE
    images = {container["image"] for workload in PODS.values() for container in list_containers(workload)}
    assert images == {f"registry.example/{name}:{RELEASE}" for name in ("newsclaims", "newsclaims-flink")}


def test_the_release_is_on_every_object_and_on_no_template() -> None:
    label = "app.kubernetes.io/version"
    # The template of a volume claim cannot be changed: the next release would be refused.
    for found in OBJECTS:
        if found["metadata"]["name"] != "newsclaims-files":
            assert found["metadata"]["labels"][label] == RELEASE
        templates = list_templates(found) if found["kind"] in WORKLOADS else []
        assert all(label not in each["metadata"]["labels"] for each in templates)


@pytest.mark.parametrize(("workload", "container"), CONTAINERS)
def test_pods_keep_the_restricted_standard(workload: Object, container: Object) -> None:
    pod = find_template(workload)["spec"]
    user = re.search(r"useradd .*--uid (\d+)", (ROOT / "deploy" / "containers" / "Dockerfile").read_text("utf-8"))
    assert user
    security = pod["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["runAsUser"] == security["fsGroup"] == int(user[1])
    assert security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    assert all(len(volume) == 2 and "hostPath" not in volume for volume in pod["volumes"])
    assert pod["automountServiceAccountToken"] is False


def test_the_namespace_refuses_other_pods() -> None:
    [namespace] = [each for each in OBJECTS if each["kind"] == "Namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_every_pod_has_an_account_of_its_own_without_a_token() -> None:
    accounts = {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] == "ServiceAccount"}
    used = {name: find_template(workload)["spec"]["serviceAccountName"] for name, workload in PODS.items()}
    assert set(used.values()) == set(accounts)
    # On Flink the workers and the client are the job; what runs no code of ours is nobody.
    flink = {name.removeprefix("newsclaims-flink-"): user for name, user in used.items() if "flink" in name}
    assert flink == {
        "jobmanager": "newsclaims-flink", "jobserver": "newsclaims-flink",
        "taskmanager": "newsclaims-job", "job": "newsclaims-job",
    }  # fmt: skip
    others = [user for name, user in used.items() if "flink" not in name]
    assert len(others) == len(set(others))
    assert all(each["automountServiceAccountToken"] is False for each in accounts.values())


@pytest.mark.parametrize(("workload", "container"), CONTAINERS)
def test_containers_have_requests_and_limits(workload: Object, container: Object) -> None:
    requests, limits = container["resources"]["requests"], container["resources"]["limits"]
    assert requests.keys() == limits.keys() == {"cpu", "memory", "ephemeral-storage"}
    for volume in find_template(workload)["spec"]["volumes"]:
        if "emptyDir" in volume:
            assert measure(volume["emptyDir"]["sizeLimit"]) <= measure(limits["ephemeral-storage"])


def test_the_job_has_the_memory_that_its_workers_may_use() -> None:
    [job] = list_containers(PODS["newsclaims-job"])
    options = dict(zip(job["args"][1::2], job["args"][2::2], strict=True))
    workers, megabytes = int(options["--workers"]), int(options["--max-megabytes"])
    assert megabytes == RunLimits().megabytes
    # A worker that reaches its limit ends the bundle first: see the benchmark `memory`.
    needed = (workers * (megabytes + 200) + BESIDES_WORKERS) * 1_000_000
    assert measure(job["resources"]["requests"]["memory"]) >= needed
    assert job["resources"]["requests"]["memory"] == job["resources"]["limits"]["memory"]


@pytest.mark.parametrize(("workload", "container"), OURS)
def test_what_runs_all_the_time_is_probed_at_the_port_that_it_serves(workload: Object, container: Object) -> None:
    if workload["kind"] in ("Job", "CronJob"):
        assert not {"livenessProbe", "readinessProbe", "ports"} & container.keys()
        return
    [port] = container["ports"]
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    # A failed health check must not restart a monitor whose servers are down.
    assert [probe["path"] for probe in probes.values()] == ["/livez", "/livez", "/healthz"]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    options = list(map(str, container["args"]))
    [ending] = [value for name, value in pairwise(options) if name.endswith("-port") or name == "--port"]
    assert int(ending) == port["containerPort"]
    assert "0.0.0.0" in options, "a probe comes from the node"


@pytest.mark.parametrize(("workload", "container"), OURS)
def test_commands_are_ones_that_newsclaims_takes(workload: Object, container: Object) -> None:
    command: Any = typer.main.get_command(app)
    words = list(map(str, container["args"]))
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    assert command.make_context(container["name"], words).params is not None
    assert "command" not in container, "the image's entry point is newsclaims"


def test_no_file_has_a_secret() -> None:
    names = set(SECRETS)
    for path in list_files():
        for found in read(path):
            assert found["kind"] != "Secret", path
        assert not names & set(re.findall(r"[A-Z_]+", re.sub(r"\b[A-Z_]+_FILE\b", "", path.read_text("utf-8")))) - {
            "ELASTICSEARCH_PASSWORD"  # of Grafana's example, by reference
        }, path
    for workload in PODS.values():
        for container in list_containers(workload):
            assert not names & {each["name"] for each in container.get("env", ())}


@pytest.mark.parametrize(("workload", "container"), WITH_SETTINGS)
def test_settings_are_settings_and_can_be_loaded(workload: Object, container: Object, tmp_path: Path) -> None:
    environ = read_environ(workload, container, tmp_path)
    assert set(environ) <= set(VARIABLES)
    settings = Settings.load(environ)
    user = find_template(workload)["spec"]["serviceAccountName"]
    assert settings.kafka.security_protocol == "SASL_SSL"
    assert (settings.kafka.sasl_username, settings.kafka.sasl_password) == (user, f"password of {user}")
    elasticsearch = settings.elasticsearch
    assert (elasticsearch.username, elasticsearch.password) == (user, f"password of {user}-elasticsearch")
    assert elasticsearch.urls[0].startswith("https://")
    assert settings.load_index_settings()
    if container["name"] in ("job", "taskmanager"):
        assert settings.watches.exists()


def read_environ(workload: Object, container: Object, folder: Path) -> dict[str, str]:
    """Returns the environment of a container, with the files that are mounted written below the folder."""
    pod = find_template(workload)["spec"]
    maps = {each["metadata"]["name"]: each["data"] for each in OBJECTS if each["kind"] == "ConfigMap"}
    volumes = {each["name"]: each for each in pod["volumes"]}
    for mount in container["volumeMounts"]:
        volume = volumes.get(mount["name"], {})
        place = folder / mount["mountPath"].lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        for item in volume.get("secret", {}).get("items", ()):
            (place / item["path"]).write_text(f"{item['key']} of {volume['secret']['secretName']}\n")
        for name, text in maps.get(volume.get("configMap", {}).get("name"), {}).items():
            (place / name).write_text(text)
        is_kept = "emptyDir" in volume or mount["name"] not in volumes
        if "persistentVolumeClaim" in volume:  # the client of Flink reads what the cluster writes
            is_kept = is_of_flink(container)
        assert mount.get("readOnly", False) is not is_kept
    given: dict[str, str] = {}
    for source in container["envFrom"]:
        given |= maps[source["configMapRef"]["name"]]
    given |= {each["name"]: each["value"] for each in container["env"]}
    return {name: str(folder / value[1:]) if value.startswith("/") else value for name, value in given.items()}


def test_users_have_roles_that_allow_their_commands() -> None:
    roles = {name_role(name): role for name, role in load_roles().items()}
    for workload in PODS.values():
        for container in list_containers(workload):
            if is_of_flink(container):
                continue
            environ = {each["name"]: each["value"] for each in container["env"]}
            role = roles[environ["KAFKA_SASL_USERNAME"]]
            assert environ["ELASTICSEARCH_USERNAME"] == environ["KAFKA_SASL_USERNAME"]
            command = " ".join(list(map(str, container["args"])))
            # Roles are written by an administrator of Elasticsearch, who needs more than a role of ours.
            allowed = (*role.commands, "roles apply")
            assert any(f"{command} ".startswith(f"{each} ") for each in allowed), command


@pytest.mark.parametrize("folder", [FOLDER / "base", FOLDER / "overlays" / "production"], ids=lambda path: path.name)
def test_files_are_what_the_processes_read(folder: Path) -> None:
    feeds, problems = read_feeds(folder / "files" / "feeds.yaml")
    assert (len(feeds), problems) == (1, [])
    assert load_index_settings(folder / "files" / "indices.yaml", must_exist=True)
    watches, faults = read_watches(folder / "files" / "watches.yaml", ())
    assert (len(watches), faults) == (1, [])


def test_what_is_stopped_has_the_time_to_end() -> None:
    guide = (ROOT / "docs" / "guides" / "deploy.md").read_text("utf-8")
    seconds = int(re.search(r"^TimeoutStopSec=(\d+)$", guide, re.M)[1])  # type: ignore[index]
    assert find_template(PODS["newsclaims-job"])["spec"]["terminationGracePeriodSeconds"] >= seconds


@pytest.mark.parametrize(("workload", "container"), FLINK)
def test_processes_of_flink_start_as_the_image_has_them_and_are_probed(workload: Object, container: Object) -> None:
    dockerfile = (ROOT / "deploy" / "flink" / "Dockerfile").read_text("utf-8")
    role, *words = container["args"]
    assert role in MAIN_CLASSES
    assert words[:4] == ["--jars", "/opt/flink/libs", "--config", "/etc/flink"]
    assert "deploy.flink.jars /opt/flink\n" in dockerfile
    assert "COPY deploy/flink/flink-conf.yaml /etc/flink/\n" in dockerfile
    ports = {each["name"] for each in container["ports"]}
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        probe = container[name].get("httpGet") or container[name]["tcpSocket"]
        assert probe["port"] in ports
    heap = MEGABYTES[role] + (256 if role == "taskmanager" else 0)
    # The worker of a TaskManager is a process of Python in the same pod.
    least = 2 * heap + (1024 if role == "taskmanager" else 0)
    assert measure(container["resources"]["limits"]["memory"]) >= least * 2**20
    kept = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    if role != "jobserver":
        assert kept["state"] == "/var/lib/flink", "checkpoints must be where all processes see them"


def test_processes_of_flink_find_each_other() -> None:
    def find(name: str) -> tuple[Object, dict[str, str]]:
        [container] = list_containers(PODS[f"newsclaims-flink-{name}"])
        options = [
            each.removeprefix("-D").removeprefix("--").split("=", 1) for each in container["args"] if "=" in each
        ]
        return container, dict(options)

    services = {each["metadata"]["name"] for each in OBJECTS if each["kind"] == "Service"}
    (manager, own), (worker, theirs) = find("jobmanager"), find("taskmanager")
    address = manager["args"][manager["args"].index("--host") + 1]
    assert address in services
    assert theirs["jobmanager.rpc.address"] == theirs["rest.address"] == own["rest.address"] == address
    ports = {each["name"]: each["containerPort"] for each in manager["ports"]}
    conf = yaml.safe_load((ROOT / "deploy" / "flink" / "flink-conf.yaml").read_text("utf-8"))
    assert (ports["rest"], ports["rpc"], ports["blob"]) == (
        conf["rest.port"], conf["jobmanager.rpc.port"], conf["blob.server.port"],
    )  # fmt: skip
    settings = {f"taskmanager.{name}.port" for name in ("data", "rpc")} | {"metrics.internal.query-service.port"}
    fixed = {int(value) for name, value in theirs.items() if name in settings}
    assert fixed == {each["containerPort"] for each in worker["ports"]}, "a random port would be closed"
    assert own["metrics.internal.query-service.port"] == str(ports["counters"])
    _, server = find("jobserver")
    client, _ = find("job")
    environ = {each["name"]: each["value"] for each in client["env"]}
    assert environ["FLINK_URL"] == f"http://{server['flink-master']}" == f"http://{address}:{conf['rest.port']}"
    assert environ["FLINK_JOB_SERVER"] == f"{server['job-host']}:{server['job-port']}"
    assert server["job-host"] in services
    assert f"--workers {PODS['newsclaims-flink-taskmanager']['spec']['replicas']} " in " ".join(client["args"])


def test_on_flink_no_other_job_reads() -> None:
    [job] = [each for each in build(FOLDER / "overlays" / "flink") if each["metadata"]["name"] == "newsclaims-job"
             and each["kind"] == "StatefulSet"]  # fmt: skip
    assert job["spec"]["replicas"] == 0


def test_the_client_of_flink_has_the_time_to_write_a_savepoint() -> None:
    seconds = find_template(PODS["newsclaims-flink-job"])["spec"]["terminationGracePeriodSeconds"]
    assert seconds >= SAVEPOINT_SECONDS + CANCEL_SECONDS


def test_budgets_let_one_pod_go_and_never_stop_a_drain() -> None:
    budgets = [each for each in OBJECTS if each["kind"] == "PodDisruptionBudget"]
    for budget in budgets:
        assert budget["spec"]["maxUnavailable"] == 1
        [workload] = [each for each in PODS.values() if selects(budget["spec"]["selector"], each)]
        assert workload["spec"]["selector"]["matchLabels"] == budget["spec"]["selector"]["matchLabels"]
    many = {name for name, each in PODS.items() if each["spec"].get("replicas", 1) > 1}
    assert many == {each["metadata"]["name"] for each in budgets}


def selects(selector: Object, workload: Object) -> bool:
    labels = find_template(workload)["metadata"]["labels"]
    return all(labels.get(name) == value for name, value in selector["matchLabels"].items())


def test_services_reach_the_ports_of_their_pods() -> None:
    for service in (each for each in OBJECTS if each["kind"] == "Service"):
        [workload] = [each for each in PODS.values() if selects({"matchLabels": service["spec"]["selector"]}, each)]
        ports = {port["name"]: port for port in list_containers(workload)[0]["ports"]}
        for port in service["spec"]["ports"]:
            assert ports[port["targetPort"]]["containerPort"] == port["port"]
    assert PODS["newsclaims-job"]["spec"]["serviceName"] == "newsclaims-job"
