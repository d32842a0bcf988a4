"""A fake Kibana that follows the documentation of the API, because the tests have no real one.

It checks credentials and the header against forged requests, knows spaces, and imports and exports saved objects: none
if an error could be resolved (conflicts, missing references), otherwise all except refused ones.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KINDS = {"index-pattern", "search", "lens", "dashboard", "visualization"}
SHARED = KINDS
"""Kinds whose ids are unique across spaces: an import into another space creates a copy with another id."""
RESOLVABLE = {"conflict", "ambiguous_conflict", "missing_references"}

Object = dict[str, Any]
Answer = tuple[int, Any]


class FakeKibana(ThreadingHTTPServer):
    """The state of the fake server: `spaces` holds objects by kind and id.

    `errors` are reported for objects instead of importing them; `answers` replace the response of a path.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeKibanaHandler)
        self.version = "8.19.8"
        self.authorization: set[str] = set()
        self.spaces: dict[str, dict[tuple[str, str], Object]] = {"": {}}
        self.errors: dict[tuple[str, str], Object] = {}
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def import_(self, space: str, objects: list[Object], overwrite: bool) -> Object:
        """Imports objects and reports like `POST /api/saved_objects/_import`."""
        store, given = self.spaces[space], {(each["type"], each["id"]) for each in objects}
        errors = [self.failure(each, error) for each in objects if (error := self.error(each, store, given, overwrite))]
        stopped = any(each["error"]["type"] in RESOLVABLE for each in errors)
        failed = {(each["type"], each["id"]) for each in errors}
        results = []
        for each in objects:
            if (each["type"], each["id"]) in failed:
                continue
            result = {"type": each["type"], "id": each["id"], "meta": {"title": each["attributes"].get("title")}}
            target = self.target(space, each)
            result |= {"destinationId": target} if target != each["id"] else {}
            result |= {"overwrite": True} if (each["type"], target) in store else {}
            results.append(result)
            if not stopped:
                store[each["type"], target] = self.stored(each, target)
        report = {"success": not errors, "successCount": len(results), "successResults": results}
        return report | ({"errors": errors} if errors else {})

    def failure(self, each: Object, error: Object) -> Object:
        return {"type": each["type"], "id": each["id"], "title": each["attributes"].get("title"), "error": error}

    def error(self, each: Object, store: Any, given: set[tuple[str, str]], overwrite: bool) -> Object | None:
        name = (each["type"], each["id"])
        if name in self.errors:
            return self.errors[name]
        if each["type"] not in KINDS:
            return {"type": "unsupported_type"}
        if name in store and not overwrite:
            return {"type": "conflict"}
        references = [{"type": one["type"], "id": one["id"]} for one in each["references"]]
        missing = [one for one in references if (one["type"], one["id"]) not in store.keys() | given]
        return {"type": "missing_references", "references": missing} if missing else None

    def target(self, space: str, each: Object) -> str:
        """Returns the object's id, or that of its copy if another space has the object."""
        name = (each["type"], each["id"])
        for (kind, id), there in self.spaces[space].items():
            if kind == each["type"] and there.get("originId") == each["id"]:
                return id
        elsewhere = any(name in store for other, store in self.spaces.items() if other != space)
        return f"copy-of-{each['id']}" if elsewhere else each["id"]

    def stored(self, each: Object, id: str) -> Object:
        """Returns the object with the fields that Kibana adds."""
        added = {"updated_at": "2026-11-26T12:00:00.000Z", "version": "WzEsMV0=", "typeMigrationVersion": "10.1.0"}
        origin = {"originId": each["id"]} if id != each["id"] else {}
        attributes = {**each["attributes"], "hits": 0}
        return {**each, **added, **origin, "id": id, "attributes": attributes}

    def export(self, space: str, body: Object) -> Answer:
        """Exports like `POST /api/saved_objects/_export`: nothing if one object is missing."""
        store = self.spaces[space]
        if "type" in body:
            prefix = body["search"].strip("*")
            titles = {
                name: f"{each['attributes'].get('name', '')} {each['attributes']['title']}"
                for name, each in store.items()
            }
            found = [each for name, each in store.items() if name[0] in body["type"] and prefix in titles[name]]
            return 200, found
        names = [(each["type"], each["id"]) for each in body["objects"]]
        if missing := [name for name in names if name not in store]:
            errors = [
                {"type": kind, "id": id, "error": {"statusCode": 404, "error": "Not Found",
                                                   "message": f"Saved object [{kind}/{id}] not found"}}
                for kind, id in missing
            ]  # fmt: skip
            return 400, refusal(400, "Error fetching objects to export") | {"attributes": {"objects": errors}}
        return 200, [store[name] for name in names]


class FakeKibanaHandler(BaseHTTPRequestHandler):
    """One request."""

    server: FakeKibana
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body: bytes) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        status, content = self.server.answers.get(urlsplit(self.path).path) or self.route(body)
        if isinstance(content, list):
            data = "\n".join(json.dumps(each) for each in content).encode()
        else:
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(data)))
        if status in (301, 302):
            self.send_header("Location", "https://kibana.example/login")
        self.end_headers()
        self.wfile.write(data)

    def route(self, body: bytes) -> Answer:
        """Checks the request, and passes it on by method and path."""
        if self.server.authorization and self.headers["Authorization"] not in self.server.authorization:
            return 401, refusal(401, "missing authentication credentials")
        if self.command == "POST" and not self.headers["kbn-xsrf"]:
            return 400, refusal(400, "Request must contain a kbn-xsrf header.")
        parts = urlsplit(self.path)
        space, path = ("", parts.path)
        if path.startswith("/s/"):
            _, _, space, rest = path.split("/", 3)
            path = f"/{rest}"
        answer: Answer = (404, refusal(404, "Not Found"))
        match self.command, path:
            case "GET", "/api/status":
                answer = 200, {"name": "kibana", "version": {"number": self.server.version}}
            case "GET", _ if path.removeprefix("/api/spaces/space/") in self.server.spaces:
                answer = 200, {"id": path.removeprefix("/api/spaces/space/")}
            case "POST", "/api/saved_objects/_export":
                answer = self.server.export(space, json.loads(body))
            case "POST", "/api/saved_objects/_import":
                answer = self.read_import(space, body, "true" in parse_qs(parts.query).get("overwrite", []))
        return answer

    def read_import(self, space: str, body: bytes, overwrite: bool) -> Answer:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        (file,) = BytesParser().parsebytes(head + body).get_payload()
        if not str(file.get_filename()).endswith(".ndjson"):
            return 400, refusal(400, "Invalid file extension")
        lines = file.get_payload(decode=True).decode().splitlines()
        return 200, self.server.import_(space, [json.loads(line) for line in lines], overwrite)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the output of tests clean."""


def refusal(status: int, message: str) -> Object:
    """Returns an error in Kibana's form."""
    return {"statusCode": status, "error": "Error", "message": message}


@contextmanager
def running() -> Iterator[FakeKibana]:
    """Runs a fake Kibana until the end of the block."""
    server = FakeKibana()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
