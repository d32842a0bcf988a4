"""Bylines, date lines and the dates in them, for each word and each zone that the table knows."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.text.reading.bylines import (
    is_believable,
    is_byline,
    is_date_line,
    is_dateline,
    join_byline,
    parse_author,
    parse_date,
)
from pipelines.text.reading.lines import TextLine


def line(text: str) -> TextLine:
    return TextLine(1, text)


@pytest.mark.parametrize(
    "text",
    [
        *(f"{word} Greta Halm" for word in ("By", "Von", "Par", "Por", "Di", "Door", "Av", "Af", "От", "Автор")),
        *(f"{verb} by Greta Halm" for verb in ("Written", "Posted", "Published", "Reported", "Edited", "Reviewed")),
        *(f"{label} | Greta Halm" for label in ("Author", "Autor", "Autorin", "Auteur", "Autore", "Reporter", "Words")),
        "By Greta Halm, the valley's first reporter",
    ],
)
def test_byline_gives_its_author(text: str) -> None:
    assert is_byline(line(text))
    assert parse_author(line(text)) == "Greta Halm"


def test_name_has_at_most_five_words() -> None:
    assert parse_author(line("By Anna van der Meer Halm")) == "Anna van der Meer Halm"
    assert parse_author(line("By Anna van der Meer Halm Quill")) == "Anna van der Meer Halm"


@pytest.mark.parametrize("label", ["Author", "Автор", "Written by"])
def test_label_without_a_name_is_a_byline_of_nobody(label: str) -> None:
    assert is_byline(line(f"{label}:"))
    assert parse_author(line(f"{label}:")) is None


@pytest.mark.parametrize(
    "after",
    [
        *("Updated", "Published", "Posted", "On", "At", "In", "For", "And", "With", "Is", "Was", "Staff", "Special"),
        *("Writer", "Reporter", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ],
)
def test_name_ends_before_what_follows_it(after: str) -> None:
    assert parse_author(line(f"By Greta Halm {after} Lorve")) == "Greta Halm"


@pytest.mark.parametrize(
    "text",
    [
        "Greta Halm, Staff Writer",
        "Greta Halm, Staff Reporter",
        *(
            f"Greta Halm, {rank} Correspondent"
            for rank in ("Senior", "Chief", "Political", "Foreign", "Business", "Special")
        ),
        *(f"Greta Halm, {role}" for role in ("Columnist", "Reporter", "Editor", "Contributor")),
        *("Post News Desk", "Post Newsdesk", "Post Web Desk", "Special to the Post"),
    ],
)
def test_somebody_of_the_newsroom_is_a_byline(text: str) -> None:
    assert is_byline(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "By the river stood a house.",
        "By the river",
        "By Greta Halm said nothing more?",
        "our reporter was there",
        "The reporter asked for more.",
        f"By Greta Halm {'and ' * 20}others",
        "One two three four five six seven eight nine reporter",
    ],
)
def test_sentence_is_not_a_byline(text: str) -> None:
    assert not is_byline(line(text))


@pytest.mark.parametrize(("words", "is_one"), [(22, True), (23, False)])
def test_byline_has_at_most_22_words(words: int, is_one: bool) -> None:
    assert is_byline(line("By " + "Halm " * (words - 2) + "Halm")) is is_one
    assert is_date_line(line("Updated " + "at " * (words - 2) + "9")) is is_one


def test_staff_line_has_at_most_9_words() -> None:
    assert is_byline(line("Halm " * 8 + "Reporter"))
    assert not is_byline(line("Halm " * 9 + "Reporter"))


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"{word} noon"
            for word in (
                *("Published", "Updated", "Posted", "Modified", "Created", "Publish date", "Date", "Issued"),
                *("Aktualisiert", "Veröffentlicht", "Stand", "Publié", "Mis à jour", "Publicado", "Actualizado"),
                *("Atualizado", "Pubblicato", "Aggiornato", "Опубликовано", "Обновлено", "Gepubliceerd"),
            )
        ),
        *(f"{opener} updated noon" for opener in ("First", "Last", "Originally")),
        *(f"2 {unit} ago" for unit in ("min", "mins", "minutes", "hrs", "hours", "days", "weeks", "months", "years")),
        *(f"2{unit} ago" for unit in "hmd"),
        *(
            "an hour ago",
            "a day ago",
            "one week ago",
            "4 min read",
            "4 minutes to read",
            "Reading time 4",
            "Read time 4",
        ),
        *("March 5, 2024", "Lorve, 2024-03-05", "5 March 2024 in Lorve by the lake"),
    ],
)
def test_date_line_is_recognised(text: str) -> None:
    assert is_date_line(line(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ferries of 2024",
        "@tarn on March 5, 2024",
        "— March 5, 2024",
        "The bridge was opened on March 5, 2024.",
        "One two three four five six seven eight nine ten March 5, 2024",
        "Two years",
    ],
)
def test_line_without_a_date_of_its_own_is_not_a_date_line(text: str) -> None:
    assert not is_date_line(line(text))


def test_date_line_has_at_most_12_words() -> None:
    assert is_date_line(line("word " * 9 + "March 5, 2024"))
    assert not is_date_line(line("word " * 10 + "March 5, 2024"))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("GENEVA (Agency) — The council met", True),
        ("MOSCOW, March 3 - The council met", True),
        ("(Agency) - The council met", True),
        ("The council - met", False),
    ],
)
def test_dateline_opens_an_agency_report(text: str, is_one: bool) -> None:
    assert is_dateline(line(text)) is is_one


@pytest.mark.parametrize(
    "text",
    [
        *("5 March 2024", "5. März 2024", "5 mars 2024", "5 de marzo de 2024", "5 de março de 2024", "5 marzo 2024"),
        *(
            "5 maart 2024",
            "5 marca 2024",
            "5 марта 2024",
            "5 березня 2024",
            "5 Mart 2024",
            "5 mars 2024",
            "5. marts 2024",
        ),
        *("5. maaliskuuta 2024", "5. března 2024", "5 martie 2024", "5 Maret 2024", "March 5th, 2024", "2024/3/5"),
        *("2024年3月5日", "2024년 3월 5일", "05.03.2024x 5 Mar. 2024"),
    ],
)
def test_date_is_read_in_the_languages_of_the_table(text: str) -> None:
    assert parse_date(text) == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        *(("9 Sept 2024", 9), ("9 Januar 2024", 1), ("9 januari 2024", 1), ("9 januar 2024", 1), ("9 enero 2024", 1)),
        *(("9 janvier 2024", 1), ("9 janeiro 2024", 1), ("9 gennaio 2024", 1), ("9 stycznia 2024", 1)),
        *(("9 января 2024", 1), ("9 січня 2024", 1), ("9 Ocak 2024", 1), ("9 tammikuuta 2024", 1), ("9 ledna 2024", 1)),
        *(
            ("9 ianuarie 2024", 1),
            ("9 Januari 2024", 1),
            ("9 augusti 2024", 8),
            ("9 Agustus 2024", 8),
            ("9 augustus 2024", 8),
        ),
        *(("9 maj 2024", 5), ("9 desember 2024", 12), ("9 juni 2024", 6), ("9 mei 2024", 5), ("9 Mei 2024", 5)),
    ],
)
def test_names_of_months_of_each_language(text: str, month: int) -> None:
    assert parse_date(text) == datetime(2024, month, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("25/12/2020", datetime(2020, 12, 25, tzinfo=UTC)),
        ("12/25/2020", datetime(2020, 12, 25, tzinfo=UTC)),
        ("4/4/20", datetime(2020, 4, 4, tzinfo=UTC)),
        ("3/4/2020", None),
        ("31 February 2020", None),
        ("spring", None),
    ],
)
def test_date_in_figures_is_read_unless_its_order_is_in_doubt(text: str, found: datetime | None) -> None:
    assert parse_date(text) == found


ZONES = {
    **{"UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "EDT": -4},
    **{"EST": -5, "ET": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "PT": -8},
    **{"JST": 9, "MEZ": 1, "AEDT": 11},
}


@pytest.mark.parametrize("zone", ZONES)
def test_time_is_read_with_its_zone(zone: str) -> None:
    expected = datetime(2024, 3, 5, 16, 10, tzinfo=UTC) - timedelta(hours=ZONES[zone])
    assert parse_date(f"March 5, 2024, 4:10 pm {zone}") == expected


def test_time_may_precede_its_date() -> None:
    assert parse_date("16:10 EST, March 5, 2024") == datetime(2024, 3, 5, 21, 10, tzinfo=UTC)


def test_time_without_a_known_zone_is_left_out() -> None:
    assert parse_date("March 5, 2024 16:10 Z") == datetime(2024, 3, 5, 16, 10, tzinfo=UTC)
    assert parse_date("March 5, 2024 12:10 am UTC") == datetime(2024, 3, 5, 0, 10, tzinfo=UTC)
    for text in (
        "March 5, 2024 16:10",
        "March 5, 2024 16:10 XYZ",
        "March 5, 2024 16:10 west of the town",
        "March 5, 2024 26:10 UTC",
        "March 5, 2024 16:70 UTC",
    ):
        assert parse_date(text) == datetime(2024, 3, 5, tzinfo=UTC)


def test_date_is_believed_from_the_first_web_pages_to_a_day_after_the_fetch() -> None:
    now = datetime(2024, 3, 5, tzinfo=UTC)
    assert is_believable(datetime(1990, 1, 1, tzinfo=UTC), now)
    assert not is_believable(datetime(1989, 12, 31, tzinfo=UTC), now)
    assert is_believable(now + timedelta(days=1), now)
    assert not is_believable(now + timedelta(days=1, minutes=1), now)
    assert is_believable(now + timedelta(days=900), None)


@pytest.mark.parametrize("by", ["By", "by:", "Written by", "Von", "Автор"])
def test_byline_may_be_broken_before_the_name(by: str) -> None:
    joined = join_byline(line(by), line("Greta Halm"))
    assert joined is not None
    assert parse_author(joined) == "Greta Halm"


@pytest.mark.parametrize(
    ("first", "second"),
    [("By", "Greta"), ("By", "the harbour wall"), ("By", "Greta Halm, Lorve"), ("Share", "Greta Halm"), ("By", "Date")],
)
def test_other_lines_are_no_broken_byline(first: str, second: str) -> None:
    assert join_byline(line(first), line(second)) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 May 20249:15 AM ET", datetime(2024, 5, 3, 13, 15, tzinfo=UTC)),
        ("May 3, 202413:15 UTC", datetime(2024, 5, 3, 13, 15, tzinfo=UTC)),
        ("Published On 3 May 20243 May 2024", datetime(2024, 5, 3, tzinfo=UTC)),
        ("May 3, 202414 min read", datetime(2024, 5, 3, tzinfo=UTC)),
    ],
)
def test_what_follows_a_year_may_be_glued_to_it(text: str, moment: datetime) -> None:
    assert parse_date(text) == moment


def test_longer_number_is_no_year() -> None:
    assert parse_date("3 May 202411") is None


def test_dash_of_a_dateline_may_be_broken() -> None:
    assert is_dateline(line('LORVE " Forty boats are in the harbour.'))
    assert not is_dateline(line('LORVE "forty boats", he said.'))
