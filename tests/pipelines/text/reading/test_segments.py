"""Which run of lines is the article, where its text begins, and which of its lines are text."""

import pytest

from pipelines.text.reading.lines import split_lines
from pipelines.text.reading.scoring import mark_lines
from pipelines.text.reading.segments import find_article_run, select_text_lines

FOOT = "Privacy policy"
MOST_READ = "Most read"
HEADLINE = "Alpha bravo charlie delta echoes"


def make_text(words: int, name: str = "ferry", start: str = "") -> str:
    """Returns sentences of five words each, `words` in all; the text begins with `start`."""
    first = start.split()
    rest = [name] * (words - len(first))
    sentences = [" ".join(rest[n : n + 5]).capitalize() + "." for n in range(0, len(rest), 5)]
    return " ".join([*first, *sentences])


def find(*texts: str) -> tuple[str, str]:
    """The first and the last line of the article."""
    lines = split_lines("\n".join(texts))[0]
    start, end = find_article_run(mark_lines(lines))
    return lines[start].text, lines[end - 1].text


def find_opening(*texts: str) -> str:
    return find(*texts)[0]


def test_longest_of_several_parts_is_the_article() -> None:
    short, long = [make_text(20, "ferry")], [make_text(20, f"boat{n}") for n in "abcd"]
    assert find(*short, FOOT, *long) == (long[0], long[-1])
    assert find(*long, FOOT, *short) == (long[0], long[-1])


def test_a_button_named_comments_does_not_end_the_page() -> None:
    teaser, article = make_text(30, "pier"), [make_text(40, f"boat{n}") for n in "abcd"]
    buttons = ["Share on Facebook", "Print", "Comments"]
    assert find(teaser, HEADLINE, *buttons, *article) == (article[0], article[-1])
    assert find(teaser, HEADLINE, "Comments", *article) == (teaser, teaser)


@pytest.mark.parametrize(
    ("above", "longer", "wins"),
    [
        ([HEADLINE, "By Greta Halm"], 2.1, True),
        ([HEADLINE, "By Greta Halm"], 3.9, True),
        ([HEADLINE, "By Greta Halm"], 4.1, False),
        ([HEADLINE], 1.7, True),
        ([HEADLINE], 1.9, False),
        (["By Greta Halm"], 1.3, True),
        (["By Greta Halm"], 1.5, False),
    ],
)
def test_headline_and_byline_outweigh_a_longer_rival(above: list[str], longer: float, wins: bool) -> None:
    headed = [make_text(20, "alpha", "Alpha bravo charlie said it."), *[make_text(20, f"sail{n}") for n in "abcd"]]
    rival = [make_text(20, f"boat{'abcdefghijklmnopqrstuvw'[n]}") for n in range(int(longer * 5))]
    extra = [make_text(max(6, round(longer * 100) - 20 * len(rival)), "piers")]
    size = sum(len(text.split()) for text in [*rival, *extra])
    assert (size < 400) is (longer < 4)
    opening = find_opening(*rival, *extra, FOOT, *["Ferry"] * 12, *above, *headed)
    assert (opening == headed[0]) is wins


def test_later_rival_below_other_stories_must_be_much_longer() -> None:
    earlier = [make_text(20, f"sail{n}") for n in "abcd"]

    def later(words: int) -> list[str]:
        return [make_text(20, f"boat{'abcdefghijklmnopqrstuvw'[n]}") for n in range(words // 20)]

    assert find_opening(*earlier, FOOT, *later(180)) == earlier[0]
    assert find_opening(*earlier, FOOT, *later(220)) == later(220)[0]
    assert find_opening(*earlier, "Ferry", *["By Greta Halm"] * 9, *later(120)) == later(120)[0]


def test_earlier_part_of_25_words_could_be_the_article() -> None:
    later = [make_text(15, "boats"), make_text(15, "sails")]
    assert find_opening(make_text(25), FOOT, *later) == make_text(25)
    assert find_opening(make_text(24), FOOT, *later) == later[0]


def test_earlier_part_without_headline_gives_way_to_one_that_has_it() -> None:
    later = [HEADLINE, make_text(35, "alpha", "Alpha bravo charlie said it. It is so. It was so.")]
    assert find_opening(make_text(40), MOST_READ, *["Ferry"] * 12, *later) == later[1]


def test_comments_below_25_words_of_text_are_not_the_article() -> None:
    comments = [make_text(20, f"boat{n}") for n in "abcdefghijklmnop"]
    assert find_opening(make_text(25), "Comments", *comments) == make_text(25)
    assert find_opening(make_text(24), "Comments", *comments) == comments[0]


def test_six_best_runs_are_compared() -> None:
    headed = [
        "Ferry",
        *[HEADLINE, "By Greta Halm", make_text(30, "alpha", "Alpha bravo charlie said it. It is so. It was so.")],
    ]
    rivals = [line for n in "abcdefg" for line in (make_text(40, f"boat{n}"), FOOT, *["Ferry"] * 12)]
    per = len(rivals) // 7
    assert find_opening(*rivals[: 5 * per], *headed) == headed[-1]
    assert find_opening(*rivals[: 6 * per], *headed) == rivals[0]


def headed(*above: str) -> list[str]:
    return [
        *above,
        make_text(20, "alpha", "Alpha bravo charlie said it."),
        *[make_text(20, f"sail{n}") for n in "abcd"],
    ]


def rival(words: int) -> list[str]:
    return [make_text(20, f"boat{'abcdefghijklmnopqrstuvw'[n]}") for n in range(words // 20)]


def test_headline_is_at_most_ten_lines_above_the_article() -> None:
    ten = headed(HEADLINE, "By Greta Halm", *["Ferry"] * 8)
    assert find(*rival(240), FOOT, *["Boat"] * 12, *ten)[1] == ten[-1]
    eleven = headed(HEADLINE, "By Greta Halm", *["Ferry"] * 9)
    assert find(*rival(240), FOOT, *["Boat"] * 12, *eleven)[1] == rival(240)[-1]


def test_byline_is_among_the_first_four_lines() -> None:
    def signed(place: int) -> list[str]:
        lines = [make_text(20, f"sail{n}") for n in "abcdefgh"]
        return [*lines[:place], "By Greta Halm", *lines[place:]]

    assert find(*rival(160), FOOT, *["Boat"] * 12, *signed(3))[1] == signed(3)[-1]
    assert find(*rival(160), FOOT, *["Boat"] * 12, *signed(4))[1] == rival(160)[-1]


def test_headline_of_an_article_has_four_words() -> None:
    assert find(*rival(140), FOOT, *["Boat"] * 12, *headed("Alpha bravo charlie said"))[1] == headed()[-1]
    assert find(*rival(140), FOOT, *["Boat"] * 12, *headed("Alpha bravo charlie"))[1] == rival(140)[-1]


def test_headline_is_repeated_in_the_first_thirty_lines() -> None:
    def article(short: int) -> list[str]:
        echo = make_text(60, "alpha", "Alpha bravo charlie delta said it.")
        long = [make_text(80, f"sail{n}") for n in "abcdef"]
        return [HEADLINE, *long[:3], *["Ferry"] * short, echo, *long[3:]]

    assert find(*rival(420), *[FOOT] * 4, *["Boat"] * 12, *article(26))[1] == article(26)[-1]
    assert find(*rival(420), *[FOOT] * 4, *["Boat"] * 12, *article(27))[1] == rival(420)[-1]


# Where the text begins


BODY = [make_text(20, f"sail{n}") for n in "abcde"]


def test_text_begins_after_a_byline_in_its_first_seventh() -> None:
    rest = [make_text(63, "boats"), make_text(7, "piers")]
    assert find_opening(make_text(30), "By Greta Halm", *BODY, *rest) == BODY[0]
    assert find_opening(make_text(35), "By Greta Halm", *BODY, rest[0]) == make_text(35)
    assert find_opening("Ferry", *["- " + make_text(20, f"boat{n}") for n in "abcd"], "By Greta Halm", *BODY) == BODY[0]


def test_entries_of_a_list_above_the_byline_weigh_a_twentieth() -> None:
    body = [*BODY[:3], make_text(25, "boats")]

    def opens_below(entries: int) -> bool:
        above = ["- " + make_text(20, f"pier{'abcdefghijklmnop'[n]}") for n in range(entries)]
        return find_opening(*above, "By Greta Halm", *body) == body[0]

    assert opens_below(15)
    assert not opens_below(16)


def test_text_begins_with_the_dateline_of_an_agency() -> None:
    dateline = "LORVE (Agency) — " + make_text(20, "boats")
    assert find_opening(make_text(30), dateline, *BODY) == dateline
    assert find_opening(*BODY[:3], dateline, *BODY[3:4]) == BODY[0]
    assert find_opening(*BODY[:2], make_text(6), dateline, *BODY[2:4], make_text(40, "piers")) == dateline


def test_text_of_a_gallery_begins_below_the_headline_that_it_repeats() -> None:
    credit = "Photo: Greta Halm"
    body = [make_text(60, "alpha", "Alpha bravo charlie said it. It is so. It was so."), *BODY]
    assert find_opening(make_text(30), credit, HEADLINE, *body) == body[0]
    assert find_opening(make_text(30), "Ferry", HEADLINE, *body) == make_text(30)
    assert find_opening(HEADLINE + " too", make_text(30), credit, HEADLINE, *body) == make_text(30)
    assert find_opening(make_text(30), credit, "Unlike words of another story", *body) == make_text(30)


# Which lines are text


def select(*texts: str) -> list[str]:
    return [line.text for line in select_text_lines(mark_lines(split_lines("\n".join(texts))[0]))]


def test_lines_around_the_text_are_dropped() -> None:
    assert select(BODY[0], "By Greta Halm", "Teilen", BODY[1], "March 5, 2024", BODY[2]) == BODY[:3]


def test_line_of_four_words_is_kept_once() -> None:
    assert select("The pier at night", BODY[0], "The pier at night", BODY[1]) == ["The pier at night", *BODY[:2]]
    assert select("The pier now", BODY[0], "The pier now", BODY[1]) == [
        "The pier now",
        BODY[0],
        "The pier now",
        BODY[1],
    ]


def test_list_is_kept_under_a_heading_of_its_own() -> None:
    assert select(BODY[0], "In short", "- ferry", "- boat", BODY[1]) == [
        BODY[0],
        "In short",
        "- ferry",
        "- boat",
        BODY[1],
    ]
    assert select(BODY[0], "- ferry", "- boat", BODY[1]) == BODY[:2]


def test_headline_in_capitals_between_paragraphs_is_a_link() -> None:
    assert select(BODY[0], "HOW THE VALLEY LOST ITS MINES", BODY[1]) == BODY[:2]
    assert select(BODY[0], "THE VALLEY LOST ITS MINES", BODY[1]) == [BODY[0], "THE VALLEY LOST ITS MINES", BODY[1]]
    assert select(BODY[0], "THE VALLEY LOST ALL ITS MINES.", BODY[1])[1] == "THE VALLEY LOST ALL ITS MINES."


@pytest.mark.parametrize(
    "caption",
    [
        *(
            "The mayor, left, with the council.",
            "The council, at right, in the hall.",
            "The mayor in the center of town.",
        ),
        *(
            "The mayor, centre, with the council.",
            "The mayor is pictured with the council.",
            "The mayor is seen here with them.",
        ),
        *(
            "The bridge is shown here in spring.",
            "The mayor poses with the council.",
            "The mayor in a file photo of May.",
        ),
        *(
            "The mayor arrives with the council.",
            "The mayor looks on with the council.",
            "The mayor gestures to the council.",
        ),
        *(
            "The mayor speaks during the meeting.",
            "The mayor attends the meeting with them.",
            "The mayor walks with the council.",
        ),
        *("The mayor stands with the council.", "The mayor holds the key of town."),
    ],
)
def test_caption_above_a_credit_is_dropped(caption: str) -> None:
    assert select(BODY[0], caption, "Photo: Greta Halm", BODY[1]) == BODY[:2]
    assert select(BODY[0], caption, BODY[1]) == [BODY[0], caption, BODY[1]]


def test_caption_has_at_most_50_words() -> None:
    def is_dropped(words: int) -> bool:
        return (
            len(select(BODY[0], make_text(words, "boats", "The mayor, left, smiles."), "Photo: Greta Halm", BODY[1]))
            == 2
        )

    assert is_dropped(50)
    assert not is_dropped(51)


@pytest.mark.parametrize(
    "note",
    [
        *(
            f"Greta Halm {verb} for the Post as a journalist."
            for verb in ("is", "was", "writes", "covers", "reports", "has been", "has written", "has covered")
        ),
        *(
            f"Greta Halm is the Post's {role} in Lorve."
            for role in (
                *("reporter", "writer", "journalist", "editor", "correspondent", "columnist", "author", "contributor"),
                *("producer", "professor", "fellow", "blogger", "analyst", "director"),
            )
        ),
        *("Greta Halm is in Lorve and covers boats.", "Greta Halm is in Lorve and writes poems."),
        *("Greta Halm is in Lorve covering boats.", "Greta Halm is based in Lorve for now."),
        *(
            f"I am a {role} and live by the lake."
            for role in ("writer", "journalist", "reporter", "author", "editor", "blogger")
        ),
        *("I'm the writer of this piece here.", "I’m an author and live by the lake."),
    ],
)
def test_note_on_the_author_at_the_end_is_dropped(note: str) -> None:
    assert select(*BODY[:3], note) == BODY[:3]
    assert select(*BODY[:3], note, BODY[3]) == [*BODY[:3], note, BODY[3]]


def test_note_has_at_most_80_words_and_follows_three_lines() -> None:
    def note(words: int) -> str:
        return make_text(words, "boats", "Greta Halm is a journalist in town.")

    assert select(*BODY[:3], note(80)) == BODY[:3]
    assert select(*BODY[:3], note(81))[-1] == note(81)
    assert select(*BODY[:2], note(80))[-1] == note(80)


def test_short_lines_at_the_end_are_dropped() -> None:
    assert select(BODY[0], "Ferry", "Boat") == BODY[:1]
    assert select(BODY[0], "It is so.") == [BODY[0], "It is so."]


def make_lists(count: int, entry: str = "• Quiet quays for ships") -> str:
    return "\n".join(f"Pier number {number}\n{entry} {number}\n{entry} at night {number}" for number in range(count))


PROSE = "The council of Lorve approved forty new piers on Monday night, the mayor of the town told reporters.\n"


def test_lists_under_headings_below_the_text_are_part_of_it() -> None:
    def find_end(text: str) -> int:
        return find_article_run(mark_lines(split_lines(text)[0]))[1]

    assert find_end(PROSE + make_lists(3)) == 10
    assert find_end(PROSE + make_lists(3) + "\nMore piers\nThe end") == 10
    assert find_end(PROSE + make_lists(2)) == 1
    assert find_end(PROSE + "".join(f"Piers {n}\n• Quay {n}\n• Pier {n}\n" for n in range(3))) == 1
    assert find_end(PROSE + "x\n" * 10 + make_lists(3)) == 20
    assert find_end(PROSE + "x\n" * 11 + make_lists(3)) == 1
    assert find_end(PROSE + "Piers\n• one pier here\n" * 3) == 1


def test_repeated_entry_of_a_list_does_not_hide_the_rest() -> None:
    entry = "• A crane that lifts all ships out of the water."
    lists = "\n".join(f"Pier number {number}\n{entry}\n• Quiet quays for ships {number}" for number in range(3))
    marks = mark_lines(split_lines(PROSE + lists)[0])
    start, end = find_article_run(marks)
    kept = [line.text for line in select_text_lines(marks[start:end])]
    assert sum(text.startswith("• Quiet quays") for text in kept) == 3


def test_single_line_under_a_headline_gives_way_to_a_longer_text_about_the_same() -> None:
    headline, byline, menu = "Harbour master of Lorve counts ships", "By Mara Quill", "Harbour\n" * 20
    line = "The harbour master of Lorve counted forty ships off the mole, the largest number of the year so far."
    text = "\n".join(
        f"The harbour master of {place} counted {number} ships off the mole on Monday night, said the council."
        for place, number in (("Lorve", "forty"), ("Ardle", "twelve"), ("Tarn", "ninety"))
    )
    other = "\n".join(f"Cookies help pages remember settings for readers everywhere, number {n} says." for n in "abc")

    def find_lines(*parts: str) -> list[str]:
        marks = mark_lines(split_lines("\n".join(parts))[0])
        start, end = find_article_run(marks)
        return [line.text for line in select_text_lines(marks[start:end])]

    assert find_lines(headline, byline, line, menu, text) == text.split("\n")
    assert find_lines(headline, byline, line, menu, other) == [line]
    assert find_lines(headline, byline, line, menu, text.split("\n")[0]) == [line]
