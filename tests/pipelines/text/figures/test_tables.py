"""Every list, unit and number word of the tables changes the figures of some text in tables.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.text.figures.finding import find_figures
from pipelines.text.figures.number_words import WORDS
from pipelines.text.figures.numerals import read_numeral
from pipelines.text.figures.tokens import Tokens
from pipelines.text.figures.units import standard_units
from schemas.text import FigureText

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "tables.yaml").read_text(encoding="utf-8"))
SENTENCES = [*CASES["context"], *CASES["bounds"], *CASES["limits"]]


def describe(figure: FigureText) -> str:
    """Returns a figure as the cases have it: text | bounds | modifier | unit | change | kind."""
    bounds = f"{figure.low}..{figure.high}"
    cells = (figure.text, bounds, figure.modifier, figure.unit, figure.change or "", figure.kind)
    return " | ".join(cells)


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["about"])
def test_sentence_of_a_list_has_these_figures(case: dict[str, Any]) -> None:
    figures = find_figures(case["text"], language=case.get("language", "en"))
    assert [describe(figure) for figure in figures] == case["figures"]


def test_every_list_of_the_context_has_a_sentence() -> None:
    assert {case["about"] for case in CASES["context"]} | {"months"} == WORDS.keys()


@pytest.mark.parametrize(("name", "unit"), CASES["units"].items())
def test_unit_is_read_in_every_form(name: str, unit: dict[str, Any]) -> None:
    unit_class, kind, currency = (*unit["is"].split(), None)[:3]
    for written in unit["written"]:
        (figure,) = find_figures(f"It had {written}.")
        assert figure.text == written
        assert (figure.unit, figure.unit_class, figure.kind, figure.currency) == (name, unit_class, kind, currency)


@pytest.mark.parametrize(("unit_class", "nouns"), CASES["nouns"].items())
def test_noun_has_its_class(unit_class: str, nouns: list[str]) -> None:
    assert {noun: standard_units().find_noun_class(noun) for noun in nouns} == dict.fromkeys(nouns, unit_class)


@pytest.mark.parametrize(("text", "value"), CASES["numbers"].items())
def test_number_has_its_value(text: str, value: float) -> None:
    numeral = read_numeral(Tokens(text), 0)
    assert numeral is not None
    assert float(numeral.low) == float(numeral.high) == pytest.approx(float(value))


@pytest.mark.parametrize(("text", "band"), CASES["bands"].items())
def test_vague_number_has_its_band(text: str, band: str) -> None:
    numeral = read_numeral(Tokens(text), 0)
    assert numeral is not None
    assert f"{numeral.low:.0f}..{numeral.high:.0f}" == band


@pytest.mark.parametrize(("verb", "factor"), CASES["multipliers"].items())
def test_verb_multiplies_its_object(verb: str, factor: float) -> None:
    (figure,) = find_figures(f"It is {verb} its exports.")
    assert (figure.kind, figure.value, figure.unit) == ("multiplier", factor, "exports")


@pytest.mark.parametrize(("verb", "factor"), CASES["multipliers_alone"].items())
def test_verb_alone_multiplies(verb: str, factor: float) -> None:
    (figure,) = find_figures(f"more than {verb}")
    assert (figure.kind, figure.value, figure.modifier) == ("multiplier", factor, "more_than")
