"""Colours with a meaning, the same on every board and in the report."""

from typing import Final

STATUS: Final = {
    "asserted": "#7b8ea8",
    "confirmed": "#3aa675",
    "denied": "#bd2130",
    "unconfirmed": "#cf8f1d",
    "planned": "#3a63ad",
    "predicted": "#a878dd",
    "demanded": "#55b4c4",
    "opinion": "#6f665e",
}
"""Colour of each status. Green and red also differ in lightness, for readers who cannot distinguish them by hue."""

SERIES: Final = (
    "#365eb5", "#b49c3f", "#a34570", "#4fabb9", "#ac3512", "#b395f1", "#ac6946", "#dc808d", "#4f84d6", "#9c6f9f",
    "#783985", "#4e6046",
)  # fmt: skip
"""Colours of series without a colour of their own, in the order in which they are assigned.

All are visible on white and on near black and remain distinct for colour-blind readers;
tests/dashboards/boards/test_colours.py measures both.
"""
