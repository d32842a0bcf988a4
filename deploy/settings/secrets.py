"""Settings that are secrets: each can be given as a file, and none is passed on to child processes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schemas.errors import Permanent

SECRETS: Final = {
    "KAFKA_SASL_PASSWORD": "the password of Kafka's user",
    "KAFKA_SSL_KEY_PASSWORD": "the password of the client's private key",
    "ELASTICSEARCH_API_KEY": "the API key for Elasticsearch",
    "ELASTICSEARCH_PASSWORD": "the password of Elasticsearch's user",
    "GRAFANA_TOKEN": "the token of Grafana's service account",
    "GRAFANA_PASSWORD": "the password of Grafana's user",
    "KIBANA_API_KEY": "the API key for Kibana",
    "KIBANA_PASSWORD": "the password of Kibana's user",
}
"""Each secret, and what it is."""

VARIABLES: Final = {f"{name}_FILE": f"File with {what}, instead of {name}" for name, what in SECRETS.items()}
"""The settings that name files, as containers and their schedulers provide secrets."""

URLS: Final = ("ELASTICSEARCH_URL", "GRAFANA_URL", "KIBANA_URL")
"""Settings that may contain a user and a password."""


def read_secrets(values: Mapping[str, str]) -> dict[str, str]:
    """Returns the values with each secret whose file is named. A line break at the end of a file is not part of it.

    Raises `Permanent` if a secret is given twice, or if its file cannot be read or is empty.
    """
    found = dict(values)
    for name in SECRETS:
        path = found.pop(f"{name}_FILE", None)
        if path is None:
            continue
        if name in found:
            raise Permanent(f"{name} and {name}_FILE are both set: set one of them.")
        try:
            text = Path(path).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not text in UTF-8"
            raise Permanent(f"{name}_FILE is {path}, which cannot be read ({why}): correct the path.") from None
        if not text:
            raise Permanent(f"{name}_FILE is {path}, which is empty: write the secret into it.")
        found[name] = text
    return found


def drop_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns an environment for a child process that needs no secrets, or gets them in another way."""
    return {name: value for name, value in environ.items() if name not in SECRETS and not _has_login(name, value)}


def _has_login(name: str, value: str) -> bool:
    return name in URLS and "@" in value
