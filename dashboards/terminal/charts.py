"""Charts for the terminal, drawn with block and line characters; they are readable without colour."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil, floor, log10
from types import MappingProxyType
from typing import Any, Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from dashboards.terminal.article_view import format_bounds, format_number
from schemas.text import FigureText

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
HEIGHT: Final = 6
"""Lines of a column chart; with eighths of a line it has 48 steps."""
STEPS: Final = (1, 3, 12, 120)
"""Months in one column; the first value that fits the width is used."""
WIDEST: Final = 6
"""Maximum width of a column in characters, so that a single month does not fill the screen."""
COLOURS: Final = ("cyan", "yellow", "green", "magenta", "blue", "red")


@dataclass(frozen=True)
class MonthColumns:
    """A column for each month from the first to the last, including months without a count.

    `counts` are (any day of the month, count), in order.
    """

    counts: Sequence[tuple[date, int]]
    style: str = "cyan"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        step, first, columns = self.columns(options.max_width - 1)
        wide = max(1, min(WIDEST, (options.max_width - 1) // len(columns)))
        gap = wide > 1
        top = max(columns)
        for line in range(HEIGHT - 1, -1, -1):
            blocks = (EIGHTHS[column_level(count, top, line)] * (wide - gap) + " " * gap for count in columns)
            yield Text(" " + "".join(blocks).rstrip(), self.style)
        yield Text(" " + "".join(("▔" if count else "·") * (wide - gap) + " " * gap for count in columns), "dim")
        yield Text(" " + label_months(first, len(columns), step, wide), "bold")

    def columns(self, width: int) -> tuple[int, int, list[int]]:
        """Returns the months per column, the first column's month (counted from year 0), and the counts."""
        months = {day.year * 12 + day.month - 1: count for day, count in self.counts}
        for step in STEPS:
            first, last = min(months) // step, max(months) // step
            if last - first < width or step == STEPS[-1]:
                break
        columns = [0] * (last - first + 1)
        for month, count in months.items():
            columns[month // step - first] += count
        return step, first * step, columns[-width:]


def column_level(count: int, top: int, line: int) -> int:
    """Returns the eighths of this line that a column fills. Any count above 0 is visible on the lowest line."""
    eighths = max(count > 0, round(count / top * HEIGHT * 8)) if top else 0
    return max(0, min(8, eighths - line * 8))


def label_months(first: int, columns: int, step: int, wide: int) -> str:
    """Returns the line below the columns: the first month, then each year at its start."""
    line = [" "] * (columns * wide + 12)
    free = 0
    for column in range(columns):
        year, month = divmod(first + column * step, 12)
        words = f"{date(year, month + 1, 1):%b %Y}" if not column and step < 12 else str(year)
        if column * wide >= free and (not column or month < step) and column * wide + len(words) <= columns * wide + 12:
            line[column * wide : column * wide + len(words)] = words
            free = column * wide + len(words) + 1
    return "".join(line).rstrip()


def build_bars(rows: Sequence[tuple[str, int]], styles: Mapping[Any, str] = MappingProxyType({})) -> Table:
    """Returns names with their counts and a bar relative to the largest. `styles` are by name; the default is cyan."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=30)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    top = max((count for _, count in rows), default=0)
    for name, count in rows:
        table.add_row(name, format_number(count), Bar(count / top, styles.get(name, "cyan")))
    return table


@dataclass(frozen=True)
class Bar:
    """A horizontal bar that fills `share` of its cell."""

    share: float
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text("━" * max(1, round(self.share * options.max_width)), self.style, no_wrap=True, end="")


@dataclass(frozen=True, kw_only=True)
class FirstStatement:
    """A figure as a claimant first stated it, and the number of times it was found."""

    claimant: str
    published_at: datetime
    figure: FigureText
    status: str | None
    times: int

    @property
    def words(self) -> str:
        """The figure with its bounds and unit; a vague figure in its original words."""
        if self.figure.modifier != "vague":
            return f"{format_bounds(self.figure)} {self.figure.unit}"
        plural = self.figure.text.endswith("s")
        return f"{self.figure.text} {'of ' if plural else ''}{self.figure.unit}"


@dataclass(frozen=True)
class DotPlot:
    """Figures on a logarithmic scale, one per line, grouped by claimant. All values are above 0."""

    stated: Sequence[FirstStatement]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        label = 40 if options.max_width < 100 else 46
        scale = Scale.over([self.edges(each.figure) for each in self.stated], max(20, options.max_width - label - 3))
        yield Text(" " * (label + 1) + scale.header(), "dim", no_wrap=True)
        groups = list(dict.fromkeys(each.claimant for each in self.stated))
        for position, claimant in enumerate(groups):
            colour = COLOURS[position % len(COLOURS)]
            empty = Text(" " + claimant, f"bold {colour}", no_wrap=True)
            empty.truncate(label, overflow="ellipsis", pad=True)
            yield empty.append(" " + "".join(scale.grid()), "not bold dim")
            for each in self.stated:
                if each.claimant == claimant:
                    yield self.line(each, label, scale, colour)

    @staticmethod
    def edges(figure: FigureText) -> tuple[float, float]:
        """Returns the figure's bounds; its value replaces an open one."""
        low = figure.value if figure.low is None else figure.low
        return max(low, 1.0), max(figure.value if figure.high is None else figure.high, low, 1.0)

    def line(self, each: FirstStatement, label: int, scale: "Scale", colour: str) -> Text:
        """Returns a line: date, figure, number of times, and the mark on the scale."""
        day = f"{each.published_at.day:>2} {each.published_at:%b %Y}"
        line = Text(f"   {day}  {each.words}", no_wrap=True)
        times = f" ×{each.times}" if each.times > 1 else ""
        line.truncate(label - len(times), overflow="ellipsis", pad=True)
        line.append(times, "dim").append(" ")
        sure = each.status in (None, "asserted", "confirmed")
        for mark, strong in self.marks(each.figure, scale, "●" if sure else "○"):
            line.append(mark, colour if strong else "dim")
        return line

    def marks(self, figure: FigureText, scale: "Scale", dot: str) -> Iterator[tuple[str, bool]]:
        """Yields the characters of the scale, and whether they belong to the mark."""
        start, end = (scale.column(edge) for edge in self.edges(figure))
        leader = dict.fromkeys(range(start), "·")
        marks = dict.fromkeys(range(start, end + 1), "━") | {start: dot, end: dot}
        if figure.high is None:
            marks |= {end + 1: "─", end + 2: "▸"}
        if figure.low is None:
            marks |= {start - 1: "─", start - 2: "◂"}
        for column, grid in enumerate(scale.grid()):
            yield marks.get(column) or leader.get(column, grid), column in marks


@dataclass(frozen=True)
class Scale:
    """A logarithmic scale from one power of ten to another, over `width` characters."""

    lowest: int
    highest: int
    width: int

    @classmethod
    def over(cls, edges: Sequence[tuple[float, float]], width: int) -> "Scale":
        """Returns the scale between the powers of ten around all bounds, at least one apart."""
        lowest = floor(log10(min(low for low, _ in edges)))
        return cls(lowest, max(lowest + 1, ceil(log10(max(high for _, high in edges)))), width)

    def column(self, value: float) -> int:
        """Returns the column of a value; two characters at the end are reserved for an arrow."""
        return round((log10(value) - self.lowest) / (self.highest - self.lowest) * (self.width - 3))

    def grid(self) -> list[str]:
        """Returns an empty line of the scale, with a mark at each power of ten."""
        powers = {self.column(10.0**power) for power in range(self.lowest, self.highest + 1)}
        return ["┊" if column in powers else " " for column in range(self.width)]

    def header(self) -> str:
        """Returns the labels of the powers of ten, each ending at its mark; the lowest starts at its mark."""
        line = [" "] * self.width
        taken = 0
        for power in range(self.lowest, self.highest + 1):
            words = format_number(10.0**power)
            end = min(max(self.column(10.0**power) + 1, len(words)), self.width)
            if power == self.lowest or end - len(words) > taken:
                line[end - len(words) : end] = words
                taken = end
        return "".join(line).rstrip()
