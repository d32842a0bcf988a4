"""The board Claim volume: how much is claimed, by whom, with which status and in which outlets.

It is the board for a screen on the wall.
"""

from typing import Final

from dashboards.ask import queries
from dashboards.ask.query import CLAIM_DIMENSIONS as DIMENSIONS
from dashboards.boards.columns import CLAIMANT_BOARD, CLAIMS, FROM_BUCKET, TO_CLAIMANT, TO_PAGE, TO_REPEATS
from dashboards.boards.panels import (
    Bars,
    Board,
    DataLink,
    Lines,
    Listing,
    Number,
    Panel,
    Ranking,
    Section,
    TableColumn,
    Variable,
)

BOARD: Final = Board(
    uid="newsclaims-claim-volume",
    title="Claim volume",
    description="Claims over time by status, claimant, publisher, language and watch.",
    dimensions=DIMENSIONS,
    variables=(
        Variable(name="window", label="Movers over", value="7d", options=("1d", "7d", "30d", "90d"),
                 description="Length of each of the two consecutive periods that the panel Movers compares."),
    ),
    sections=(
        Section("At a glance", (
            Panel(title="Claims", description="Claims in the selected time range.", query=queries.CLAIMS_TOTAL,
                  chart=Number(), width=5, height=4),
            Panel(title="Distinct assertions",
                  description="Each assertion counts once, however often it is repeated: the same figure or fact about "
                  "the same parties. Counts above 3,000 are accurate to within a few percent.",
                  query=queries.ASSERTIONS_TOTAL, chart=Number("last", sparkline=False), width=5, height=4),
            Panel(title="Claimants", description="Number of distinct people and organisations that make claims.",
                  query=queries.CLAIMANTS_TOTAL, chart=Number("last", sparkline=False), width=4, height=4),
            Panel(title="Confirmed", description="Claims in which the claimant confirms something.",
                  query=queries.CLAIMS_CONFIRMED, chart=Number(), width=5, height=4),
            Panel(title="Denied", description="Claims in which the claimant denies something.",
                  query=queries.CLAIMS_DENIED, chart=Number(), width=5, height=4),
        )),
        Section("Over time", (
            Panel(title="Claims by status", description="Number of claims, stacked by status.",
                  query=queries.CLAIMS_BY_STATUS, chart=Bars("status", "status"), width=16, height=9),
            Panel(title="Claims and distinct assertions",
                  description="A gap between the lines means repetition; without a gap, every claim is new.",
                  query=queries.CLAIMS_AND_ASSERTIONS, chart=Lines(), width=8, height=9),
            Panel(title="New claims and echoes",
                  description="Claims in the first article of a story, and claims in copies of it: reprints, re-posts "
                  "and excerpts.",
                  query=queries.CLAIMS_NEW_OR_ECHO, chart=Bars("source")),
            Panel(title="Claims by claimant", description="The ten claimants with the most claims.",
                  query=queries.CLAIMS_BY_CLAIMANT, chart=Bars("claimant"), link=DataLink(
                      TO_CLAIMANT.title, CLAIMANT_BOARD, "series", "claimant")),
            Panel(title="Claims by publisher", description="The ten outlets with the most claims.",
                  query=queries.CLAIMS_BY_PUBLISHER, chart=Bars("publisher")),
            Panel(title="Claims by language", description="Claims by the language of their article.",
                  query=queries.CLAIMS_BY_LANGUAGE, chart=Bars("language")),
            Panel(title="Claims by watch",
                  description="Claims by the watches in watches.yaml. A claim that matches several watches counts in "
                  "each of them.",
                  query=queries.CLAIMS_BY_WATCH, chart=Bars("watch")),
        )),
        Section("First said", (
            Panel(title="New claims",
                  description="Claims that nobody had made before: each assertion counts once, when its first article "
                  "was published.",
                  query=queries.NEW_CLAIMS_TOTAL, chart=Number(), width=4, height=8),
            Panel(title="Repeats of new claims",
                  description="How often these new claims have been repeated until now, by any claimant or outlet, in "
                  "copies of a story too.",
                  query=queries.REPEATS_TOTAL, chart=Number(), width=4, height=8),
            Panel(title="New claims against echoes",
                  description="Claims that nobody had made before, and how often they have been repeated since.",
                  query=queries.NEW_CLAIMS_AND_REPEATS, chart=Lines(), width=16, height=8),
            Panel(title="Most repeated new claims",
                  description="Of the newest two hundred new claims that were repeated, those that were repeated most, "
                  "with who said it first, the outlets, and the stories: copies of one text are one story.",
                  query=queries.REPEATED_CLAIMS, unit="string", width=24, height=10,
                  chart=Listing(sort="Repeats", columns=(
                      TableColumn("first_seen_at", "First said", "dateTimeAsIso", 180),
                      TableColumn("claimant.name", "First claimant", width=170, link=TO_CLAIMANT),
                      TableColumn("text", "Claim", link=TO_REPEATS),
                      TableColumn("repeats", "Repeats", "short", 85), TableColumn("stories", "Stories", "short", 80),
                      TableColumn("publishers", "Publishers", "short", 95),
                      TableColumn("last_seen_at", "Last said", "dateTimeAsIso", 180),
                      TableColumn("publisher", "First publisher", width=140),
                      TableColumn("url", "Address", width=100, link=TO_PAGE),
                      TableColumn("assertion_id", "Assertion id", hidden=True),
                  ))),
        )),
        Section("Who", (
            Panel(title="Top claimants",
                  description="Claims of each claimant, their distinct assertions, and the outlets that carry them.",
                  query=queries.TOP_CLAIMANTS, height=11,
                  chart=Listing(sort="Claims", columns=(
                      TableColumn("claimant", "Claimant", link=FROM_BUCKET),
                      TableColumn("claims", "Claims", "short", 90),
                      TableColumn("assertions", "Assertions", "short", 100),
                      TableColumn("publishers", "Publishers", "short", 100),
                  ))),
            Panel(title="Movers",
                  description="Claimants with more or fewer claims than before: the last period (its length is the "
                  "selector Movers over) up to the end of the selected time range, compared with the period before it. "
                  "The time range must cover both.",
                  query=queries.MOVERS, height=11,
                  chart=Listing(sort="Change", compare=(queries.MOVERS_BEFORE, queries.MOVERS_NOW), columns=(
                      TableColumn("claimant", "Claimant", link=FROM_BUCKET),
                      TableColumn(queries.MOVERS_BEFORE, "Before", "short", 90),
                      TableColumn(queries.MOVERS_NOW, "Now", "short", 90),
                      TableColumn("change", "Change", "short", 90),
                  ))),
            Panel(title="Statuses", description="Claims by status: asserted is a plain statement; an opinion is not a "
                  "claim of fact.",
                  query=queries.STATUSES, chart=Ranking("status", "status"), width=8, height=8),
            Panel(title="Claims by time of indexing",
                  description="Claims by the time of indexing, whenever they were published: live from feeds, replayed "
                  "from dead letters, or backfilled.",
                  query=queries.CLAIMS_INDEXED, chart=Bars("mode"), width=16, height=8),
        )),
        Section("What", (
            Panel(title="Latest claims",
                  description="The newest hundred. Click a claimant, claim, article or assertion for more.",
                  query=queries.LATEST_CLAIMS, chart=CLAIMS, unit="string", width=24, height=14),
        )),
    ),
)  # fmt: skip
