"""The alerts of `schemas.alerts` as Grafana's alert rules: each compares one number in `health` with a threshold.

The monitor computes the number; the rule knows only the threshold. A rule has the same form in a provisioning file and
in the provisioning API, in Grafana 9.3 and newer.
"""

import json
from typing import Any, Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.ask.query import Measure, Query, Terms, TimeBuckets
from dashboards.boards import pipeline_health
from dashboards.grafana.dashboard import HEALTH, lay_out_panels
from dashboards.grafana.query_models import build_target
from schemas.alerts import ALERTS, Alert

FOLDER: Final = "newsclaims"
"""Default title of the folder for boards and rules."""
RUNBOOKS: Final = "dashboards/RUNBOOKS.md"
"""Location of the runbooks: a path in this repository, unless a setting gives an address."""
PRODUCT: Final = {"product": "newsclaims"}
"""Label of all our rules; a push does not overwrite rules without it."""
WINDOW: Final = 600
"""Seconds of history that a rule reads. The monitor writes several times in it: no number means it is not running."""
EVALUATION_INTERVAL: Final = "1m"
"""How often Grafana evaluates a group."""
UNIT_FORMATS: Final = {
    "s": ("humanizeDuration .Value", "{:g} s"),
    "percentunit": ("humanizePercentage .Value", "{:.0%}"),
}
"""How a message formats a number of a unit: Grafana's template for the value, and ours for the threshold."""
MORE_DETAILS: Final = "See the table Alerts on the board Pipeline health for details."
EXPRESSION: Final = "__expr__"
"""Uid of Grafana's built-in data source for expressions."""


def build_query(alert: Alert) -> Query:
    """Returns the query for the alert's number: one series for each subject, of which the 500 highest can fire."""
    series = Terms("subject", "subject", size=500, order=0) if alert.subject else Terms("alert", "alert", size=1)
    return Query(
        index=HEALTH.index,
        clock=HEALTH.clock,
        where=f"metric:newsclaims_condition AND alert:{alert.name}",
        by=(series, TimeBuckets("1m", trim=False)),
        measures=(Measure("max", "value", "value"),),
    )


def rule_uid(alert: Alert) -> str:
    """Returns the rule's uid, which never changes."""
    return f"newsclaims-{alert.name.replace('_', '-')}"


def group_name(alert: Alert) -> str:
    """Returns the name of the rule's evaluation group: one for each audience."""
    return f"newsclaims {alert.audience}"


def build_rule(alert: Alert, runbooks: str = RUNBOOKS) -> dict[str, Any]:
    """Returns the rule, without its folder and group."""
    is_for_ops = alert.audience == "ops"
    return {
        "uid": rule_uid(alert),
        "title": alert.title,
        "condition": "C",
        "data": [build_query_data(alert), build_reducer(), build_threshold(alert.threshold)],
        # The monitor always writes a number, even if all is well. If there is none, or Elasticsearch is unreachable,
        # only the rules for ops fire; Grafana gives such alerts one name and sends one message for all.
        "noDataState": "NoData" if is_for_ops else "OK",
        "execErrState": "Error" if is_for_ops else "OK",
        "for": f"{alert.minutes}m" if alert.minutes else "0s",
        "annotations": build_annotations(alert, runbooks),
        "labels": {"severity": alert.severity, "audience": alert.audience} | PRODUCT,
    }


def build_query_data(alert: Alert) -> dict[str, Any]:
    """Returns query A: the number over the last minutes."""
    model = json.loads(json.dumps(build_target(build_query(alert)).build(), cls=JSONEncoder))
    return {
        "refId": "A",
        "queryType": "",
        "relativeTimeRange": {"from": WINDOW, "to": 0},
        "datasourceUid": HEALTH.uid,
        "model": model | {"intervalMs": 60_000, "maxDataPoints": 100},
    }


def build_reducer() -> dict[str, Any]:
    """Returns expression B: the newest number, ignoring minutes without one."""
    return build_expression(
        "B", {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "dropNN"}}
    )


def build_threshold(threshold: float) -> dict[str, Any]:
    """Returns expression C: whether the number is above the threshold."""
    condition = {
        "type": "query",
        "evaluator": {"type": "gt", "params": [threshold]},
        # Not evaluated, but Grafana's page for editing the rule fails without them.
        "operator": {"type": "and"},
        "query": {"params": ["C"]},
        "reducer": {"type": "last", "params": []},
    }
    return build_expression("C", {"type": "threshold", "expression": "B", "conditions": [condition]})


def build_expression(name: str, model: dict[str, Any]) -> dict[str, Any]:
    """Returns an expression over the preceding queries and expressions."""
    source = {"type": EXPRESSION, "uid": EXPRESSION}
    return {
        "refId": name,
        "queryType": "",
        "relativeTimeRange": {"from": WINDOW, "to": 0},
        "datasourceUid": EXPRESSION,
        "model": {"refId": name, "datasource": source} | model | {"intervalMs": 60_000, "maxDataPoints": 100},
    }


def build_annotations(alert: Alert, runbooks: str) -> dict[str, str]:
    """Returns the texts of the message and its links. Templates avoid `$`, which provisioning files would expand."""
    about = "{{ with .Labels.subject }}: {{ . }}{{ end }}"
    template, limit = UNIT_FORMATS.get(alert.unit, ('printf "%.4g" .Value', "{:g}"))
    value = f"{{{{ with .Values.B }}}}: {{{{ {template} }}}}{{{{ end }}}}"
    return {
        "summary": f"{alert.title}{about}",
        "description": f"{alert.number}{value}. Threshold: {limit.format(alert.threshold)}. {MORE_DETAILS}",
        "runbook_url": f"{runbooks}#{alert.name}",
        "__dashboardUid__": pipeline_health.BOARD.uid,
        "__panelId__": str(find_conditions_panel()),
    }


def find_conditions_panel() -> int:
    """Returns the id of the panel that shows the numbers."""
    return next(int(each["id"]) for each in lay_out_panels(pipeline_health.BOARD) if each["title"] == "Conditions")


def build_rules(runbooks: str = RUNBOOKS) -> dict[str, list[dict[str, Any]]]:
    """Returns all rules by group, in the order of the table of alerts."""
    found: dict[str, list[dict[str, Any]]] = {}
    for alert in ALERTS.values():
        found.setdefault(group_name(alert), []).append(build_rule(alert, runbooks))
    return found
