"""Our alert rules in Grafana, through the provisioning API, so that people may still change them there.

Each carries a mark in an annotation that messages leave out: a rule whose content no longer fits its mark was changed
by hand.
"""

import hashlib
from typing import Any, Final

import msgspec

from dashboards.grafana import alert_rules
from dashboards.grafana.push.folder import Folder
from dashboards.grafana.push.server import Server
from dashboards.grafana.push.steps import Step, differences, first

PATH: Final = "/v1/provisioning/alert-rules"
EDITABLE: Final = {"X-Disable-Provenance": "true"}
"""Without it Grafana would let nobody change the rule but its API."""
MARK: Final = "__newsclaims__"
ASKED: Final = ("query", "timeField", "metrics", "bucketAggs", "expression", "reducer", "conditions", "type")
"""What decides in the model of a query or expression; Grafana adds to the rest as it likes."""


def essence(rule: dict[str, Any]) -> dict[str, Any]:
    """What a rule does and says, in a form that is the same before and after Grafana stored it."""
    plain = {key: rule.get(key) for key in ("title", "condition", "noDataState", "execErrState", "for", "labels")}
    notes = {key: text for key, text in rule.get("annotations", {}).items() if key != MARK}
    data = {
        each["refId"]: {key: each["model"][key] for key in ASKED if key in each["model"]}
        | {"source": each["datasourceUid"], "range": each["relativeTimeRange"]}
        for each in rule["data"]
    }
    # Grafana writes 5.0 as 5.
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plain | {"annotations": notes, "data": data}))
    return found


def mark(rule: dict[str, Any]) -> str:
    """The mark of a rule with this content."""
    return hashlib.sha256(repr(_whole(essence(rule))).encode()).hexdigest()[:16]


def _whole(value: Any) -> Any:
    """The value in one form: sorted, and whole numbers without a fraction."""
    if isinstance(value, dict):
        return {key: _whole(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def wanted(runbooks: str) -> list[tuple[str, dict[str, Any]]]:
    """The rules with their groups, marked."""
    return [
        (group, rule | {"annotations": rule["annotations"] | {MARK: mark(rule)}})
        for group, rules in alert_rules.rules(runbooks).items()
        for rule in rules
    ]


def steps(server: Server, folder: Folder, force: bool, runbooks: str) -> list[Step]:
    """What is to be done for each rule."""
    if server.find("/v1/provisioning/contact-points") is None:
        return [Step("alert rule", "all", "refused", "this Grafana has no provisioning of alerts, or it is off")]
    return [step(server, folder, group, rule, force) for group, rule in wanted(runbooks)]


def step(server: Server, folder: Folder, group: str, ours: dict[str, Any], force: bool) -> Step:
    """What is to be done for one rule."""
    name, path = ours["title"], f"{PATH}/{ours['uid']}"
    there = server.find(path)
    if there is None:
        return Step("alert rule", name, "created",
                    act=lambda: server.send("POST", PATH, placed(ours, folder, group), EDITABLE))  # fmt: skip
    if there.get("labels", {}).get("product") != alert_rules.PRODUCT["product"]:
        return Step("alert rule", name, "refused", f"a rule of another hand has its uid {ours['uid']}")
    differing = first(differences(essence(there), essence(ours)))
    if folder.uid != there["folderUID"] or group != there["ruleGroup"]:
        differing = (f"place: {there['folderUID']}/{there['ruleGroup']} → {folder.uid}/{group}", *differing)
    if there.get("provenance") == "file":
        why = "it comes from Grafana's provisioning files" if differing else ""
        return Step("alert rule", name, "refused" if differing else "unchanged", why, differing)
    if not differing:
        return Step("alert rule", name, "unchanged")
    by_hand = there.get("annotations", {}).get(MARK) != mark(there)
    if by_hand and not force:
        why = "it was changed in Grafana after the last push; --force overwrites that"
        return Step("alert rule", name, "refused", why, differing)
    # What came through the API and may be changed only there stays so: Grafana refuses to let it go.
    headers = None if there.get("provenance") else EDITABLE
    return Step("alert rule", name, "updated", "overwritten: it was changed in Grafana" if by_hand else "", differing,
                lambda: server.send("PUT", path, placed(ours, folder, group), headers))  # fmt: skip


def placed(rule: dict[str, Any], folder: Folder, group: str) -> dict[str, Any]:
    """The rule with the folder and group that it goes into. Grafana sets the organisation by who asks."""
    return rule | {"orgID": 1, "folderUID": folder.uid, "ruleGroup": group}
