"""An HTTP proxy in front of a real Elasticsearch that injects faults: what servers, networks and load balancers do."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "host"}


@dataclass(frozen=True)
class Reply:
    """A response."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Injection:
    """What goes wrong with one request, which is passed on first if `passes_on`.

    After `hold` seconds the proxy answers `reply`, or what the server said. It sends half of that if it `cuts`, and
    nothing if it `hangs_up`. `item` (status, type of error) fails the first action of a bulk request, which is left out
    of what is passed on.
    """

    reply: Reply | None = None
    passes_on: bool = False
    hold: float = 0.0
    cuts: bool = False
    hangs_up: bool = False
    item: tuple[int, str] | None = None


Decide = Callable[[str, bytes], Injection | None]
"""Decides from path and body what goes wrong."""


class FaultyProxy:
    """Serves on a port of its own. `requests` counts what came, `injected` what went wrong."""

    def __init__(self, target: str, decide: Decide = lambda _path, _body: None) -> None:
        self.target = target
        self.decide = decide
        self.requests = self.injected = 0
        self.pool = urllib3.PoolManager(maxsize=20, retries=False)
        self.ended = threading.Event()
        self.server = self._serve(0)

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self, port: int) -> ThreadingHTTPServer:
        server = _Server(("127.0.0.1", port), _make_handler(self))
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server

    def close(self) -> None:
        """Refuses connections from now on, and closes those that are held."""
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()

    def open(self) -> None:
        """Accepts connections again, on the same port."""
        self.ended = threading.Event()
        self.server = self._serve(self.port)

    def pass_on(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Asks the server. Raises urllib3's errors."""
        kept = {name: value for name, value in headers.items() if name.lower() not in HOP_BY_HOP}
        answer = self.pool.request(
            method, self.target + path, body=body, headers=kept, timeout=120.0, preload_content=True,
            decode_content=False, redirect=False,
        )  # fmt: skip
        passed = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
        return Reply(answer.status, answer.data, passed)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[Reply | None, bool]:
        """Returns the reply, None for none, and whether it is cut."""
        self.requests += 1
        found = self.decide(path.split("?")[0], body)
        if found is None:
            return self.pass_on(method, path, headers, body), False
        self.injected += 1
        if found.item:
            return self.fail_item(path, headers, body, found.item), False
        reply = found.reply
        if found.passes_on:
            done = self.pass_on(method, path, headers, body)
            reply = reply or done
        if found.hold:
            self.ended.wait(found.hold)
        return (None if found.hangs_up else reply), found.cuts

    def fail_item(self, path: str, headers: Mapping[str, str], body: bytes, item: tuple[int, str]) -> Reply:
        """Passes on all but the first action, and puts its failure into the answer."""
        lines = body.splitlines(keepends=True)
        [(kind, _)] = json.loads(lines[0]).items()
        rest = b"".join(lines[2 if kind == "index" else 1 :])
        status, error = item
        failed = {kind: {"status": status, "error": {"type": error, "reason": "injected"}}}
        if not rest:
            product = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}
            return Reply(200, json.dumps({"errors": True, "items": [failed]}).encode(), product)
        done = self.pass_on("POST", path, headers, rest)
        if done.status != 200:
            return done
        answer = json.loads(done.body)
        return Reply(200, json.dumps({"errors": True, "items": [failed, *answer["items"]]}).encode(), done.headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: Any) -> None:
        """Silent: clients that go are part of the game."""


def _make_handler(proxy: FaultyProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_request_of_any_kind(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                reply, cuts = proxy.answer(self.command, self.path, dict(self.headers), body)
            except (urllib3.exceptions.HTTPError, OSError):
                reply, cuts = None, False
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            if self.command == "HEAD":
                return
            self.wfile.write(reply.body[: len(reply.body) // 2] if cuts else reply.body)
            self.close_connection = self.close_connection or cuts

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_request_of_any_kind  # noqa: N815 - names of http.server

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    return Handler


@contextmanager
def in_front_of(target: str, decide: Decide = lambda _path, _body: None) -> Iterator[FaultyProxy]:
    """Runs a proxy in front of the server at `target` for the block."""
    proxy = FaultyProxy(target, decide)
    try:
        yield proxy
    finally:
        with suppress(OSError):
            proxy.close()
        proxy.pool.clear()
