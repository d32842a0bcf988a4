"""A client of Grafana's API, built on grafana-api, that turns every failure into one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests
from grafana_api.grafana_api import GrafanaClientError, GrafanaException, GrafanaServerError, GrafanaUnauthorizedError
from grafana_api.grafana_face import GrafanaFace

from deploy.settings.grafana import GrafanaSettings
from schemas.errors import NewsclaimsError, Permanent, Retryable

TIMEOUT: Final = 30.0
"""Seconds to wait for a response."""
ROLES: Final = "boards need the role Editor, data sources and alert rules the role Admin"


class GrafanaRefusal(NewsclaimsError):
    """Grafana refused one object, for a reason that it states; it may accept others.

    `status` is the HTTP status of the response, `kind` Grafana's name for the reason, such as `version-mismatch`; it is
    often empty.
    """

    def __init__(self, message: str, status: int, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind


class GrafanaServer:
    """A Grafana server, used as a context manager.

    Every method raises `Retryable` if it does not respond, `Permanent` if it refuses every request, and
    `GrafanaRefusal` if it refuses this one.
    """

    def __init__(self, settings: GrafanaSettings) -> None:
        self.settings = settings
        self.url = settings.url
        if not settings.token and not settings.username:
            raise Permanent("No credentials for Grafana: set GRAFANA_TOKEN, or GRAFANA_USERNAME and GRAFANA_PASSWORD.")
        parts = urlsplit(settings.url)
        self.face = GrafanaFace(
            auth=settings.token or (settings.username, settings.password or ""),
            host=parts.netloc,
            protocol=parts.scheme,
            url_path_prefix=f"{parts.path.strip('/')}/" if parts.path.strip("/") else "",
            verify=settings.ca_file or True,
            timeout=TIMEOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.face.api.s.close()

    def check(self) -> None:
        """Raises `Permanent` if the server at this address is not Grafana."""
        try:
            health = self.get("/health")
        except GrafanaRefusal:
            health = None
        if not isinstance(health, dict) or "database" not in health:
            raise Permanent(f"{self.url} does not look like Grafana: is a path missing in GRAFANA_URL?")

    def get(self, path: str) -> Any:
        """Returns the object at a path of the API, or None if there is none."""
        with self.translate_errors():
            try:
                return self.face.api.GET(path)
            except GrafanaClientError as error:
                if error.status_code == 404:
                    return None
                raise
            except GrafanaServerError as error:
                # Grafana 9 responds like this for an alert rule that does not exist.
                if "could not find alert rule" in str(error):
                    return None
                raise

    def send(self, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """Sends a body by POST or PUT."""
        with self.translate_errors():
            try:
                return getattr(self.face.api, method)(path, json=body, headers=headers)
            except GrafanaServerError as error:
                if error.status_code == 500:
                    # Grafana also answers 500 if it does not accept the body.
                    raise GrafanaRefusal(error_message(error), 500) from error
                raise

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        """Turns the errors of a request into ours."""
        try:
            yield
        except GrafanaUnauthorizedError as error:
            which = "token" if self.settings.token else "user or password"
            raise Permanent(f"Grafana at {self.url} rejected the {which}: check the settings GRAFANA_*.") from error
        except GrafanaClientError as error:
            if error.status_code == 403:
                raise GrafanaRefusal(f"this user lacks the permission ({ROLES})", 403) from error
            kind = error.response.get("status", "") if isinstance(error.response, dict) else ""
            raise GrafanaRefusal(error_message(error), error.status_code, str(kind)) from error
        except GrafanaException as error:
            raise Retryable(f"Grafana at {self.url} failed: {error_message(error)}.") from error
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise Permanent(f"The certificate of {self.url} is not trusted: set GRAFANA_CA_FILE.") from error
            raise Permanent(f"The TLS handshake with {self.url} failed: should GRAFANA_URL be http://?") from error
        except (requests.exceptions.JSONDecodeError, TypeError) as error:
            # A page that is not JSON but contains the word "message" makes grafana-api raise a TypeError.
            raise Permanent(f"{self.url} does not look like Grafana: the response is not JSON.") from error
        except requests.exceptions.RequestException as error:
            raise Retryable(f"Grafana at {self.url} does not respond: start it, or set GRAFANA_URL.") from error


def error_message(error: GrafanaException) -> str:
    """Returns Grafana's own message in one line."""
    message = error.response.get("message") if isinstance(error.response, dict) else error.response
    return " ".join(str(message or error).split())[:300].rstrip(".")
