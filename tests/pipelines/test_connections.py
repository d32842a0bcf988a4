"""Servers that do not answer, or refuse: each command that writes says so in one sentence, with what it cannot do."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch
from pytest_httpserver import HTTPServer

from deploy.settings import Settings
from pipelines.backfill import BackfillOrder, backfill
from pipelines.connections import check_elasticsearch
from pipelines.forgetting.pages import find_page
from pipelines.forgetting.run import ForgetOrder, forget
from pipelines.forgetting.topics import find_messages
from pipelines.grouping import listing, renaming
from pipelines.marking import MarkSelection, NewMark, add_marks, list_marks, remove_marks
from pipelines.replay import Selection, find_letters, read_original, replay, send_back, show_letter
from pipelines.replay_history import read_committed
from pipelines.reprocess.ending import finish, rollback
from pipelines.reprocess.run import Reprocessing, ReprocessOrder
from pipelines.stories.regroup import regroup
from pipelines.text.watches.matching import Watchlist
from schemas.errors import AccessRefused, NewsclaimsError, Retryable
from schemas.records import GenerationState

NOWHERE = "127.0.0.1:1"
PRODUCT = {"X-Elastic-Product": "Elasticsearch"}
NOW = datetime(2026, 11, 26, tzinfo=UTC)
URL = "https://harbour.example/a"

Command = Callable[[Settings], object]


def reprocess(settings: Settings) -> object:
    return Reprocessing(settings, ReprocessOrder(sources=("topic",)), lambda _path, _feed: []).run()


WRITING: dict[str, tuple[str, Command]] = {
    "stories regroup": ("regroup the stories", lambda settings: regroup(settings, None, False, lambda _: None)),
    "watches backfill": (
        "backfill the watches",
        lambda settings: backfill(settings, BackfillOrder(Watchlist([])), lambda _done, _all: None),
    ),
    "reprocess": ("reprocess articles", reprocess),
    "reprocess rollback": ("reprocess articles", rollback),
    "marks add": ("mark claims", lambda settings: add_marks(settings, ["c"], NewMark(mark="wrong"))),
    "marks remove": ("mark claims", lambda settings: remove_marks(settings, ["c"])),
    "aliases apply": ("name claimants", renaming.apply),
}
"""The commands that write to both servers: their aim, and how they are called. They open Kafka before they read."""

INDEXED: dict[str, tuple[str, Command]] = {
    "reprocess finish": ("reprocess articles", finish),
    "marks list": ("read the marks", lambda settings: list_marks(settings, MarkSelection(), 10)),
    "aliases list": ("read the decisions about claimants", lambda settings: listing.list_decisions(settings, 10)),
    "claimants": ("read the names of claimants", lambda settings: listing.list_claimants(settings, 10, None)),
    "aliases list --entities": (
        "read the names of entities",
        lambda settings: listing.list_entities(settings, 10, None),
    ),
    "dead-letters list": ("list dead letters", lambda settings: find_letters(settings, Selection(), 10, "open")),
    "dead-letters show": ("read the dead letter", lambda settings: show_letter(settings, "x")),
    "dead-letters replay": ("replay dead letters", lambda settings: replay(settings, Selection())),
    "forget": ("forget the page", lambda settings: forget(settings, URL, ForgetOrder())),
}
"""Commands that ask Elasticsearch first."""

LATER: dict[str, tuple[str, Command]] = {
    "dead-letters replay": ("replay dead letters", lambda settings: send_back(settings, {"x": NOW})),
    "dead-letters show": ("read the dead letter", lambda settings: read_original(settings, "x", NOW)),
    "dead-letters list": (
        "read which replays the job has handled",
        lambda settings: read_committed(settings, [("raw-articles", 0)]),
    ),
    "forget": ("forget the page", lambda settings: find_messages(settings, find_page(URL), "raw-articles")),
}
"""What commands do with Kafka after they have read from Elasticsearch."""


def named(commands: dict[str, tuple[str, Command]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("aim", "command"), commands.values(), ids=list(commands))


@pytest.fixture
def elasticsearch(httpserver: HTTPServer) -> HTTPServer:
    """Answers who it is, and nothing else."""
    httpserver.expect_request("/").respond_with_json({"version": {"number": "8.15.0"}}, headers=PRODUCT)
    return httpserver


def make_settings(elasticsearch: str = f"http://{NOWHERE}") -> Settings:
    return Settings.load({"KAFKA_BOOTSTRAP_SERVERS": NOWHERE, "ELASTICSEARCH_URL": elasticsearch})


def fail(command: Command, settings: Settings) -> NewsclaimsError:
    """Returns the error of a command, and checks that it is one sentence in one line."""
    with pytest.raises(NewsclaimsError) as caught:
        command(settings)
    assert "\n" not in str(caught.value)
    return caught.value


@named(WRITING | INDEXED)
def test_unreachable_elasticsearch_is_named_with_the_aim(aim: str, command: Command) -> None:
    error = fail(command, make_settings())
    assert isinstance(error, Retryable)
    assert re.match(rf"Cannot {aim}: Elasticsearch does not answer \(.*ELASTICSEARCH_URL", str(error))


@named(WRITING | INDEXED)
def test_elasticsearch_that_refuses_is_named_with_the_aim(aim: str, command: Command, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_json({"error": {"type": "security_exception"}}, 401, headers=PRODUCT)
    error = fail(command, make_settings(httpserver.url_for("")))
    assert isinstance(error, AccessRefused)
    assert str(error).startswith(f"Cannot {aim}: Elasticsearch does not accept this login: set ELASTICSEARCH_API_KEY")


@pytest.fixture
def switched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A re-processing that can be rolled back, whose aliases must not move before Kafka answers."""
    state = GenerationState(live=2, written=(2, 1), state="switched", previous=1, next=2)
    monkeypatch.setattr("pipelines.reprocess.ending.read_state", lambda _: state)
    monkeypatch.setattr("pipelines.reprocess.ending.put_behind_aliases", lambda *_: pytest.fail("aliases were moved"))
    return


@named(WRITING | LATER)
@pytest.mark.usefixtures("switched")
def test_unreachable_kafka_is_named_with_the_aim(aim: str, command: Command, elasticsearch: HTTPServer) -> None:
    error = fail(command, make_settings(elasticsearch.url_for("")))
    assert isinstance(error, Retryable)
    assert re.match(
        rf"Cannot {aim}: Kafka does not answer \(cannot connect to {NOWHERE}\): .*KAFKA_BOOTSTRAP_SERVERS$", str(error)
    )


@named(WRITING | LATER)
@pytest.mark.usefixtures("switched")
def test_kafka_that_refuses_is_named_with_the_aim(
    aim: str, command: Command, elasticsearch: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_settings: object) -> None:
        raise AccessRefused("Kafka at kafka:9092 refuses this client, because of its login.")

    monkeypatch.setattr("pipelines.connections.check_kafka", refuse)
    error = fail(command, make_settings(elasticsearch.url_for("")))
    assert isinstance(error, AccessRefused)
    assert str(error) == f"Cannot {aim}: Kafka at kafka:9092 refuses this client, because of its login."


def test_elasticsearch_that_does_not_say_who_it_is_to_this_user_answers_all_the_same(httpserver: HTTPServer) -> None:
    refusal = {"error": {"type": "security_exception", "reason": "cluster:monitor/main is unauthorized"}}
    httpserver.expect_request("/").respond_with_json(refusal, 403, headers=PRODUCT)
    with Elasticsearch(httpserver.url_for("")) as client:
        check_elasticsearch(client)
