import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipelines.text.entities.classifier import model as model_module
from pipelines.text.entities.classifier.clusters import CLUSTERS, clusters
from pipelines.text.entities.classifier.features import list_features
from pipelines.text.entities.classifier.model import KINDS, KindModel, load_model
from pipelines.text.entities.classifier.parts import list_parts
from pipelines.text.entities.names import find_names

PERSON = KINDS.index("person")


def make_model() -> KindModel:
    return KindModel(["SwVessrin", "<wtold"], np.array([[0, 4, 2, 0], [0, 6, 0, 0]], np.int8), 0.5)


def test_score_is_the_logarithm_of_a_probability() -> None:
    scores = make_model().score([["SVessrin", "<told"], ["STarlom"]])

    assert np.exp(scores).sum(axis=1) == pytest.approx([1, 1])
    assert scores[0].argmax() == PERSON
    assert scores[0][PERSON] - scores[0][0] == pytest.approx(5)
    assert scores[1] == pytest.approx(np.log([0.25] * 4))


def test_scores_of_several_new_parts_at_once_are_those_of_each_alone() -> None:
    names = [["STarlom", "SVessrin", "<in"], ["<told"], ["SQuorr"]]
    together = make_model().score(names)

    assert together.tolist() == [make_model().score([parts])[0].tolist() for parts in names]


def test_no_names_have_no_scores() -> None:
    assert make_model().score([]).shape == (0, len(KINDS))


def test_more_parts_than_are_kept_change_no_score(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "_MOST_KEPT", 3)
    monkeypatch.setattr(model_module, "_FIRST_ROWS", 2)
    model = make_model()
    first = model.score([["SVessrin", "<told"]])
    model.score([[f"S{number}" for number in range(50)]])

    assert model.score([["SVessrin", "<told"]]) == pytest.approx(first)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The talks were led by Ivan Tarasenko of Kyiv.", "person"),
        ("The money went to the Nordhavn Harbour Authority.", "organisation"),
        ("The army left the Quorr Valley on Monday.", "location"),
        ("They signed the Quorr Treaty.", None),
    ],
)
def test_model_of_the_package_judges_plain_names(text: str, kind: str | None) -> None:
    scores = load_model().score(list_parts(text, find_names(text)))

    assert KINDS[int(scores[0].argmax())] == kind


def test_weights_and_clusters_are_small() -> None:
    folder = Path(model_module.__file__).parent
    assert sum((folder / name).stat().st_size for name in (model_module.WEIGHTS, CLUSTERS)) < 800_000


def test_clusters_hold_the_common_names() -> None:
    assert {"Toyota", "Harrison", "Railroad"} <= clusters().keys()
    assert 0 not in clusters().values()


def test_threads_that_share_a_model_get_what_each_would_get_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_model()
    words = [f"S{feature[2:]}" for feature in whole._numbers if feature.startswith("Sw")][:60]
    assert len(words) == 60
    names = [[[words[0], word]] for word in words[1:]]
    alone = [whole.score(each) for each in names]
    shared = KindModel(whole._numbers, whole._weights[:-1].astype(np.int8), float(whole._scale))

    def list_slowly(part: str) -> object:
        time.sleep(0.0005)  # lets another thread run
        return list_features(part)

    monkeypatch.setattr(model_module, "list_features", list_slowly)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(shared.score, names))
    found += map(shared.score, names)  # a part that two threads have added displaces others
    alone += alone
    assert all(np.array_equal(one, other) for one, other in zip(found, alone, strict=True))
