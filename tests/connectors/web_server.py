"""Web servers for tests, on this machine.

`WebServer` is pytest-httpserver with responses by path. pytest-httpserver always sends a correct head of a response,
so servers that do not speak HTTP, never finish their headers or break off are written by hand: `serve_raw`.
"""

import logging
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from pytest_httpserver.httpserver import HTTPServerBase
from werkzeug import Request, Response

Responder = Callable[[Request], Response]
Speak = Callable[[socket.socket, threading.Event], None]
"""Sends bytes to a client, until it has finished or the event is set."""

# Otherwise werkzeug writes every request to stderr.
logging.getLogger("werkzeug").setLevel(logging.ERROR)


class WebServer(HTTPServerBase):
    """Responds by path, and with 404 to all other paths.

    `requests` are the path (with its query) and the headers of all requests so far; `stopped` ends slow responses.
    """

    def __init__(self, host: str = "127.0.0.1", ssl_context: ssl.SSLContext | None = None) -> None:
        super().__init__(host, 0, ssl_context, threaded=True)
        self.responders: dict[str, Responder] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.stopped = threading.Event()

    def thread_target(self) -> None:
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        self.stopped.set()
        super().stop()

    def dispatch(self, request: Request) -> Response:
        target = request.environ["REQUEST_URI"]
        self.requests.append((target, {name.lower(): value for name, value in request.headers.items()}))
        return self.responders.get(target.partition("?")[0], respond_not_found)(request)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self.ssl_context else 'http'}://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """Sets the response for a path; `content_type="…"` becomes the header Content-Type. Returns the URL."""
        content_type = headers.pop("content_type", "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.responders[path] = lambda _: Response(body, status, named, content_type=content_type)
        return self.url(path)

    def seen(self, path: str) -> list[dict[str, str]]:
        """Returns the headers of the requests for the path."""
        return [headers for requested, headers in self.requests if requested == path]

    def respond_never(self, _: Request) -> Response:
        """Sends nothing until the server stops."""
        self.stopped.wait(30)
        return Response(status=503)

    def respond_slowly(self, part: bytes, seconds: float = 0.1) -> Responder:
        """Returns a responder that sends the part again and again, `seconds` apart."""

        def send_parts() -> Iterator[bytes]:
            while not self.stopped.wait(seconds):
                yield part

        return lambda _: Response(send_parts())


def respond_not_found(_: Request) -> Response:
    return Response(status=404)


@contextmanager
def serve_raw(speak: Speak) -> Iterator[str]:
    """Runs a server that lets `speak` send what it likes; yields its URL."""
    stopped = threading.Event()

    class RawHandler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            with suppress(OSError):
                speak(self.request, stopped)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RawHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            stopped.set()
            server.shutdown()
            thread.join()


def drip_headers(connection: socket.socket, stopped: threading.Event) -> None:
    """Never finishes the headers."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not stopped.wait(0.1):
        connection.sendall(b"a")


def speak_ssh(connection: socket.socket, stopped: threading.Event) -> None:
    """Sends something that is not HTTP."""
    del stopped
    connection.sendall(b"SSH-2.0-OpenSSH\r\n")


def break_off(connection: socket.socket, stopped: threading.Event) -> None:
    """Closes the connection before the end of the body."""
    del stopped
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\npart")
