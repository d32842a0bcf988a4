"""How to reach Grafana, and the values that boards and rules need there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from deploy.settings.addresses import read_file_path, split_url
from schemas.errors import Permanent

DEFAULT_GRAFANA = "http://localhost:3000"

VARIABLES = {
    "GRAFANA_URL": "Grafana, with http:// or https://",
    "GRAFANA_TOKEN": "Token of a Grafana service account",
    "GRAFANA_USERNAME": "User of Grafana, unless a token is set",
    "GRAFANA_PASSWORD": "Password of that user",
    "GRAFANA_CA_FILE": "PEM file with the certificate authority of Grafana's certificate",
    "GRAFANA_FOLDER": "Title of the folder in Grafana for boards and alert rules",
    "GRAFANA_ELASTICSEARCH_URL": "Address of Elasticsearch for Grafana, if it differs from ELASTICSEARCH_URL",
    "NEWSCLAIMS_RUNBOOKS_URL": "Address of `dashboards/RUNBOOKS.md` on the web, which alerts link to",
}


@dataclass(frozen=True, kw_only=True)
class GrafanaSettings:
    """Address, credentials and folder, and the addresses in data sources and alerts."""

    url: str = DEFAULT_GRAFANA
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    folder: str = "newsclaims"
    elasticsearch_url: str | None = None
    """Address of Elasticsearch for Grafana; None if it is the first address in `ELASTICSEARCH_URL`."""
    runbooks_url: str | None = None

    def with_target(self, url: str | None, folder: str | None) -> Self:
        """Returns a copy with this address and folder, None: unchanged. Raises `Permanent` as loading does."""
        address, user, secret = split_url("--url", url or self.url, DEFAULT_GRAFANA, None)
        return replace(
            self,
            url=address,
            username=user or self.username,
            password=secret or self.password,
            folder=folder or self.folder,
        )


def read_grafana(values: Mapping[str, str]) -> GrafanaSettings:
    """Reads the settings. Raises `Permanent` with one sentence that names the variable with an invalid value."""
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
        ca_file=read_file_path("GRAFANA_CA_FILE", values),
        folder=values.get("GRAFANA_FOLDER", GrafanaSettings.folder),
        elasticsearch_url=elasticsearch,
        runbooks_url=values.get("NEWSCLAIMS_RUNBOOKS_URL"),
    )
