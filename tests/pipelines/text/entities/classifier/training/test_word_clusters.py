import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.text.entities.classifier.training import word_clusters
from pipelines.text.entities.classifier.training.word_clusters import write_clusters


def test_commonest_names_keep_their_clusters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_clusters, "_MOST_WORDS", 2)
    clusters = {"Quorr": 70_000, "Tarlom": 3, "Vessrin": 5, "quorr": 4, "Nobody": 0, "Unseen": 6, "Q!": 7}
    logarithms = {"Quorr": -9.0, "Tarlom": -14.0, "Vessrin": -12.0, "quorr": -3.0, "Nobody": -2.0, "Q!": -1.0}
    for name, table in (("cluster", clusters), ("prob", logarithms)):
        (tmp_path / f"en_lexeme_{name}.json.gz").write_bytes(gzip.compress(json.dumps(table).encode()))
    write_clusters(tmp_path, tmp_path)

    with np.load(tmp_path / "clusters.npz") as data:
        assert bytes(data["words"]).decode().split("\n") == ["Quorr", "Vessrin"]
        assert data["clusters"].tolist() == [70_000, 5]
