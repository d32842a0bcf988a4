"""Grafana's API through grafana-api, and what can go wrong with it as one sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import GrafanaClientError, GrafanaException, GrafanaServerError, GrafanaUnauthorizedError
from grafana_api.grafana_face import GrafanaFace

from deploy.settings.grafana import GrafanaSettings
from schemas.errors import NewsclaimsError, Permanent, Retryable

TIMEOUT: Final = 30.0
"""Seconds for an answer."""
ROLES: Final = "boards need the role Editor, data sources and alert rules Admin"


class Refused(NewsclaimsError):
    """Grafana takes one thing not, for a reason in its words; others may be taken. `status` is that of its answer."""

    def __init__(self, message: str, status: int, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        """Grafana's word for it, such as `version-mismatch`; often empty."""


class Server:
    """A Grafana, to be used as a context manager.

    Each method raises `Retryable` where it does not answer, `Permanent` where it lets us do nothing, and `Refused`.
    """

    def __init__(self, settings: GrafanaSettings) -> None:
        self.settings = settings
        self.url = settings.url
        if not settings.token and not settings.username:
            raise Permanent(
                "Grafana wants to know who you are: set GRAFANA_TOKEN, or GRAFANA_USERNAME and its password."
            )
        parts = urlsplit(settings.url)
        self.face = GrafanaFace(
            auth=settings.token or (settings.username, settings.password or ""),
            host=parts.netloc,
            protocol=parts.scheme,
            url_path_prefix=f"{parts.path.strip('/')}/" if parts.path.strip("/") else "",
            verify=settings.ca_file or True,
            timeout=TIMEOUT,
        )

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.face.api.s.close()

    def check(self) -> None:
        """Raises `Permanent` where the address is that of something else."""
        try:
            found = self.find("/health")
        except Refused:
            found = None
        if not isinstance(found, dict) or "database" not in found:
            raise Permanent(f"{self.url} is no Grafana: is its path missing in GRAFANA_URL?")

    def find(self, path: str) -> Any:
        """What is at a path of the API; None where Grafana knows nothing there."""
        with self.answering():
            try:
                return self.face.api.GET(path)
            except GrafanaClientError as error:
                if error.status_code == 404:
                    return None
                raise
            except GrafanaServerError as error:
                # 9.x answers so for an alert rule that it does not have.
                if "could not find alert rule" in str(error):
                    return None
                raise

    def send(self, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """Sends something, by POST or PUT. Raises `Refused` where Grafana does not take it."""
        with self.answering():
            try:
                return getattr(self.face.api, method)(path, json=body, headers=headers)
            except GrafanaServerError as error:
                if error.status_code == 500:
                    # So Grafana says, too, that it does not like what it is sent.
                    raise Refused(words(error), 500) from error
                raise

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around a request: turns what goes wrong into our errors."""
        try:
            yield
        except GrafanaUnauthorizedError as error:
            who = "token" if self.settings.token else "user or password"
            raise Permanent(f"Grafana at {self.url} does not take this {who}: check the settings GRAFANA_*.") from error
        except GrafanaClientError as error:
            if error.status_code == 403:
                raise Refused(f"this user may not do it ({ROLES})", 403) from error
            kind = error.response.get("status", "") if isinstance(error.response, dict) else ""
            raise Refused(words(error), error.status_code, str(kind)) from error
        except GrafanaException as error:
            raise Retryable(f"Grafana at {self.url} fails: {words(error)}.") from error
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise Permanent(f"The certificate of {self.url} is not trusted: set GRAFANA_CA_FILE.") from error
            raise Permanent(f"{self.url} does not speak TLS as we do: is it http:// in GRAFANA_URL?") from error
        except (requests.exceptions.JSONDecodeError, TypeError) as error:
            # A page that is no JSON, but has the word "message" in it, breaks grafana-api with a TypeError.
            raise Permanent(f"{self.url} is no Grafana: it answers with something else than JSON.") from error
        except requests.exceptions.RequestException as error:
            raise Retryable(f"Grafana does not answer at {self.url}: start it, or set GRAFANA_URL.") from error


def words(error: GrafanaException) -> str:
    """What Grafana says, in one line."""
    said = error.response.get("message") if isinstance(error.response, dict) else error.response
    return " ".join(str(said or error).split())[:300].rstrip(".")
