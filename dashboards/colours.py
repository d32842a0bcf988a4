"""The colours that mean something, the same on every board and in the report."""

from typing import Final

STATUS: Final = {
    "asserted": "#8796ad",
    "confirmed": "#2f9e6e",
    "denied": "#d1495b",
    "unconfirmed": "#e5a50a",
    "planned": "#3d7cc9",
    "predicted": "#8e6cc0",
    "demanded": "#2aa5b8",
    "opinion": "#b7b2a8",
}
"""How sure: green and red differ in lightness too, for those who do not tell them apart by hue."""
