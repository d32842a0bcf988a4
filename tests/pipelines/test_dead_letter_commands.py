"""`newsclaims dead-letters` with the real servers: filters, whole messages, a dry run, and what became of a replay."""

import json
from typing import Any

import pytest
from click.testing import Result
from elasticsearch import Elasticsearch
from typer.testing import CliRunner

import newsclaims
from pipelines.connections import make_sink_topics
from pipelines.io.dead_letters import make_dead_letter
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.writer import BatchWriter
from pipelines.io.kafka.publishing import Publisher
from pipelines.io.kafka.record import KafkaRecord
from schemas.errors import Permanent, Reason
from tests.conftest import Stack
from tests.pipelines.messages import fields, message
from tests.pipelines.run.running import command, count, emptied, send

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]

HOSTILE = "\x1b]0;owned\x07\u202e"


def run_here(stack: Stack, *arguments: object) -> Result:
    """Runs a command in this process: a new one takes seconds to start."""
    return CliRunner().invoke(
        newsclaims.app, ["dead-letters", *map(str, arguments)], env=stack.environ | {"COLUMNS": "200"}
    )


def listed(stack: Stack, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run_here(stack, "list", "--json", *options).stdout)
    return found


def reasons(stack: Stack, *options: object) -> list[str]:
    return sorted(each["reason"] for each in listed(stack, *options))


def write_letter(stack: Stack, offset: int, value: bytes) -> None:
    """A dead letter of a message that a step of an earlier release could not process."""
    topics = make_sink_topics(stack.settings.kafka.client_options())
    publisher = Publisher(topics.producer())
    with Elasticsearch(stack.elasticsearch_url) as client:
        record = KafkaRecord("raw-articles", 0, offset, 0, b"key", value)
        letter = make_dead_letter(record, "claims", Reason.STEP_FAILED, "IndexError: list index out of range")
        BatchWriter(BulkSender(client), publisher, topics).write([letter])
        client.indices.refresh(index="dead-letters")
    publisher.close()


def test_letters_are_found_shown_replayed_and_their_outcome_is_recorded(stack: Stack) -> None:
    emptied(stack)
    long = "x" * 40_000
    send(
        stack,
        b"{no json " + HOSTILE.encode(),
        json.dumps(fields(1) | {"feed": "wire", "url": 7, "title": long}).encode(),
    )
    assert command(stack, "run", "--until-caught-up").returncode == 0
    write_letter(stack, 900, message(2))

    assert reasons(stack) == ["not_json", "step_failed", "wrong_type"]
    assert reasons(stack, "--reason", "not_json") == ["not_json"]
    assert reasons(stack, "--step", "claims") == ["step_failed"]
    assert reasons(stack, "--feed", "wire") == ["wrong_type"]
    assert reasons(stack, "--error", "index RANGE") == ["step_failed"]
    assert reasons(stack, "--topic", "claims") == reasons(stack, "--until", "1h") == []
    assert reasons(stack, "--topic", "raw-articles", "--since", "1h", "--limit", 2) != []
    assert {each["state"] for each in listed(stack, "--all")} == {"open"}

    [broken] = listed(stack, "--reason", "not_json")
    shown = run_here(stack, "show", broken["dead_letter_id"]).stdout
    assert "{no json \\x1b]0;owned\\x07\\u202e" in shown
    assert not set(HOSTILE) & set(shown) - {"]", "0", ";", *"owned"}
    [wide] = listed(stack, "--reason", "wrong_type")
    assert run_here(stack, "show", wide["dead_letter_id"]).stdout.count("x") >= len(long)
    assert isinstance(run_here(stack, "show", "nothing").exception, Permanent)

    dry = run_here(stack, "replay", "--dry-run")
    assert dry.stdout.startswith("3 would be sent back (1 "), dry.output
    assert count(stack, "dead-letters") == 3
    sent = run_here(stack, "replay", "--by", "ops")
    assert sent.stdout.startswith("3 sent back"), sent.output
    assert listed(stack) == []
    assert [each["state"] for each in listed(stack, "--resolved")] == ["sent"] * 3

    assert command(stack, "run", "--until-caught-up").returncode == 0
    states = {each["reason"]: each["state"] for each in listed(stack, "--resolved")}
    assert states == {"not_json": "failed_again", "wrong_type": "failed_again", "step_failed": "resolved"}
    assert count(stack, "articles") == 1
    again = {each["reason"]: each for each in listed(stack)}
    assert {name: each["attempts"] for name, each in again.items()} == {"not_json": 2, "wrong_type": 2}
    assert len(listed(stack, "--all")) == 5

    history = json.loads(run_here(stack, "show", again["not_json"]["dead_letter_id"], "--json").stdout)
    [replayed] = history["replays"]
    assert (replayed["by"], replayed["dead_letter_id"]) == ("ops", broken["dead_letter_id"])
    assert replayed["failed_as"] == again["not_json"]["dead_letter_id"]
    shown = run_here(stack, "show", again["not_json"]["dead_letter_id"]).stdout
    assert shown.count("failed again as") == 1
    resolved = run_here(stack, "show", next(
        each["dead_letter_id"] for each in listed(stack, "--resolved") if each["state"] == "resolved"
    )).stdout  # fmt: skip
    assert "by ops: attempt 2 at raw-articles[" in resolved
    assert ", resolved" in resolved
