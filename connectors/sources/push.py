"""A push endpoint: other programs POST articles as JSON or JSON Lines, and get the response once Kafka has them."""

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

from connectors.kit import Batch, Connector, Context, Cursor, FoundArticle, RefusedItem, batched
from connectors.kit.article_line import ArticleOrigin
from connectors.sources.files import read_line
from schemas.errors import Permanent, Retryable
from schemas.identity import content_hash

IDLE = 0.5
"""Seconds between two checks whether to end."""
RETRY_AFTER = 5
"""Seconds that a sender is asked to wait if too many requests are waiting already."""
DELIVERY_SECONDS = 150
"""How long a request waits for Kafka."""


class PushSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `push`."""

    token_variable: Annotated[
        str,
        Meta(
            description="Environment variable that holds the token. Senders pass the token as `Authorization: Bearer`."
        ),
    ] = "NEWSCLAIMS_PUSH_TOKEN"
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port to listen on; 0 means any free port.", ge=0, le=65535)] = 8085
    largest: Annotated[int, Meta(description="Largest request in bytes.", ge=1)] = 10_000_000
    waiting: Annotated[
        int, Meta(description="Requests that may wait for Kafka; further ones get status 429.", ge=1)
    ] = 8


@dataclass
class PendingPost:
    """A request that waits for Kafka. `done` is set when its articles are delivered, or will not be."""

    items: list[FoundArticle | RefusedItem]
    delivered: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class Push(Connector[PushSettings]):
    """Listens, and yields each request as a batch. The sender gets its response when the batch is acknowledged."""

    name: ClassVar[str] = "push"
    about: ClassVar[str] = "An HTTP endpoint that accepts articles as JSON or JSON Lines, with a token"
    example: ClassVar[str] = "newsroom:\n  connector: push\n  settings: {port: 8085}\n"
    settings_type: ClassVar[type[msgspec.Struct]] = PushSettings
    needs_url: ClassVar[bool] = False
    continuous: ClassVar[bool] = True

    def __init__(self, context: Context, settings: PushSettings) -> None:
        super().__init__(context, settings)
        self.posts: queue.Queue[PendingPost] = queue.Queue(settings.waiting)
        self.current: PendingPost | None = None
        self.server: PushEndpoint | None = None

    def open(self) -> None:
        """Starts to listen. Raises `Permanent` without a token, `Retryable` if the port is in use."""
        token = os.environ.get(self.settings.token_variable, "")
        if not token:
            raise Permanent(f"push needs a token: set the environment variable {self.settings.token_variable}")
        address = (self.settings.host, self.settings.port)
        try:
            self.server = PushEndpoint(address, self, token)
        except OSError as error:
            raise Retryable(f"push cannot listen on {address[0]}:{address[1]}: {error}") from error
        threading.Thread(target=self.server.serve_forever, args=(IDLE,), daemon=True, name="push").start()

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        """Yields the requests until cancelled."""
        while not self.context.cancelled.is_set():
            try:
                self.current = self.posts.get(timeout=IDLE)
            except queue.Empty:
                continue
            yield batched(self.current.items, cursor)

    def acknowledge(self, batch: Batch) -> None:
        """Lets the sender of the current request have its response."""
        del batch  # it is the current one: only one is under way at a time
        if self.current:
            self.current.delivered = True
            self.current.done.set()
            self.current = None

    def close(self) -> None:
        """Stops listening. Senders that still wait are asked to send again."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
        while self.current:
            self.current.done.set()
            self.current = None
            with suppress(queue.Empty):
                self.current = self.posts.get_nowait()

    def parse_body(self, body: bytes) -> list[FoundArticle | RefusedItem]:
        """Returns the articles of a request: one object, an array of objects, or one object per line."""
        stripped = body.strip()
        if stripped.startswith(b"["):
            try:
                lines = [bytes(raw) for raw in msgspec.json.decode(stripped, type=list[msgspec.Raw])]
            except msgspec.DecodeError as error:
                return [RefusedItem("1", f"not JSON: {error}")]
        else:
            # A single object may extend over several lines; several objects have one line each.
            lines = [stripped] if is_json(stripped) else stripped.split(b"\n")
        origin = ArticleOrigin(self.context.feed, self.context.clock(), self.context.mode)
        return [
            self.adopt(read_line(line, str(number), origin)) for number, line in enumerate(lines, 1) if line.strip()
        ]

    def adopt(self, item: FoundArticle | RefusedItem) -> FoundArticle | RefusedItem:
        """Makes the article one of this feed."""
        if isinstance(item, RefusedItem):
            return item
        article = msgspec.structs.replace(
            item.article, connector=self.name, feed=self.context.feed,
            publisher=item.article.publisher or self.context.publisher,
            language=item.article.language or self.context.language,
        )  # fmt: skip
        return FoundArticle(item.place, msgspec.structs.replace(article, content_hash=content_hash(article)))


def is_json(text: bytes) -> bool:
    """Whether the text is one JSON value."""
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


class PushEndpoint(ThreadingHTTPServer):
    """The server of one push connector."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], push: Push, token: str) -> None:
        self.push = push
        self.token = token
        super().__init__(address, PushHandler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignores senders that break off."""


TOO_MANY = "too many requests are waiting for Kafka: send it again"


class RequestRefused(Exception):
    """The request cannot be accepted: the status of the response, its text, and after how many seconds to retry."""

    def __init__(self, status: int, error: str, retry_after: int = 0) -> None:
        super().__init__(error)
        self.status = status
        self.retry_after = retry_after


class PushHandler(BaseHTTPRequestHandler):
    """Handles one request."""

    server: PushEndpoint
    timeout = 30
    server_version = "newsclaims"
    sys_version = ""

    def do_POST(self) -> None:
        """Accepts articles."""
        try:
            self.deliver(PendingPost(self.server.push.parse_body(self.read_body())))
        except RequestRefused as refused:
            self.reply(refused.status, {"error": str(refused)}, refused.retry_after)

    def read_body(self) -> bytes:
        """Checks token and length, and reads the body. Raises `RequestRefused`."""
        settings = self.server.push.settings
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            raise RequestRefused(401, "the header Authorization must be `Bearer` followed by the token")
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise RequestRefused(411, "the header Content-Length is required")
        if int(length) > settings.largest:
            raise RequestRefused(413, f"the request has {length} bytes; the limit is {settings.largest}")
        if self.server.push.posts.full():
            raise RequestRefused(429, TOO_MANY, RETRY_AFTER)
        try:
            body = self.rfile.read(int(length))
        except TimeoutError:
            raise RequestRefused(408, "the request did not arrive in time") from None
        if len(body) < int(length):
            raise RequestRefused(400, "the request was cut short")
        return body

    def deliver(self, post: PendingPost) -> None:
        """Hands the articles on and responds when Kafka has them. Raises `RequestRefused`."""
        articles = sum(isinstance(item, FoundArticle) for item in post.items)
        refused = [{"item": int(item.place), "why": item.why} for item in post.items if isinstance(item, RefusedItem)]
        if not articles:
            return self.reply(400, {"published": 0, "refused": refused})
        try:
            self.server.push.posts.put_nowait(post)
        except queue.Full:
            raise RequestRefused(429, TOO_MANY, RETRY_AFTER) from None
        if post.done.wait(DELIVERY_SECONDS) and post.delivered:
            return self.reply(200, {"published": articles, "refused": refused})
        raise RequestRefused(503, "Kafka did not accept the articles: send them again", RETRY_AFTER)

    def reply(self, status: int, content: dict[str, Any], retry_after: int = 0) -> None:
        """Sends the response."""
        body = msgspec.json.encode(content)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing: the health of the feed counts the articles."""
