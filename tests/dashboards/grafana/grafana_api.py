"""A small HTTP server that answers as Grafana's API does where a push uses it.

Statuses, messages and what is kept or changed of what it is sent were seen on Grafana 9.4: dashboards with a history,
folders, data sources by uid with versions, alert rules with a provenance.
"""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

Answer = tuple[int, Any]
FORBIDDEN: Answer = (403, {"message": "You'll need additional permissions to perform this action."})


class Grafana(ThreadingHTTPServer):
    """The server with what it holds. `users` are names with passwords and roles, `tokens` tokens with roles."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeGrafanaHandler)
        self.users = {"admin": ("admin", "Admin"), "editor": ("pass", "Editor"), "viewer": ("pass", "Viewer")}
        self.tokens = {"glsa_good": "Admin"}
        self.folders: dict[str, str] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, dict[str, str]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.history: dict[str, list[dict[str, Any]]] = {}
        self.rules: dict[str, dict[str, Any]] = {}
        self.has_alerting = True
        self.before_saving: list[Any] = []
        """What happens just before the next board is saved: somebody is faster."""
        self.writes: list[str] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def role(self, authorization: str) -> str | None:
        """Returns the role of a user, or None if the credentials are unknown."""
        for name, (password, role) in self.users.items():
            if authorization == "Basic " + b64encode(f"{name}:{password}".encode()).decode():
                return role
        return self.tokens.get(authorization.removeprefix("Bearer "))

    def edit(self, uid: str, who: str = "jane", **changes: Any) -> None:
        """Somebody changes a board in the browser."""
        self.keep(self.boards[uid]["dashboard"] | changes, self.boards[uid]["meta"]["folderUid"], who, "")

    def keep(self, board: dict[str, Any], folder: str, who: str, message: str) -> dict[str, Any]:
        """Stores a board as its next version."""
        known = self.history.setdefault(board["uid"], [])
        version = known[0]["version"] + 1 if known else 1
        meta = {
            "folderUid": folder,
            "folderTitle": self.folders.get(folder, "General"),
            "provisioned": False,
            "updated": "2026-11-26T13:12:00Z",
            "updatedBy": who,
        }
        stored = board | {"id": len(self.history), "version": version}
        self.boards[board["uid"]] = {"dashboard": json.loads(json.dumps(stored)), "meta": meta}
        shown = message if known else "Initial save"
        known.insert(0, {"version": version, "createdBy": 1, "message": shown})
        return {"id": stored["id"], "uid": board["uid"], "version": version, "status": "success"}


class FakeGrafanaHandler(BaseHTTPRequestHandler):
    """One request."""

    server: Grafana
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    needed: ClassVar[dict[str, str]] = {"dashboards": "Editor", "folders": "Editor"}

    def log_message(self, format: str, *values: Any) -> None:
        """Writes no log."""

    def do_GET(self) -> None:
        self.answer(self.get, None)

    def do_POST(self) -> None:
        self.answer(self.post, self.body())

    def do_PUT(self) -> None:
        self.answer(self.put, self.body())

    def body(self) -> Any:
        """Returns the body of the request."""
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, method: Any, body: Any) -> None:
        """Answers by `method`, if the user is allowed to call it."""
        role = self.server.role(self.headers.get("Authorization", ""))
        parts = [part for part in urlsplit(self.path).path.split("/") if part]
        if parts[:1] != ["api"]:
            status, found = 404, {"message": "Not found"}
        elif role is None:
            status, found = 401, {"message": "invalid username or password"}
        else:
            status, found = self.allowed(role, method, parts[1:], body)
        encoded = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def allowed(self, role: str, method: Any, parts: list[str], body: Any) -> Answer:
        """Returns the answer for this role."""
        is_admins = parts[0] == "v1" or (parts[0] == "datasources" and body is not None)
        if (is_admins and role != "Admin") or (body is not None and role == "Viewer"):
            return FORBIDDEN
        if parts[-1] == "versions" and role == "Viewer":
            return FORBIDDEN
        if body is not None:
            self.server.writes.append("/".join(parts))
        answer: Answer = method(parts, body) if body is not None else method(parts)
        return answer

    def get(self, parts: list[str]) -> Answer:
        """Returns the object at a path."""
        grafana, found = self.server, None
        match parts:
            case ["health"]:
                found = {"commit": "8f3e923", "database": "ok", "version": "9.4.0"}
            case ["folders"]:
                found = [{"uid": uid, "title": title} for uid, title in grafana.folders.items()]
            case ["folders", uid] if uid in grafana.folders:
                found = {"uid": uid, "title": grafana.folders[uid]}
            case ["datasources", "uid", uid] if uid in grafana.sources:
                fields = dict.fromkeys(grafana.secrets[uid], True)
                found = grafana.sources[uid] | {"secureJsonFields": fields}
            case ["dashboards", "uid", uid] if uid in grafana.boards:
                found = grafana.boards[uid]
            case ["dashboards", "uid", uid, "versions"] if uid in grafana.boards:
                found = grafana.history[uid][:1]
            case ["v1", "provisioning", *rest] if grafana.has_alerting:
                return self.get_provisioned(rest)
        return (404, {"message": "Not found"}) if found is None else (200, found)

    def get_provisioned(self, parts: list[str]) -> Answer:
        """Returns the object at a path of the provisioning API. Grafana 9 answers 500 for a missing rule."""
        match parts:
            case ["contact-points"]:
                return 200, []
            case ["alert-rules", uid] if uid in self.server.rules:
                return 200, self.server.rules[uid]
            case ["alert-rules", _]:
                return 500, {"message": "could not find alert rule", "traceID": ""}
        return 404, {"message": "Not found"}

    def post(self, parts: list[str], body: Any) -> Answer:
        """Creates an object."""
        grafana = self.server
        match parts:
            case ["folders"]:
                uid = body["uid"] or "made-up"
                grafana.folders[uid] = body["title"]
                return 200, {"uid": uid, "title": body["title"]}
            case ["datasources"]:
                if any(each["name"] == body["name"] for each in grafana.sources.values()):
                    return 409, {"message": "data source with the same name already exists"}
                self.store_source(body, 1)
                return 200, {"message": "Datasource added"}
            case ["dashboards", "db"]:
                return self.save_board(body)
            case ["v1", "provisioning", "alert-rules"]:
                return self.store_rule(body, 201)
        return 404, {"message": "Not found"}

    def put(self, parts: list[str], body: Any) -> Answer:
        """Updates an object."""
        match parts:
            case ["datasources", "uid", uid]:
                known = self.server.sources[uid]
                if body["version"] < known["version"]:
                    return 409, {"message": "Datasource has already been updated by someone else."}
                self.store_source(body, known["version"] + 1)
                return 200, {"message": "Datasource updated"}
            case ["v1", "provisioning", "alert-rules", uid]:
                was, will = self.server.rules[uid].get("provenance", ""), self.provenance()
                if was and was != will:
                    return 500, {"message": f"cannot changed provenance from '{was}' to '{will}'", "traceID": ""}
                return self.store_rule(body, 200)
        return 404, {"message": "Not found"}

    def store_source(self, body: Any, version: int) -> None:
        """Keeps a data source; its secrets are never shown again."""
        known = {"id": 1, "orgId": 1, "readOnly": False, "isDefault": False, "user": "", "withCredentials": False}
        self.server.secrets.setdefault(body["uid"], {}).update(body.get("secureJsonData", {}))
        known |= self.server.sources.get(body["uid"], {})
        # Empty texts change nothing: the server's database layer takes them for not given.
        plain = {key: value for key, value in body.items() if not key.startswith("secureJson") and value != ""}
        self.server.sources[body["uid"]] = known | plain | {"version": version}

    def save_board(self, body: Any) -> Answer:
        """Keeps a board, unless somebody was faster or another has its title."""
        grafana, board = self.server, body["dashboard"]
        while grafana.before_saving:
            grafana.before_saving.pop()()
        there = grafana.boards.get(board["uid"])
        if there and there["meta"]["provisioned"]:
            return 400, {"message": "Cannot save provisioned dashboard"}
        if there and not body["overwrite"] and there["dashboard"]["version"] != board["version"]:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        for uid, other in grafana.boards.items():
            same = (other["dashboard"]["title"], other["meta"]["folderUid"]) == (board["title"], body["folderUid"])
            if same and uid != board["uid"]:
                words = "A dashboard with the same name in the folder already exists"
                return 412, {"message": words, "status": "name-exists"}
        return 200, grafana.keep(board, body["folderUid"], "admin", body["message"])

    def store_rule(self, body: Any, status: int) -> Answer:
        """Keeps a rule, as Go writes its numbers: 5.0 as 5."""
        stored = whole(body) | {"id": 1, "updated": "2026-11-26T13:12:00Z"}
        if provenance := self.provenance():
            stored["provenance"] = provenance
        self.server.rules[body["uid"]] = stored
        return status, stored

    def provenance(self) -> str:
        """Who may change a rule from now on: anybody, or only the API."""
        return "" if "X-Disable-Provenance" in self.headers else "api"


def whole(value: Any) -> Any:
    """The value as Go's JSON has it."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@contextmanager
def running() -> Iterator[Grafana]:
    """The server, while it is used."""
    server = Grafana()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
