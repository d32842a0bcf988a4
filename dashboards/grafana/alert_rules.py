"""The alerts of `schemas.alerts` as Grafana's alert rules: each reads one number from `health` and compares it.

What is out of order is decided by the monitor, which computes the number; a rule only knows the threshold. A rule is
the same in a provisioning file and in the provisioning API of Grafana 9.3 and newer.
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
"""Title of the folder that holds boards and rules, where no other is set."""
RUNBOOKS: Final = "dashboards/RUNBOOKS.md"
"""Where people read what to do: a path of this repository, until a setting names an address."""
PRODUCT: Final = {"product": "newsclaims"}
"""Label of every rule of ours; a push overwrites no rule without it."""
WINDOW: Final = 600
"""Seconds that a rule looks back. The monitor writes several times in them, so no number means that it is away."""
EVALUATION_INTERVAL: Final = "1m"
"""How often Grafana evaluates a group."""
UNIT_FORMATS: Final = {
    "s": ("humanizeDuration .Value", "{:g} s"),
    "percentunit": ("humanizePercentage .Value", "{:.0%}"),
}
"""How a number of a unit stands in a message: Grafana's template for it, and ours for the threshold."""
MORE_DETAILS: Final = "The table Alerts of the board Pipeline health tells more."
EXPRESSION: Final = "__expr__"
"""Uid of Grafana's own expressions, which are data sources to it."""


def build_query(alert: Alert) -> Query:
    """The alert's number, one series for each subject, the highest first: 500 subjects fire at most."""
    series = Terms("subject", "subject", size=500, order=0) if alert.subject else Terms("alert", "alert", size=1)
    return Query(
        index=HEALTH.index,
        clock=HEALTH.clock,
        where=f"metric:newsclaims_condition AND alert:{alert.name}",
        by=(series, TimeBuckets("1m", trim=False)),
        measures=(Measure("max", "value", "value"),),
    )


def rule_uid(alert: Alert) -> str:
    """The rule's uid; it never changes."""
    return f"newsclaims-{alert.name.replace('_', '-')}"


def group_name(alert: Alert) -> str:
    """The group that the rule is evaluated in: one for each audience."""
    return f"newsclaims {alert.audience}"


def build_rule(alert: Alert, runbooks: str = RUNBOOKS) -> dict[str, Any]:
    """The rule, without the folder and group that it goes into."""
    is_for_ops = alert.audience == "ops"
    return {
        "uid": rule_uid(alert),
        "title": alert.title,
        "condition": "C",
        "data": [build_query_data(alert), build_reducer(), build_threshold(alert.threshold)],
        # The monitor always gives a number, also when all is well. Without one, or where Elasticsearch cannot be asked,
        # ops get one message for all rules, as Grafana names such alerts alike.
        "noDataState": "NoData" if is_for_ops else "OK",
        "execErrState": "Error" if is_for_ops else "OK",
        "for": f"{alert.minutes}m" if alert.minutes else "0s",
        "annotations": build_annotations(alert, runbooks),
        "labels": {"severity": alert.severity, "audience": alert.audience} | PRODUCT,
    }


def build_query_data(alert: Alert) -> dict[str, Any]:
    """Query A: the number over the last minutes."""
    model = json.loads(json.dumps(build_target(build_query(alert)).build(), cls=JSONEncoder))
    return {
        "refId": "A",
        "queryType": "",
        "relativeTimeRange": {"from": WINDOW, "to": 0},
        "datasourceUid": HEALTH.uid,
        "model": model | {"intervalMs": 60_000, "maxDataPoints": 100},
    }


def build_reducer() -> dict[str, Any]:
    """Expression B: the newest number; minutes without one are left out."""
    return build_expression(
        "B", {"type": "reduce", "expression": "A", "reducer": "last", "settings": {"mode": "dropNN"}}
    )


def build_threshold(threshold: float) -> dict[str, Any]:
    """Expression C: whether the number is above the threshold."""
    condition = {
        "type": "query",
        "evaluator": {"type": "gt", "params": [threshold]},
        # Nothing reads these, but without them Grafana's page for changing the rule fails.
        "operator": {"type": "and"},
        "query": {"params": ["C"]},
        "reducer": {"type": "last", "params": []},
    }
    return build_expression("C", {"type": "threshold", "expression": "B", "conditions": [condition]})


def build_expression(name: str, model: dict[str, Any]) -> dict[str, Any]:
    """An expression over what stands before it."""
    source = {"type": EXPRESSION, "uid": EXPRESSION}
    return {
        "refId": name,
        "queryType": "",
        "relativeTimeRange": {"from": WINDOW, "to": 0},
        "datasourceUid": EXPRESSION,
        "model": {"refId": name, "datasource": source} | model | {"intervalMs": 60_000, "maxDataPoints": 100},
    }


def build_annotations(alert: Alert, runbooks: str) -> dict[str, str]:
    """The message in words, and where to look. Templates name labels without `$`, which files would expand."""
    about = "{{ with .Labels.subject }}: {{ . }}{{ end }}"
    template, limit = UNIT_FORMATS.get(alert.unit, ('printf "%.4g" .Value', "{:g}"))
    value = f"{{{{ with .Values.B }}}}: {{{{ {template} }}}}{{{{ end }}}}"
    return {
        "summary": f"{alert.title}{about}",
        "description": f"{alert.number}{value}. It fires above {limit.format(alert.threshold)}. {MORE_DETAILS}",
        "runbook_url": f"{runbooks}#{alert.name}",
        "__dashboardUid__": pipeline_health.BOARD.uid,
        "__panelId__": str(find_conditions_panel()),
    }


def find_conditions_panel() -> int:
    """Id of the panel that shows the numbers."""
    return next(int(each["id"]) for each in lay_out_panels(pipeline_health.BOARD) if each["title"] == "Conditions")


def build_rules(runbooks: str = RUNBOOKS) -> dict[str, list[dict[str, Any]]]:
    """All rules by group, in the order of the table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for alert in ALERTS.values():
        found.setdefault(group_name(alert), []).append(build_rule(alert, runbooks))
    return found
