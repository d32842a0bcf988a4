"""Takes the clusters of the commonest words with a capital from the tables of spacy-lookups-data."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.text.entities.classifier.clusters import CLUSTERS

_MOST_WORDS = 60_000
_NAME = re.compile(r"[A-Z][\w.&'’-]*")


def write_clusters(tables: Path, folder: Path) -> None:
    """Writes the clusters of words to a folder.

    `tables` holds `en_lexeme_cluster.json.gz` and `en_lexeme_prob.json.gz`.
    """
    clusters = _read(tables / "en_lexeme_cluster.json.gz")
    logarithms = _read(tables / "en_lexeme_prob.json.gz")
    names = [word for word, cluster in clusters.items() if cluster and word in logarithms and _NAME.fullmatch(word)]
    commonest = sorted(sorted(names, key=lambda word: (-logarithms[word], word))[:_MOST_WORDS])
    np.savez_compressed(
        folder / CLUSTERS,
        words=np.frombuffer("\n".join(commonest).encode(), np.uint8),
        clusters=np.array([clusters[word] for word in commonest], np.uint32),
    )


def _read(path: Path) -> dict[str, Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table
