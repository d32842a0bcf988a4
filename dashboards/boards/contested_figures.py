"""The board Contested figures: who claims which number, how far apart they are, and what is confirmed or denied."""

from typing import Final

from dashboards.ask import queries
from dashboards.ask.query import CLAIM_DIMENSIONS as DIMENSIONS
from dashboards.boards.columns import FIGURES, TO_DISPUTE
from dashboards.boards.panels import Bars, Board, Listing, Number, Panel, Points, Ranking, Section, Spread, TableColumn

BOARD: Final = Board(
    uid="newsclaims-contested-figures",
    title="Contested figures",
    description="Claimed values over time and how far apart they are. Only figures about one question can be compared, "
    "so the board shows one dispute: at first the one with the most figures.",
    dimensions=DIMENSIONS,
    single=frozenset({"unit_class", "dispute"}),
    sections=(
        Section("At a glance", (
            Panel(title="Figures", description="Figures in the selected time range, with or without a claimant.",
                  query=queries.FIGURES_TOTAL, chart=Number(), width=8, height=4),
            Panel(title="Lowest claimed", description="The smallest value that any claimant states.",
                  query=queries.LOWEST_FIGURE, unit="locale", chart=Number("last", sparkline=False), width=8, height=4),
            Panel(title="Highest claimed", description="The largest value that any claimant states.",
                  query=queries.HIGHEST_FIGURE, unit="locale", chart=Number("last", sparkline=False), width=8,
                  height=4),
        )),
        Section("Disputes", (
            Panel(title="Disputes", description="Questions that figures answer, such as how many troops are somewhere, "
                  "with the lowest and the highest bound of the answers. Click one to see it.",
                  query=queries.DISPUTES, width=24, height=9, unit="locale",
                  chart=Listing(sort="Figures", columns=(
                      TableColumn("dispute", "Dispute", link=TO_DISPUTE),
                      TableColumn("figures", "Figures", "short", 110),
                      TableColumn("claimants", "Claimants", "short", 110),
                      TableColumn("lowest", "Lowest", "locale", 130), TableColumn("highest", "Highest", "locale", 130),
                  ))),
        )),
        Section("Values", (
            Panel(title="Claimed values over time",
                  description="The highest value of each of the twelve claimants with the most figures; the small "
                  "marks are the lowest and highest bounds of their wording (at least, up to, a range). The scale is "
                  "logarithmic.",
                  query=queries.FIGURES_OVER_TIME, chart=Points("claimant"), width=24, height=13),
            Panel(title="Spread of current claims",
                  description="From the lowest to the highest bound that each claimant states in the selected time "
                  "range, and the highest value.",
                  query=queries.FIGURE_SPREAD, chart=Spread("claimant"), height=11),
            Panel(title="Confirmed and denied",
                  description="Figures in claims with the status confirmed, denied or unconfirmed.",
                  query=queries.FIGURES_CONFIRMED_OR_DENIED, chart=Bars("status", "status"), height=11),
            Panel(title="Precision", description="Figures by wording: exact, about, at least, up to, a range, vague.",
                  query=queries.MODIFIERS, chart=Ranking("modifier"), width=8, height=8),
            Panel(title="Figures by unit class", description="What is counted, such as people, soldiers or money.",
                  query=queries.FIGURES_BY_UNIT_CLASS, chart=Bars("unit class"), width=8),
            Panel(title="Unit classes", description="Figures in each class, and the number of claimants.",
                  query=queries.UNIT_CLASSES, width=8,
                  chart=Listing(sort="Figures", columns=(
                      TableColumn("unit class", "Unit class"), TableColumn("figures", "Figures", "short", 110),
                      TableColumn("claimants", "Claimants", "short", 110),
                  ))),
        )),
        Section("What was said", (
            Panel(title="Latest figures", description="The newest two hundred figures that have a claimant.",
                  query=queries.LATEST_FIGURES, chart=FIGURES, unit="string", width=24, height=14),
        )),
    ),
)  # fmt: skip
