"""A web server on 127.0.0.1 that does what a test tells it to, however hostile."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the answer that its path has."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        with suppress(OSError):
            self.server.answers.get(self.path.partition("?")[0], missing)(self)

    def do_CONNECT(self) -> None:
        self.close_connection = True
        self.server.requests.append((self.path, {}))
        self.send_error(502)

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps the output of tests clean."""

    def reply(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """A whole answer; a header given goes before the usual one."""
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """`answers` by path; `requests` are path and headers of all requests so far; `stopped` ends slow answers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stopped = threading.Event()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def serve(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """Answers the path so; `content_type="…"` becomes Content-Type. Returns the URL."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = lambda handler: handler.reply(status, data, named)
        return self.url(path)

    def seen(self, path: str) -> list[dict[str, str]]:
        """The headers of the requests for the path."""
        return [headers for asked, headers in self.requests if asked == path]


def missing(handler: Handler) -> None:
    handler.reply(404)


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs until the end of the block."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def drip(part: bytes, seconds: float = 0.1) -> Answer:
    """Sends the part again and again, for ever, so long apart; after the headers of an answer without length."""

    def answer(handler: Handler) -> None:
        handler.send_response_only(200)
        handler.end_headers()
        while not handler.server.stopped.wait(seconds):
            handler.wfile.write(part)

    return answer


def drip_headers(handler: Handler) -> None:
    """Never comes to the end of its headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.stopped.wait(0.1):
        handler.wfile.write(b"a")


def endless(handler: Handler) -> None:
    """A body without end, as fast as it goes."""
    handler.send_response_only(200)
    handler.end_headers()
    while not handler.server.stopped.is_set():
        handler.wfile.write(b"<!-- more -->" * 5_000)


def silent(handler: Handler) -> None:
    """Answers nothing."""
    handler.server.stopped.wait(30)
