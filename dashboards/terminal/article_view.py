"""Renders an article for the terminal, with figures, claimants, cues and statuses in colour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.fields import Field, Status
from schemas.text import ArticleText, ClaimText, FigureText

STATUS_STYLES: dict[Status, str] = {
    "asserted": "white",
    "confirmed": "green",
    "denied": "red",
    "unconfirmed": "yellow",
    "planned": "blue",
    "predicted": "magenta",
    "demanded": "cyan",
    "opinion": "bright_black",
}
FIGURE, CLAIMANT, CUE = "bold black on yellow", "bold green", "italic cyan"


def render_article(article: ArticleText) -> RenderableType:
    """Returns the article with highlighted spans, then its claims and figures as tables."""
    facts = [article.kind, f"{article.language} {article.language_confidence:.0%}"]
    if article.published_at:
        facts.append(f"{article.published_at:%Y-%m-%d}")
    parts: list[RenderableType] = [
        Panel(
            mark_text(article, "body"),
            title=mark_text(article, "title") if article.title else Text("no title", style="dim"),
            subtitle=" · ".join(facts),
            padding=(1, 2),
        ),
        Text.assemble("  marks: ", ("figure", FIGURE), "  ", ("claimant", CLAIMANT), "  ", ("cue", CUE)),
    ]
    if article.claims:
        parts.append(build_claims_table(article))
    if article.figures:
        parts.append(build_figures_table(article))
    return Group(*parts)


def read_field(article: ArticleText, field: Field) -> str:
    """Returns the text to which offsets in this field refer."""
    return (article.title or "") if field == "title" else article.body


def mark_text(article: ArticleText, field: Field) -> Text:
    """Returns the title or body with highlighted spans."""
    text = Text(read_field(article, field))
    for claim in article.claims:
        if claim.field == field:
            for start, end in claim.content:
                text.stylize(f"underline {STATUS_STYLES[claim.status]}", start, end)
            for start, end, style in find_speech(claim):
                text.stylize(style, start, end)
    for figure in article.figures:
        if figure.field == field:
            text.stylize(FIGURE, figure.start, figure.end)
    return text


def find_speech(claim: ClaimText) -> Iterator[tuple[int, int, str]]:
    """Yields the spans of the claimant and the cue, each with its style."""
    if claim.claimant and claim.claimant.start is not None and claim.claimant.end is not None:
        yield claim.claimant.start, claim.claimant.end, CLAIMANT
    if claim.cue:
        yield claim.cue.start, claim.cue.end, CUE


def build_claims_table(article: ArticleText) -> Table:
    """Returns a table of claims: who, status, what, through whom."""
    table = Table(title="Claims", title_justify="left", expand=True, row_styles=["", "on grey7"])
    table.add_column("who", ratio=3)
    table.add_column("status", ratio=2)
    table.add_column("what", ratio=9)
    table.add_column("through", ratio=2)
    for claim in article.claims:
        who = claim.claimant.name if claim.claimant else "—"
        if claim.claimant and claim.claimant.role:
            who += f"\n{claim.claimant.role}"
        words = " … ".join(read_field(article, claim.field)[start:end] for start, end in claim.content) or claim.text
        status = Text(claim.status, style=STATUS_STYLES[claim.status])
        table.add_row(Text(who), status, Text(words), Text(claim.via or ""))
    return table


def build_figures_table(article: ArticleText) -> Table:
    """Returns a table of figures with their bounds, units and classes."""
    table = Table(title="Figures", title_justify="left", row_styles=["", "on grey7"])
    for heading in ("figure", "means", "unit", "class"):
        table.add_column(heading, justify="right" if heading == "means" else "left")
    for figure in article.figures:
        table.add_row(Text(figure.text), format_bounds(figure), Text(figure.unit), figure.unit_class.replace("_", " "))
    return table


def format_bounds(figure: FigureText) -> str:
    """Returns the figure's bounds in symbols: `≥ 3,000`, `25,000 to 30,000`, `+ 3,000`."""
    low, high = figure.low, figure.high
    if low is not None and high is not None:
        text = format_number(low) if low == high else f"{format_number(low)} to {format_number(high)}"
    elif low is not None:
        text = ("> " if figure.modifier == "more_than" else "≥ ") + format_number(low)
    elif high is not None:
        text = ("< " if figure.modifier == "less_than" else "≤ ") + format_number(high)
    else:
        text = "?"
    about = "≈ " if figure.modifier == "approx" else ""
    change = {"additional": "+ ", "up": "↑ ", "down": "↓ ", "total": "Σ "}.get(figure.change or "", "")
    return change + about + text


def format_number(value: float) -> str:
    """Returns a number with thousands separators."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


@dataclass(frozen=True)
class LineView:
    """A line of a page: its number from 1, and the reason why it was removed, None if it was kept."""

    number: int
    text: str
    reason: str | None
    is_title: bool = False


def render_explanation(lines: Iterable[LineView]) -> RenderableType:
    """Returns the lines of a page in order: kept (green), title (bold), and removed (red, with the reason)."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(justify="right", style="dim")
    table.add_column(overflow="fold")
    table.add_column(style="yellow", no_wrap=True)
    for line in lines:
        symbol, style = ("−", "red") if line.reason else ("+", "bold green" if line.is_title else "green")
        text = Text(line.text, style="red dim" if line.reason else "bold" if line.is_title else "")
        reason = line.reason or ("title" if line.is_title else "")
        table.add_row(str(line.number), Text.assemble((f"{symbol} ", style), text), reason.replace("_", " "))
    return table
