"""What each line is taken for by its neighbours, and what it counts."""

import pytest

from pipelines.text.reading.lines import TextLine, split_lines
from pipelines.text.reading.scoring import Mark, is_headline_like, is_prose, mark_lines, score_lines


def make_text(words: int, name: str = "ferry") -> str:
    return " ".join([name.capitalize(), *[name] * (words - 1)]) + "."


def mark(*texts: str) -> list[Mark]:
    return mark_lines(split_lines("\n".join(texts))[0])


def list_roles(*texts: str) -> list[str]:
    return [mark.boilerplate.reason if mark.boilerplate else mark.role for mark in mark(*texts)]


def score(*texts: str) -> list[float]:
    return [round(value, 2) for value in score_lines(mark(*texts))]


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        (make_text(6), True),
        (make_text(5), False),
        (make_text(20)[:-1], True),
        (make_text(19)[:-1], False),
        (make_text(24)[:-1] + "…", False),
        (make_text(24)[:-1] + "...", False),
        (make_text(25)[:-1] + "…", True),
        ("It is so. Ferry ferry ferry ferry ferry…", True),
    ],
)
def test_prose_is_whole_sentences_or_long_lines(text: str, prose: bool) -> None:
    assert is_prose(TextLine(1, text)) is prose


def test_sentence_that_occurs_three_times_is_part_of_the_template() -> None:
    assert list_roles(*[make_text(8)] * 2) == ["prose"] * 2
    assert list_roles(*[make_text(8)] * 3) == ["repeated"] * 3
    assert list_roles(*["Ferry"] * 3) == ["short"] * 3


def test_list_is_text_if_a_sentence_announces_it() -> None:
    assert list_roles("The council asked for three things:", "- ferry", "- pier", "Ferry", "- boat") == [
        *("prose", "list", "list", "short", "bullet"),
    ]
    assert list_roles(
        "河边小镇的评议会在昨天晚上的会议上一致决定，要求渡船公司在春天之前完成以下三件重要的事情：", "- 渡船"
    ) == ["prose", "list"]
    assert list_roles("Things:", "- ferry") == ["short", "bullet"]


HEADLINE = "How the valley lost its mines"


def test_headline_that_comes_twice_is_a_link_with_its_sentence() -> None:
    card = ["link_card"] * 3
    assert list_roles(HEADLINE, HEADLINE, make_text(8)) == card
    assert list_roles(HEADLINE, "Mines", "Coal", HEADLINE, make_text(8)) == ["link_card", "short", "short", *card[:2]]
    assert list_roles(HEADLINE, "Mines", "Coal", "Iron", HEADLINE, make_text(8))[-1] == "prose"
    assert list_roles(HEADLINE, HEADLINE, "It is. It was. " + make_text(8)) == [*card[:2], "prose"]
    assert list_roles(HEADLINE, HEADLINE, "It is. " + make_text(8)) == card
    assert list_roles("The valley", "The valley", make_text(8)) == ["short", "short", "prose"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (make_text(12), 12),
        (make_text(80), 80),
        (make_text(81), 80),
        ("- " + make_text(20), 7),
        ("Ferry boats", -3),
        ("- ferry boats", -5),
        ("Teilen", -5),
        ("By Greta Halm", -25),
        ("Most read", -40),
        ("Comments", -150),
        ("Privacy policy", -150),
    ],
)
def test_line_counts_what_it_is(text: str, value: float) -> None:
    assert score(text) == [pytest.approx(value)]


def test_entry_of_an_announced_list_counts_half_its_words() -> None:
    assert score("The council asked for three things:", "- a new ferry and pier")[1] == 2.5


def test_each_further_line_of_a_gap_costs_twelve_hundredths_more() -> None:
    assert score("Ferry", "Boat", "Pier") == [-3, -3.36, -3.72]
    assert score("Ferry", make_text(8), "Pier") == [-3, 8, -3]
    assert score("Ferry", "Comments", "Pier") == [-3, -150, -3.72]


def test_teaser_under_a_headline_counts_twelve_words_at_most() -> None:
    two, three = "It is so. " + make_text(20), "It is so. It was so. " + make_text(20)
    assert score(HEADLINE, make_text(20))[1] == 12
    assert score(HEADLINE, make_text(8))[1] == 8
    assert score(HEADLINE, two)[1] == 12
    assert score(HEADLINE, three)[1] == 26
    assert score("The valley and mines", make_text(20))[1] == 20


def test_headline_with_a_byline_opens_another_part() -> None:
    assert score(HEADLINE, "By Greta Halm")[0] == -60
    assert score(HEADLINE, "Mines", "By Greta Halm")[0] == -60
    assert score(HEADLINE, "Mines", "Coal", "By Greta Halm")[0] == -3


def first(above: list[str], below: list[str], headline: str = HEADLINE) -> float:
    return score(*above, headline, "By Greta Halm", *below)[len(above)]


def test_headline_opens_another_article_if_only_what_follows_repeats_it() -> None:
    echo = "The valley lost its last mines in May, says the mayor."
    assert first([make_text(12)], [echo]) == -250
    assert first([echo.replace("May", "June")], [echo]) == -60
    assert first([make_text(12)], [make_text(12, "pier")]) == -60


def test_two_words_in_five_are_an_echo() -> None:
    headline = "Alpha bravo charlie delta echoes"
    assert first([make_text(12)], ["Alpha bravo are named here in a sentence."], headline) == -250
    assert first([make_text(12)], ["Alpha alone is named here in a sentence."], headline) == -60
    ten = f"{headline} foxtrot golfer hotel indigo juliet"
    below = ["Alpha bravo charlie delta echoes appear together among other words tonight."]
    boats = "sees boats, piers, ferries, sails, masts, ropes, nets, tides and gulls."
    assert first([f"Alpha {boats}"], below, ten) == -250
    assert first([f"Alpha foxtrot {boats}"], below, ten) == -60


def test_parts_of_one_story_have_a_fifth_of_their_words_in_common() -> None:
    headline = "Alpha bravo charlie delta echoes"
    words = ["alpha", "bravo", "charlie", "wxyza", "wxyzb", "vwxya", "uwxyz", "twxyz", "swxyz", "rwxyz"]
    below = " ".join(words).capitalize() + "."
    common = [f"{letter}abcd" for letter in "jklmnop"]
    assert first([" ".join(["wxyza", *common]).capitalize() + "."], [below], headline) == -250
    assert first([" ".join(["uwxyz", "twxyz", *common]).capitalize() + "."], [below], headline) == -60


def test_twelve_lines_on_either_side_of_a_headline_are_compared() -> None:
    echo = "The valley lost its last mines in May, says the mayor."
    letters = "abcdefghijklm"
    filler = [make_text(8, letter * 4) for letter in letters]
    assert first([echo.replace("May", "June"), *filler[:11]], [echo]) == -60
    assert first([echo.replace("May", "June"), *filler[:12]], [echo]) == -250


def test_headline_has_five_words() -> None:
    marks = mark(HEADLINE, "The valley lost mines", "- the valley lost its mines", make_text(8))
    assert [is_headline_like(mark) for mark in marks] == [True, False, True, False]


SHARE = TextLine(0, "Whatsapp Facebook Pint")


def list_teasers(count: int) -> list[TextLine]:
    texts = (f"The council of town number {number} approved its own bridge on Monday." for number in range(count))
    return [line for text in texts for line in (SHARE, TextLine(1, text))]


def test_lone_paragraphs_below_other_stories_are_teasers() -> None:
    heading = TextLine(1, "Most read")
    scores = score_lines(mark_lines([heading, *list_teasers(3)]))
    assert [score > 0 for score in scores] == [False] * 7
    assert max(score_lines(mark_lines([heading, *list_teasers(2)]))) > 0
    assert max(score_lines(mark_lines(list_teasers(3)))) > 0


def test_paragraphs_that_follow_each_other_below_such_a_heading_are_text() -> None:
    heading, more = TextLine(1, "Most read"), TextLine(1, "It lies by the lake and has forty houses.")
    scores = score_lines(mark_lines([heading, *list_teasers(3), more, *list_teasers(1)]))
    assert sum(score > 0 for score in scores) == 5


def test_teasers_end_at_a_long_gap() -> None:
    heading, gap = TextLine(1, "Most read"), [TextLine(1, f"Ships {number}") for number in range(12)]
    scores = score_lines(mark_lines([heading, *list_teasers(3), *gap, *list_teasers(1)]))
    assert [score > 0 for score in scores].count(True) == 1
    scores = score_lines(mark_lines([heading, *list_teasers(3), *gap[1:], *list_teasers(1)[1:]]))
    assert [score > 0 for score in scores].count(True) == 0


def test_dateline_below_a_repeated_headline_is_text() -> None:
    twice = "Fire at the silo of the port"
    report = "LORVE (Agency) — Forty tonnes of grain burned in the port on Monday, the mayor said."
    assert list_roles(twice, twice, report)[2] == "prose"
    assert list_roles(twice, twice, report.removeprefix("LORVE (Agency) — "))[2] == "link_card"


def test_numbered_list_goes_on_over_other_lines() -> None:
    entries = (
        "These are the three demands of dockers:",
        "1) A raise",
        "https://a.example/1",
        "2) A week",
        "caption",
        "quay",
        "3) A pier",
    )
    assert [role for role in list_roles(*entries) if role != "short"] == [
        *("prose", "list", "social_embed"),
        *("list", "list"),
    ]
    assert list_roles(*entries[:2], "a", "b", "c", "2) A week")[-1] == "bullet"
    assert list_roles(*entries[:2], "3) A pier")[-1] == "list"
    assert list_roles(*entries[:2], "a", "3) A pier")[-1] == "bullet"
    assert list_roles("Menu of Lorve", "1) A raise", "a", "2) A week")[-1] == "bullet"


def test_byline_broken_before_the_name_is_one() -> None:
    assert list_roles("Ferries stay in port", "By", "Greta Halm", make_text(20)) == ["short", "meta", "meta", "prose"]
    assert mark("Ferries stay in port", "By", "Greta Halm")[1].line.text == "By Greta Halm"
    assert list_roles("By", "Harbour", "Greta Halm") == ["short", "short", "short"]
