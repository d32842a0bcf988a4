"""Clusters of words that English text uses alike: family names are in one, firms in another.

They tell the model something of names that the text it was taught with lacks. Where they come from: `MODEL_CARD.md`.
"""

from functools import cache
from importlib import resources
from typing import Final

import numpy as np

CLUSTERS: Final = "clusters.npz"


@cache
def clusters() -> dict[str, int]:
    """Returns the number of each word's cluster, read once in each process. Its lower bits name the wider clusters."""
    with resources.files(__package__).joinpath(CLUSTERS).open("rb") as file, np.load(file) as data:
        return dict(zip(bytes(data["words"]).decode().split("\n"), data["clusters"].tolist(), strict=True))
