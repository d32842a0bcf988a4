"""A push endpoint: other programs POST articles, as JSON or JSON lines, and are answered once Kafka has them."""

import hmac
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit import Batch, Connector, Context, Cursor, batched
from connectors.kit.article_line import Found, Refused
from connectors.sources.files import read_line
from schemas.errors import Permanent, Retryable
from schemas.identity import content_hash

IDLE = 0.5
"""Seconds between two looks at whether to end."""
PAUSE = 5
"""Seconds that a sender is asked to wait when too much is waiting already."""


class PushSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `push`."""

    token_variable: Annotated[
        str,
        Meta(description="Environment variable that holds the token, which senders give as `Authorization: Bearer`."),
    ] = "NEWSCLAIMS_PUSH_TOKEN"
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port to listen on; 0 takes any.", ge=0, le=65535)] = 8085
    largest: Annotated[int, Meta(description="Bytes of a request at most.", ge=1)] = 10_000_000
    waiting: Annotated[int, Meta(description="Requests that wait for Kafka at most; more are answered 429.", ge=1)] = 8


@dataclass
class Post:
    """A request that waits for Kafka. `done` is set when its articles are there, or will not be."""

    found: list[Found | Refused]
    delivered: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class Push(Connector[PushSettings]):
    """Listens, and yields each request as a batch; the sender has its answer when the batch is acknowledged."""

    name: ClassVar[str] = "push"
    about: ClassVar[str] = "An HTTP endpoint that takes articles as JSON or JSON lines, with a token"
    example: ClassVar[str] = "newsroom:\n  connector: push\n  settings: {port: 8085}\n"
    settings_type: ClassVar[type[msgspec.Struct]] = PushSettings
    needs_url: ClassVar[bool] = False
    continuous: ClassVar[bool] = True

    def __init__(self, context: Context, settings: PushSettings) -> None:
        super().__init__(context, settings)
        self.posts: queue.Queue[Post] = queue.Queue(settings.waiting)
        self.current: Post | None = None
        self.server: Endpoint | None = None

    def open(self) -> None:
        """Begins to listen. Raises `Permanent` without token, `Retryable` where the port is taken."""
        token = os.environ.get(self.settings.token_variable, "")
        if not token:
            raise Permanent(f"push needs a token: set the environment variable {self.settings.token_variable}")
        place = (self.settings.host, self.settings.port)
        try:
            self.server = Endpoint(place, self, token)
        except OSError as error:
            raise Retryable(f"push cannot listen on {place[0]}:{place[1]}: {error}") from error
        threading.Thread(target=self.server.serve_forever, args=(IDLE,), daemon=True, name="push").start()

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """The requests, until cancelled."""
        while not self.context.cancelled.is_set():
            try:
                self.current = self.posts.get(timeout=IDLE)
            except queue.Empty:
                continue
            yield batched(self.current.found, cursor)

    def acknowledge(self, batch: Batch) -> None:
        """Answers the sender."""
        if self.current:
            self.current.delivered = True
            self.current.done.set()
            self.current = None

    def close(self) -> None:
        """Ends listening; who still waits is told to send again."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        while self.current:
            self.current.done.set()
            self.current = None
            with suppress(queue.Empty):
                self.current = self.posts.get_nowait()

    def found(self, body: bytes) -> list[Found | Refused]:
        """The articles of a request: one object, an array of them, or one a line."""
        moment = self.context.clock()
        stripped = body.strip()
        if stripped.startswith(b"["):
            try:
                lines = [bytes(raw) for raw in msgspec.json.decode(stripped, type=list[msgspec.Raw])]
            except msgspec.DecodeError as error:
                return [Refused("1", f"not JSON: {error}")]
        else:
            # One object may go over several lines; several objects are one a line.
            lines = [stripped] if is_json(stripped) else stripped.split(b"\n")
        context = self.context
        return [
            self.ours(read_line(line, str(number), moment, context.feed, context.mode))
            for number, line in enumerate(lines, 1) if line.strip()
        ]  # fmt: skip

    def ours(self, item: Found | Refused) -> Found | Refused:
        """The article as this feed's."""
        if isinstance(item, Refused):
            return item
        article = msgspec.structs.replace(
            item.article, connector=self.name, feed=self.context.feed,
            publisher=item.article.publisher or self.context.publisher,
            language=item.article.language or self.context.language,
        )  # fmt: skip
        return Found(item.place, msgspec.structs.replace(article, content_hash=content_hash(article)))


def is_json(text: bytes) -> bool:
    """Whether the text is one JSON value."""
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


class Endpoint(ThreadingHTTPServer):
    """The server of one push connector."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], push: Push, token: str) -> None:
        self.push = push
        self.token = token
        super().__init__(place, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that breaks off is no error of ours."""


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Endpoint
    timeout = 30
    server_version = "newsclaims"
    sys_version = ""

    def do_POST(self) -> None:
        """Takes articles."""
        push = self.server.push
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            return self.reply(401, {"error": "the header Authorization must be `Bearer` and the token"})
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return self.reply(411, {"error": "the header Content-Length is needed"})
        if int(length) > push.settings.largest:
            return self.reply(413, {"error": f"{length} bytes; at most {push.settings.largest} are taken"})
        if push.posts.full():
            return self.busy()
        try:
            body = self.rfile.read(int(length))
        except TimeoutError:
            return self.reply(408, {"error": "the request did not come in time"})
        if len(body) < int(length):
            return self.reply(400, {"error": "the request was cut short"})
        return self.take(Post(push.found(body)))

    def take(self, post: Post) -> None:
        """Hands the articles on and answers when Kafka has them."""
        articles = sum(isinstance(item, Found) for item in post.found)
        refused = [{"item": int(item.place), "why": item.why} for item in post.found if isinstance(item, Refused)]
        if not articles:
            return self.reply(400, {"published": 0, "refused": refused})
        try:
            self.server.push.posts.put_nowait(post)
        except queue.Full:
            return self.busy()
        if post.done.wait(150) and post.delivered:
            return self.reply(200, {"published": articles, "refused": refused})
        return self.reply(503, {"error": "Kafka did not take the articles: send them again"}, PAUSE)

    def busy(self) -> None:
        """Asks the sender to wait."""
        self.reply(429, {"error": "too many requests wait for Kafka: send it again"}, PAUSE)

    def reply(self, status: int, content: dict[str, Any], pause: int = 0) -> None:
        """Sends the answer."""
        body = msgspec.json.encode(content)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if pause:
            self.send_header("Retry-After", str(pause))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: the health of the feed counts them."""
