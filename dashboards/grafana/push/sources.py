"""Our data sources in Grafana: created, or updated where what we say of them differs. What else a user set stays."""

from pathlib import Path
from typing import Any, Final

from dashboards.ask.query import Source
from dashboards.grafana.dashboard import sources
from dashboards.grafana.provisioning import datasource
from dashboards.grafana.push.server import Server
from dashboards.grafana.push.steps import Step, differences, first
from deploy.settings import Settings

AGAIN: Final = "its secrets are written again, as Grafana does not show them"


def wanted(source: Source, settings: Settings) -> tuple[dict[str, Any], dict[str, str]]:
    """What we say of a data source, and its secrets: with Elasticsearch's address and credentials of the settings.

    Settings without credentials say nothing of them, so that those which somebody gave in Grafana stay.
    """
    elasticsearch = settings.elasticsearch
    found = datasource(source) | {"url": settings.grafana.elasticsearch_url or elasticsearch.urls[0]}
    secrets: dict[str, str] = {}
    if elasticsearch.api_key:
        found["basicAuth"] = False
        found["jsonData"]["httpHeaderName1"] = "Authorization"
        secrets["httpHeaderValue1"] = f"ApiKey {elasticsearch.api_key}"
    elif elasticsearch.username:
        found |= {"basicAuth": True, "basicAuthUser": elasticsearch.username}
        # An API key of before would go first.
        found["jsonData"]["httpHeaderName1"] = None
        secrets["basicAuthPassword"] = elasticsearch.password or ""
    if elasticsearch.ca_file:
        found["jsonData"]["tlsAuthWithCACert"] = True
        secrets["tlsCACert"] = Path(elasticsearch.ca_file).read_text("utf-8")
    return found, secrets


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are there."""
    return {key: value for key, value in values.items() if value is not None}


def steps(server: Server, settings: Settings) -> list[Step]:
    """What is to be done for each data source."""
    return [step(server, source, settings) for source in sources()]


def step(server: Server, source: Source, settings: Settings) -> Step:
    """What is to be done for one data source."""
    ours, secrets = wanted(source, settings)
    there = server.find(f"/datasources/uid/{source.uid}")
    if there is None:
        body = ours | {"jsonData": plain(ours["jsonData"]), "secureJsonData": secrets}
        return Step("data source", source.name, "created", act=lambda: server.send("POST", "/datasources", body))
    if there.get("readOnly"):
        # How Elasticsearch is reached is theirs to say; which index and clock a source reads is not.
        ours = datasource(source)
    merged = there | ours | {"jsonData": plain(there["jsonData"] | ours["jsonData"])}
    differing = first(differences({key: there.get(key) for key in merged}, merged))
    if there.get("readOnly"):
        why = "it comes from Grafana's provisioning files" if differing else ""
        return Step("data source", source.name, "refused" if differing else "unchanged", why, differing)
    if not differing and not secrets:
        return Step("data source", source.name, "unchanged")
    body = merged | {"secureJsonData": secrets}
    return Step(
        "data source",
        source.name,
        "updated",
        "" if differing else AGAIN,
        differing,
        # The version that we read goes along: Grafana refuses where somebody was faster.
        lambda: server.send("PUT", f"/datasources/uid/{source.uid}", body),
    )
