"""A client of Kibana's HTTP API: its version, and the import and export of saved objects."""

import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, Self

import urllib3
from elastic_transport.client_utils import basic_auth_to_header
from packaging.version import InvalidVersion, Version

from dashboards.kibana.objects import OLDEST, PREFIX, SavedObject
from deploy.settings.kibana import DEFAULT_KIBANA, KibanaSettings
from schemas.errors import Permanent, Retryable

TIMEOUT: Final = 60.0
"""Seconds to wait for a response: an import on a busy server takes long."""
FILE_NAME: Final = "newsclaims.ndjson"

Name = tuple[str, str]
"""Kind and id of a saved object."""


class Kibana:
    """One space of one Kibana server, used as a context manager.

    Every method raises `Retryable` if Kibana does not respond or is not ready, and `Permanent` if it refuses, with a
    sentence that says what to do.
    """

    def __init__(self, settings: KibanaSettings) -> None:
        if not settings.url:
            raise Permanent(f"Kibana's address is unknown: set KIBANA_URL (such as {DEFAULT_KIBANA}), or use --url.")
        self.url = settings.url
        self.space = settings.space
        self._headers = {"kbn-xsrf": "newsclaims", **_build_authorization(settings)}
        timeout = urllib3.Timeout(total=TIMEOUT)
        self._pool = urllib3.PoolManager(ca_certs=settings.ca_file, timeout=timeout, retries=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    def version(self) -> str:
        """Returns Kibana's version, such as 8.19.8.

        Raises `Permanent` if it is too old for our objects, or if the space does not exist: Kibana would import objects
        into a space that does not exist, where nobody finds them.
        """
        status = self._get("/api/status")
        if self.space:
            self._get(f"/api/spaces/space/{self.space}")
        found = str(status.get("version", {}).get("number", ""))
        if not found:
            raise Permanent(
                f"{self.url} does not report its version: check KIBANA_URL, and that the user may see the version."
            )
        try:
            is_too_old = Version(found.partition("-")[0]) < Version(OLDEST)  # the suffix is such as -SNAPSHOT
        except InvalidVersion as error:
            raise Permanent(f"Kibana at {self.url} reports the version {found!r}, which cannot be read.") from error
        if is_too_old:
            raise Permanent(f"Kibana at {self.url} is {found}: searches and dashboard need {OLDEST} or newer.")
        return found

    def export_objects(self, names: Sequence[Name]) -> dict[Name, SavedObject]:
        """Returns those of the objects that exist, by the names in `names`."""
        status, body = self._post_json("/api/saved_objects/_export", _list_objects(names))
        if status != HTTPStatus.BAD_REQUEST or not (missing := _find_missing(body)):
            return {(each["type"], each["id"]): each for each in self._read_lines(status, body)}
        existing = [name for name in names if name not in missing]
        return (self.export_objects(existing) if existing else {}) | self._export_copies(missing)

    def _export_copies(self, names: set[Name]) -> dict[Name, SavedObject]:
        """Returns objects that got another id on import, because an object of another space has theirs."""
        kinds = sorted({kind for kind, _ in names})
        search = {"type": kinds, "search": f"{PREFIX.strip('-')}*", "excludeExportDetails": True}
        status, body = self._post_json("/api/saved_objects/_export", search)
        found = {(each["type"], each.get("originId", "")): each for each in self._read_lines(status, body)}
        return {name: each for name, each in found.items() if name in names}

    def _read_lines(self, status: int, body: bytes) -> list[SavedObject]:
        if status != HTTPStatus.OK:
            raise self._build_error(status, body)
        return [json.loads(line) for line in body.splitlines() if line.strip()]

    def import_objects(self, content: bytes) -> dict[str, Any]:
        """Imports objects over those with the same ids. Returns Kibana's report, which covers each object."""
        address = self._in_space("/api/saved_objects/_import?overwrite=true")
        status, body = self._send("POST", address, fields={"file": (FILE_NAME, content, "application/ndjson")})
        if status != HTTPStatus.OK:
            raise self._build_error(status, body)
        return self._read(body)

    def _post_json(self, path: str, content: Any) -> tuple[int, bytes]:
        return self._send("POST", self._in_space(path), json=content)

    def _in_space(self, path: str) -> str:
        return f"{self.url}/s/{self.space}{path}" if self.space else self.url + path

    def _get(self, path: str) -> dict[str, Any]:
        """Sends a request that does not depend on the space."""
        status, body = self._send("GET", self.url + path)
        if status != HTTPStatus.OK:
            raise self._build_error(status, body)
        return self._read(body)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            content = json.loads(body)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise Permanent(
                f"{self.url} does not look like Kibana (the response is not JSON); is a proxy in front of it?"
            )
        return content

    def _send(self, method: str, address: str, **content: Any) -> tuple[int, bytes]:
        """Sends a request with `json` or multipart `fields` as its content. Returns status and body."""
        try:
            response = self._pool.request(method, address, headers=dict(self._headers), redirect=False, **content)
        except urllib3.exceptions.SSLError as error:
            raise Permanent(
                f"The certificate of Kibana at {self.url} is not trusted ({error}): set KIBANA_CA_FILE."
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise Retryable(f"Kibana at {self.url} does not respond ({_cause(error)}): check KIBANA_URL.") from error
        if 300 <= response.status < 400:
            target = response.headers.get("Location")
            raise Permanent(f"{self.url} redirects to {target}: set KIBANA_URL to the final address.")
        return response.status, response.data

    def _build_error(self, status: int, body: bytes) -> Permanent | Retryable:
        where = f"space {self.space!r}" if self.space else "the default space"
        match status:
            case HTTPStatus.UNAUTHORIZED:
                return Permanent(
                    "Kibana rejected the credentials (401): set KIBANA_API_KEY, or KIBANA_USERNAME and KIBANA_PASSWORD."
                )
            case HTTPStatus.FORBIDDEN:
                return Permanent(
                    f"The user lacks the permission in {where} (403): it needs Saved Objects Management there."
                )
            case HTTPStatus.NOT_FOUND:
                return Permanent(f"Kibana at {self.url} has no {where} (404): check KIBANA_SPACE and KIBANA_URL.")
            case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.BAD_GATEWAY | HTTPStatus.SERVICE_UNAVAILABLE:
                return Retryable(f"Kibana at {self.url} is not ready ({status}): try again.")
        return Permanent(f"Kibana at {self.url} refused the request ({status}): {_read_message(body)}")


def _build_authorization(settings: KibanaSettings) -> dict[str, str]:
    if settings.api_key:
        return {"Authorization": f"ApiKey {settings.api_key}"}
    if settings.username:
        # Kibana reads credentials as UTF-8; urllib3's `make_headers` would encode them as Latin-1.
        return {"Authorization": basic_auth_to_header((settings.username, settings.password or ""))}
    return {}


def _list_objects(names: Iterable[Name]) -> dict[str, Any]:
    return {"objects": [{"type": kind, "id": id} for kind, id in names], "excludeExportDetails": True}


def _find_missing(body: bytes) -> set[Name]:
    """Returns the objects that a failed export reports as not found; Kibana then exports none."""
    try:
        reported = json.loads(body)["attributes"]["objects"]
        return {(each["type"], each["id"]) for each in reported if each["error"]["statusCode"] == HTTPStatus.NOT_FOUND}
    except (ValueError, KeyError, TypeError):
        return set()


def _read_message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return "it gives no reason."


def _cause(error: Exception) -> str:
    return str(error).rpartition(": ")[2]  # the text before it is the object that raised the error
