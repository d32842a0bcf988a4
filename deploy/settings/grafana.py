"""How to reach Grafana, and what its boards and rules are told there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from deploy.settings.addresses import readable_file, split_url
from schemas.errors import Permanent

DEFAULT_GRAFANA = "http://localhost:3000"

VARIABLES = {
    "GRAFANA_URL": "Grafana, with http:// or https://",
    "GRAFANA_TOKEN": "Token of a service account of Grafana",
    "GRAFANA_USERNAME": "User of Grafana, where there is no token",
    "GRAFANA_PASSWORD": "Password of that user",
    "GRAFANA_CA_FILE": "PEM file with the certificate authority of Grafana's certificate",
    "GRAFANA_FOLDER": "Title of Grafana's folder for boards and alert rules",
    "GRAFANA_ELASTICSEARCH_URL": "Elasticsearch as Grafana reaches it, where that is another address",
    "NEWSCLAIMS_RUNBOOKS_URL": "Where people read `dashboards/RUNBOOKS.md`; alerts link there",
}


@dataclass(frozen=True, kw_only=True)
class GrafanaSettings:
    """Address and credentials; the title of our folder; what data sources and alerts name."""

    url: str = DEFAULT_GRAFANA
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    folder: str = "newsclaims"
    elasticsearch_url: str | None = None
    """Elasticsearch as Grafana reaches it; None where that is the first of our own addresses."""
    runbooks_url: str | None = None

    def chosen(self, url: str | None, folder: str | None) -> Self:
        """Returns the same with this address and folder, where they are given. Raises `Permanent` as loading does."""
        address, user, secret = split_url("--url", url or self.url, DEFAULT_GRAFANA, None)
        return replace(
            self,
            url=address,
            username=user or self.username,
            password=secret or self.password,
            folder=folder or self.folder,
        )


def grafana(values: Mapping[str, str]) -> GrafanaSettings:
    """Reads the settings. Raises `Permanent` with one sentence that names the variable whose value cannot be used."""
    url, user, secret = split_url("GRAFANA_URL", values.get("GRAFANA_URL", DEFAULT_GRAFANA), DEFAULT_GRAFANA, None)
    username, password = values.get("GRAFANA_USERNAME", user), values.get("GRAFANA_PASSWORD", secret)
    if username and not password and not values.get("GRAFANA_TOKEN"):
        raise Permanent("GRAFANA_USERNAME is set and GRAFANA_PASSWORD is not: set both, or GRAFANA_TOKEN.")
    elasticsearch = values.get("GRAFANA_ELASTICSEARCH_URL")
    if elasticsearch:
        split_url("GRAFANA_ELASTICSEARCH_URL", elasticsearch, "http://elasticsearch:9200", None)
    return GrafanaSettings(
        url=url,
        token=values.get("GRAFANA_TOKEN"),
        username=username,
        password=password,
        ca_file=readable_file("GRAFANA_CA_FILE", values),
        folder=values.get("GRAFANA_FOLDER", GrafanaSettings.folder),
        elasticsearch_url=elasticsearch,
        runbooks_url=values.get("NEWSCLAIMS_RUNBOOKS_URL"),
    )
