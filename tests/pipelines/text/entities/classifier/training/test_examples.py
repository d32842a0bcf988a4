from pipelines.text.entities.classifier.model import KINDS
from pipelines.text.entities.classifier.training.__main__ import _list_examples
from pipelines.text.entities.classifier.training.corpora import Spans, TaughtText


def list_kinds(text: str, spans: Spans, partial: bool) -> list[str | None]:
    taught = TaughtText("few", "1", text, spans, partial=partial)
    return [KINDS[label] for _, label in _list_examples(taught)]


def test_names_without_a_label_teach_only_where_all_names_have_one() -> None:
    text, spans = "They saw Quorr near Vessrin.", {(9, 14): "building_hotel"}

    assert list_kinds(text, spans, partial=False) == ["organisation", None]
    assert list_kinds(text, spans, partial=True) == ["organisation"]


def test_labels_that_say_too_little_teach_nothing() -> None:
    text, spans = "They saw Quorr near Vessrin.", {(9, 14): "building_theater", (20, 27): "other_award"}

    assert list_kinds(text, spans, partial=True) == [None]
