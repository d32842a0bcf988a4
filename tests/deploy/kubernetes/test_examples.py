"""The examples of `deploy/kubernetes`: their users, secrets, versions and names are those of the processes."""

from typing import Any

import pytest
import yaml
from kafka.admin import ACLOperation, ResourceType

from deploy.local.stack import list_embedded_servers
from deploy.security.permissions import list_acls
from deploy.security.roles import load_roles, name_role
from deploy.settings import Settings
from tests.deploy.kubernetes.manifests import FOLDER, WORKLOADS, build, find_template, read

EXAMPLES = FOLDER / "examples"
OBJECTS = build(FOLDER / "overlays" / "production")
PODS = [find_template(each)["spec"] for each in OBJECTS if each["kind"] in WORKLOADS]
ACCOUNTS = {pod["serviceAccountName"] for pod in PODS}
MOUNTED = {volume["secret"]["secretName"] for pod in PODS for volume in pod["volumes"] if "secret" in volume}
EMBEDDED = {each.name: each.version for each in list_embedded_servers(Settings.load({}))}
USERS = {each["metadata"]["name"]: each for each in read(EXAMPLES / "strimzi" / "users.yaml")}
GENERATED = FOLDER.parents[1] / "dashboards" / "generated" / "grafana"


def find_one(path: str, kind: str) -> Any:
    [found] = [each for each in read(EXAMPLES / path) if each["kind"] == kind]
    return found


def test_every_process_has_a_user_of_kafka() -> None:
    assert USERS.keys() == ACCOUNTS
    for user in USERS.values():
        assert (
            user["metadata"]["labels"]["strimzi.io/cluster"]
            == find_one("strimzi/kafka.yaml", "Kafka")["metadata"]["name"]
        )
        assert user["spec"]["authentication"]["type"] == "scram-sha-512"


@pytest.mark.parametrize("name", USERS)
def test_users_of_kafka_may_do_what_their_role_may(name: str) -> None:
    role = load_roles()[name.removeprefix("newsclaims-")]
    given = {
        (acl["resource"]["type"], acl["resource"]["name"], operation)
        for acl in USERS[name]["spec"]["authorization"]["acls"]
        for operation in acl["operations"]
    }
    assert all(acl["resource"]["patternType"] == "literal" for acl in USERS[name]["spec"]["authorization"]["acls"])
    kinds = {ResourceType.TOPIC: "topic", ResourceType.GROUP: "group"}
    wanted = {
        (
            kinds[acl.resource_pattern.resource_type],
            acl.resource_pattern.resource_name,
            ACLOperation(acl.operation).name.title().replace("_", ""),
        )
        for acl in list_acls(role, f"User:{name}", Settings.load({}).group)
    }
    assert given == wanted


def test_secrets_that_are_mounted_are_made_by_the_operators_or_listed_for_elasticsearch() -> None:
    kafka = find_one("strimzi/kafka.yaml", "Kafka")["metadata"]["name"]
    elasticsearch = find_one("eck/elasticsearch.yaml", "Elasticsearch")
    by_hand = {each["secretName"] for each in elasticsearch["spec"]["auth"]["fileRealm"]}
    made = {*USERS, f"{kafka}-cluster-ca-cert", f"{elasticsearch['metadata']['name']}-es-http-certs-public"}
    boards = f"{name_role('boards')}-elasticsearch"
    assert MOUNTED | {boards} == made | by_hand
    guide = (FOLDER.parents[1] / "docs" / "guides" / "kubernetes.md").read_text("utf-8")
    assert [name for name in by_hand if f"`{name}`" not in guide] == []


def test_servers_are_the_versions_that_are_tested() -> None:
    assert find_one("strimzi/kafka.yaml", "Kafka")["spec"]["kafka"]["version"] == EMBEDDED["kafka"]
    for kind in ("Elasticsearch", "Kibana"):
        assert find_one("eck/elasticsearch.yaml", kind)["spec"]["version"] == EMBEDDED["elasticsearch"]
    compose = yaml.safe_load((FOLDER.parent / "containers" / "compose.yaml").read_text("utf-8"))
    image = compose["services"]["grafana"]["image"]
    assert image.endswith(f":{find_one('grafana-operator/grafana.yaml', 'Grafana')['spec']['version']}")


def test_kafka_is_set_as_the_embedded_one_is() -> None:
    lines = (FOLDER.parent / "local" / "kafka.properties").read_text("utf-8").splitlines()
    embedded = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    config = find_one("strimzi/kafka.yaml", "Kafka")["spec"]["kafka"]["config"]
    for name in ("message.max.bytes", "auto.create.topics.enable"):
        assert str(config[name]).lower() == embedded[name]


def test_boards_are_those_that_are_generated() -> None:
    [kustomization] = read(GENERATED / "kustomization.yaml")
    maps = {
        each["name"]: [file.rpartition("/")[2] for file in each["files"]]
        for each in kustomization["configMapGenerator"]
    }
    boards = [each["spec"]["configMapRef"] for each in read(EXAMPLES / "grafana-operator" / "grafana.yaml")[1:]]
    assert {each["name"]: [each["key"]] for each in boards} == {
        name: files for name, files in maps.items() if files[0].endswith(".json")
    }
    pod = find_one("grafana-operator/grafana.yaml", "Grafana")["spec"]["deployment"]["spec"]["template"]["spec"]
    mounted = {each["configMap"]["name"] for each in pod["volumes"] if "configMap" in each}
    assert mounted == {name for name, files in maps.items() if files[0].endswith(".yaml")}
