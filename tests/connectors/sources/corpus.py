"""Reads all feeds of a folder as the connector does: `python -m tests.connectors.sources.corpus FOLDER`.

It prints how each kind of document ended, what was repaired, and the slowest. A document may say in a comment what a
reader should find, as those of feedparser's tests do: `Expect: entries[0]['title'] == 'Ships wait'`. What is read
differently is then listed too. It exits with 1 if a document makes the reader fail.
"""

import ast
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from connectors.sources.feed_documents import FeedEntry, parse_feed
from connectors.web.client import Response
from schemas.errors import NewsclaimsError

EXPECTED = re.compile(r"Expect:\s*(.*?)\s*(?:-->|$)", re.DOTALL)
CONTENT_TYPE = re.compile(r"^Header:\s*Content-type:\s*(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
LOCATION = re.compile(r"^Header:\s*Content-Location:\s*(.*?)\s*$", re.MULTILINE | re.IGNORECASE)
FIELDS = {"title": "title", "link": "link", "id": "id", "author": "author", "summary": "body", "description": "body"}
"""Fields of feedparser, and ours."""


def find_expectations(text: str) -> Iterator[tuple[int, str, str]]:
    """Yields number, field and value of what the document says about its entries."""
    found = EXPECTED.search(text)
    try:
        tree = ast.parse(found[1].strip(), mode="eval") if found else None
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            path = re.fullmatch(
                r"entries\[(\d+)\](?:\['(\w+)'\]|\['content'\]\[0\]\['(value)'\])", ast.unparse(node.left)
            )
            value = node.comparators[0]
            if path and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield int(path[1]), path[2] or "content", value.value


def compare(entries: tuple[FeedEntry, ...], text: str) -> Iterator[str]:
    """Yields what is read differently from what the document says."""
    for number, field, expected in find_expectations(text):
        name = "body" if field == "content" else FIELDS.get(field)
        if name is None:
            continue
        read = getattr(entries[number], name) if number < len(entries) else None
        if (read or "") != expected:
            yield f"{field}: {expected!r} is read as {read!r}"


def read_file(path: Path) -> tuple[str, list[str], Counter[str]]:
    """Returns how reading ended, what was read differently, and what was repaired."""
    body = path.read_bytes()
    head = body[:4000].decode("latin-1")
    content_type, location = CONTENT_TYPE.search(head), LOCATION.search(head)
    headers = {"content-type": content_type[1] if content_type else ""}
    response = Response(location[1] if location else "http://127.0.0.1:8097/feed", body, headers)
    try:
        feed = parse_feed(response)
    except NewsclaimsError as error:
        return f"refused: {re.sub(r'https?://[^ ]+', 'it', str(error))[:70]}", [], Counter()
    except Exception as error:  # noqa: BLE001 - any other error is what this looks for
        return f"FAILED: {type(error).__name__}: {error}", [], Counter()
    outcome = "read with a warning" if feed.warning else "read" if feed.entries else "read, without entries"
    return outcome, list(compare(feed.entries, response.text)), Counter(feed.repairs)


def main(folder: str) -> int:
    """Reads the folder and prints the results."""
    outcomes, repairs, times = Counter[str](), Counter[str](), []
    failed, differences = [], Counter[str]()
    for path in sorted(path for path in Path(folder).rglob("*") if path.suffix in (".xml", ".json", ".rss", ".atom")):
        began = time.perf_counter()
        outcome, different, repaired = read_file(path)
        times.append((time.perf_counter() - began, path.name))
        outcomes[outcome] += 1
        repairs += repaired
        failed += [f"{path}: {outcome}"] if outcome.startswith("FAILED") else []
        for line in different:
            differences[line.partition(":")[0]] += 1
            print(f"{path.relative_to(folder)}: {line}")
    for title, counts in (("outcomes", outcomes), ("repairs", repairs), ("read differently", differences)):
        print(f"\n{title}")
        print("\n".join(f"{count:6} {name}" for name, count in counts.most_common()))
    print("\nslowest, in seconds", *(f"{seconds:6.2f} {name}" for seconds, name in sorted(times)[-3:]), sep="\n")
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
