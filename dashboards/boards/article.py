"""The board Article: what one article claims, and where one of its assertions appears elsewhere."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.columns import ARTICLE_BOARD, CLAIMS, FIGURES, TO_PAGE
from dashboards.boards.panels import Bars, Board, Listing, Panel, Ranking, Section, TableColumn, Variable

BOARD: Final = Board(
    uid=ARTICLE_BOARD,
    title="Article",
    description="One article with its claims and figures, and every appearance of one assertion. Open it from a table "
    "on another board, or enter the ids.",
    dimensions=("watch",),
    variables=(
        Variable(name="article", label="Article id", value="*", description="Id of the article; * matches any."),
        Variable(name="assertion", label="Assertion id", value="*",
                 description="Id of the assertion to follow; * matches any assertion."),
    ),
    since="now-5y",
    about_copies=True,
    sections=(
        Section("The article", (
            Panel(title="Article", description="The article as extracted. Open its address to see it as published.",
                  query=queries.ARTICLE, unit="string", width=20, height=5, chart=Listing(columns=(
                      TableColumn("published_at", "Published", "dateTimeAsIso", 180), TableColumn("title", "Title"),
                      TableColumn("publisher", "Publisher", width=130), TableColumn("author", "Author", width=100),
                      TableColumn("kind", "Kind", width=75), TableColumn("language", "Language", width=80),
                      TableColumn("word_count", "Words", "short", 65),
                      TableColumn("claim_count", "Claims", "short", 65),
                      TableColumn("figure_count", "Figures", "short", 75), TableColumn("watches", "Watches", width=110),
                      TableColumn("quality", "Quality", width=100),
                      TableColumn("url", "Address", width=100, link=TO_PAGE),
                  ))),
            Panel(title="Statuses", description="The article's claims by status.", query=queries.ARTICLE_STATUSES,
                  chart=Ranking("status", "status"), width=4, height=5),
            Panel(title="Claims", description="Every claim in the article. Click an assertion to follow it below.",
                  query=queries.ARTICLE_CLAIMS, chart=CLAIMS, unit="string", width=24, height=10),
            Panel(title="Figures", description="Every figure in the article.", query=queries.ARTICLE_FIGURES,
                  chart=FIGURES, unit="string", width=24, height=9),
        )),
        Section("One assertion across articles", (
            Panel(title="Appearances over time", description="When the assertion was made, and with which status.",
                  query=queries.APPEARANCES_OVER_TIME, chart=Bars("status", "status"), width=24, height=7),
            Panel(title="Appearances", description="Every claim that makes the assertion, including repetitions.",
                  query=queries.APPEARANCES, chart=CLAIMS, unit="string", width=24, height=10),
        )),
    ),
)  # fmt: skip
