"""The part of Elasticsearch that the sink uses: `_bulk` and `_mget` with external versions, and `_msearch` by ids.

It is in memory, and behind HTTP. Every document is found at once, as if a refresh came after each write.

What goes wrong is scripted: `faults` answers whole requests, `item_faults` single items, by id or by index and id, each
used once, in order.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Stored:
    """A document, or the tombstone of one, with its version."""

    version: int
    source: dict[str, Any] | None


@dataclass(frozen=True)
class Fault:
    """The answer to a whole request; status 0 hangs up without one."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def error(status: int, kind: str, reason: str = "because", cause: Any = None) -> dict[str, Any]:
    """An item's error."""
    said = {"type": kind, "reason": reason} | ({"caused_by": cause} if cause else {})
    return {"status": status, "error": said}


class Died(Exception):
    """The process was killed here."""


@dataclass
class MemoryElasticsearch:
    """The server's state. `requests` are the paths and bodies received; `dies_before` kills at the nth request."""

    documents: dict[tuple[str, str], Stored] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    item_faults: dict[str, deque[dict[str, Any]]] = field(default_factory=dict)
    read_faults: deque[dict[str, Any]] = field(default_factory=deque)
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    longest: int | None = None
    dies_before: int | None = None

    def answer(self, path: str, body: bytes) -> tuple[int, Any, Mapping[str, str]]:
        """Answers one request: status, body, headers."""
        if self.dies_before is not None:
            if self.dies_before == 0:
                raise Died
            self.dies_before -= 1
        self.requests.append((path, body))
        if self.faults:
            fault = self.faults.popleft()
            return fault.status, fault.body, fault.headers
        if self.longest is not None and len(body) > self.longest:
            return 413, None, {}
        if path == "/_bulk":
            items = list(self.bulk(body))
            return 200, {"errors": any("error" in each for item in items for each in item.values()), "items": items}, {}
        if path == "/_msearch":
            lines = [json.loads(line) for line in body.splitlines()]
            return 200, {"responses": [self.find(*pair) for pair in zip(lines[::2], lines[1::2], strict=True)]}, {}
        asked = json.loads(body)
        wanted = asked.get("docs") or [{"_index": path.split("/")[1], "_id": id} for id in asked["ids"]]
        return 200, {"docs": [self.get(each["_index"], each["_id"]) for each in wanted]}, {}

    def bulk(self, body: bytes) -> Iterator[dict[str, Any]]:
        """Carries out each action."""
        lines = iter(body.split(b"\n"))
        for line in lines:
            if not line:
                continue
            [(kind, meta)] = json.loads(line).items()
            source = json.loads(next(lines)) if kind == "index" else None
            yield {kind: self.act(kind, meta, source)}

    def act(self, kind: str, meta: dict[str, Any], source: Any) -> dict[str, Any]:
        """Carries out one action under `external_gte`, or answers with its next scripted fault."""
        if faults := self.item_faults.get(meta["_id"]) or self.item_faults.get(f"{meta['_index']}/{meta['_id']}"):
            return faults.popleft()
        key = (meta["_index"], meta["_id"])
        there = self.documents.get(key)
        version = meta.get("version", (there.version if there else 0) + 1)
        if there and version < there.version:
            return error(409, "version_conflict_engine_exception")
        self.documents[key] = Stored(version, source)
        if kind == "delete":
            found = there is not None and there.source is not None
            return {"status": 200 if found else 404, "result": "deleted" if found else "not_found"}
        return {"status": 200 if there else 201, "result": "updated" if there else "created"}

    def find(self, header: dict[str, Any], search: dict[str, Any]) -> dict[str, Any]:
        """The response to one search by ids in one index that must exist."""
        [index] = header["index"]
        assert not header["ignore_unavailable"]
        assert not header["allow_partial_search_results"]
        found = [self.get(index, id) for id in search["query"]["ids"]["values"]]
        if failed := next((each["error"] for each in found if "error" in each), None):
            return {"status": 404, "error": failed}
        return {"status": 200, "hits": {"hits": [each for each in found if each["found"]][: search["size"]]}}

    def get(self, index: str, id: str) -> dict[str, Any]:
        """One document of a realtime read."""
        if self.read_faults:
            return {"_index": index, "_id": id, "error": self.read_faults.popleft()["error"]}
        if index in self.missing:
            return {
                "_index": index,
                "_id": id,
                "error": {"type": "index_not_found_exception", "reason": "no such index"},
            }
        there = self.documents.get((index, id))
        if there is None or there.source is None:
            return {"_index": index, "_id": id, "found": False}
        return {"_index": index, "_id": id, "found": True, "_source": there.source}

    def ids(self, family: str) -> set[str]:
        """Ids of the documents in the indices of a family."""
        return {
            id for (index, id), there in self.documents.items() if index.startswith(f"{family}-g1") and there.source
        }

    def source(self, family: str, id: str) -> dict[str, Any]:
        """The one document of this id in a family."""
        [found] = [
            there.source
            for (index, key), there in self.documents.items()
            if index.startswith(f"{family}-g1") and key == id and there.source
        ]
        return found


@dataclass
class MemoryClient:
    """The part of the official client that the sink uses, without HTTP: for properties with many examples."""

    server: MemoryElasticsearch

    def options(self, **_: Any) -> "MemoryClient":
        return self

    def perform_request(self, _method: str, path: str, *, body: bytes, **_: Any) -> Any:
        @dataclass
        class Response:
            body: Any

        status, answer, _headers = self.server.answer(path, body)
        assert status == 200
        return Response(answer)


@contextmanager
def serving(memory: MemoryElasticsearch) -> Iterator[str]:
    """Serves the memory over HTTP; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, answer, headers = memory.answer(self.path.split("?")[0], body)
            if status == 0:
                self.close_connection = True
                return
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {
                "content-type": "application/vnd.elasticsearch+json;compatible-with=8",
                "x-elastic-product": "Elasticsearch",
                "content-length": str(len(data)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
