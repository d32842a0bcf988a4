"""Kibana's HTTP API, as far as we use it: its version, and the import and export of saved objects."""

import base64
import json
import secrets
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, Self

import urllib3

from dashboards.kibana.objects import OLDEST, PREFIX, SavedObject
from deploy.settings.kibana import DEFAULT_KIBANA, KibanaSettings
from schemas.errors import Permanent, Retryable

SECONDS: Final = 60.0
"""How long Kibana may take to answer: an import on a busy server takes some."""

Name = tuple[str, str]
"""Kind and id of a saved object."""


class Kibana:
    """One space of one Kibana. To be closed after use.

    Every call raises `Retryable` where Kibana does not answer or is not ready, and `Permanent` where it refuses, in a
    sentence that says what to do.
    """

    def __init__(self, settings: KibanaSettings) -> None:
        if not settings.url:
            raise Permanent(f"No Kibana is set: set KIBANA_URL, as {DEFAULT_KIBANA}, or give --url.")
        self.url = settings.url
        self.space = settings.space
        self._headers = {"kbn-xsrf": "newsclaims", **_authorization(settings)}
        self._pool = urllib3.PoolManager(
            ca_certs=settings.ca_file, timeout=urllib3.Timeout(total=SECONDS), retries=False
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ignored: object) -> None:
        self._pool.clear()

    def version(self) -> str:
        """Kibana's version, as 8.19.8. Raises `Permanent` where it is too old for what we import, or lacks the space.

        Kibana itself takes imports into a space that nobody made, where nobody would find them.
        """
        status = self._asked("/api/status")
        if self.space:
            self._asked(f"/api/spaces/space/{self.space}")
        found = str(status.get("version", {}).get("number", ""))
        if not found:
            raise Permanent(f"{self.url} does not tell its version: check KIBANA_URL, and that the user may see it.")
        if _numbers(found) < _numbers(OLDEST):
            raise Permanent(f"Kibana at {self.url} is {found}: searches and dashboard need {OLDEST} or newer.")
        return found

    def export_objects(self, names: Sequence[Name]) -> dict[Name, SavedObject]:
        """Those of the objects that are there, by the names that they were asked for."""
        status, body = self._post_json("/api/saved_objects/_export", _objects(names))
        if status != HTTPStatus.BAD_REQUEST or not (missing := _missing(body)):
            return {(each["type"], each["id"]): each for each in self._lines(status, body)}
        there = [name for name in names if name not in missing]
        return (self.export_objects(there) if there else {}) | self._copies(missing)

    def _copies(self, names: set[Name]) -> dict[Name, SavedObject]:
        """Objects that Kibana gave another id as it imported them, since another of its spaces has one with theirs."""
        kinds = sorted({kind for kind, _ in names})
        search = {"type": kinds, "search": f"{PREFIX.strip('-')}*", "excludeExportDetails": True}
        status, body = self._post_json("/api/saved_objects/_export", search)
        found = {(each["type"], each.get("originId", "")): each for each in self._lines(status, body)}
        return {name: each for name, each in found.items() if name in names}

    def _lines(self, status: int, body: bytes) -> list[SavedObject]:
        if status != HTTPStatus.OK:
            raise self._refusal(status, body)
        return [json.loads(line) for line in body.splitlines() if line.strip()]

    def import_objects(self, content: bytes) -> dict[str, Any]:
        """Imports objects, over those that have the same ids. Returns Kibana's report, which tells of each."""
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="newsclaims.ndjson"\r\n'
        body = f"{head}Content-Type: application/ndjson\r\n\r\n".encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        path = self._in_space("/api/saved_objects/_import?overwrite=true")
        status, answer = self._send("POST", path, body, kind)
        if status != HTTPStatus.OK:
            raise self._refusal(status, answer)
        return self._read(answer)

    def _post_json(self, path: str, content: Any) -> tuple[int, bytes]:
        return self._send("POST", self._in_space(path), json.dumps(content).encode(), "application/json")

    def _in_space(self, path: str) -> str:
        return f"{self.url}/s/{self.space}{path}" if self.space else self.url + path

    def _asked(self, path: str) -> dict[str, Any]:
        """What Kibana as a whole answers."""
        status, body = self._send("GET", self.url + path)
        if status != HTTPStatus.OK:
            raise self._refusal(status, body)
        return self._read(body)

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise Permanent(f"{self.url} is no Kibana, or something stands before it: its answer is no JSON.")
        return answer

    def _send(self, method: str, address: str, body: bytes = b"", kind: str | None = None) -> tuple[int, bytes]:
        headers = self._headers | ({"Content-Type": kind} if kind else {})
        try:
            answer = self._pool.request(method, address, body=body, headers=headers, redirect=False)
        except urllib3.exceptions.SSLError as error:
            raise Permanent(
                f"The certificate of Kibana at {self.url} is not trusted ({error}): set KIBANA_CA_FILE."
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise Retryable(f"Kibana does not answer at {self.url} ({_cause(error)}): check KIBANA_URL.") from error
        if 300 <= answer.status < 400:
            raise Permanent(
                f"{self.url} sends on to {answer.headers.get('Location')}: set KIBANA_URL to the last address."
            )
        return answer.status, answer.data

    def _refusal(self, status: int, body: bytes) -> Permanent | Retryable:
        where = f"space {self.space!r}" if self.space else "the default space"
        match status:
            case HTTPStatus.UNAUTHORIZED:
                return Permanent(
                    "Kibana does not take the credentials (401): set KIBANA_API_KEY, or KIBANA_USERNAME and "
                    "KIBANA_PASSWORD."
                )
            case HTTPStatus.FORBIDDEN:
                return Permanent(f"The user may not do that in {where} (403): it needs Saved Objects Management there.")
            case HTTPStatus.NOT_FOUND:
                return Permanent(f"Kibana at {self.url} has no {where} (404): check KIBANA_SPACE and KIBANA_URL.")
            case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.BAD_GATEWAY | HTTPStatus.SERVICE_UNAVAILABLE:
                return Retryable(f"Kibana at {self.url} is not ready ({status}): try again.")
        return Permanent(f"Kibana at {self.url} refuses ({status}): {_message(body)}")


def _authorization(settings: KibanaSettings) -> dict[str, str]:
    if settings.api_key:
        return {"Authorization": f"ApiKey {settings.api_key}"}
    if settings.username:
        basic = base64.b64encode(f"{settings.username}:{settings.password or ''}".encode()).decode()
        return {"Authorization": f"Basic {basic}"}
    return {}


def _objects(names: Iterable[Name]) -> dict[str, Any]:
    return {"objects": [{"type": kind, "id": id} for kind, id in names], "excludeExportDetails": True}


def _missing(body: bytes) -> set[Name]:
    """The objects that an export names as not found; it then exports none at all."""
    try:
        told = json.loads(body)["attributes"]["objects"]
        return {(each["type"], each["id"]) for each in told if each["error"]["statusCode"] == HTTPStatus.NOT_FOUND}
    except (ValueError, KeyError, TypeError):
        return set()


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return "it does not say why."


def _cause(error: Exception) -> str:
    return str(error).rpartition(": ")[2]  # before it stands which object raised it


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("-")[0].split("."))[:2]
