"""The whole path of an article through the real servers, by the commands that users type."""

import json
import re
import signal
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch

from tests.conftest import Stack
from tests.pipelines.messages import BROKEN, fields, message
from tests.pipelines.run.running import (
    Gate,
    command,
    count,
    documents,
    emptied,
    eventually,
    json_of,
    messages,
    running,
    send,
)

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.fixture
def empty(stack: Stack) -> Stack:
    """The servers in the state after `init` on a new machine."""
    return emptied(stack)


def test_demo_takes_the_watches_of_the_user(empty: Stack, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("watches: {harbours: {words: [harbour*, port]}}")
    (tmp_path / "one.txt").write_text("The port authority said on Monday that 12 boats were lost.")
    run = command(empty, "demo", "--articles", tmp_path / "one.txt", NEWSCLAIMS_WATCHES=str(tmp_path / "mine.yaml"))
    assert run.returncode == 0, run.stderr
    assert {tuple(claim["watches"]) for claim in documents(empty, "claims")} == {("harbours",)}


def test_demo_of_ones_own_texts_shows_these_alone(empty: Stack, tmp_path: Path) -> None:
    (tmp_path / "before.txt").write_text("The Harlow council said on Monday that 12 boats were lost.")
    (tmp_path / "mine.txt").write_text("The Moor Society said on Monday that 77 sheep were lost, it said.")
    command(empty, "publish", tmp_path / "before.txt")
    run = command(empty, "demo", "--articles", tmp_path / "mine.txt", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    assert count(empty, "articles") == 2
    assert re.search(r"\b1 articles", run.stdout)
    assert "Moor Society" in run.stdout
    assert "Harlow" not in run.stdout
    assert "Harlow" not in (tmp_path / "newsclaims-report.html").read_text("utf-8")


def test_update_with_changed_figures_replaces_what_was_there(empty: Stack, tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"

    def line(minute: int, body: str) -> str:
        given = fields(1)
        kept = {name: given[name] for name in ("url", "title", "feed", "published_at")}
        return json.dumps({**kept, "body": body, "fetched_at": f"2024-11-05T08:{minute:02}:00Z"}) + "\n"

    old = line(1, "About 300 volunteers came, the port authority said. The mayor denied that 12 boats were lost.")
    new = line(2, "About 450 volunteers came, the port authority said.")
    feed.write_text(old, "utf-8")
    command(empty, "publish", feed)
    command(empty, "run", "--until-caught-up")
    assert {300.0, 12.0} <= {figure["value"] for figure in documents(empty, "figures")}
    feed.write_text(new + old, "utf-8")  # the older one comes late, once more
    command(empty, "publish", feed)
    command(empty, "run", "--until-caught-up")
    (article,) = documents(empty, "articles")
    assert "450 volunteers" in article["body"]
    values = {figure["value"] for figure in documents(empty, "figures")}
    assert 450.0 in values
    assert not values & {300.0, 12.0}
    there = {claim["claim_id"] for claim in documents(empty, "claims")}
    latest = {record.key.decode(): record.value for record in messages(empty, "claims")}
    assert {key for key, value in latest.items() if value is not None} == there
    assert any(value is None for value in latest.values())


def test_broken_messages_become_dead_letters_and_all_good_ones_are_indexed(empty: Stack) -> None:
    # Quays have names, not numbers: this is about size, and 40,000 figures would take a minute.
    names = ("".join(chr(ord("a") + int(digit)) for digit in str(number)) for number in range(80_000))
    lines = (f"The boats lay at the quay of {name} while the tide went out, and nobody there said anything."
             for name in names)  # fmt: skip
    large = message(900, body="The port authority said that 12 boats were lost.\n\n" + "\n\n".join(lines))
    assert 7_500_000 < len(large) < 8_500_000
    good = [message(number) for number in range(40)]
    broken = [value for value, _ in BROKEN.values()]
    mixed = [value for pair in zip_longest(good, broken, fillvalue=b"") for value in pair if value]
    send(empty, BROKEN["nothing"][0], *mixed[:50], large, *mixed[50:])
    run = command(empty, "run", "--until-caught-up")
    assert run.returncode == 0, run.stderr
    assert count(empty, "articles") == 41
    letters = documents(empty, "dead-letters")
    assert sorted(letter["reason"] for letter in letters) == sorted(reason.value for _, reason in BROKEN.values())
    originals = [record.value or b"" for record in messages(empty, "dead-letters")]
    assert sorted(originals) == sorted(value for value, _ in BROKEN.values())
    listed = json_of(command(empty, "dead-letters", "list", "--limit", 100, "--json"))
    assert len(listed) == len(BROKEN)
    assert all(letter["error"] and letter["step"] == "decode" for letter in listed)


def test_replayed_letter_that_fails_again_counts_its_attempts(empty: Stack) -> None:
    send(empty, BROKEN["no body"][0], BROKEN["prose"][0])
    command(empty, "run", "--until-caught-up")
    assert "1 sent back" in command(empty, "dead-letters", "replay", "--reason", "missing_field").stdout
    assert [letter["reason"] for letter in documents(empty, "dead-letters")] == ["not_json"]
    command(empty, "run", "--until-caught-up")
    (letter,) = documents(empty, "dead-letters", reason="missing_field")
    assert letter["attempts"] == 2


def test_article_published_while_the_job_streams_is_found(empty: Stack) -> None:
    with running(empty):
        send(empty, message(1))
        eventually(lambda: count(empty, "articles", refresh=False) == 1)
        send(empty, message(2))
        eventually(lambda: count(empty, "articles", refresh=False) == 2, seconds=20)


def test_job_that_is_killed_and_started_again_finds_all_and_none_twice(empty: Stack) -> None:
    total = 5_000
    send(empty, *(message(number, body=f"Town {number}: about 3,000 volunteers came, the port authority said.")
                  for number in range(total)))  # fmt: skip
    with running(empty, "--workers", "2") as process:
        eventually(lambda: count(empty, "articles") > 500)
        process.kill()
        process.communicate()
    assert count(empty, "articles") < total
    run = command(empty, "run", "--until-caught-up", "--workers", "2")
    assert run.returncode == 0, run.stderr
    assert count(empty, "articles") == total
    assert len({article["url"] for article in documents(empty, "articles")}) == total
    assert count(empty, "dead-letters") == 0


def test_stop_while_elasticsearch_is_unreachable_is_prompt_and_loses_nothing(empty: Stack) -> None:
    address = urlsplit(empty.elasticsearch_url)
    gate = Gate(address.hostname or "", address.port or 0)
    through = {"ELASTICSEARCH_URL": f"http://127.0.0.1:{gate.port}"}
    gate.open()
    with running(empty, **through) as process:
        send(empty, message(1))
        eventually(lambda: count(empty, "articles") == 1)
        gate.close()
        send(empty, message(2))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert count(empty, "articles") == 1
    gate.open()
    assert command(empty, "run", "--until-caught-up", **through).returncode == 0
    gate.close()
    assert count(empty, "articles") == 2


def test_job_waits_while_elasticsearch_is_unreachable_and_goes_on(empty: Stack) -> None:
    address = urlsplit(empty.elasticsearch_url)
    gate = Gate(address.hostname or "", address.port or 0)
    gate.open()
    with running(empty, ELASTICSEARCH_URL=f"http://127.0.0.1:{gate.port}"):
        send(empty, message(1))
        eventually(lambda: count(empty, "articles") == 1)
        gate.close()
        send(empty, message(2), message(3))
        gate.open()
        eventually(lambda: count(empty, "articles") == 3)
    gate.close()


def test_job_refuses_servers_that_init_has_not_prepared(empty: Stack) -> None:
    with Elasticsearch(empty.elasticsearch_url) as client:
        client.indices.delete_index_template(name="newsclaims-claims")
    run = command(empty, "run", "--until-caught-up")
    assert run.returncode == 1
    assert "newsclaims init" in run.stderr
    assert "Traceback" not in run.stderr


def test_body_over_the_limit_is_named_and_the_next_is_published(empty: Stack, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 11_000_000, "utf-8")
    (tmp_path / "b.txt").write_text("About 3,000 volunteers came.", "utf-8")
    run = command(empty, "publish", tmp_path, "--json")
    assert run.returncode == 1
    assert json.loads(run.stdout) == {"published": 1, "refused": 1, "taken_down": 0}
    assert "a.txt: 11,000," in run.stderr
    assert "raw-articles accepts 10,48" in run.stderr


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five texts are not here")
def test_demo_takes_ones_own_texts(empty: Stack) -> None:
    run = command(empty, "demo", "--articles", str(SEEDS))
    assert run.returncode == 0, run.stderr
    assert count(empty, "articles") >= 5
    assert {100_000.0} <= {figure["value"] for figure in documents(empty, "figures")}
