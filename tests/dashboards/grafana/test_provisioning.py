"""The provisioning files of Grafana: complete, consistent, and harmless without settings."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import build
from dashboards.boards import BOARDS
from dashboards.grafana.provisioning import MAIL
from schemas.alerts import ALERTS

FILES = {path: yaml.safe_load(content) for path, content in build.build_files().items() if path.endswith(".yaml")}
DATASOURCES = FILES["grafana/provisioning/datasources/newsclaims.yaml"]["datasources"]
ALERTING = FILES["grafana/provisioning/alerting/newsclaims.yaml"]
POLICIES = FILES["grafana/provisioning/alerting/newsclaims-policy.yaml"]["policies"]
RULES = [rule for group in ALERTING["groups"] for rule in group["rules"]]
DASHBOARDS = {uid: json.loads(build.build_files()[f"grafana/boards/{uid}.json"]) for uid in BOARDS}


def named(node: Any) -> Iterator[str]:
    """Uids of the data sources that JSON names, wherever they stand."""
    if isinstance(node, dict):
        if node.get("type") == "elasticsearch" and "uid" in node:
            yield node["uid"]
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from named(each)


def test_every_data_source_that_a_board_or_a_rule_names_is_provisioned_once() -> None:
    provisioned = [each["uid"] for each in DATASOURCES]
    assert set(named([*DASHBOARDS.values(), RULES])) == set(provisioned)
    assert len(set(provisioned)) == len(provisioned)


def test_data_sources_work_on_old_and_new_grafana() -> None:
    for each in DATASOURCES:
        # 9.3 reads the index from `database`, newer ones from `jsonData`.
        assert each["database"] == each["jsonData"]["index"]
        assert each["uid"] == f"newsclaims-{each['database']}-{each['jsonData']['timeField'].removesuffix('_at')}"
        assert each["url"] == "${ELASTICSEARCH_URL}"


@pytest.mark.parametrize("alert", ALERTS.values(), ids=lambda alert: alert.name)
def test_every_alert_has_a_rule_with_its_threshold_time_and_audience(alert: Any) -> None:
    [rule] = [each for each in RULES if each["title"] == alert.title]
    asked, last, compared = rule["data"]
    assert f"alert:{alert.name})" in asked["model"]["query"]
    assert asked["model"]["bucketAggs"][0]["field"] == ("subject" if alert.subject else "alert")
    assert last["model"]["expression"] == asked["refId"]
    assert compared["model"]["expression"] == last["refId"]
    assert compared["model"]["conditions"][0]["evaluator"] == {"type": "gt", "params": [alert.threshold]}
    # Grafana's page for changing a rule fails without these, though nothing reads them.
    assert {"operator", "query", "reducer"} <= compared["model"]["conditions"][0].keys()
    assert rule["condition"] == compared["refId"]
    assert rule["for"] in (f"{alert.minutes}m", "0s")
    assert (rule["for"] == "0s") == (alert.minutes == 0)
    assert rule["labels"] == {"severity": alert.severity, "audience": alert.audience, "product": "newsclaims"}
    assert rule["annotations"]["runbook_url"].endswith(f"RUNBOOKS.md#{alert.name}")


def test_missing_numbers_alert_ops_and_not_analysts() -> None:
    for rule in RULES:
        alerts = rule["labels"]["audience"] == "ops"
        assert (rule["noDataState"], rule["execErrState"]) == (("NoData", "Error") if alerts else ("OK", "OK"))


def test_rules_link_to_a_panel_that_shows_the_numbers() -> None:
    for rule in RULES:
        board = DASHBOARDS[rule["annotations"]["__dashboardUid__"]]
        [panel] = [each for each in board["panels"] if str(each["id"]) == rule["annotations"]["__panelId__"]]
        assert "newsclaims_condition" in panel["targets"][0]["query"]


def test_messages_hold_nothing_that_grafana_would_take_for_a_variable_of_its_environment() -> None:
    words = [text for rule in RULES for text in (*rule["annotations"].values(), *rule["labels"].values())]
    assert [text for text in words if "$" in text] == []


def expanded(text: str) -> str:
    """The text as Grafana reads it: variables that are not set are empty."""
    return re.sub(r"\$\{(\w+)\}", lambda found: os.environ.get(found[1], ""), text)


@pytest.mark.parametrize("audience", MAIL)
def test_contact_points_are_valid_and_reach_nobody_until_an_address_is_set(
    audience: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [point] = [each for each in ALERTING["contactPoints"] if each["name"].endswith(audience)]
    addresses = point["receivers"][0]["settings"]["addresses"]
    monkeypatch.delenv(MAIL[audience], raising=False)
    # Grafana does not start with an empty setting; addresses are separated by semicolons.
    assert expanded(addresses)
    assert [each for each in expanded(addresses).split(";") if each] == []
    monkeypatch.setenv(MAIL[audience], "desk@example.org")
    assert [each for each in expanded(addresses).split(";") if each] == ["desk@example.org"]


def test_every_audience_is_routed_to_its_contact_point_and_nothing_is_muted() -> None:
    [tree] = POLICIES
    points = {each["name"] for each in ALERTING["contactPoints"]}
    assert {tuple(matcher) for route in tree["routes"] for matcher in route["object_matchers"]} == {
        ("audience", "=", alert.audience) for alert in ALERTS.values()
    }
    assert {tree["receiver"], *(route["receiver"] for route in tree["routes"])} <= points
    assert "mute_time_intervals" not in json.dumps(POLICIES)


def test_kubernetes_gets_the_same_files_in_config_maps_that_fit() -> None:
    content = build.build_files()
    maps = FILES["grafana/kustomization.yaml"]["configMapGenerator"]
    files = [f"grafana/{path}" for each in maps for path in each["files"]]
    # The sidecar that reads dashboards has a provider of its own.
    assert {path for path in content if path.startswith("grafana/")} - set(files) == {
        "grafana/kustomization.yaml",
        "grafana/provisioning/dashboards/newsclaims.yaml",
    }
    for each in maps:
        # With room for what JSON escapes.
        assert sum(len(content[f"grafana/{path}"]) for path in each["files"]) < 150_000
        assert any(label.startswith("grafana_") for label in each["options"]["labels"])


def test_provider_reads_the_boards_where_compose_puts_them() -> None:
    [provider] = FILES["grafana/provisioning/dashboards/newsclaims.yaml"]["providers"]
    [folder] = {group["folder"] for group in ALERTING["groups"]}
    assert provider["folder"] == folder
    compose = Path(__file__).parents[3] / "deploy" / "compose.yaml"
    assert not compose.exists() or f":{provider['options']['path']}:" in compose.read_text("utf-8")
