"""How to reach Kibana, and which of its spaces is ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from deploy.settings.addresses import readable_file, split_url
from schemas.errors import Permanent

DEFAULT_KIBANA = "http://localhost:5601"

VARIABLES = {
    "KIBANA_URL": "Kibana, with http:// or https:// and its base path",
    "KIBANA_API_KEY": "API key for Kibana, encoded as Elasticsearch shows it",
    "KIBANA_USERNAME": "User of Kibana, where there is no API key",
    "KIBANA_PASSWORD": "Password of that user",
    "KIBANA_CA_FILE": "PEM file with the certificate authority of Kibana's certificate",
    "KIBANA_SPACE": "Space of Kibana that searches and dashboard go to, as its address has it",
}


@dataclass(frozen=True, kw_only=True)
class KibanaSettings:
    """Address, credentials and space. `url` is None where none is set; `space` is empty for the default one."""

    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    space: str = ""


def kibana(values: Mapping[str, str]) -> KibanaSettings:
    """Reads the settings. Raises `Permanent` with one sentence that names the variable whose value cannot be used."""
    url, user, secret = None, None, None
    if given := values.get("KIBANA_URL"):
        url, user, secret = split_url("KIBANA_URL", given, DEFAULT_KIBANA, None)
    username, password = values.get("KIBANA_USERNAME", user), values.get("KIBANA_PASSWORD", secret)
    if username and not password and not values.get("KIBANA_API_KEY"):
        raise Permanent("KIBANA_USERNAME is set and KIBANA_PASSWORD is not: set both, or KIBANA_API_KEY.")
    api_key = values.get("KIBANA_API_KEY", "").strip()
    if not re.fullmatch(r"[!-~]*", api_key):
        raise Permanent("KIBANA_API_KEY holds characters that no key has: set it as Elasticsearch shows it, encoded.")
    return KibanaSettings(
        url=url,
        api_key=api_key or None,
        username=username,
        password=password,
        ca_file=readable_file("KIBANA_CA_FILE", values),
        space=space("KIBANA_SPACE", values.get("KIBANA_SPACE", "")),
    )


def elsewhere(settings: KibanaSettings, url: str | None, other_space: str | None) -> KibanaSettings:
    """The same settings with another address or space, as options of a command give them. Raises as `kibana` does."""
    if url:
        address, user, secret = split_url("--url", url, DEFAULT_KIBANA, None)
        settings = replace(
            settings, url=address, username=user or settings.username, password=secret or settings.password
        )
    if other_space is not None:
        settings = replace(settings, space=space("--space", other_space))
    return settings


def space(name: str, given: str) -> str:
    """The space as Kibana's addresses have it, empty for the default one. Raises `Permanent` for what cannot be one."""
    if not re.fullmatch(r"[a-z0-9_-]*", given):
        raise Permanent(f"{name} is {given!r}: it must be a space's identifier, of a-z, 0-9, _ and -.")
    return "" if given == "default" else given
