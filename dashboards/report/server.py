"""Serves a report on this machine, with fresh data for open pages."""

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
"""Seconds between two checks whether to stop."""


class ReportServer(ThreadingHTTPServer):
    """Serves the page at `/` and its data at `/data.json`. Requests build them one at a time.

    `page` and `data` build them; a `NewsclaimsError` that they raise is shown to the reader. Raises `Permanent` if the
    port is in use.
    """

    daemon_threads = True
    # Allows the port of a server that has just stopped; a port on which another one listens stays refused.
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, port: int, page: Callable[[], str], data: Callable[[], Any]) -> None:
        self.page, self.data = page, data
        self.making = threading.Lock()
        try:
            super().__init__((HOST, port), ReportHandler)
        except OSError as error:
            raise Permanent(
                f"cannot listen on port {port} ({error.strerror}): it may be in use; choose another with --port"
            ) from error

    @property
    def address(self) -> str:
        """The address of the page."""
        return f"http://{HOST}:{self.server_address[1]}/"

    @property
    def hosts(self) -> set[str]:
        """Allowed values of the header Host, which another site cannot forge by DNS rebinding."""
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
        """Ignores browsers that disconnect during a response."""
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
        """Sends the page or its data."""
        if self.headers.get("Host") not in self.server.hosts:
            return self.answer(403, "text/plain", "this server responds only under its own address")
        match self.path.partition("?")[0]:
            case "/":
                try:
                    with self.server.making:
                        page = self.server.page()
                except NewsclaimsError as error:
                    return self.answer(503, "text/plain", f"{error}. Then load this page again.")
                return self.answer(200, "text/html", page)
            case "/data.json":
                try:
                    with self.server.making:
                        data = self.server.data()
                except NewsclaimsError as error:
                    data = {"problem": str(error)}
                return self.answer(200, "application/json", msgspec.json.encode(data).decode())
        return self.answer(404, "text/plain", "not found: the page is at / and its data at /data.json")

    def answer(self, status: int, kind: str, text: str) -> None:
        """Sends a response that other sites can neither frame nor read."""
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
        """Writes no log of requests to the terminal."""
