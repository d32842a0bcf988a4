"""Plans the push of data sources: creates them, or updates the settings that we define and keeps all others."""

from pathlib import Path
from typing import Any, Final

from dashboards.ask.query import DataSource
from dashboards.grafana.dashboard import list_sources
from dashboards.grafana.provisioning import build_datasource
from dashboards.grafana.push.server import GrafanaServer
from dashboards.grafana.push.steps import PushStep, find_differences, limit_differences, plan_provisioned
from deploy.settings import Settings

SECRETS_REWRITTEN: Final = "its secrets are written again, because Grafana does not reveal them"


def build_source(source: DataSource, settings: Settings) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns our settings of a data source and its secrets, with Elasticsearch's address and credentials.

    Without credentials in the settings, those that somebody entered in Grafana are kept.
    """
    elasticsearch = settings.elasticsearch
    body = build_datasource(source) | {"url": settings.grafana.elasticsearch_url or elasticsearch.urls[0]}
    secrets: dict[str, str] = {}
    if elasticsearch.api_key:
        body["basicAuth"] = False
        body["jsonData"]["httpHeaderName1"] = "Authorization"
        secrets["httpHeaderValue1"] = f"ApiKey {elasticsearch.api_key}"
    elif elasticsearch.username:
        body |= {"basicAuth": True, "basicAuthUser": elasticsearch.username}
        # An older API key would take precedence.
        body["jsonData"]["httpHeaderName1"] = None
        secrets["basicAuthPassword"] = elasticsearch.password or ""
    if elasticsearch.ca_file:
        body["jsonData"]["tlsAuthWithCACert"] = True
        secrets["tlsCACert"] = Path(elasticsearch.ca_file).read_text("utf-8")
    return body, secrets


def drop_missing(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the entries whose value is not None."""
    return {key: value for key, value in values.items() if value is not None}


def plan_sources(server: GrafanaServer, settings: Settings) -> list[PushStep]:
    """Returns a step for each data source."""
    return [plan_source(server, source, settings) for source in list_sources()]


def plan_source(server: GrafanaServer, source: DataSource, settings: Settings) -> PushStep:
    """Returns the step for one data source."""
    ours, secrets = build_source(source, settings)
    theirs = server.get(f"/datasources/uid/{source.uid}")
    if theirs is None:
        body = ours | {"jsonData": drop_missing(ours["jsonData"]), "secureJsonData": secrets}
        return PushStep("data source", source.name, "created", action=lambda: server.send("POST", "/datasources", body))
    if theirs.get("readOnly"):
        # The provisioning files decide how Elasticsearch is reached, but not which index and clock a source reads.
        ours = build_datasource(source)
    merged = theirs | ours | {"jsonData": drop_missing(theirs["jsonData"] | ours["jsonData"])}
    differences = limit_differences(find_differences({key: theirs.get(key) for key in merged}, merged))
    if theirs.get("readOnly"):
        return plan_provisioned("data source", source.name, differences)
    if not differences and not secrets:
        return PushStep("data source", source.name, "unchanged")
    body = merged | {"secureJsonData": secrets}
    return PushStep(
        "data source",
        source.name,
        "updated",
        "" if differences else SECRETS_REWRITTEN,
        differences,
        # The body contains the version that was read: Grafana refuses it if somebody saved a newer one.
        lambda: server.send("PUT", f"/datasources/uid/{source.uid}", body),
    )
