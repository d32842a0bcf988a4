"""Plans the push of alert rules through the provisioning API, in a way that keeps them editable in Grafana.

Each rule carries a mark, a hash of its content, in an annotation that messages leave out. A rule whose content does not
match its mark was changed manually.
"""

import hashlib
from typing import Any, Final

import msgspec

from dashboards.grafana import alert_rules
from dashboards.grafana.push.folder import GrafanaFolder
from dashboards.grafana.push.server import GrafanaServer
from dashboards.grafana.push.steps import (
    PushStep,
    find_differences,
    limit_differences,
    plan_provisioned,
    plan_update,
)

PATH: Final = "/v1/provisioning/alert-rules"
EDITABLE: Final = {"X-Disable-Provenance": "true"}
"""Without this header Grafana allows changes to the rule only through its API."""
MARK: Final = "__newsclaims__"
MODEL_KEYS: Final = ("query", "timeField", "metrics", "bucketAggs", "expression", "reducer", "conditions", "type")
"""The keys of a query or expression that matter; Grafana adds others."""


def normalize_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """Returns what a rule does and says, in a form that is the same before and after Grafana stored it."""
    plain = {key: rule.get(key) for key in ("title", "condition", "noDataState", "execErrState", "for", "labels")}
    annotations = {key: text for key, text in rule.get("annotations", {}).items() if key != MARK}
    data = {
        each["refId"]: {key: each["model"][key] for key in MODEL_KEYS if key in each["model"]}
        | {"source": each["datasourceUid"], "range": each["relativeTimeRange"]}
        for each in rule["data"]
    }
    # Grafana writes 5.0 as 5.
    normalized: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(plain | {"annotations": annotations, "data": data})
    )
    return normalized


def compute_mark(rule: dict[str, Any]) -> str:
    """Returns the mark of a rule with this content."""
    return hashlib.sha256(repr(_normalize_numbers(normalize_rule(rule))).encode()).hexdigest()[:16]


def _normalize_numbers(value: Any) -> Any:
    """Sorts keys, and turns floats with whole values into integers."""
    if isinstance(value, dict):
        return {key: _normalize_numbers(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_normalize_numbers(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def build_marked_rules(runbooks: str) -> list[tuple[str, dict[str, Any]]]:
    """Returns the rules with their groups, marked."""
    return [
        (group, rule | {"annotations": rule["annotations"] | {MARK: compute_mark(rule)}})
        for group, rules in alert_rules.build_rules(runbooks).items()
        for rule in rules
    ]


def plan_rules(server: GrafanaServer, folder: GrafanaFolder, force: bool, runbooks: str) -> list[PushStep]:
    """Returns a step for each rule."""
    if server.get("/v1/provisioning/contact-points") is None:
        return [PushStep("alert rule", "all", "refused", "this Grafana has no alert provisioning, or it is disabled")]
    return [plan_rule(server, folder, group, rule, force) for group, rule in build_marked_rules(runbooks)]


def plan_rule(server: GrafanaServer, folder: GrafanaFolder, group: str, ours: dict[str, Any], force: bool) -> PushStep:
    """Returns the step for one rule."""
    title, path = ours["title"], f"{PATH}/{ours['uid']}"
    theirs = server.get(path)
    if theirs is None:
        return PushStep(
            "alert rule",
            title,
            "created",
            action=lambda: server.send("POST", PATH, add_location(ours, folder, group), EDITABLE),
        )
    if theirs.get("labels", {}).get("product") != alert_rules.PRODUCT["product"]:
        return PushStep("alert rule", title, "refused", f"another rule, not of newsclaims, has its uid {ours['uid']}")
    differences = limit_differences(find_differences(normalize_rule(theirs), normalize_rule(ours)))
    if folder.uid != theirs["folderUID"] or group != theirs["ruleGroup"]:
        differences = (f"place: {theirs['folderUID']}/{theirs['ruleGroup']} → {folder.uid}/{group}", *differences)
    if theirs.get("provenance") == "file":
        return plan_provisioned("alert rule", title, differences)
    if not differences:
        return PushStep("alert rule", title, "unchanged")
    is_changed = theirs.get("annotations", {}).get(MARK) != compute_mark(theirs)
    change = "it was changed in Grafana after the last push" if is_changed else ""
    # A rule that was created through the API as not editable stays so: Grafana refuses to change that.
    headers = None if theirs.get("provenance") else EDITABLE
    return plan_update(
        "alert rule", title, differences, change, force,
        lambda: server.send("PUT", path, add_location(ours, folder, group), headers),
    )  # fmt: skip


def add_location(rule: dict[str, Any], folder: GrafanaFolder, group: str) -> dict[str, Any]:
    """Returns the rule with its folder and group. Grafana replaces the organisation with that of the user."""
    return rule | {"orgID": 1, "folderUID": folder.uid, "ruleGroup": group}
