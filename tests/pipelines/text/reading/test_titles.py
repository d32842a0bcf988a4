"""Which line before the body is its headline."""

import pytest

from pipelines.text.reading.lines import TextLine
from pipelines.text.reading.titles import (
    find_stems,
    find_title,
    is_path,
    looks_like_headline,
    measure_echo,
    measure_likeness,
    strip_site_name,
)


def make_lines(*texts: str) -> list[TextLine]:
    return [TextLine(number, text) for number, text in enumerate(texts, 1)]


BODY = make_lines("alpha bravo charlie delta echoes foxtrot golfer hotel indigo juliet kilogram limas")
NINE = "alpha bravo charlie delta echoes foxtrot golfer hotel indigo"
FILL = [f"unlike words number{number}" for number in range(30)]


def find(*before: str, body: list[TextLine] = BODY) -> str | None:
    found = find_title(make_lines(*before), body)
    return found.text if found else None


def test_headline_repeats_words_of_the_body() -> None:
    assert find(*FILL[:5], "alpha bravo charlie", *FILL[5:7]) == "alpha bravo charlie"


def test_three_words_in_ten_are_enough() -> None:
    words = [f"{letter}wxyz" for letter in "abcdefg"]
    assert find(*FILL[:5], " ".join(["alpha", "bravo", "charlie", *words]), FILL[6]) is not None
    assert find(*FILL[:5], " ".join(["alpha", "bravo", "charlie", *words, "hwxyz"]), FILL[6]) is None


def test_headline_is_at_most_16_lines_above_the_body() -> None:
    assert find("one two", "alpha bravo charlie", *FILL[:15]) == "alpha bravo charlie"
    assert find("one two", "alpha bravo charlie", *FILL[:16]) is None


def test_of_two_lines_with_one_echo_the_longer_is_the_headline() -> None:
    assert find(*FILL[:4], "alpha bravo charlie delta", "alpha bravo") == "alpha bravo charlie delta"
    assert find(*FILL[:4], "alpha bravo charlie", "alpha bravo") == "alpha bravo"


def test_words_above_the_tenth_make_a_headline_no_better() -> None:
    long = "alpha bravo charlie delta echoes foxtrot golfer hotel indigo juliet kilogram limas"
    ten = " ".join(long.split()[:10])
    assert find(*FILL[:4], long, ":", ten) == ten


def test_words_up_to_the_tenth_make_a_headline_better() -> None:
    six = " ".join(NINE.split()[:6])
    assert find(*FILL[:4], f"{NINE} juliet", six) == f"{NINE} juliet"


def test_near_line_goes_before_a_far_one() -> None:
    assert find(*FILL[:4], "alpha bravo", "delta echoes") == "delta echoes"
    assert find(*FILL[:4], "alpha bravo charlie delta", *FILL[4:8], "delta echoes") == "delta echoes"
    assert find(*FILL[:4], "alpha bravo charlie delta", "delta echoes") == "alpha bravo charlie delta"


@pytest.mark.parametrize(
    ("heading", "below", "wins"),
    [
        (f"{NINE} wxyzt", f"{NINE} juliet", True),
        ("alpha bravo charlie delta wxyzt", "alpha bravo charlie delta echoes", False),
    ],
)
def test_main_heading_goes_before_a_line_that_repeats_little_more(heading: str, below: str, wins: bool) -> None:
    before = make_lines(*FILL[:4], heading, ":", below)
    before[4] = TextLine(5, heading, heading=1)
    assert find_title(before, BODY) == before[4 if wins else 6]


def test_first_of_few_lines_is_the_headline_without_an_echo() -> None:
    assert find("unlike words number one") == "unlike words number one"
    assert find("unlike words number one", *FILL[:3]) == "unlike words number one"
    assert find("unlike words number one", *FILL[:4]) is None
    assert find("unlike words one") is None


def test_line_right_above_the_body_is_the_headline_without_an_echo() -> None:
    assert find(*FILL[:9], "unlike words number one") == "unlike words number one"
    assert find(*FILL[:9], "unlike words one") is None
    assert find(*FILL[:9], "unlike words number one", FILL[9]) is None


def test_line_above_a_byline_is_the_headline() -> None:
    before = make_lines(*FILL[:9], "unlike words number one", *FILL[9:12])
    assert find_title(before, BODY, {10}) == before[9]
    assert find_title([*before, TextLine(20, "a b")], BODY, {10}) is None
    before = make_lines("alpha bravo charlie delta zulu", *FILL[:20], "alpha bravo")
    assert find_title(before, BODY) == before[-1]
    assert find_title([*before[:-1]], BODY, {1}) == before[0]
    before = make_lines(*FILL[:9], "alpha bravo charlie", ":", "delta echoes foxtrot")
    assert find_title(before, BODY) == before[-1]
    assert find_title(before, BODY, {10}) == before[9]


def test_upper_of_two_lines_is_the_headline_and_the_lower_its_subtitle() -> None:
    title, subtitle = "alpha bravo unlike words", "charlie delta echoes foxtrot golfer hotel"
    before = make_lines(*FILL[:9], title, subtitle)
    assert find_title(before, BODY) == before[9]
    assert find_title(before, BODY, {10, 11}) == before[9]
    assert find_title(before, BODY, {11}) == before[10]
    assert find(*FILL[:9], "alpha bravo charlie", subtitle) == subtitle
    assert find(*FILL[:9], "alpha unlike words other", subtitle) == subtitle
    assert find(*FILL[:9], title, ":", subtitle) == subtitle
    before[10] = TextLine(11, subtitle, heading=1)
    assert find_title(before, BODY) == before[10]


def test_headline_repeats_the_beginning_of_the_body_only() -> None:
    headline = TextLine(1, "alpha bravo")
    filler = make_lines(*["xxxx yyyy xxxx yyyy xxxx yyyy"] * 3)
    assert measure_echo(headline, [*filler, *BODY]) == 1
    assert measure_echo(headline, [*filler, *filler[:1], *BODY]) == 0
    assert measure_echo(headline, [*make_lines(*["xxxx yyyy xxxx yyyy xxxx"] * 19), *BODY]) == 1
    assert measure_echo(headline, [*make_lines(*["xxxx yyyy xxxx yyyy xxxx"] * 20), *BODY]) == 0
    assert measure_echo(headline, make_lines("x" * 1188 + " alpha bravo")) == 1
    assert measure_echo(headline, make_lines("x" * 1195 + " alpha bravo")) == 0
    assert measure_echo(TextLine(1, "a b"), BODY) == 0


def test_words_count_by_their_first_five_letters() -> None:
    assert find_stems("soldiers") == find_stems("soldier") == {"soldi"}
    assert find_stems("the 12 200 old ferries") == {"200", "ferri"}
    assert find_stems("大臣は橋") == {"大臣は橋", "大臣", "臣は", "は橋"}
    assert find_stems("다리가") == {"다리", "리가"}
    assert {"กา", "าร"} <= find_stems("การ")


def test_likeness_is_the_share_of_the_shorter_text() -> None:
    assert measure_likeness(make_lines("alpha bravo"), BODY) == 1
    assert measure_likeness(make_lines("alpha wxyzt"), BODY) == 0.5
    assert measure_likeness([], BODY) == 0


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Bridge approved", True),
        ("Bridge", False),
        ("ferry " * 29 + "ferry", True),
        ("ferry " * 30 + "ferry", False),
        ("x " + "y" * 247, True),
        ("x " + "y" * 248, False),
        ("- Bridge approved", False),
        *((f"Bridge approved{end}", False) for end in (".", ":", ";", ",", "…", "»", " >")),
        ("Home > News > Region", False),
    ],
)
def test_headline_by_its_looks(text: str, is_one: bool) -> None:
    assert looks_like_headline(TextLine(1, text)) is is_one


@pytest.mark.parametrize(
    "text", ["Home > News", "Home » News", "Home › News", "Home | News | Region", "Home / News / Region"]
)
def test_path_through_the_site(text: str) -> None:
    assert is_path(text)


def test_one_bar_makes_no_path() -> None:
    assert not is_path("Talks begin | The Paper")


@pytest.mark.parametrize(
    ("title", "without"),
    [
        ("Talks begin today - The Paper", "Talks begin today"),
        ("Talks begin today | The Paper", "Talks begin today"),
        ("Talks begin - The Paper", "Talks begin - The Paper"),
        ("Talks begin in the half-built town", "Talks begin in the half-built town"),
    ],
)
def test_site_is_cut_from_the_title_of_a_page(title: str, without: str) -> None:
    assert strip_site_name(title) == without
