"""The reference pages of settings, metrics, alerts and the reasons of dead letters, made from their tables."""

import ast
import inspect
from itertools import pairwise

from deploy.settings import VARIABLES
from docs.tools.markdown import code, table
from schemas import errors
from schemas.alerts import ALERTS
from schemas.errors import Reason
from schemas.metrics import METRICS

GROUPS = (
    ("Kafka", "KAFKA_"),
    ("Elasticsearch", "ELASTICSEARCH_"),
    ("Flink", "FLINK_"),
    ("Grafana", "GRAFANA_"),
    ("Kibana", "KIBANA_"),
    ("newsclaims", "NEWSCLAIMS_"),
)
"""The headings of the settings page, and the prefix of the names below each."""


SETTINGS = """\
# Settings

A setting is read from the environment. If it is not there, it is read from `newsclaims.yaml` in the working directory,
or from the file that `NEWSCLAIMS_SETTINGS` names. The file holds one `NAME: value` for each setting, with the same
names. Secrets are never printed.

```yaml
ELASTICSEARCH_URL: https://search.example:9200
ELASTICSEARCH_API_KEY: WjR2bkE0Y0I6c2VjcmV0
```

An address that is set nowhere is that of the embedded server if it is running, and otherwise the usual local port.
Credentials may also be part of an Elasticsearch, Grafana or Kibana address.
"""
METRICS_HEAD = """\
# Metrics

`newsclaims run --metrics-port 9465` serves the metrics of a run, `newsclaims monitor` those of the servers, feeds and
alerts, both as `/metrics` in the text format of Prometheus. Both also write them to the index `health` as
[HealthSample](records.md#healthsample) documents: a gauge as its value, a counter as its growth since the sample
before, a histogram as its quantiles (`0.5`, `0.95`, `0.99`) over the sample's seconds. An event is a fact with a time
and a text; it exists in the index only. See [Monitoring](../guides/monitoring.md).
"""
ALERTS_HEAD = """\
# Alerts

`newsclaims monitor` computes one number for each alert and subject in every round. An alert fires when the number stays
above its threshold for the given time. `newsclaims alerts list` shows all numbers now. The [runbooks](runbooks.md) say
what each alert means and what to do.
"""
REASONS_HEAD = """\
# Reasons of dead letters

`newsclaims dead-letters list --reason REASON` narrows to one of these. See
[Dead letters and replay](../guides/dead-letters.md).
"""


def settings_page() -> str:
    """Returns the page of all settings, by the server that they are about."""
    lines = [SETTINGS]
    for title, prefix in GROUPS:
        rows = [(code(name), meaning) for name, meaning in VARIABLES.items() if name.startswith(prefix)]
        lines += [f"## {title}", "", table(("setting", "meaning"), rows), ""]
    return "\n".join(lines)


def metrics_page() -> str:
    """Returns the page of all metrics."""
    rows = [
        (code(metric.name), metric.kind, metric.unit, ", ".join(map(code, metric.labels)), metric.meaning)
        for metric in METRICS.values()
    ]
    return "\n".join([METRICS_HEAD, table(("metric", "kind", "unit", "labels", "meaning"), rows), ""])


def alerts_page() -> str:
    """Returns the page of all alerts, each with a link to its runbook."""
    rows = [
        (f"[`{alert.name}`](runbooks.md#{alert.name})", alert.title, alert.number, f"{alert.threshold:g}",
         f"{alert.minutes} min", alert.severity, alert.audience, alert.subject or "the whole product")
        for alert in ALERTS.values()
    ]  # fmt: skip
    head = ("alert", "title", "number", "threshold", "lasting", "severity", "audience", "one number for each")
    return "\n".join([ALERTS_HEAD, table(head, rows), ""])


def reasons_page() -> str:
    """Returns the page of the reasons why a message becomes a dead letter."""
    meanings = member_docstrings()
    rows = [(code(reason.value), meanings.get(reason.name, "")) for reason in Reason]
    return "\n".join([REASONS_HEAD, table(("reason", "meaning"), rows), ""])


def member_docstrings() -> dict[str, str]:
    """Returns the docstrings below the members of `Reason`, which Python itself does not keep."""
    tree = ast.parse(inspect.getsource(errors))
    (body,) = (node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == Reason.__name__)
    found = {}
    for member, below in pairwise(body):
        match member, below:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found
