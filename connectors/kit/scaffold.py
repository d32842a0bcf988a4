"""`newsclaims feeds new NAME`: a package with a connector that works, its settings, fixture, test and documentation."""

import keyword
import re
from pathlib import Path

from connectors.kit.registry import places
from schemas.errors import Permanent

PYPROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "newsclaims-NAME"
version = "0.1.0"
dependencies = ["newsclaims"]

[project.entry-points."newsclaims.connectors"]
NAME = "NAME:TYPE"

[tool.setuptools]
py-modules = ["NAME"]
"""

CONNECTOR = '''\
"""NAME: say here what the source is, and who runs it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from connectors.kit.article_line import ArticleLine
from connectors.kit.connector import Batch, Connector, Cursor, batched
from connectors.kit.seen import Seen
from connectors.sources.syndication import HttpSettings, request
from schemas.errors import Retryable
from schemas.identity import digest


class TYPESettings(HttpSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Settings of `NAME`: each description goes into the connector's documentation."""

    batch: Annotated[int, Meta(description="Articles of a batch.", ge=1, le=500)] = 200


class Item(msgspec.Struct):
    """One article as the source gives it. What is required and missing is an error, never a default."""

    id: str
    text: str
    url: str = ""
    title: str | None = None
    time: datetime | None = None


class Answer(msgspec.Struct):
    """What the source answers."""

    items: list[Item]


class TYPE(Connector[TYPESettings]):
    """Reads the items that are new or changed since the cursor."""

    name: ClassVar[str] = "NAME"
    about: ClassVar[str] = "One sentence for the list of connectors"
    example: ClassVar[str] = "my-NAME:\\n  connector: NAME\\n  url: https://source.example/items.json\\n"
    settings_type: ClassVar[type[msgspec.Struct]] = TYPESettings

    def read(self, cursor: Cursor) -> Iterator[Batch]:
        response = self.context.web.get(request(self.context.url, self.settings))
        try:
            items = msgspec.json.decode(response.body, type=Answer).items
        except msgspec.DecodeError as error:
            raise Retryable(f"{self.context.url} does not answer as it should: {error}") from error
        seen, present = Seen(cursor.get("seen", {})), {item.id for item in items}
        fresh = [item for item in items if seen.is_new(item.id, digest(item.text))]
        for start in range(0, len(fresh), self.settings.batch):
            if self.context.cancelled.is_set():
                return
            found = []
            for item in fresh[start : start + self.settings.batch]:
                line = ArticleLine(text=item.text, url=item.url, title=item.title, published_at=item.time)
                found.append(self.article(line, f"{self.context.feed}: {item.id}"))
                seen.add(item.id, digest(item.text))
            yield batched(found, {"seen": seen.kept(present)})
        yield Batch((), {"seen": seen.kept(present)}, wait=response.holds_for, moved_to=response.moved_to)
'''

TEST = '''\
"""NAME passes the suite that every connector passes, and reads what its fixture holds."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connectors.kit.conformance import Conformance, context
from connectors.kit.connector import Connector, Context
from NAME import TYPE, TYPESettings

FIXTURE = Path(__file__).with_name("NAME.json")


class Source(BaseHTTPRequestHandler):
    """The source, played on this machine."""

    body = b""
    delay = threading.Event()

    def do_GET(self) -> None:
        if not self.delay.is_set():
            self.delay.wait(4)
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.end_headers()
        self.wfile.write(type(self).body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Source.delay.set()
    with ThreadingHTTPServer(("127.0.0.1", 0), Source) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/items.json"
        Source.delay.set()
        server.shutdown()
        thread.join()


class TestTYPE(Conformance):
    @pytest.fixture(autouse=True)
    def source(self, url: str) -> None:
        self.url = url

    def connector(self, context: Context) -> Connector[Any]:
        return TYPE(replace(context, url=self.url), TYPESettings(allow_private=True))

    def put(self, first: int, last: int) -> None:
        Source.delay.set()
        numbers = range(first, last + 1)
        items = [{"id": str(n), "url": f"https://source.example/{n}", "text": f"Item {n}."} for n in numbers]
        Source.body = json.dumps({"items": items}).encode()

    def break_source(self) -> None:
        Source.body = b"down for repairs"

    def slow_source(self) -> None:
        Source.delay.clear()


def test_fixture(url: str) -> None:
    Source.body = FIXTURE.read_bytes()
    connector = TYPE(replace(context(url), publisher="The Source"), TYPESettings(allow_private=True))
    (article,) = [found.article for batch in connector.read({}) for found in batch.articles]
    assert (article.title, article.publisher) == ("An example", "The Source")
    assert article.published_at is not None
'''

FIXTURE = """\
{"items": [{"id": "1", "url": "https://source.example/1", "title": "An example",
            "text": "About 40 boats came in, the harbour office said.", "time": "2026-03-02T08:00:00Z"}]}
"""

README = """\
# The connector NAME

    pip install -e .
    newsclaims feeds connectors NAME        # its settings
    pytest                                  # the suite that every connector passes, and the fixture

Change `Item` and `Answer` in `NAME.py` to what your source answers, `NAME.json` to a real answer, and `put` in the test
to the same form. An entry of feeds.yaml:

    feeds:
      my-NAME:
        connector: NAME
        url: https://source.example/items.json
"""


def new(name: str, folder: Path) -> list[Path]:
    """Writes the package below `folder` and returns its files. Raises `Permanent` for a name that cannot be used."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", name) or keyword.iskeyword(name):
        raise Permanent(f"{name!r} is no name for a connector: small letters, digits and `_`, as a Python module has")
    if name in places():
        raise Permanent(f"there is a connector {name} already: see `newsclaims feeds connectors {name}`")
    target = folder / f"newsclaims-{name}"
    if target.exists():
        raise Permanent(f"{target} is there already")
    contents = {
        "pyproject.toml": PYPROJECT, f"{name}.py": CONNECTOR, f"test_{name}.py": TEST, f"{name}.json": FIXTURE,
        "README.md": README,
    }  # fmt: skip
    target.mkdir(parents=True)
    kind = "".join(part.capitalize() for part in name.split("_"))
    for file, text in contents.items():
        (target / file).write_text(text.replace("NAME", name).replace("TYPE", kind), "utf-8")
    return [target / file for file in contents]
