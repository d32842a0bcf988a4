"""How to reach Kibana, and which of its spaces to use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from deploy.settings.addresses import read_file_path, split_url
from schemas.errors import Permanent

DEFAULT_KIBANA = "http://localhost:5601"

VARIABLES = {
    "KIBANA_URL": "Kibana, with http:// or https:// and its base path",
    "KIBANA_API_KEY": "API key for Kibana, in the encoded form that Elasticsearch shows",
    "KIBANA_USERNAME": "User of Kibana, unless an API key is set",
    "KIBANA_PASSWORD": "Password of that user",
    "KIBANA_CA_FILE": "PEM file with the certificate authority of Kibana's certificate",
    "KIBANA_SPACE": "Identifier of the Kibana space for searches and the dashboard",
}


@dataclass(frozen=True, kw_only=True)
class KibanaSettings:
    """Address, credentials and space. `url` is None if it is not set; `space` is empty for the default space."""

    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    space: str = ""

    def with_target(self, url: str | None, space: str | None) -> Self:
        """Returns a copy with this address and space, None: unchanged. Raises `Permanent` as loading does."""
        changed = self
        if url:
            address, user, secret = split_url("--url", url, DEFAULT_KIBANA, None)
            changed = replace(
                changed, url=address, username=user or self.username, password=secret or self.password
            )  # fmt: skip
        if space is not None:
            changed = replace(changed, space=parse_space("--space", space))
        return changed


def read_kibana(values: Mapping[str, str]) -> KibanaSettings:
    """Reads the settings. Raises `Permanent` with one sentence that names the variable with an invalid value."""
    url, user, secret = None, None, None
    if given := values.get("KIBANA_URL"):
        url, user, secret = split_url("KIBANA_URL", given, DEFAULT_KIBANA, None)
    username, password = values.get("KIBANA_USERNAME", user), values.get("KIBANA_PASSWORD", secret)
    if username and not password and not values.get("KIBANA_API_KEY"):
        raise Permanent("KIBANA_USERNAME is set and KIBANA_PASSWORD is not: set both, or KIBANA_API_KEY.")
    api_key = values.get("KIBANA_API_KEY", "").strip()
    if not re.fullmatch(r"[!-~]*", api_key):
        raise Permanent("KIBANA_API_KEY is not a valid key: set it in the encoded form that Elasticsearch shows.")
    return KibanaSettings(
        url=url,
        api_key=api_key or None,
        username=username,
        password=password,
        ca_file=read_file_path("KIBANA_CA_FILE", values),
        space=parse_space("KIBANA_SPACE", values.get("KIBANA_SPACE", "")),
    )


def parse_space(name: str, given: str) -> str:
    """Returns the identifier of a space, empty for the default space. Raises `Permanent` if it is invalid."""
    if not re.fullmatch(r"[a-z0-9_-]*", given):
        raise Permanent(
            f"{name} is {given!r}: it must be the identifier of a space, with the characters a-z, 0-9, _ and -."
        )
    return "" if given == "default" else given
