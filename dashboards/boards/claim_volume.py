"""Claim volume: how much is claimed, by whom, how sure, in which outlets. The board on the wall."""

from typing import Final

from dashboards.ask import queries
from dashboards.ask.query import CLAIMS as DIMENSIONS
from dashboards.boards.columns import CLAIMANT_BOARD, CLAIMS, FROM_BUCKET, TO_CLAIMANT
from dashboards.boards.panels import (
    Bars,
    Board,
    Column,
    Lines,
    Link,
    Listing,
    Number,
    Panel,
    Ranking,
    Section,
    Variable,
)

BOARD: Final = Board(
    uid="newsclaims-claim-volume",
    title="Claim volume",
    description="How much is claimed over time: by status, claimant, publisher, language and watch.",
    dimensions=DIMENSIONS,
    variables=(
        Variable(name="window", label="Movers over", value="7d", options=("1d", "7d", "30d", "90d"),
                 description="Length of the two neighbouring spans that the movers are compared over."),
    ),
    sections=(
        Section("At a glance", (
            Panel(title="Claims", description="Claims in the chosen time.", query=queries.CLAIMS_TOTAL,
                  chart=Number(), width=5, height=4),
            Panel(title="Distinct assertions",
                  description="What is claimed, counted once however often it is repeated: the same figure or fact "
                  "about the same parties. Above 3,000 it is exact within some percent.",
                  query=queries.ASSERTIONS_TOTAL, chart=Number("last", sparkline=False), width=5, height=4),
            Panel(title="Claimants", description="How many different people and bodies are claimants.",
                  query=queries.CLAIMANTS_TOTAL, chart=Number("last", sparkline=False), width=4, height=4),
            Panel(title="Confirmed", description="Claims whose claimant confirms something.",
                  query=queries.CLAIMS_CONFIRMED, chart=Number(), width=5, height=4),
            Panel(title="Denied", description="Claims whose claimant denies something.",
                  query=queries.CLAIMS_DENIED, chart=Number(), width=5, height=4),
        )),
        Section("Over time", (
            Panel(title="Claims by status", description="How many claims, and how sure their claimants are.",
                  query=queries.CLAIMS_BY_STATUS, chart=Bars("status", "status"), width=16, height=9),
            Panel(title="Claims and distinct assertions",
                  description="Where the lines part, the same is repeated; where they meet, each claim is a new one.",
                  query=queries.CLAIMS_AND_ASSERTIONS, chart=Lines(), width=8, height=9),
            Panel(title="Claims by claimant", description="The ten most heard claimants of the chosen time.",
                  query=queries.CLAIMS_BY_CLAIMANT, chart=Bars("claimant"), link=Link(
                      TO_CLAIMANT.title, CLAIMANT_BOARD, "series", "claimant")),
            Panel(title="Claims by publisher", description="The ten outlets with the most claims.",
                  query=queries.CLAIMS_BY_PUBLISHER, chart=Bars("publisher")),
            Panel(title="Claims by language", description="By the language of the article.",
                  query=queries.CLAIMS_BY_LANGUAGE, chart=Bars("language")),
            Panel(title="Claims by watch",
                  description="By the watches of watches.yaml. A claim of several watches counts in each.",
                  query=queries.CLAIMS_BY_WATCH, chart=Bars("watch")),
        )),
        Section("Who", (
            Panel(title="Top claimants",
                  description="Claims, distinct assertions among them, and outlets that carry them.",
                  query=queries.TOP_CLAIMANTS, height=11,
                  chart=Listing(sort="Claims", columns=(
                      Column("claimant", "Claimant", link=FROM_BUCKET),
                      Column("claims", "Claims", "short", 90), Column("assertions", "Assertions", "short", 100),
                      Column("publishers", "Publishers", "short", 100),
                  ))),
            Panel(title="Movers",
                  description="Claimants who are heard more or less than before: claims of the last span (the selector "
                  "Movers over) up to the end of the chosen time, against the span of the same length before it. The "
                  "chosen time must hold both.",
                  query=queries.MOVERS, height=11,
                  chart=Listing(sort="Change", compare=(queries.MOVERS_BEFORE, queries.MOVERS_NOW), columns=(
                      Column("claimant", "Claimant", link=FROM_BUCKET),
                      Column(queries.MOVERS_BEFORE, "Before", "short", 90),
                      Column(queries.MOVERS_NOW, "Now", "short", 90),
                      Column("change", "Change", "short", 90),
                  ))),
            Panel(title="Statuses", description="How sure: asserted is plain saying; opinion is no claim of fact.",
                  query=queries.STATUSES, chart=Ranking("status", "status"), width=8, height=8),
            Panel(title="Claims as they are indexed",
                  description="What came in, whenever it was published: live from feeds, replayed from dead letters, "
                  "or backfilled.",
                  query=queries.CLAIMS_INDEXED, chart=Bars("mode"), width=16, height=8),
        )),
        Section("What", (
            Panel(title="Latest claims",
                  description="The newest hundred. A click on the claimant, claim, article or assertion goes further.",
                  query=queries.LATEST_CLAIMS, chart=CLAIMS, unit="string", width=24, height=14),
        )),
    ),
)  # fmt: skip
