"""Figures in digits in languages other than English: the sentences of sentences.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.text.figures.finding import find_figures
from schemas.text import FigureText

SENTENCES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8")
)
CASES = [(language, case["text"], case["figures"]) for language, cases in SENTENCES.items() for case in cases]


def describe(figure: FigureText) -> str:
    low, high = (None if bound is None else f"{bound:g}" for bound in (figure.low, figure.high))
    return f"{figure.text} | {low}..{high} | {figure.modifier} | {figure.unit}"


@pytest.mark.parametrize(("language", "text", "figures"), CASES, ids=[case[1][:40] for case in CASES])
def test_counts_are_read_with_bounds_and_nouns(language: str, text: str, figures: list[str]) -> None:
    assert [describe(figure) for figure in find_figures(text, language=language)] == figures


def test_a_number_in_another_sentence_lends_no_noun() -> None:
    assert [one.unit for one in find_figures("Es waren 1.903. Im Mai kamen 285 Helfer.", language="de")] == [
        "",
        "Helfer",
    ]


@pytest.mark.parametrize("piece", ["5 ", "5 bis ", "000 ", "und 5 ", "1.000 ", "zwischen 5 und "])
def test_hostile_input_ends(piece: str) -> None:
    assert isinstance(find_figures(piece * 20_000, language="de"), list)
