"""The network policies of `deploy/kubernetes`: each process reaches what it needs, and nothing else."""

from ipaddress import ip_address, ip_network

import pytest

from tests.deploy.kubernetes.manifests import (
    FOLDER,
    WORKLOADS,
    Object,
    build_overlays,
    find_template,
    list_containers,
    read,
)

OBJECTS = build_overlays()
PODS = {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] in WORKLOADS}
POLICIES = {each["metadata"]["name"]: each["spec"] for each in OBJECTS if each["kind"] == "NetworkPolicy"}
[SETTINGS] = [each["data"] for each in OBJECTS if each["metadata"]["name"] == "newsclaims-settings"]
NAMES = "newsclaims-to-names"
SERVERS = {NAMES, "newsclaims-to-kafka", "newsclaims-to-elasticsearch"}
CLUSTER = "newsclaims-flink-cluster"
CLOSED = "newsclaims-closed"
REACHES = {
    "newsclaims-job": SERVERS,
    "newsclaims-poller": SERVERS | {"newsclaims-to-feeds"},
    "newsclaims-monitor": SERVERS,
    "newsclaims-retention": SERVERS,
    "newsclaims-setup": SERVERS,
    "newsclaims-flink-jobmanager": {NAMES, CLUSTER},
    "newsclaims-flink-taskmanager": SERVERS | {CLUSTER},
    "newsclaims-flink-jobserver": {NAMES, "newsclaims-flink-to-rest"},
    "newsclaims-flink-job": SERVERS | {"newsclaims-flink-to-rest", "newsclaims-flink-to-jobserver"},
}
"""The policies that open the way out of each workload."""
INSIDE = (
    "10.1.2.3",
    "172.20.0.1",
    "192.168.1.1",
    "127.0.0.1",
    "169.254.169.254",
    "100.64.0.7",
    "::1",
    "fd00::1",
    "fe80::1",
)
"""Addresses that a feed must not lead to."""
OUTSIDE = ("93.184.215.14", "2606:2800:21f:cb07::1")


def matches(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a selector selects pods with these labels."""
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    expressions = selector.get("matchExpressions", ())
    assert all(each["operator"] == "In" for each in expressions)
    return all(labels.get(each["key"]) in each["values"] for each in expressions)


def find_policies(workload: Object, direction: str) -> set[str]:
    """Returns the policies that open a direction, Ingress or Egress, of the workload's pods."""
    labels = find_template(workload)["metadata"]["labels"]
    return {
        name
        for name, spec in POLICIES.items()
        if matches(spec["podSelector"], labels) and direction in spec["policyTypes"] and spec.get(direction.lower())
    }


@pytest.mark.parametrize("name", PODS)
def test_every_pod_is_closed_except_for_what_it_needs(name: str) -> None:
    closed = POLICIES[CLOSED]
    assert closed.keys() == {"podSelector", "policyTypes"}
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert matches(closed["podSelector"], find_template(PODS[name])["metadata"]["labels"])
    assert find_policies(PODS[name], "Egress") == REACHES[name]


ENTERED = {
    "newsclaims-job": {"newsclaims-metrics"},
    "newsclaims-monitor": {"newsclaims-metrics"},
    "newsclaims-flink-job": {"newsclaims-metrics"},
    "newsclaims-flink-jobmanager": {CLUSTER, "newsclaims-flink-rest"},
    "newsclaims-flink-taskmanager": {CLUSTER},
    "newsclaims-flink-jobserver": {"newsclaims-flink-jobserver"},
}
"""The policies that open the way into a workload."""


def test_metrics_are_open_for_prometheus_only() -> None:
    metrics = {"newsclaims-job", "newsclaims-monitor", "newsclaims-flink-job"}
    for name, workload in PODS.items():
        assert find_policies(workload, "Ingress") == ENTERED.get(name, set())
    [rule] = POLICIES["newsclaims-metrics"]["ingress"]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
    for name in metrics:
        [port] = list_containers(PODS[name])[0]["ports"]
        assert [each["port"] for each in rule["ports"]] == [port["name"]]


def find_pods(selectors: list[Object]) -> set[str]:
    """Returns the workloads whose pods one of the peers selects."""
    assert all(each.keys() == {"podSelector"} for each in selectors)
    labels = {name: find_template(each)["metadata"]["labels"] for name, each in PODS.items()}
    return {name for name, own in labels.items() if any(matches(each["podSelector"], own) for each in selectors)}


def list_served(*names: str) -> set[int]:
    """Returns the ports of the containers of workloads."""
    return {
        port["containerPort"]
        for name in names
        for container in list_containers(PODS[f"newsclaims-flink-{name}"])
        for port in container["ports"]
    }


def test_flink_is_open_only_for_what_is_part_of_it() -> None:
    within = {"newsclaims-flink-jobmanager", "newsclaims-flink-taskmanager"}
    [enter], [leave] = POLICIES[CLUSTER]["ingress"], POLICIES[CLUSTER]["egress"]
    assert find_pods(enter["from"]) == find_pods(leave["to"]) == within
    # The port of REST is for others; within the cluster nobody uses it.
    assert {each["port"] for each in enter["ports"]} == list_served("jobmanager", "taskmanager") - {8081}
    assert enter["ports"] == leave["ports"]
    for name, server, clients in (
        ("rest", "jobmanager", {"newsclaims-flink-job", "newsclaims-flink-jobserver"}),
        ("jobserver", "jobserver", {"newsclaims-flink-job"}),
    ):
        [enter], [leave] = (
            POLICIES[f"newsclaims-flink-{name}"]["ingress"],
            POLICIES[f"newsclaims-flink-to-{name}"]["egress"],
        )
        assert find_pods(enter["from"]) == clients
        assert find_pods(leave["to"]) == {f"newsclaims-flink-{server}"}
        assert enter["ports"] == leave["ports"]
        assert {each["port"] for each in enter["ports"]} <= list_served(server)


def test_servers_are_reached_at_the_ports_of_their_addresses() -> None:
    def find_ports(policy: str) -> list[int]:
        [rule] = POLICIES[policy]["egress"]
        assert rule["to"]
        assert all("ipBlock" not in each for each in rule["to"])
        return [each["port"] for each in rule["ports"]]

    assert find_ports("newsclaims-to-kafka") == [int(SETTINGS["KAFKA_BOOTSTRAP_SERVERS"].rpartition(":")[2])]
    assert find_ports("newsclaims-to-elasticsearch") == [int(SETTINGS["ELASTICSEARCH_URL"].rpartition(":")[2])]
    assert set(find_ports("newsclaims-to-names")) == {53}


def test_feeds_are_fetched_from_the_web_and_from_nowhere_inside() -> None:
    [rule] = POLICIES["newsclaims-to-feeds"]["egress"]
    assert [each["port"] for each in rule["ports"]] == [80, 443]

    def is_open(address: str) -> bool:
        found = ip_address(address)
        blocks = [each["ipBlock"] for each in rule["to"]]
        return any(
            found in ip_network(each["cidr"]) and not any(found in ip_network(block) for block in each["except"])
            for each in blocks
        )

    assert [address for address in INSIDE if is_open(address)] == []
    assert all(map(is_open, OUTSIDE))


def test_the_example_of_elasticsearch_lets_newsclaims_in() -> None:
    [policy] = read(FOLDER / "examples" / "eck" / "network-policy.yaml")
    [server, _] = read(FOLDER / "examples" / "eck" / "elasticsearch.yaml")
    label = {"elasticsearch.k8s.elastic.co/cluster-name": server["metadata"]["name"]}
    assert policy["spec"]["podSelector"] == {"matchLabels": label}
    ours, nodes = policy["spec"]["ingress"]
    assert [each["port"] for each in ours["ports"]] == [9200]
    assert nodes["from"] == [{"podSelector": {"matchLabels": label}}]
    [out] = POLICIES["newsclaims-to-elasticsearch"]["egress"]
    assert out["to"] == [{"podSelector": {"matchLabels": label}}]
    for workload in PODS.values():
        labels = find_template(workload)["metadata"]["labels"]
        assert any(matches(each["podSelector"], labels) for each in ours["from"] if "podSelector" in each)


def test_the_example_of_kafka_lets_newsclaims_in() -> None:
    [kafka] = [each for each in read(FOLDER / "examples" / "strimzi" / "kafka.yaml") if each["kind"] == "Kafka"]
    name = kafka["metadata"]["name"]
    [listener] = kafka["spec"]["kafka"]["listeners"]
    assert SETTINGS["KAFKA_BOOTSTRAP_SERVERS"].startswith(f"{name}-kafka-bootstrap.")
    assert SETTINGS["KAFKA_BOOTSTRAP_SERVERS"].endswith(f":{listener['port']}")
    assert listener["tls"] is True
    assert listener["authentication"]["type"].upper() == SETTINGS["KAFKA_SASL_MECHANISM"]
    [out] = POLICIES["newsclaims-to-kafka"]["egress"]
    assert out["to"] == [
        {"podSelector": {"matchLabels": {"strimzi.io/cluster": name, "strimzi.io/name": f"{name}-kafka"}}}
    ]
    for workload in PODS.values():
        labels = find_template(workload)["metadata"]["labels"]
        assert any(matches(each["podSelector"], labels) for each in listener["networkPolicyPeers"])
