"""The files that Grafana provisions itself from at its start: data sources, boards, alert rules, contact points.

Addresses and credentials stay names of environment variables, which Grafana fills in. For Kubernetes a
`kustomization.yaml` makes config maps of the same files, labelled as the sidecar of Grafana's chart looks for them.
"""

from typing import Any, Final

import yaml

from dashboards.ask.query import DataSource
from dashboards.boards import BOARDS
from dashboards.grafana import alert_rules
from dashboards.grafana.dashboard import list_sources
from schemas.alerts import ALERTS, Audience

BOARDS_PATH: Final = "/etc/grafana/newsclaims/boards"
"""Where Grafana finds the boards' files."""
ES_VERSION: Final = "8.0.0"
"""The oldest server that the boards' queries are written for; Grafana wants to know."""
MAIL: Final = {"ops": "NEWSCLAIMS_OPS_EMAIL", "analysts": "NEWSCLAIMS_ANALYSTS_EMAIL"}
"""Variable with the address of each audience."""
HEADER: Final = "# Written by `newsclaims dashboards build`; a change here is lost.\n"

Files = dict[str, bytes]


def build_files(runbooks: str = alert_rules.RUNBOOKS) -> Files:
    """Every file, by its path below `dashboards/generated`."""
    place = "grafana/provisioning"
    return {
        f"{place}/datasources/newsclaims.yaml": format_yaml(build_datasources()),
        f"{place}/dashboards/newsclaims.yaml": format_yaml(build_provider()),
        f"{place}/alerting/newsclaims.yaml": format_yaml(build_alerting(runbooks)),
        f"{place}/alerting/newsclaims-policy.yaml": format_yaml(build_policy(), WHOLE_TREE),
        "grafana/kustomization.yaml": format_yaml(build_kustomization(), KUSTOMIZE),
    }


def format_yaml(content: dict[str, Any], about: str = "") -> bytes:
    """The content as YAML, with a comment above it."""
    text = yaml.dump(content, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return (HEADER + about + text).encode()


class _Plain(yaml.SafeDumper):
    """Writes what stands in several places in each of them, not as an alias of the first."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def build_datasource(source: DataSource) -> dict[str, Any]:
    """What a file and the API alike say of a data source. Grafana 9.3 reads `database`, newer ones `index`."""
    return {
        "name": source.name,
        "uid": source.uid,
        "type": "elasticsearch",
        "access": "proxy",
        "database": source.index,
        "jsonData": {
            "index": source.index,
            "timeField": source.clock,
            "esVersion": ES_VERSION,
            "maxConcurrentShardRequests": 5,
        },
    }


def build_datasources() -> dict[str, Any]:
    """One data source for each index and clock that a board reads.

    Elasticsearch without security ignores the empty user that it is sent where none is set.
    """
    access = {
        "orgId": 1,
        "url": "${ELASTICSEARCH_URL}",
        "basicAuth": True,
        "basicAuthUser": "${ELASTICSEARCH_USERNAME}",
        "secureJsonData": {"basicAuthPassword": "${ELASTICSEARCH_PASSWORD}"},
        "editable": False,
    }
    return {"apiVersion": 1, "datasources": [build_datasource(source) | access for source in list_sources()]}


def build_provider() -> dict[str, Any]:
    """Where the boards' files are, and that they go into our folder."""
    boards = {
        "name": "newsclaims",
        "orgId": 1,
        "folder": alert_rules.FOLDER,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 30,
        "options": {"path": BOARDS_PATH},
    }
    return {"apiVersion": 1, "providers": [boards]}


def build_alerting(runbooks: str = alert_rules.RUNBOOKS) -> dict[str, Any]:
    """Alert rules in one group for each audience, and a contact point for each."""
    groups = [
        {
            "orgId": 1,
            "name": name,
            "folder": alert_rules.FOLDER,
            "interval": alert_rules.EVALUATION_INTERVAL,
            "rules": rules,
        }
        for name, rules in alert_rules.build_rules(runbooks).items()
    ]
    return {"apiVersion": 1, "groups": groups, "contactPoints": [build_contact_point(who) for who in list_audiences()]}


def list_audiences() -> list[Audience]:
    """Who gets alerts, in the order of the table."""
    return list(dict.fromkeys(alert.audience for alert in ALERTS.values()))


def contact_name(audience: Audience) -> str:
    """Name of an audience's contact point."""
    return f"newsclaims {audience}"


def build_contact_point(audience: Audience) -> dict[str, Any]:
    """The mail address of an audience.

    Grafana does not start with an empty list of addresses; the semicolon makes one of none where the variable is not
    set. Then nothing is sent.
    """
    settings = {"addresses": f"${{{MAIL[audience]}}};", "singleEmail": True}
    mail = {"uid": f"newsclaims-{audience}", "type": "email", "settings": settings}
    return {"orgId": 1, "name": contact_name(audience), "receivers": [mail]}


WHOLE_TREE: Final = """\
# Grafana knows one tree of notification policies, and this file is the whole of it: leave it out where Grafana serves
# other products too, and route there by the label `audience` of our alerts.
"""


def build_policy() -> dict[str, Any]:
    """Who is told what: by the label `audience`; what has none goes to ops. Nothing is muted."""
    routes = [
        {"receiver": contact_name(who), "object_matchers": [["audience", "=", who]], "group_by": [*GROUP_BY]}
        for who in list_audiences()
    ]
    ops: dict[str, Any] = {
        "orgId": 1,
        "receiver": contact_name("ops"),
        "group_by": [*GROUP_BY],
        "group_wait": "30s",
        "group_interval": "5m",
        "repeat_interval": "4h",
        "routes": routes,
    }
    return {"apiVersion": 1, "policies": [ops]}


GROUP_BY: Final = ["grafana_folder", "alertname"]
"""One message for each kind of alert, whatever number of feeds or assertions it is about."""
KUSTOMIZE: Final = """\
# `kubectl apply -k` makes config maps of the boards and the provisioning files, with the labels that the sidecar of
# Grafana's Helm chart looks for (sidecar.dashboards, .datasources and .alerts). Grafana itself needs ELASTICSEARCH_URL
# and, where they are wanted, ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD, NEWSCLAIMS_OPS_EMAIL and
# NEWSCLAIMS_ANALYSTS_EMAIL in its environment.
"""


def build_kustomization() -> dict[str, Any]:
    """Config maps of the files above.

    Each board has its own: `kubectl apply` notes the whole of a map in an annotation, which may hold 256 KiB.
    """
    folder = {"grafana_folder": alert_rules.FOLDER}
    boards = [
        build_config_map(uid.removeprefix("newsclaims-"), [f"boards/{uid}.json"], "grafana_dashboard", folder)
        for uid in BOARDS
    ]
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "generatorOptions": {"disableNameSuffixHash": True},
        "configMapGenerator": [
            *boards,
            build_config_map("datasources", ["provisioning/datasources/newsclaims.yaml"], "grafana_datasource"),
            build_config_map(
                "alerting",
                ["provisioning/alerting/newsclaims.yaml", "provisioning/alerting/newsclaims-policy.yaml"],
                "grafana_alert",
            ),
        ],
    }


def build_config_map(name: str, paths: list[str], label: str, notes: dict[str, str] | None = None) -> dict[str, Any]:
    """One config map, with the label that its sidecar looks for."""
    options: dict[str, Any] = {"labels": {label: "1", "app.kubernetes.io/part-of": "newsclaims"}}
    if notes:
        options["annotations"] = notes
    return {"name": f"newsclaims-grafana-{name}", "files": paths, "options": options}
