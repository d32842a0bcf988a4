"""The board Feeds, for feed operators: whether each feed delivers what is expected of it."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.panels import Bars, Board, Lines, Listing, Number, Panel, Ranking, Section, TableColumn

RED_FROM_ONE: Final = ((1.0, "red"),)

BOARD: Final = Board(
    uid="newsclaims-feeds",
    title="Feeds",
    description="Freshness, volume compared with the expected volume, errors and silence of each feed.",
    dimensions=("watch", "publisher", "language"),
    since="now-24h",
    sections=(
        Section("At a glance", (
            Panel(title="Feeds polled", description="Feeds that were polled in the selected time range.",
                  query=queries.FEEDS_ALL, chart=Number(sparkline=False), width=6, height=4),
            Panel(title="Failing", description="Feeds whose last poll failed. The table below shows the error.",
                  query=queries.FEEDS_FAILING, chart=Number(levels=RED_FROM_ONE, sparkline=False), width=6, height=4),
            Panel(title="Silent",
                  description="Feeds without a new entry for three times as long as their expected volume allows.",
                  query=queries.FEEDS_SILENT, chart=Number(levels=RED_FROM_ONE, sparkline=False), width=6, height=4),
            Panel(title="Feeds by state", description="Feeds by the state that the monitor measured.",
                  query=queries.FEED_STATES,
                  chart=Lines("state"), width=6, height=4),
        )),
        Section("Volume", (
            Panel(title="Articles by feed", description="Articles indexed from the fifteen busiest feeds.",
                  query=queries.ARTICLES_BY_FEED, chart=Bars("feed"), width=14),
            Panel(title="New and expected entries",
                  description="New entries in the last 24 hours, and the entries per day that feeds.yaml expects.",
                  query=queries.FEED_VOLUME, width=10,
                  chart=Listing(columns=(
                      TableColumn("feed", "Feed"), TableColumn("new in 24 h", "New in 24 h", "short", 110),
                      TableColumn("expected", "Expected", "short", 110),
                  ))),
            Panel(title="Articles by kind", description="Articles by the time of publication: how old they are on "
                  "arrival.",
                  query=queries.ARTICLES_PUBLISHED, chart=Bars("kind"), width=14),
            Panel(title="Quality flags", description="Articles with a quality flag, such as short or truncated.",
                  query=queries.ARTICLE_QUALITY, chart=Ranking("flag"), width=10),
        )),
        Section("Each feed", (
            Panel(title="Feeds", description="State of each feed that was polled in the selected time range.",
                  query=queries.FEEDS, unit="string", width=24, height=14,
                  chart=Listing(columns=(
                      TableColumn("feed", "Feed", width=170),
                      TableColumn("polled_at", "Last poll", "dateTimeAsIso", 180),
                      TableColumn("entry_at", "Last new entry", "dateTimeAsIso", 175),
                      TableColumn("entries_day", "New in 24 h", "short", 100),
                      TableColumn("expected_day", "Expected", "short", 90),
                      TableColumn("failures", "Failures", "short", 85), TableColumn("silent", "Silent", width=75),
                      TableColumn("error", "Error"), TableColumn("warning", "Warning", width=160),
                      TableColumn("next_poll_at", "Next poll", "dateTimeAsIso", 180),
                      TableColumn("url", "Address", width=200),
                  ))),
        )),
    ),
)  # fmt: skip
