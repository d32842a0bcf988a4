"""The normal form: what is repaired, what is dropped, and what stays the author's."""

import pytest

from pipelines.text.reading.normal_form import normalise, normalise_line


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("caf\u00c3\u00a9 noir", "café noir"),
        ("the o\ufb03ce", "the office"),
        ("bridge &amp; ferry", "bridge & ferry"),
        ("bridge &#38; ferry", "bridge & ferry"),
        ("cafe\u0301", "cafe\u0301"),
        ("“so” – it’s said", "“so” – it’s said"),
        ("２０ Uhr", "２０ Uhr"),
        ("a\u00adb\u200bc\u2060d\ufeffe", "abcde"),
        ("\u202aa\u202bb\u202cc\u202dd\u202ee\u2066f\u2067g\u2068h\u2069i\ufffcj", "abcdefghij"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h", "a\nb\nc\nd\ne\nf\ng\nh"),
        (" a \t b \n\t\n c ", "a b\n\nc"),
        ("bell\x07 rings", "bell rings"),
    ],
)
def test_normal_form_of_a_text(text: str, normal: str) -> None:
    assert normalise(text).text == normal


@pytest.mark.parametrize(
    ("text", "repaired"), [("caf\u00c3\u00a9 noir", True), ("bridge &amp; ferry", False), ("café", False)]
)
def test_only_broken_characters_count_as_repaired(text: str, repaired: bool) -> None:
    assert normalise(text).repaired is repaired


def test_title_is_on_one_line() -> None:
    assert normalise_line(" Bridge\n approved\u00ad ") == "Bridge approved"


def test_every_white_space_becomes_one_space_or_a_line_end() -> None:
    for white in filter(str.isspace, map(chr, range(0x110000))):
        is_line_end = white in "\n\r\x0b\x0c\x85\u2028\u2029"
        assert normalise(f"a{white}{white}{white}b").text == ("a\n\n\nb" if is_line_end else "a b"), repr(white)
        assert normalise(f"a {white} b").text == ("a\nb" if is_line_end else "a b"), repr(white)
