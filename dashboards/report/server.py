"""Serves a report on this machine, with new data for a page that is open."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import msgspec

from deploy.signals import stop_signals
from schemas.errors import NewsclaimsError, Permanent

HOST: Final = "127.0.0.1"
IDLE: Final = 0.2
"""Seconds between two looks at whether to end."""


class ReportServer(ThreadingHTTPServer):
    """Answers with the page at `/` and its data at `/data.json`, made anew for each request but not at the same time.

    `page` and `data` make them; what they raise on purpose is told to the reader. Raises `Permanent` where the port is
    taken.
    """

    daemon_threads = True
    # A port of a server that has just ended is free; one where another listens is taken.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, page: Callable[[], str], data: Callable[[], Any]) -> None:
        self.page, self.data = page, data
        self.making = threading.Lock()
        try:
            super().__init__((HOST, port), ReportHandler)
        except OSError as error:
            raise Permanent(
                f"port {port} cannot be listened on ({error.strerror}): another program has it, or choose with --port"
            ) from error

    @property
    def address(self) -> str:
        """Where a browser finds the page."""
        return f"http://{HOST}:{self.server_address[1]}/"

    @property
    def hosts(self) -> set[str]:
        """What a browser that means this server names as host; a page of another site that it was tricked to, not."""
        return {f"{name}:{self.server_address[1]}" for name in (HOST, "localhost")}

    def run(self) -> None:
        """Serves until SIGTERM or Ctrl-C."""

        def stop() -> None:
            # From another thread: `shutdown` waits for the loop that this one is in.
            threading.Thread(target=self.shutdown, daemon=True).start()

        with stop_signals(stop):
            try:
                self.serve_forever(IDLE)
            finally:
                self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class ReportHandler(BaseHTTPRequestHandler):
    """One request."""

    server: ReportServer
    protocol_version = "HTTP/1.1"
    server_version = "newsclaims"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """The page or its data."""
        if self.headers.get("Host") not in self.server.hosts:
            return self.answer(403, "text/plain", "this server answers to its own address alone")
        match self.path.partition("?")[0]:
            case "/":
                try:
                    with self.server.making:
                        page = self.server.page()
                except NewsclaimsError as error:
                    return self.answer(503, "text/plain", f"{error}. Load this page again then.")
                return self.answer(200, "text/html", page)
            case "/data.json":
                try:
                    with self.server.making:
                        data = self.server.data()
                except NewsclaimsError as error:
                    data = {"problem": str(error)}
                return self.answer(200, "application/json", msgspec.json.encode(data).decode())
        return self.answer(404, "text/plain", "there is the page at / and its data at /data.json")

    def answer(self, status: int, kind: str, text: str) -> None:
        """Sends an answer that no other site may frame or read."""
        content = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is for what the user must know."""
