"""`newsclaims follow`: which dispute words mean, and the timeline of who said what first."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from dashboards.terminal import follow as module
from dashboards.terminal.follow import Timeline, group_repeats, matches, render_timeline
from schemas.errors import Permanent


def figure(
    day: int, claimant: str | None, value: float, status: str = "asserted", publisher: str = "Tide"
) -> dict[str, Any]:
    return {
        "figure_id": str(day), "article_id": str(day), "published_at": f"2024-10-{day:02}T09:00:00Z",
        "claimant": claimant,
        "text": f"{value:g}", "start": 0, "end": 4, "kind": "count", "low": value, "high": value, "value": value,
        "unit": "troops", "unit_class": "military_personnel", "status": status, "publisher": publisher,
        "feed": "tide",
        "sentence": "They have left.", "url": "http://tides.example/1", "dispute_id": "kp/troops",
        "dispute": "Kappa troops",
    }  # fmt: skip


def test_words_mean_the_disputes_whose_names_have_words_that_begin_so() -> None:
    name = "North Korean troops in Russia"
    assert matches("North Korea troops", name)
    assert matches("russia TROOPS", name)
    assert not matches("South Korea troops", name)
    assert not matches("", name)


def test_each_figure_of_a_claimant_is_shown_from_its_first_day_with_its_repeats() -> None:
    entries = list(group_repeats([
        figure(18, "Coast Survey", 12000), figure(19, "Hill Bureau", 10000),
        figure(20, "Coast Survey", 12000, publisher="Ebb"),
        figure(21, "Coast Survey", 12000, "confirmed"), figure(22, None, 12000),
    ]))  # fmt: skip
    shown = [
        (each.first_at.day, each.claimant, each.figure, each.status, each.repeats, each.publishers) for each in entries
    ]
    assert shown == [
        (18, "Coast Survey", "12,000 troops", "asserted", 2, 2),
        (19, "Hill Bureau", "10,000 troops", "asserted", 1, 1),
        (21, "Coast Survey", "12,000 troops", "confirmed", 1, 1),
        (22, "Tide", "12,000 troops", "asserted", 1, 1),
    ]
    console = Console(width=120, file=io.StringIO())
    console.print(
        render_timeline(
            Timeline(
                kind="dispute", id="kp/troops", name="Kappa troops", entries=tuple(entries), others=("More troops",)
            )
        )
    )
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Kappa troops" in text
    assert "×2" in text
    assert "Also: More troops" in text


class Answers:
    """A client that answers each search with the next answer."""

    def __init__(self, *answers: Mapping[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def search(self, **request: Any) -> Any:
        self.asked.append(request)
        return type("Answer", (), {"body": self.answers.pop(0)})()


def buckets(**ids: str) -> dict[str, Any]:
    found = [{"key": id, "name": {"buckets": [{"key": name}]}} for id, name in ids.items()]
    return {"aggregations": {"ids": {"buckets": found}}}


def follow(words: str, monkeypatch: pytest.MonkeyPatch, *answers: Mapping[str, Any]) -> tuple[Timeline, Answers]:
    from deploy.settings import Settings

    client = Answers(*answers)
    monkeypatch.setattr(module, "Elasticsearch", lambda **_: client)
    return module.follow(Settings.load(), words), client


def test_dispute_is_followed_by_words_and_by_id(monkeypatch: pytest.MonkeyPatch) -> None:
    known = buckets(a="Kappa troops", b="Kappa troops in Lamda", c="Other boats")
    hits = {"hits": {"hits": [{"_source": figure(18, "Coast Survey", 12000)}]}}
    found, client = follow("kappa troops", monkeypatch, known, hits)
    assert (found.kind, found.id, found.others, len(found.entries)) == ("dispute", "a", ("Kappa troops in Lamda",), 1)
    assert {"term": {"dispute_id": "a"}} in client.asked[-1]["query"]["bool"]["filter"]
    assert follow("b", monkeypatch, known, hits)[0].id == "b"


def test_assertion_is_followed_where_no_dispute_has_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = {
        "claim_id": "1", "published_at": "2024-10-18T09:00:00Z", "claimant": {"name": "Coast Survey"},
        "status": "denied",
        "text": "They have left.", "publisher": "Tide", "feed": "tide", "url": "", "figures": [],
    }  # fmt: skip
    hits = {"hits": {"hits": [{"_source": claim}]}}
    found, _ = follow("they left", monkeypatch, {}, {}, buckets(x=""), hits)
    assert (found.kind, found.id, found.name, found.entries[0].claimant) == (
        "assertion", "x", "They have left.", "Coast Survey",
    )  # fmt: skip
    with pytest.raises(Permanent, match="no dispute and no claim has the words 'moon'"):
        follow("moon", monkeypatch, {}, {}, {})
