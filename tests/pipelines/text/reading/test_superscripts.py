"""Superscript digits in text: which are notes, prices, times, fractions and exponents."""

import pytest

from pipelines.text.reading.page import read
from pipelines.text.reading.superscripts import resolve_superscripts
from schemas.text import Page


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("At least 12¹ people", "At least 12 people"),
        ("36²³ boats", "36 boats"),
        ("12¹,² people, 13¹–³ boats", "12 people, 13 boats"),
        ("people¹² came", "people came"),
        ("he said.³ She", "he said. She"),
        ("he said.”⁴", "he said.”"),
        ("5 % ¹ of all", "5 % of all"),
        ("10² people", "10 people"),
        ("45[3] accidents, 6[note 1].", "45 accidents, 6."),
        ("45† accidents", "45 accidents"),
        ("10⁶ people", "10⁶ people"),
        ("3 × 10³ people", "3 × 10³ people"),
        ("110⁶ people", "110 people"),
        ("300 m² and 40 km³", "300 m² and 40 km³"),
        ("300 km²¹ of land", "300 km² of land"),
        ("20 m³/s, 4 kg/m²", "20 m³/s, 4 kg/m²"),
        ("x² + y²", "x² + y²"),
        ("E = mc²", "E = mc²"),
        ("team² members", "team members"),
        ("Ca²⁺ ions", "Ca²⁺ ions"),
        ("¹⁴C dates", "¹⁴C dates"),
        ("of ¹⁴C dates", "of ¹⁴C dates"),
        ("¹ See the report", "¹ See the report"),
        ("line\n¹ See the report", "line\n¹ See the report"),
        ("$11⁹⁹, up from £9⁵⁰", "$11.99, up from £9.50"),
        ("11⁹⁹ € and 12⁵⁰ euros", "11.99 € and 12.50 euros"),
        ("CHF 4⁵⁰", "CHF 4.50"),
        ("$1,299⁹⁹", "$1,299.99"),
        ("1.299⁹⁹ €", "1.299,99 €"),
        ("$12³ in all", "$12 in all"),
        ("$11.50⁹⁹ in all", "$11.50 in all"),
        ("$3.45⁹ a gallon", "$3.459 a gallon"),
        ("$3.45⁸ a gallon", "$3.45 a gallon"),
        ("19⁰⁰ on Monday", "19:00 on Monday"),
        ("19³⁰ Uhr", "19:30 Uhr"),
        ("19³⁰ people", "19 people"),
        ("1¹/₂ million", "1½ million"),
        ("1 ³⁄₄ million", "1 ¾ million"),
        ("³/₄ of them", "¾ of them"),
        ("2¹/₅ km", "2 1/5 km"),
        ("nothing raised 1/2", "nothing raised 1/2"),
    ],
)
def test_superscript_is_resolved_by_what_is_around_it(text: str, resolved: str) -> None:
    assert resolve_superscripts(text) == resolved


@pytest.mark.parametrize("text", ["array[x] holds", "say[s] so", "[3] accidents", "word[3]s", "a † 1999", "[12] men"])
def test_other_brackets_stay(text: str) -> None:
    assert resolve_superscripts(text) == text


def test_notes_are_dropped_from_pages_but_not_from_text_taken_as_it_is() -> None:
    text = "At least 12¹ people were hurt in the port of Lorve on Monday, the ministry said."
    assert read(Page(id="a", text=text))[0].body.startswith("At least 12 people")
    assert read(Page(id="a", text=text, as_is=True))[0].body == text
