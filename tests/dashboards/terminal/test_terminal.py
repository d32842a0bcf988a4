"""The closing screen of the demo: what it asks Elasticsearch, and how it looks on terminals of several kinds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from elasticsearch import Elasticsearch
from rich.console import Console

from dashboards.report.gathering import ReportRequest, find_boards, gather
from dashboards.report.page.rendering import describe_filters
from dashboards.terminal.charts import FirstStatement, MonthColumns
from dashboards.terminal.scope import find_scope
from dashboards.terminal.summary import DemoSummary, load_summary, render_summary
from schemas.codec import make_document
from schemas.elasticsearch.indices import FAMILIES, template
from schemas.records import Article, Claim, DeadLetter, Figure, NumberRange
from schemas.text import Claimant, FigureText
from tests.conftest import Stack

WIDTHS = [80, 100, 120]


def figure(
    text: str, low: float | None, high: float | None, modifier: str = "exact", unit: str = "soldiers"
) -> FigureText:
    known = [bound for bound in (low, high) if bound is not None]
    fields = {"low": low, "high": high, "value": sum(known) / len(known), "modifier": modifier}
    shape = {
        "text": text,
        "start": 0,
        "end": len(text),
        "kind": "count",
        "unit": unit,
        "unit_class": "military_personnel",
    }
    return msgspec.convert(shape | fields, FigureText)


def stated(claimant: str, day: str, figure: FigureText, status: str = "asserted", times: int = 1) -> FirstStatement:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    return FirstStatement(claimant=claimant, published_at=moment, figure=figure, status=status, times=times)


SUMMARY = DemoSummary(
    address="http://localhost:9200",
    articles=109,
    claims=1642,
    figures=903,
    dead_letters=2,
    months=((date(2022, 7, 1), 1), (date(2024, 10, 1), 96), (date(2025, 9, 1), 48)),
    troops=(
        stated("Coast Survey", "2024-10-18", figure("1,500", 1500, 1500, unit="special forces"), times=7),
        stated("Coast Survey", "2024-11-04", figure("10,000", 10000, None, "at_least"), "confirmed"),
        stated("Hill Bureau", "2024-11-04", figure("11,000 to 12,000", 11000, 12000, "range"), "predicted"),
        stated("Hill Bureau", "2022-07-21", figure("tens of thousands", 20000, 99999, "vague")),
        stated(
            "An Office With a Name That Is Longer Than Any Column",
            "2025-07-02",
            figure("30,000", None, 30000, "at_most"),
        ),
    ),
    claimants=(("Coast Survey", 80), ("Hill Bureau", 20)),
    statuses=(("asserted", 90), ("denied", 10)),
    languages=(("en", 83), ("uk", 3)),
    watches=(("losses", 41), ("denials", 7)),
)


def printed(what: Any, width: int = 80, colour: bool = False) -> list[str]:
    console = Console(width=width, color_system="truecolor" if colour else None, force_terminal=colour, highlight=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get().splitlines()


def test_screen_tells_claims_by_watch_where_there_are_watches() -> None:
    assert any("claims by watch  losses 41  denials 7" in line for line in printed(render_summary(SUMMARY)))
    assert not any("claims by watch" in line for line in printed(render_summary(replace(SUMMARY, watches=()))))


@pytest.mark.parametrize("width", WIDTHS)
def test_screen_fits_the_terminal_and_one_page(width: int) -> None:
    lines = printed(render_summary(SUMMARY), width)
    assert max(map(len, lines)) <= width
    assert len(lines) <= 60


def test_screen_says_the_same_without_colour() -> None:
    plain = printed(render_summary(SUMMARY))
    assert not any("\x1b" in line for line in plain)
    assert any("\x1b" in line for line in printed(render_summary(SUMMARY), colour=True))
    page = "\n".join(plain)
    for words in ("109 articles", "1,642 claims", "903 figures", "2 dead letters", "en 83", "most in October 2024: 96"):
        assert words in page


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ("18 Oct 2024  1,500 special forces", "●"),
        ("4 Nov 2024  ≥ 10,000 soldiers", "●─▸"),
        ("4 Nov 2024  11,000 to 12,000 soldiers", "○━○"),
        ("21 Jul 2022  tens of thousands of soldiers", "●━━"),
        ("2 Jul 2025  ≤ 30,000 soldiers", "◂─●"),
    ],
)
def test_figure_stands_with_its_bounds_in_words_and_on_the_scale(words: str, mark: str) -> None:
    [line] = [line for line in printed(render_summary(SUMMARY), 120) if words in line]
    assert mark in line


def test_larger_figures_stand_further_right() -> None:
    page = printed(render_summary(SUMMARY), 120)
    places = [next(line for line in page if words in line).index("●") for words in ("1,500", "≥ 10,000", "tens of")]
    assert places == sorted(set(places))


def test_repeats_are_counted() -> None:
    [line] = [line for line in printed(render_summary(SUMMARY)) if "1,500" in line]
    assert "×7" in line


def test_screen_ends_with_three_commands() -> None:
    commands = [line.strip() for line in printed(render_summary(SUMMARY)) if line.startswith(" $ ")]
    assert len(commands) == 3
    assert commands[0].startswith("$ curl -s 'http://localhost:9200/claims/_search")
    assert all(command.startswith("$ newsclaims ") for command in commands[1:])


def test_empty_indices_give_a_short_screen() -> None:
    empty = DemoSummary(address="http://localhost:9200", articles=0, claims=0, figures=0, dead_letters=0)
    page = "\n".join(printed(render_summary(empty)))
    assert "0 claims" in page
    assert "by month" not in page


@pytest.mark.parametrize(("first", "columns"), [(date(2025, 9, 1), 1), (date(2022, 7, 1), 39), (date(1995, 1, 1), 31)])
def test_columns_keep_empty_months_and_fit(first: date, columns: int) -> None:
    counts = sorted({first: 7, date(2025, 9, 1): 4}.items())
    chart = MonthColumns(counts)
    assert len(chart.columns(79)[2]) == columns
    assert sum(chart.columns(79)[2]) == sum(count for _, count in counts)
    lines = printed(chart)
    assert max(map(len, lines)) <= 80
    assert str(first.year) in lines[-1]


def test_month_with_a_single_claim_can_be_seen() -> None:
    lines = printed(MonthColumns(((date(2024, 1, 1), 1), (date(2024, 2, 1), 100_000))))
    assert "▁" in lines[-3]


NOW = datetime(2025, 9, 2, tzinfo=UTC)
DIMENSIONS: dict[str, Any] = {
    "article_id": "a1", "revision": 1, "rules_version": "1", "feed": "test", "language": "en",
    "fetched_at": NOW, "processed_at": NOW,
}  # fmt: skip


def claim(number: int, claimant: str, status: str, published_at: datetime) -> Claim:
    return Claim(
        claim_id=f"c{number}", text="t", start=0, end=1, status=status, published_at=published_at,
        claimant=Claimant(name=claimant, kind="organisation"), **DIMENSIONS,
    )  # fmt: skip


def indexed_figure(number: int, claimant: str, day: int, each: FigureText, event: str | None = None) -> Figure:
    return Figure(
        **msgspec.structs.asdict(each), figure_id=f"f{number}", claimant=claimant, status="asserted", event=event,
        range=NumberRange(gte=each.low, lte=each.high), published_at=NOW - timedelta(days=day), **DIMENSIONS,
    )  # fmt: skip


@pytest.fixture
def elasticsearch(stack: Stack) -> Iterator[Elasticsearch]:
    with Elasticsearch(**stack.settings.elasticsearch.client_options()) as client:
        erase(client)
        for name in ("articles", "claims", "figures", "dead-letters"):
            client.indices.put_index_template(name=FAMILIES[name].template, **template(FAMILIES[name]))
        yield client
        erase(client)


def erase(client: Elasticsearch) -> None:
    for name in ("articles", "claims", "figures", "dead-letters"):
        for index in client.indices.get(index=FAMILIES[name].pattern):
            client.indices.delete(index=index)


def write(client: Elasticsearch, name: str, *records: msgspec.Struct) -> None:
    operations = [line for record in records for line in ({"index": {}}, make_document(record))]
    answer = client.bulk(index=FAMILIES[name].index("2025"), operations=operations, refresh=True)
    assert not answer["errors"], answer


@pytest.mark.integration
def test_summary_of_nothing_counts_nothing(elasticsearch: Elasticsearch) -> None:
    found = load_summary(elasticsearch)
    assert (found.articles, found.claims, found.figures, found.dead_letters) == (0, 0, 0, 0)
    assert found.months == found.troops == found.claimants == ()
    assert found.address.startswith("http://")


@pytest.mark.integration
def test_summary_of_ones_own_texts_leaves_out_what_was_indexed_before(elasticsearch: Elasticsearch) -> None:
    def article(id: str, parent: str | None = None) -> Article:
        return Article(
            **DIMENSIONS | {"article_id": id}, parent_id=parent, kind="article", connector="files", body="b",
            language_confidence=1.0, published_at=NOW, published_source="feed", word_count=1,
        )  # fmt: skip

    def letter(id: str) -> DeadLetter:
        return DeadLetter(
            dead_letter_id=id, key=id, topic="t", partition=0, offset=0, step="decode", reason="not_json", error="e",
            failed_at=NOW, size=1,
        )  # fmt: skip

    write(elasticsearch, "articles", article("mine"), article("item", "page"), article("old"))
    claims = [claim(number, name, "asserted", NOW) for number, name in enumerate(("Coast", "Hill", "Moor"))]
    write(elasticsearch, "claims", *(msgspec.structs.replace(each, article_id=id)
                                     for each, id in zip(claims, ("mine", "item", "old"), strict=True)))  # fmt: skip
    figures = [indexed_figure(number, "Coast", 1, figure("900", 900, 900)) for number in (1, 2)]
    write(elasticsearch, "figures", *(msgspec.structs.replace(each, article_id=id)
                                      for each, id in zip(figures, ("item", "old"), strict=True)))  # fmt: skip
    write(elasticsearch, "dead-letters", letter("mine"), letter("old"))
    scope = find_scope(elasticsearch, ["mine", "page", "mine", "refused"])
    assert (scope.keys, scope.articles) == (("mine", "page", "refused"), ("item", "mine"))
    found = load_summary(elasticsearch, scope)
    assert (found.articles, found.claims, found.figures, found.dead_letters) == (2, 2, 1, 1)
    assert (found.claimants, found.months) == ((("Coast", 1), ("Hill", 1)), ((date(2025, 9, 1), 2),))
    assert [each.times for each in found.troops] == [1]
    report = gather(elasticsearch, ReportRequest(boards=find_boards(()), filters=scope.filters, now=NOW + timedelta(1)))
    assert dict(report.totals) == {"articles": 2, "claims": 2, "figures": 1}
    assert dict(describe_filters(scope.filters)) == {"Articles": "2 chosen"}
    nothing = load_summary(elasticsearch, find_scope(elasticsearch, []))
    assert (nothing.articles, nothing.claims, nothing.dead_letters, nothing.troops) == (0, 0, 0, ())


@pytest.mark.integration
def test_summary_counts_claims_by_month_claimant_and_status(elasticsearch: Elasticsearch) -> None:
    october, december = datetime(2024, 10, 5, tzinfo=UTC), datetime(2024, 12, 31, 23, tzinfo=UTC)
    write(
        elasticsearch,
        "claims",
        msgspec.structs.replace(claim(1, "Coast Survey", "asserted", october), watches=("losses", "coast")),
        msgspec.structs.replace(claim(2, "Coast Survey", "denied", october), watches=("coast",)),
        claim(3, "Hill Bureau", "asserted", december),
    )
    article = Article(
        **DIMENSIONS | {"language": "uk"}, kind="article", connector="files", body="b", language_confidence=1.0,
        published_at=NOW, published_source="feed", word_count=1,
    )  # fmt: skip
    write(elasticsearch, "articles", article)
    lost = DeadLetter(
        dead_letter_id="d", topic="t", partition=0, offset=0, step="decode", reason="not_json", error="e",
        failed_at=NOW, size=1,
    )  # fmt: skip
    write(elasticsearch, "dead-letters", lost)
    found = load_summary(elasticsearch)
    assert (found.articles, found.claims, found.dead_letters) == (1, 3, 1)
    assert found.months == ((date(2024, 10, 1), 2), (date(2024, 12, 1), 1))
    assert found.claimants == (("Coast Survey", 2), ("Hill Bureau", 1))
    assert found.statuses == (("asserted", 2), ("denied", 1))
    assert found.languages == (("uk", 1),)
    assert found.watches == (("coast", 2), ("losses", 1))


@pytest.mark.integration
def test_summary_gives_each_figure_of_a_claimant_once_from_its_first_day(elasticsearch: Elasticsearch) -> None:
    three, at_least = figure("3,000", 3000, 3000), figure("10,000", 10000, None, "at_least")
    write(
        elasticsearch,
        "figures",
        indexed_figure(1, "Coast Survey", 300, three),
        indexed_figure(2, "Coast Survey", 310, three),
        indexed_figure(3, "Coast Survey", 290, at_least),
        indexed_figure(4, "Coast Survey", 280, figure("12", 12, 12)),
        indexed_figure(5, "Coast Survey", 280, figure("2,000", 2000, 2000), event="loss"),
        indexed_figure(6, "Hill Bureau", 280, msgspec.structs.replace(three, unit_class="vehicles")),
    )
    troops = load_summary(elasticsearch).troops
    assert [(each.claimant, each.figure.low, each.figure.high, each.times) for each in troops] == [
        ("Coast Survey", 3000, 3000, 2),
        ("Coast Survey", 10000, None, 1),
    ]
    assert troops[0].published_at == NOW - timedelta(days=310)
    assert "≥ 10,000 soldiers" in "\n".join(printed(render_summary(load_summary(elasticsearch))))


@pytest.mark.integration
def test_summary_shows_the_claimants_with_most_figures_first(elasticsearch: Elasticsearch) -> None:
    amounts = range(1000, 10_000, 1000)
    write(
        elasticsearch,
        "figures",
        *(indexed_figure(n, "Coast Survey", n, figure(str(n), n, n)) for n in amounts),
        *(indexed_figure(n, f"Bureau {n}", 5, figure("500", 500, 500)) for n in amounts),
    )
    troops = load_summary(elasticsearch).troops
    assert troops[0].claimant == "Coast Survey"
    assert len({each.claimant for each in troops}) == 6
    assert sum(each.claimant == "Coast Survey" for each in troops) == 5


def test_address_of_the_report_is_told_whole_on_any_width() -> None:
    address = f"file:///home/somebody/{'a-long-folder/' * 8}newsclaims-report.html"
    for width in WIDTHS:
        assert address in "".join(line.strip() for line in printed(render_summary(SUMMARY, report=address), width))
    assert "one page" not in "\n".join(printed(render_summary(SUMMARY)))
