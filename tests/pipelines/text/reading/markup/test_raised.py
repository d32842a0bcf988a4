"""Raised text in markup: marks of notes are dropped, numbers do not grow, ordinals and formulas stay."""

import pytest
from lxml import html

from pipelines.text.reading.markup.html import parse_html
from pipelines.text.reading.markup.raised import resolve_raised_text


def read_line(markup: str) -> str:
    """Returns the one line of a page with such a paragraph."""
    (line,) = parse_html(f"<html><body><p>{markup}</p></body></html>").lines
    return line.text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("$11<sup>99</sup>, he said", "$11.99, he said"),
        ("<span>$</span>11<sup>99</sup> a ticket", "$11.99 a ticket"),
        ("<sup>$</sup>11<sup>99</sup> a ticket", "$11.99 a ticket"),
        ("$11<small>99</small> a ticket", "$11.99 a ticket"),
        ("9<sup>50</sup> euros", "9.50 euros"),
        ("36<sup>2</sup> boats", "36 boats"),
        ("36<sup>1,2</sup> boats", "36 boats"),
        ("36 <sup>2</sup> boats", "36 boats"),
        ("at least 12<sup><a href='#fn1'>1</a></sup> people", "at least 12 people"),
        ("at least 12<a href='#fn1'><sup>1</sup></a> people", "at least 12 people"),
        ("at least 12<a href='#fn1'>1</a> people", "at least 12 people"),
        ("12<a class='noteref' href='#a'>a</a> people", "12 people"),
        ("12<sup>[3]</sup> people", "12 people"),
        ("12<sup>[note 2]</sup> people", "12 people"),
        ("12<sup>†</sup> people and 13<sup>*</sup> boats", "12 people and 13 boats"),
        ("12<sup>†, ‡</sup> people", "12 people"),
        ("12<sup>a</sup> people and 13<sup>b, c</sup> boats", "12 people and 13 boats"),
        ("12<sup>(2)</sup> people", "12 people"),
        ("12<span style='font-size:8px; vertical-align: super'>4</span> people", "12 people"),
        ("12<span class='big superscript'>4</span> people", "12 people"),
        ("he said.<sup>7</sup> She left", "he said. She left"),
        ("300 m<sup>2</sup> of land", "300 m² of land"),
        ("300 m<sup>2</sup><sup><a href='#n'>4</a></sup> of land", "300 m² of land"),
        ("10<sup>6</sup> people", "10⁶ people"),
        ("3 × 10<sup>−3</sup> grams", "3 × 10⁻³ grams"),
        ("1<sup>1</sup>/<sub>2</sub> million", "1½ million"),
        ("<sup>3</sup>&frasl;<sub>4</sub> of voters", "¾ of voters"),
        ("2<sup>2</sup>/<sub>7</sub> tonnes", "2 2/7 tonnes"),
        ("the 1<sup>st</sup> and 22<sup>nd</sup> ship", "the 1st and 22nd ship"),
        ("le 2<sup>e</sup> et le 3<sup>ème</sup>", "le 2e et le 3ème"),
        ("n<sup>o</sup> 5", "no 5"),
        ("40 tonnes of CO<sub>2</sub>", "40 tonnes of CO2"),
        ("20<sup>o</sup>C and 70<sup>0</sup> F", "20°C and 70° F"),
        ("20<sup>o</sup> north", "20o north"),
        ("the Lorve<sup>TM</sup> ferry", "the Lorve™ ferry"),
        ("at 19<sup>30</sup> Uhr", "at 19:30 Uhr"),
        ("see chapter <a href='#c'>3</a>", "see chapter 3"),
        ("part<a href='#c'>ners of the port</a>", "partners of the port"),
        ("x<small>12</small>", "x12"),
        ("<sup>a long text that is raised for its looks</sup> end", "a long text that is raised for its looks end"),
    ],
)
def test_raised_text_in_a_paragraph(markup: str, text: str) -> None:
    assert read_line(markup) == text


def test_raised_text_of_other_elements_stays() -> None:
    tree = html.fragment_fromstring("<p>a <a href='#x' role='button'>1</a>b<a href='/x'>1</a> <span>2</span></p>")
    before = html.tostring(tree)
    resolve_raised_text(tree)
    assert html.tostring(tree) == before


def test_raised_root_stays() -> None:
    tree = html.fragment_fromstring("<sup>1</sup>")
    resolve_raised_text(tree)
    assert tree.text == "1"
