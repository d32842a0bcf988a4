"""`newsclaims feeds` as users call it; `run` with real Kafka and Elasticsearch."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition
from typer.testing import CliRunner

from connectors.feeds.discovery import discover, insert_entry
from connectors.kit.conformance import make_context
from deploy import bootstrap
from newsclaims import app
from schemas.errors import Permanent
from tests.conftest import Stack, free_ports
from tests.connectors.sample_feeds import BASE, item, numbered, rss
from tests.connectors.web_server import WebServer


def feeds(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["feeds", *map(str, arguments)])


def entry(name: str, url: str) -> str:
    return f"  {name}: {{url: '{url}', settings: {{allow_private: true, robots: false}}}}\n"


def test_check_reports_all_problems(tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    file.write_text("feeds:\n  a: {url: https://a.example, interval: 1y}\n  b: {urll: x}\n  c: https://c.example\n")
    result = feeds("check", "-f", file)
    assert result.exit_code == 1
    assert f"{file}, line 2, feeds.a.interval" in result.output
    assert f"{file}, line 3, feeds.b.urll: unknown field; did you mean url?" in result.output
    assert "valid feeds: 1, problems: 2" in result.output
    file.write_text("feeds:\n  c: https://c.example\n")
    assert feeds("check", "-f", file).exit_code == 0


def test_preview_shows_articles_and_publishes_nothing(server: WebServer, tmp_path: Path) -> None:
    server.serve("/feed", rss(*(item(number) for number in range(9, 0, -1)), item(10, title="", description="")))
    result = feeds("preview", server.url("/feed"), "--limit", 2, "--allow-private")
    assert result.exit_code == 0
    assert "2026-01-05 08:09" in result.output
    assert "Report 8" in result.output
    assert "Report 7" not in result.output
    file = tmp_path / "feeds.yaml"
    file.write_text("feeds:\n" + entry("ledger", server.url("/feed")))
    assert "Report 9" in feeds("preview", "ledger", "-f", file).output
    assert "no valid feed pier" in str(feeds("preview", "pier", "-f", file).exception)


def test_preview_counts_what_was_repaired(server: WebServer) -> None:
    entries = [item(n, link=BASE, title=f"Ships <{n}0%, >5%") for n in (1, 2, 2)]
    server.serve("/feed", rss(*entries, item(4, pubDate="some day")))
    output = feeds("preview", server.url("/feed"), "--allow-private").output
    for count, kind in ((3, "titles with < kept as text"), (2, "entries that share a link, kept apart"),
                        (1, "entries listed twice, left out"), (1, "dates that cannot be read")):  # fmt: skip
        assert f"in the feed: {count} × {kind}" in output


def test_add_finds_a_feed_and_keeps_the_rest_of_the_file(server: WebServer, tmp_path: Path) -> None:
    file = tmp_path / "feeds.yaml"
    page = (
        f'<html><head><link rel="alternate" type="application/rss+xml" title="Harbour Ledger" href="/feed">'
        f'<link rel="alternate" type="application/atom+xml" title="Other" href="{server.url("/other")}"></head></html>'
    )
    server.serve("/", page)
    server.serve("/feed", numbered(1, 1))
    first = feeds("add", server.url("/"), "-f", file, "--allow-private")
    assert first.exit_code == 0
    assert "harbour-ledger added" in first.output
    assert f"also found: {server.url('/other')}" in first.output
    assert feeds("check", "-f", file).exit_code == 0
    file.write_text("# ours\n" + file.read_text())
    assert "already has this feed" in str(feeds("add", server.url("/"), "-f", file, "--allow-private").exception)
    assert feeds("add", server.url("/feed?b"), "-f", file, "--name", "two", "--allow-private").exit_code == 0
    assert file.read_text().startswith("# ours\n")
    assert "Report 1" in feeds("preview", "two", "-f", file).output
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yaml"]


def test_discovery_tries_the_usual_addresses(server: WebServer) -> None:
    server.serve("/", "<html><p>News</p></html>")
    web = make_context().web
    with pytest.raises(Permanent, match="the page links to no feed"):
        discover(server.url("/"), web, allow_private=True)
    server.serve("/robots.txt", f"Sitemap: {server.url('/maps/all')}\nSitemap: /maps/news\n")
    server.serve("/maps/news", "<urlset/>")
    web = make_context().web
    assert [(found.connector, found.url) for found in discover(server.url("/"), web, allow_private=True)] == [
        ("sitemap", server.url("/maps/news"))
    ]
    server.serve("/maps/all", "<urlset/>")
    assert [found.url for found in discover(server.url("/"), web, allow_private=True)] == [server.url("/maps/news")]
    server.serve("/rss.xml", numbered(1, 1))
    assert [found.url for found in discover(server.url("/"), web, allow_private=True)] == [server.url("/rss.xml")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "feeds:\n  x: 1\n"), ("defaults: {}", "defaults: {}\nfeeds:\n  x: 1\n"),
     ("feeds:\n  a: 2\n\ndefaults: {}\n", "feeds:\n  a: 2\n\n  x: 1\ndefaults: {}\n"),
     ("feeds: # all\n  a: 2", "feeds: # all\n  a: 2\n  x: 1\n")],
)  # fmt: skip
def test_an_entry_is_inserted_after_the_other_feeds(before: str, after: str) -> None:
    assert insert_entry(before, "  x: 1\n") == after


def run(stack: Stack, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "newsclaims", "feeds", *map(str, arguments)],
        env=os.environ | stack.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def published(stack: Stack, feed: str) -> list[str]:
    """Returns the ids of the feed's articles in the topic, with duplicates."""
    consumer: Any = KafkaConsumer(bootstrap_servers=stack.bootstrap_servers)
    parts = [TopicPartition("raw-articles", number) for number in consumer.partitions_for_topic("raw-articles")]
    consumer.assign(parts)
    consumer.seek_to_beginning(*parts)
    ends, found = consumer.end_offsets(parts), []
    while any(consumer.position(part) < ends[part] for part in parts):
        for messages in consumer.poll(timeout_ms=500).values():
            found += [json.loads(message.value) for message in messages]
    consumer.close()
    return [article["article_id"] for article in found if article["feed"] == feed]


@pytest.mark.integration
def test_a_killed_poller_loses_nothing_and_publishes_nothing_twice(
    stack: Stack, server: WebServer, tmp_path: Path
) -> None:
    bootstrap.init(stack.settings)
    server.serve("/feed", rss(*(item(n, link=server.url(f"/page/{n}"), guid="") for n in range(40))))
    for number in range(40):
        server.serve(f"/page/{number}", f"<p>Page {number} of the ledger.</p>", content_type="text/html")
    page = server.responders["/page/25"]
    server.responders["/page/25"] = server.respond_never
    file = tmp_path / "feeds.yaml"
    settings = "{allow_private: true, robots: false, full_text: true}"
    file.write_text(f"feeds:\n  killed: {{url: '{server.url('/feed')}', settings: {settings}}}\n")
    [port] = free_ports(1)
    process = run(stack, "run", "-f", file, "--spacing", 0, "--per-host", 4, "--health-port", port)
    deadline = time.monotonic() + 60
    while not server.seen("/page/25") and time.monotonic() < deadline:
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert json.load(answer) == {"status": "ok", "feeds": 1}
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    before = published(stack, "killed")
    assert len(before) == 10  # the oldest first, ten pages per batch: 39 to 30 are published, the batch with 25 is not
    server.responders["/page/25"] = page
    again = run(stack, "run", "-f", file, "--once", "--spacing", 0)
    output = again.communicate(timeout=60)[0]
    assert again.returncode == 0, output
    assert "killed: 30 new" in output
    after = published(stack, "killed")
    assert len(after) == len(set(after)) == 40


@pytest.mark.integration
def test_health_is_listed_and_indexed(stack: Stack, server: WebServer, tmp_path: Path) -> None:
    bootstrap.init(stack.settings)
    file = tmp_path / "feeds.yaml"
    file.write_text(
        "feeds:\n" + entry("well", server.serve("/a", numbered(1, 3))) + entry("ill", server.serve("/b", b"", 500))
    )
    process = run(stack, "run", "-f", file, "--once", "--spacing", 0)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 1, output
    assert "well: 3 new" in output
    assert "status 500" in output
    with Elasticsearch(stack.elasticsearch_url) as client:
        client.indices.refresh(index="feeds")
        hits = client.search(index="feeds", query={"terms": {"feed": ["well", "ill"]}})["hits"]["hits"]
    found = {hit["_id"]: hit["_source"] for hit in hits}
    assert found["well"]["entries_total"] == 3
    assert found["ill"]["failures"] == 1
    file.write_text(file.read_text() + "  more: {url: 'https://me:hush@a.example/', paused: true}\n")
    listed = json.loads(run(stack, "list", "-f", file, "--json").communicate(timeout=60)[0])
    last = listed.pop()
    assert [(line["feed"], line["health"].get("failures", 0)) for line in listed] == [("well", 0), ("ill", 1)]
    assert "hush" not in str(last)
