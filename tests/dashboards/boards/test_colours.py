"""Colours that mean something can be told apart, also by colour-blind eyes, on light and on dark paper."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from dashboards.ask.choices import STATUSES
from dashboards.boards.colours import SERIES, STATUS

PAPER, NIGHT = "#ffffff", "#14181f"
EYES = {
    "usual": np.eye(3),
    # Machado, Oliveira, Fernandes (2009): what eyes without one kind of cone see of linear RGB.
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.052]]
    ),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.96888]]),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.07841, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
# Ottosson's Oklab: distances in it are differences as eyes see them.
LMS = np.array([[0.412221, 0.536333, 0.051446], [0.211903, 0.6807, 0.107397], [0.088302, 0.281719, 0.629979]])
LAB = np.array([[0.210454, 0.793618, -0.004072], [1.977998, -2.428592, 0.450594], [0.025904, 0.782772, -0.808676]])


def linear(colour: str) -> Any:
    """Red, green and blue as amounts of light."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def light(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG."""
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, eyes: str) -> Any:
    return LAB @ np.cbrt(LMS @ np.clip(EYES[eyes] @ linear(colour), 0, 1))


def nearest(colours: list[str], eyes: str) -> float:
    """The smallest difference between two of the colours."""
    points = [seen(colour, eyes) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(points, 2))


@pytest.mark.parametrize("colours", [list(STATUS.values()), list(SERIES)], ids=["statuses", "series"])
@pytest.mark.parametrize("eyes", EYES)
def test_colours_are_told_apart(colours: list[str], eyes: str) -> None:
    assert nearest(colours, eyes) > (0.09 if eyes == "usual" else 0.065)


@pytest.mark.parametrize("colour", [*STATUS.values(), *SERIES])
def test_colours_are_seen_on_light_and_dark(colour: str) -> None:
    assert contrast(colour, PAPER) > 2.3
    assert contrast(colour, NIGHT) > 2.3


def test_each_status_has_its_colour_and_confirmed_is_lighter_than_denied() -> None:
    assert tuple(STATUS) == STATUSES
    assert light(STATUS["confirmed"]) > 2 * light(STATUS["denied"])
