"""The board Stories: which texts were printed again, by how many outlets, and how much of the claim volume is echo."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.columns import STORY_BOARD, TO_ARTICLE, TO_PAGE
from dashboards.boards.panels import (
    Bars,
    Board,
    DataLink,
    Lines,
    Listing,
    Number,
    Panel,
    Section,
    TableColumn,
    Variable,
)

_TO_STORY: Final = DataLink("The articles of this story", STORY_BOARD, "Story", variable="story")

BOARD: Final = Board(
    uid=STORY_BOARD,
    title="Stories",
    description="Articles that are copies of one text are one story: reprints of an agency report, re-posts, excerpts.",
    dimensions=("watch", "publisher", "language"),
    about_copies=True,
    variables=(
        Variable(name="story", label="Story id", value="*", description="Id of the story to list; * matches any."),
    ),
    sections=(
        Section("At a glance", (
            Panel(title="Articles", description="Articles in the selected time range, copies included.",
                  query=queries.ARTICLES_TOTAL, chart=Number(), width=8, height=4),
            Panel(title="Stories", description="Each story counts once, however many articles tell it. Counts above "
                  "3,000 are accurate to within a few percent.",
                  query=queries.STORIES_TOTAL, chart=Number("last", sparkline=False), width=8, height=4),
            Panel(title="Copies", description="Articles that are copies of an earlier one.",
                  query=queries.COPIES_TOTAL, chart=Number(), width=8, height=4),
        )),
        Section("Over time", (
            Panel(title="Articles and stories",
                  description="A gap between the lines means that outlets print the same text.",
                  query=queries.ARTICLES_AND_STORIES, chart=Lines(), height=9),
            Panel(title="New claims and echoes",
                  description="Claims in the first article of a story, and claims in its copies.",
                  query=queries.NEW_CLAIMS_AND_ECHOES, chart=Bars("source"), height=9),
        )),
        Section("Which", (
            Panel(title="Most printed stories",
                  description="Stories by the number of their articles. Click a story to list them below.",
                  query=queries.LARGEST_STORIES, width=24, height=9,
                  chart=Listing(sort="Articles", columns=(
                      TableColumn("story", "Story", link=_TO_STORY),
                      TableColumn("articles", "Articles", "short", 110),
                      TableColumn("publishers", "Publishers", "short", 110),
                  ))),
            Panel(title="Articles of the story",
                  description="The articles of the selected story, the newest first. The first one has no original.",
                  query=queries.STORY_ARTICLES, unit="string", width=24, height=10, chart=Listing(columns=(
                      TableColumn("published_at", "Published", "dateTimeAsIso", 180),
                      TableColumn("publisher", "Publisher", width=170),
                      TableColumn("title", "Title", link=TO_ARTICLE),
                      TableColumn("claim_count", "Claims", "short", 75),
                      TableColumn("duplicate_of", "Copy of", width=120),
                      TableColumn("url", "Address", width=120, link=TO_PAGE),
                      TableColumn("article_id", "Article id", hidden=True),
                  ))),
        )),
    ),
)  # fmt: skip
