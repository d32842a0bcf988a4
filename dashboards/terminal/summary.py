"""The closing screen of `newsclaims demo`: the content of the indices, and what to try next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dashboards.terminal.article_view import STATUS_STYLES, format_number
from dashboards.terminal.charts import DotPlot, FirstStatement, MonthColumns, build_bars
from dashboards.terminal.scope import DemoScope
from deploy.settings import Settings
from schemas.text import FigureText

TOP: Final = 8
TROOP_CLAIMANTS: Final = 6
TROOP_FIGURES: Final = 5
"""Lines for each claimant, few enough to see at a glance."""
TROOPS_FROM: Final = 100
"""Smallest number of soldiers: smaller figures are about squads and incidents, not contingents."""
TROOPS: Final[Mapping[str, Any]] = {
    "bool": {
        "filter": [
            {"term": {"unit_class": "military_personnel"}},
            {"exists": {"field": "claimant"}},
            {"range": {"value": {"gte": TROOPS_FROM}}},
        ],
        "must_not": [{"term": {"event": "loss"}}],
    }
}
"""Figures of soldiers that exist, were offered, sent or moved, as somebody claims, without losses."""

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class DemoSummary:
    """The content of the indices; counts are of documents."""

    address: str
    """The Elasticsearch node, as a URL without credentials."""
    articles: int
    claims: int
    figures: int
    dead_letters: int
    months: tuple[tuple[date, int], ...] = ()
    """Claims by month of publication, without empty months."""
    troops: tuple[FirstStatement, ...] = ()
    claimants: Counts = ()
    statuses: Counts = ()
    languages: Counts = ()
    """Articles by language."""
    watches: Counts = ()
    """Claims by watch; a claim that matches several counts in each."""


ALL: Final = DemoScope()
"""Everything that is indexed."""


def load_summary(es: Elasticsearch, scope: DemoScope = ALL) -> DemoSummary:
    """Reads the aliases `articles`, `claims`, `figures` and `dead-letters`; a missing alias counts 0.

    Raises what the client raises if the server does not respond.
    """
    claims = _aggregate(
        es,
        "claims",
        scope.narrow("claims"),
        months={"date_histogram": {"field": "published_at", "calendar_interval": "month", "min_doc_count": 1}},
        claimants=_build_terms("claimant.name.keyword"),
        statuses=_build_terms("status"),
        watches=_build_terms("watches"),
    )
    articles = _aggregate(es, "articles", scope.narrow("articles"), languages=_build_terms("language"))
    return DemoSummary(
        address=next(iter(es.transport.node_pool.all())).base_url,
        articles=_count_documents(es, "articles", scope),
        claims=_count_documents(es, "claims", scope),
        figures=_count_documents(es, "figures", scope),
        dead_letters=_count_documents(es, "dead-letters", scope),
        months=tuple((_read_time(bucket["key"]).date(), bucket["doc_count"]) for bucket in claims.get("months", ())),
        troops=_find_troops(es, scope),
        claimants=_read_counts(claims.get("claimants", ())),
        statuses=_read_counts(claims.get("statuses", ())),
        languages=_read_counts(articles.get("languages", ())),
        watches=_read_counts(claims.get("watches", ())),
    )


def load_fresh_summary(settings: Settings, scope: DemoScope = ALL) -> DemoSummary:
    """Returns the summary right after a run: refreshes the indices first."""
    with Elasticsearch(**settings.elasticsearch.client_options()) as es:
        es.indices.refresh(index="articles,claims,figures,dead-letters", ignore_unavailable=True)
        return load_summary(es, scope)


def _build_terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": TOP}}


def _count_documents(es: Elasticsearch, alias: str, scope: DemoScope) -> int:
    return int(es.count(index=alias, query=scope.narrow(alias), ignore_unavailable=True)["count"])


def _aggregate(
    es: Elasticsearch, alias: str, query: Mapping[str, Any] | None = None, **aggregations: Any
) -> dict[str, Any]:
    response = es.search(index=alias, size=0, query=query, aggs=aggregations, ignore_unavailable=True)
    # Without an index behind the alias, the response has no aggregations.
    return {name: found["buckets"] for name, found in response.get("aggregations", {}).items()}


def _read_counts(buckets: Sequence[Mapping[str, Any]]) -> Counts:
    return tuple((bucket["key"], bucket["doc_count"]) for bucket in buckets)


def _read_time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _find_troops(es: Elasticsearch, scope: DemoScope) -> tuple[FirstStatement, ...]:
    """Returns the claimants with the most distinct figures; of each, the most repeated figures by date."""
    variety = {"cardinality": {"field": "value"}}
    names = {"terms": {"field": "claimant", "size": TROOP_CLAIMANTS, "order": {"variety": "desc"}}}
    troops = scope.narrow("figures", TROOPS)
    claimants = _aggregate(es, "figures", troops, claimants={**names, "aggs": {"variety": variety}})
    stated: list[FirstStatement] = []
    for claimant, _ in _read_counts(claimants.get("claimants", ())):
        figures = sorted(_find_statements(es, claimant, troops), key=lambda each: (-each.times, each.published_at))[
            :TROOP_FIGURES
        ]
        stated += sorted(figures, key=lambda each: (each.published_at, each.figure.value))
    return tuple(stated)


def _find_statements(es: Elasticsearch, claimant: str, troops: Mapping[str, Any]) -> list[FirstStatement]:
    """Returns the claimant's distinct figures, each with its first statement."""
    bounds = [{bound: {"terms": {"field": bound, "missing_bucket": True}}} for bound in ("low", "high")]
    first = {"top_hits": {"size": 1, "sort": [{"published_at": "asc"}]}}
    query = {"bool": {"filter": [troops, {"term": {"claimant": claimant}}]}}
    figures = {"composite": {"size": 200, "sources": bounds}, "aggs": {"first": first}}
    found = _aggregate(es, "figures", query, figures=figures)
    return [_build_statement(claimant, bucket) for bucket in found.get("figures", ())]


def _build_statement(claimant: str, bucket: Mapping[str, Any]) -> FirstStatement:
    source = bucket["first"]["hits"]["hits"][0]["_source"]
    return FirstStatement(
        claimant=claimant,
        published_at=datetime.fromisoformat(source["published_at"]),
        figure=msgspec.convert(source, FigureText),
        status=source.get("status"),
        times=bucket["doc_count"],
    )


def render_summary(summary: DemoSummary, program: str = "newsclaims", report: str | None = None) -> RenderableType:
    """Returns the screen, for 80 to 120 columns, with or without colour.

    `program` is what the reader types to run the program, `report` the address of the report.
    """
    parts: list[RenderableType] = [Text(), _build_counts(summary)]
    if summary.months:
        month, most = max(summary.months, key=lambda counted: counted[1])
        parts += [
            _build_heading("Claims by month", f"most in {month:%B %Y}: {format_number(most)}"),
            MonthColumns(summary.months),
        ]
    if summary.troops:
        parts += [
            _build_heading("Numbers of soldiers by claimant", "as first stated; ×n: found n times"),
            DotPlot(summary.troops),
            Text(" ● asserted or confirmed  ○ planned, predicted, denied, unconfirmed  ▸◂ open end", "dim"),
        ]
    if summary.claims:
        parts += [_build_heading("Claimants and statuses"), _build_shares(summary)]
    parts += [_build_heading("Try next"), _build_commands(summary, program), Text()]
    if report:
        where = Text(f" {report}", "bold green", overflow="fold")
        parts[-1:] = [Text(" # charts of these data, as one page for your browser", "dim"), where, Text()]
    return Group(*parts)


def _build_heading(words: str, note: str = "") -> RenderableType:
    title = Text.assemble((words, "bold"), (f"  {note}" if note else "", "dim"))
    return Padding(Rule(title, align="left", style="dim", characters="─"), (1, 0, 0, 0))


def _build_counts(summary: DemoSummary) -> Table:
    table = Table.grid(expand=True)
    lost = "bold red" if summary.dead_letters else "bold green"
    cells = [
        Text.assemble((format_number(count), style), f" {words}", justify="center")
        for count, words, style in (
            (summary.articles, "articles", "bold cyan"),
            (summary.claims, "claims", "bold cyan"),
            (summary.figures, "figures", "bold cyan"),
            (summary.dead_letters, "dead letters", lost),
        )
    ]
    for _ in cells:
        table.add_column(ratio=1)
    table.add_row(*cells)
    return table


def _build_shares(summary: DemoSummary) -> RenderableType:
    table = Table.grid(expand=True, padding=(0, 3))
    table.add_column(ratio=3)
    table.add_column(ratio=2)
    table.add_row(build_bars(summary.claimants), build_bars(summary.statuses, STATUS_STYLES))
    lines = [("articles by language", summary.languages), ("claims by watch", summary.watches)]
    lists = [
        Text.assemble((f"{about}  ", "dim"), "  ".join(f"{name} {format_number(count)}" for name, count in counts))
        for about, counts in lines
        if counts
    ]
    return Padding(Group(table, *lists), (0, 1))


def _build_commands(summary: DemoSummary, program: str) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    for why, command in (
        ("confirmed claims, as JSON", f"curl -s '{summary.address}/claims/_search?q=status:confirmed&pretty'"),
        ("the same with your own texts", f"{program} demo --articles FOLDER"),
        ("streaming: articles that you publish are searchable in seconds", f"{program} run"),
    ):
        table.add_row(Text.assemble(" ", (f"# {why}", "dim")))
        table.add_row(Text.assemble(" ", ("$ ", "dim"), (command, "bold green")))
    return table
