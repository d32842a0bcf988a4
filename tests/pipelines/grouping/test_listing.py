"""Entities that articles name in several ways, counted from the newest articles."""

import json
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from dashboards.terminal.aliases import render_claimants, render_entities
from deploy.settings import Settings
from pipelines.commands.aliases import aliases
from pipelines.grouping import listing
from pipelines.grouping.listing import list_entities, list_words

NIS = {"id": "kr/nis", "name": "National Intelligence Service"}
ARTICLES: tuple[list[dict[str, Any]], ...] = (
    [NIS | {"written": ["Seoul's spy agency"]}, {"id": "name/varnholm", "name": "Varnholm", "written": ["Varnholm"]}],
    [NIS | {"written": ["NIS", "Seoul's spy agency"]}],
    [{"name": "NIS"}],  # of an earlier release
)


class Client:
    """Answers searches with pages of those of `ARTICLES` that the query finds."""

    def __init__(self, **options: Any) -> None:
        self.indices = self

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def options(self, **options: Any) -> "Client":
        return self

    def info(self) -> None:
        """Answers."""

    def refresh(self, index: str) -> None:
        assert index == "articles"

    def search(
        self, query: dict[str, Any], size: int, search_after: list[int] | None = None, **options: Any
    ) -> dict[str, Any]:
        found = [each for each in ARTICLES if matches(each, query)]
        first = search_after[0] if search_after else 0
        page = enumerate(found[first : first + size], first + 1)
        return {"hits": {"hits": [{"_source": {"entities": each}, "sort": [place]} for place, each in page]}}


def matches(entities: list[dict[str, Any]], query: dict[str, Any]) -> bool:
    if "terms" in query:
        return any(each.get("id") in query["terms"]["entities.id"] for each in entities)
    return query.get("multi_match", {}).get("query", "") in str(entities).casefold()


@pytest.mark.parametrize("page", [1, 2, 10])
def test_entities_are_counted_over_all_pages(monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr("pipelines.connections.Elasticsearch", Client)
    monkeypatch.setattr(listing, "PAGE", page)
    settings = Settings.load()
    [found] = list_entities(settings, 10, None)
    assert found == NIS | {"articles": 2, "forms": {"Seoul's spy agency": 2, "NIS": 1}}
    assert [each["id"] for each in list_entities(settings, 10, "varnholm")] == ["name/varnholm"]
    assert list_entities(settings, 10, "moon") == []
    # The words choose the entity, and all of its articles count.
    assert list_entities(settings, 10, "national") == [found]
    assert list_entities(settings, 10, "nis") == [found]


def test_words_are_whole_and_in_any_case() -> None:
    assert list_words("Seoul’s Spy-Agency (SSA)") == {"seoul's", "spy", "agency", "ssa"}


def render(renderable: Any) -> str:
    console = Console(width=120)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_tables_say_what_they_count() -> None:
    row = NIS | {"articles": 1200, "claims": 1200, "forms": {"NIS": 1200}}
    text = render(render_entities([row]))
    assert "entity" in text
    assert "1,200" in text
    assert "NIS (1,200)" in text
    assert "claimant" in render(render_claimants([row]))
    assert "No entity has more than one written form" in render(render_entities([]))


def test_command_lists_entities_and_refuses_what_it_cannot_combine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.connections.Elasticsearch", Client)
    found = CliRunner().invoke(aliases, ["list", "--entities", "nis", "--json"])
    assert [each["id"] for each in json.loads(found.output)] == ["kr/nis"]
    refused = CliRunner().invoke(aliases, ["list", "--entities", "--decisions"])
    assert refused.exit_code == 2
    assert "leave out --entities" in refused.output
