"""The board Claimant: everything that one person or organisation says, through which outlets, and how it changes."""

from typing import Final

from dashboards.ask import queries
from dashboards.boards.columns import CLAIMS, FIGURES
from dashboards.boards.panels import Bars, Board, Lines, Listing, Number, Panel, Points, Ranking, Section, TableColumn

BOARD: Final = Board(
    uid="newsclaims-claimant",
    title="Claimant",
    description="What one claimant says over time: figures, statuses, and the outlets that carry it.",
    dimensions=("claimant", "watch", "publisher", "language", "status", "unit_class", "dispute"),
    sections=(
        Section("At a glance", (
            Panel(title="Claims", description="Claims of the selected claimant.", query=queries.CLAIMS_TOTAL,
                  chart=Number(), width=6, height=4),
            Panel(title="Distinct assertions", description="Each assertion counts once, however often it is repeated.",
                  query=queries.ASSERTIONS_TOTAL, chart=Number("last", sparkline=False), width=6, height=4),
            Panel(title="Confirmed", description="Claims that confirm something.", query=queries.CLAIMS_CONFIRMED,
                  chart=Number(), width=6, height=4),
            Panel(title="Denied", description="Claims that deny something.", query=queries.CLAIMS_DENIED,
                  chart=Number(), width=6, height=4),
        )),
        Section("Over time", (
            Panel(title="Claims by status", description="The claimant's claims, stacked by status.",
                  query=queries.CLAIMS_BY_STATUS, chart=Bars("status", "status")),
            Panel(title="Claims and distinct assertions", description="A gap between the lines means repetition.",
                  query=queries.CLAIMS_AND_ASSERTIONS, chart=Lines()),
            Panel(title="Figures over time", description="Values that the claimant states, with their bounds.",
                  query=queries.FIGURES_OVER_TIME, chart=Points("claimant"), width=24, height=10),
        )),
        Section("Outlets and topics", (
            Panel(title="Outlets", description="Outlets that carry the claimant's claims, with distinct assertions.",
                  query=queries.CLAIMANT_OUTLETS, width=8, height=9,
                  chart=Listing(sort="Claims", columns=(
                      TableColumn("publisher", "Publisher"), TableColumn("claims", "Claims", "short", 80),
                      TableColumn("assertions", "Assertions", "short", 100),
                  ))),
            Panel(title="Said through",
                  description="Outlets, channels and meetings through which the claims were made, as the articles "
                  "state.",
                  query=queries.CLAIMANT_VIA, chart=Ranking("through"), width=8, height=9),
            Panel(title="Kinds of event", description="What the claims are about, such as offers or losses.",
                  query=queries.CLAIMANT_EVENTS, chart=Ranking("event"), width=8, height=9),
            Panel(title="Latest claims", description="The newest hundred.", query=queries.LATEST_CLAIMS, chart=CLAIMS,
                  unit="string", width=24, height=12),
            Panel(title="Latest figures", description="The newest two hundred, each with its sentence.",
                  query=queries.LATEST_FIGURES, chart=FIGURES, unit="string", width=24, height=12),
        )),
    ),
)  # fmt: skip
