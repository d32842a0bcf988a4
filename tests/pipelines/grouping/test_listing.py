"""Entities that articles name in several ways, counted from the newest articles."""

from typing import Any

import pytest
from rich.console import Console

from dashboards.terminal.aliases import render_claimants, render_entities
from deploy.settings import Settings
from pipelines.grouping import listing
from pipelines.grouping.listing import is_about, list_entities

NIS = {"id": "kr/nis", "name": "National Intelligence Service"}
ARTICLES: tuple[list[dict[str, Any]], ...] = (
    [NIS | {"written": ["Seoul's spy agency"]}, {"id": "name/varnholm", "name": "Varnholm", "written": ["Varnholm"]}],
    [NIS | {"written": ["NIS", "Seoul's spy agency"]}],
    [{"name": "NIS"}],  # of an earlier release
)


class Client:
    """Answers searches with pages of `ARTICLES`."""

    def __init__(self, **options: Any) -> None:
        self.searches: list[dict[str, Any]] = []

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def search(self, index: str, body: dict[str, Any]) -> dict[str, Any]:
        assert index == "articles"
        first = body["search_after"][0] if "search_after" in body else 0
        page = ARTICLES[first : first + body["size"]]
        hits = [{"_source": {"entities": each}, "sort": [first + n + 1]} for n, each in enumerate(page)]
        return {"hits": {"hits": hits}}


@pytest.mark.parametrize("page", [1, 2, 10])
def test_entities_are_counted_over_all_pages(monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(listing, "Elasticsearch", Client)
    monkeypatch.setattr(listing, "PAGE", page)
    settings = Settings.load()
    [found] = list_entities(settings, 10, None)
    assert found == NIS | {"articles": 2, "forms": {"Seoul's spy agency": 2, "NIS": 1}}
    assert [each["id"] for each in list_entities(settings, 10, "varn")] == ["name/varnholm"]
    assert list_entities(settings, 10, "moon") == []


def test_words_begin_words_of_a_name() -> None:
    assert is_about("The Seoul’s Spy Agency", ["spy", "seoul"])
    assert not is_about("Spy Agency", ["spy", "gency"])


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
