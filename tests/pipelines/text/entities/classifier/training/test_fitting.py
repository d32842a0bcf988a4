import numpy as np

from pipelines.text.entities.classifier.training.fitting import fit


def test_fit_finds_what_tells_the_kinds_apart() -> None:
    examples = [["<wtold", "bias"], ["<win", "bias"]] * 40 + [["<wrare", "bias"]]
    names, weights = fit(examples, [1, 3] * 40 + [0], [1] * 81)

    assert "<wrare" not in names
    assert weights[names.index("<wtold")].argmax() == 1
    assert weights[names.index("<win")].argmax() == 3


def test_fit_of_the_same_data_is_the_same() -> None:
    examples = [["Swa", "^Xx"], ["Swb", "^X"]] * 20

    assert np.array_equal(fit(examples, [1, 2] * 20, [1] * 40)[1], fit(examples, [1, 2] * 20, [1] * 40)[1])


def test_examples_that_count_more_decide() -> None:
    examples = [["bias"], ["bias"]] * 20
    _, weights = fit(examples, [1, 2] * 20, [1, 3] * 20)

    assert weights[0].argmax() == 2
