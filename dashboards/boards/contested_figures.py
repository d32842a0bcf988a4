"""Contested figures: who claims which number, how far apart they are, and whether it is confirmed or denied."""

from typing import Final

from dashboards.ask import queries
from dashboards.ask.query import CLAIMS as DIMENSIONS
from dashboards.boards.columns import FIGURES
from dashboards.boards.panels import Bars, Board, Column, Listing, Number, Panel, Points, Ranking, Section, Spread

BOARD: Final = Board(
    uid="newsclaims-contested-figures",
    title="Contested figures",
    description="Claimed values over time and how far they are apart. Choose one unit class: values of others do not "
    "compare.",
    dimensions=DIMENSIONS,
    single=frozenset({"unit_class"}),
    sections=(
        Section("At a glance", (
            Panel(title="Figures", description="Figures in the chosen time, claimed or not.",
                  query=queries.FIGURES_TOTAL, chart=Number(), width=8, height=4),
            Panel(title="Lowest claimed", description="The smallest value that a claimant states.",
                  query=queries.LOWEST_FIGURE, unit="locale", chart=Number("last", sparkline=False), width=8, height=4),
            Panel(title="Highest claimed", description="The largest value that a claimant states.",
                  query=queries.HIGHEST_FIGURE, unit="locale", chart=Number("last", sparkline=False), width=8,
                  height=4),
        )),
        Section("Values", (
            Panel(title="Claimed values over time",
                  description="The highest value of each of the twelve most heard claimants; the small marks are the "
                  "lowest and highest bound that their words allow (at least, up to, a range). The scale is "
                  "logarithmic.",
                  query=queries.FIGURES_OVER_TIME, chart=Points("claimant"), width=24, height=13),
            Panel(title="Spread of current claims",
                  description="From the lowest to the highest bound that each claimant states in the chosen time, and "
                  "the highest value.",
                  query=queries.FIGURE_SPREAD, chart=Spread("claimant"), height=11),
            Panel(title="Confirmed against denied",
                  description="Figures in claims that confirm, that deny, and that say that nothing is confirmed.",
                  query=queries.FIGURES_CONFIRMED_OR_DENIED, chart=Bars("status", "status"), height=11),
            Panel(title="How figures are meant", description="Exact, about, at least, up to, a range, or vague words.",
                  query=queries.MODIFIERS, chart=Ranking("modifier"), width=8, height=8),
            Panel(title="Figures by unit class", description="What is counted: people, soldiers, money, shares.",
                  query=queries.FIGURES_BY_UNIT_CLASS, chart=Bars("unit class"), width=8),
            Panel(title="Unit classes", description="Figures of each class, and how many claimants state them.",
                  query=queries.UNIT_CLASSES, width=8,
                  chart=Listing(sort="Figures", columns=(
                      Column("unit class", "Unit class"), Column("figures", "Figures", "short", 110),
                      Column("claimants", "Claimants", "short", 110),
                  ))),
        )),
        Section("What was said", (
            Panel(title="Latest figures", description="The newest two hundred that somebody claims.",
                  query=queries.LATEST_FIGURES, chart=FIGURES, unit="string", width=24, height=14),
        )),
    ),
)  # fmt: skip
