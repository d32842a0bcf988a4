"""Pages with several articles: each sign of an item, and where a page stops being a digest."""

import pytest

from pipelines.text.reading.digests import find_digest_items, is_headline, parse_stamp
from pipelines.text.reading.lines import TextLine, split_lines
from pipelines.text.reading.pieces import Piece
from pipelines.text.reading.scoring import mark_lines


def find(*texts: str) -> list[Piece]:
    return find_digest_items(mark_lines(split_lines("\n".join(texts))[0]))


def read(*texts: str) -> list[tuple[str | None, str]]:
    return [
        (item.title.text if item.title else None, " ".join(line.text for line in item.lines)) for item in find(*texts)
    ]


def make_text(words: int, name: str | int = "ferry") -> str:
    """Returns a sentence of `words` words; sentences of different names are different."""
    name = name if isinstance(name, str) else f"word{'abcdefghij'[name]}"
    return " ".join([name.capitalize(), *[name] * (words - 1)]) + "."


ONWARD = [
    *("Continue reading", "Keep reading", "Read more", "Read the full", "Read the rest", "Read the whole", "Read on"),
    *("Full story", "Full article", "More »", "More →", "More >", "Weiterlesen", "Mehr lesen", "Lire la suite"),
    *("Lire plus", "Leer más", "Seguir leyendo", "Leia mais", "Continua a leggere", "Leggi tutto", "Читать далее"),
    *(
        "Подробнее",
        "Czytaj dalej",
        "Czytaj więcej",
        "Lees meer",
        "Lees verder",
        "Devamını oku",
        "Läs mer",
        "続きを読む",
    ),
    *("阅读全文", "继续阅读", "اقرأ المزيد", "더 보기"),
]


@pytest.mark.parametrize("onward", ONWARD)
def test_excerpts_end_with_a_link_to_the_rest(onward: str) -> None:
    items = [(f"Town number {n} opens a pier", make_text(12, n)) for n in range(3)]
    lines = [line for title, text in items for line in (title, f"{text} … {onward}")]
    assert read(*lines) == [(title, text) for title, text in items]


@pytest.mark.parametrize("before", ["…", "...", "[…]", "[...]", "(more…)", "["])
def test_marks_before_the_link_are_cut(before: str) -> None:
    lines = [
        line for n in range(3) for line in (f"Town number {n} opens", f"{make_text(12, n)} {before} Continue reading")
    ]
    assert [text for _, text in read(*lines)] == [make_text(12, n) for n in range(3)]


def test_headline_may_follow_the_link() -> None:
    def lines(words: int, fill: str = "") -> list[str]:
        return [
            line
            for n in range(3)
            for line in (f"Town number {n} opens", f"{make_text(30, n)} Continue reading {'a ' * words}{fill}".strip())
        ]

    assert len(read(*lines(14))) == 3
    assert read(*lines(15)) == []


def test_link_is_looked_for_in_the_last_160_characters() -> None:
    def lines(length: int) -> list[str]:
        tail = "x" * (length - len("Continue reading "))
        return [
            line for n in range(3) for line in (f"Town number {n} opens", f"{make_text(30, n)} Continue reading {tail}")
        ]

    assert len(read(*lines(110))) == 3
    long = [
        line
        for n in range(3)
        for line in (f"Town number {n} opens", f"{make_text(30, n)} Continue reading {'x' * 80} {')' * 80}")
    ]
    assert read(*long) == []


def test_two_excerpts_are_not_a_digest() -> None:
    assert read(*[line for n in range(2) for line in (f"Town number {n} opens", f"{make_text(12, n)} Read more")]) == []


def excerpt(name: str, words: int, title: bool = True) -> list[str]:
    return [*([f"Town {name} opens"] if title else []), make_text(words, name), "Read more"]


def test_item_four_times_as_long_as_the_median_is_an_article() -> None:
    rest = [line for name in "abcd" for line in excerpt(name * 3, 30)]
    assert len(read(*rest, *excerpt("long", 120))) == 5
    assert read(*rest, *excerpt("long", 121)) == []
    short = [line for name in "abcd" for line in excerpt(name * 3, 10)]
    assert len(read(*short, *excerpt("long", 100))) == 5
    assert read(*short, *excerpt("long", 101)) == []


def test_seven_items_in_ten_have_a_headline() -> None:
    def lines(titled: int) -> list[str]:
        return [line for n in range(10) for line in excerpt(n, 30, n < titled)]

    assert len(read(*lines(7))) == 10
    assert read(*lines(6)) == []


def test_items_hold_six_tenths_of_the_prose() -> None:
    items = [line for name in "abc" for line in excerpt(name * 3, 30)]
    assert len(read(*items, make_text(60))) == 3
    assert read(*items, make_text(61)) == []


def test_nine_headlines_in_ten_differ() -> None:
    def lines(same: int) -> list[str]:
        return [
            line
            for n in range(10)
            for line in (
                "Town opens a pier" + (f" {n}" if n >= same else ""),
                make_text(30, n),
                "Read more",
            )
        ]

    assert len(read(*lines(2))) == 10
    assert read(*lines(3)) == []


def test_items_below_the_foot_are_other_stories() -> None:
    items = [line for name in "abc" for line in excerpt(name * 3, 30)]
    assert len(read(make_text(99), "Read more", "Most read", *items)) == 4
    assert read(make_text(100), "Read more", "Most read", *items) == []
    later = [line for name in "defg" for line in excerpt(name * 3, 30)]
    assert len(read(*items, "Most read", *later)) == 7
    assert len(read(*items, *excerpt("hhh", 10), "Most read", *later)) == 4


def test_item_without_headline_begins_with_a_line_of_six_words() -> None:
    def lines(words: int) -> list[str]:
        return [
            line
            for n in range(3)
            for line in (f"Town number {n} opens", make_text(words, n), make_text(20, n), "Read more")
        ]

    assert read(*lines(5))[0][1] == make_text(20, 0)
    assert read(*lines(6))[0][1] == f"{make_text(6, 0)} {make_text(20, 0)}"


# Live blogs

STAMPS = [
    *(
        "14:05",
        "14.05",
        "14h05",
        "2:05 pm",
        "2:05 p.m.",
        "14:05:30",
        "Updated 14:05",
        "Posted at 14:05",
        "Published: 14:05",
    ),
    *(
        "14:05 Uhr",
        "14.05 uur",
        "14:05 GMT",
        "14:05 (UTC)",
        "an hour ago",
        "5 min ago",
        "5 mins ago",
        "3h ago",
        "2 hr ago",
    ),
    *("2 hours ago", "30 sec ago", "5m ago", "one minute ago"),
    *(
        f"14:05 {zone}"
        for zone in (
            *("BST", "CET", "CEST", "EET", "EEST", "MSK", "IST", "EDT", "EST", "ET", "CDT", "CST", "MDT", "MST", "PDT"),
            *("PST", "PT", "WET", "WEST", "MEZ", "MESZ", "JST", "KST", "HKT", "SGT", "AEST", "AEDT", "CT", "MT"),
        )
    ),
    *(
        f"14:05, 3 {month}"
        for month in (
            *("jan", "janvier", "genn", "enero", "feb", "fév", "fèb", "mar", "mär", "mrt", "apr", "avr", "abr", "may"),
            *("mai", "maj", "mag", "jun", "juin", "jui", "jul", "giu", "lug", "aug", "aut", "aou", "aoû", "ago", "sep"),
            *("set", "okt", "oct", "out", "nov", "dec", "dez", "des", "dic", "déc"),
        )
    ),
    *("14:05 | March 3", "14:05 – March 3, 2024", "14:05 · 3. März 2024"),
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_entry_begins_with_a_time(stamp: str) -> None:
    assert parse_stamp(TextLine(1, stamp)) == ""
    assert parse_stamp(TextLine(1, f"{stamp} – The pier opens")) == "The pier opens"


@pytest.mark.parametrize("text", ["24:05", "14:65", "At noon", "14:05 the pier opened", "14:05 gmt", "3 days ago"])
def test_line_that_does_not_begin_with_a_time(text: str) -> None:
    assert parse_stamp(TextLine(1, text)) is None


def entry(number: int, words: int = 20) -> list[str]:
    return [f"1{number}:05", make_text(words, number)]


def test_three_entries_make_a_live_blog() -> None:
    assert len(read(*entry(1), *entry(2), *entry(3))) == 3
    assert read(*entry(1), *entry(2)) == []


def test_introduction_of_30_words_is_an_item() -> None:
    entries = [line for number in range(4) for line in entry(number)]
    assert len(read(make_text(30), *entries)) == 5
    assert len(read(make_text(29), *entries)) == 4


def test_long_text_above_the_first_time_is_an_article_with_a_course_of_events() -> None:
    entries = [line for number in range(4) for line in entry(number, 30)]
    assert len(read(make_text(80), *entries)) == 5
    assert read(make_text(81), *entries) == []


def test_entry_of_more_than_40_lines_is_left_out() -> None:
    def lines(count: int) -> list[str]:
        return ["14:05", *[make_text(6, f"w{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}") for n in range(count)]]

    entries = [line for number in range(5) for line in entry(number, 100)]
    assert len(read(*entries, *lines(40))) == 6
    assert len(read(*entries, *lines(41))) == 5


# Items under headlines with a date


def test_headline_with_a_date_opens_an_item() -> None:
    lines = [
        line
        for n in range(3)
        for line in (f"Town number {n} opens a pier", f"By Greta Halm{n}", f"March {n + 1}, 2024", make_text(20, n))
    ]
    items = find(*lines)
    assert [item.title.text for item in items if item.title] == lines[::4]
    assert [item.published_at.day for item in items if item.published_at] == [1, 2, 3]
    assert len(items) == 3


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Bridge approved", True),
        ("Bridge", False),
        ("ferry " * 24 + "ferry", True),
        ("ferry " * 25 + "ferry", False),
        ("x " + "y" * 247, True),
        ("x " + "y" * 248, False),
        ("- Bridge approved", False),
        ("Is it so? Is it not?", False),
        ("ferry " * 15 + "ferry?", True),
        ("ferry " * 16 + "ferry?", False),
        *((f"Bridge approved{end}", False) for end in (".", ":", ";", ",", "…", "。")),
        ("Home > News > Region", False),
    ],
)
def test_headline_of_an_item_by_its_looks(text: str, is_one: bool) -> None:
    assert is_headline(TextLine(1, text)) is is_one


# Items under headings that are links


def linked(count: int, words: int, level: int = 2, title: int = 4) -> list[TextLine]:
    lines = []
    for n in range(count):
        lines.append(TextLine(2 * n + 1, " ".join(["Town", *["pier"] * (title - 2), str(n)]), level, f"/{n}"))
        lines.append(TextLine(2 * n + 2, make_text(words, n)))
    return lines


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (linked(3, 8), 3),
        (linked(3, 7), 0),
        (linked(2, 8), 0),
        (linked(3, 8, level=4), 3),
        (linked(3, 8, level=5), 0),
        (linked(3, 8, title=3), 3),
        (linked(3, 8, title=2), 0),
    ],
)
def test_heading_that_is_a_link_opens_an_item(lines: list[TextLine], count: int) -> None:
    assert len(find_digest_items(mark_lines(lines))) == count


def test_headline_with_a_date_is_an_item_without_text() -> None:
    dated = [("Pier opens in Lorve", make_text(12, 0)), ("Ferry sinks off Torvale", ""), ("Mill burns in Gelvin", "")]
    lines = [line for title, text in dated for line in (title, text, "Published on 3 May 2024") if line]
    assert read(*lines) == [("Pier opens in Lorve", dated[0][1]), (None, dated[1][0]), (None, dated[2][0])]


# Reports of an agency's round-up

REPORTS = [f"{place} (Orbis) — {make_text(20, n)}" for n, place in enumerate(("LORVE", "TORVALE", "NEW GELVIN"))]


@pytest.mark.parametrize("rule", ["__", "___", "* * *", "***", "---", "====="])
def test_reports_between_rules_are_items(rule: str) -> None:
    lines = ["Latest: Ferries stay in port", "By Greta Halm", REPORTS[0], rule, REPORTS[1], rule, REPORTS[2]]
    found = find(*lines)
    assert [[line.text for line in item.lines] for item in found] == [[report] for report in REPORTS]
    assert [item.title.text if item.title else None for item in found] == ["Latest: Ferries stay in port", None, None]
    assert [item.author for item in found] == ["Greta Halm", None, None]


def test_part_without_a_place_is_no_report() -> None:
    found = find(REPORTS[0], "___", make_text(20, 4), "___", REPORTS[1], "___", REPORTS[2])
    assert len(found) == 3


@pytest.mark.parametrize(
    "lines",
    [
        (REPORTS[0], "___", REPORTS[1]),
        (REPORTS[0], "___", make_text(20, 4), "___", make_text(20, 5)),
        (REPORTS[0], make_text(20, 4), "___", make_text(20, 5)),
    ],
)
def test_parts_of_one_report_are_no_items(lines: tuple[str, ...]) -> None:
    assert find(*lines) == []


def test_headline_of_a_report_is_close_above_it() -> None:
    menu = [f"Section {name}" for name in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta")]
    found = find(*menu, REPORTS[0], "___", REPORTS[1], "___", REPORTS[2])
    assert found[0].title is not None
    assert found[0].title.text == "Section beta"
