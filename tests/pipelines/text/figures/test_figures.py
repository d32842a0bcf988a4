"""Figures through their one entry point: offsets, nesting, classes, context, languages, hostile input."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.text.figures.finding import find_figures
from pipelines.text.figures.units import standard_units
from schemas.text import FigureText
from tests.pipelines.text.figures.gate import read_gold

WORDS = """one two dozen hundred thousand million and a half third of in to from between up as many than more less - – ,
. $ € % 5 3,000 1.5 2024 100K 7- 12:30 00 ½ soldiers percent year old km tens thousands strong aged doubling fold
“ ” ' minus"""
PIECES = st.sampled_from([*WORDS.split(), "\n"])


def only(text: str) -> FigureText:
    found = find_figures(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("text", [s.text for s in read_gold()], ids=lambda text: text[:40])
def test_offsets_point_at_the_words_of_the_figure(text: str) -> None:
    figures = find_figures(text)
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)
    assert [figure.start for figure in figures] == sorted(figure.start for figure in figures)
    assert all(left.end <= right.start for left, right in pairwise(figures))


@pytest.mark.parametrize("text", [s.text for s in read_gold() if s.figures], ids=lambda text: text[:40])
def test_a_figure_parses_back_from_its_own_words(text: str) -> None:
    for figure in find_figures(text):
        again = find_figures(figure.text)
        assert [(f.low, f.high) for f in again] == [(figure.low, figure.high)], figure.text


@pytest.mark.parametrize("text", [s.text for s in read_gold()], ids=lambda text: text[:40])
def test_a_sentence_in_front_shifts_offsets_and_nothing_else(text: str) -> None:
    front = "The harbour was calm that evening.\n"
    moved = [
        (f.start - len(front), f.end - len(front), f.low, f.high, f.modifier, f.unit)
        for f in find_figures(front + text)
    ]
    assert moved == [(f.start, f.end, f.low, f.high, f.modifier, f.unit) for f in find_figures(text)]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_gives_figures_inside_it(text: str) -> None:
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.text != ""
        assert figure.low is None or figure.high is None or figure.low <= figure.high
        assert figure.low is not None or figure.high is not None


@pytest.mark.parametrize(
    "piece",
    [
        "7",
        "1 ",
        "1,",
        "hundred ",
        "a hundred ",
        "two hundred and ",
        "and ",
        "$",
        '5"',
        "5 to ",
        "five-",
        "- ",
        "half a ",
        "5 of ",
        "tens of ",
    ],
)
def test_hostile_input_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        find_figures(text)
        return time.process_time() - start

    seconds(1_000)
    small, large = seconds(20_000), seconds(200_000)
    assert large < 40 * max(small, 0.005)


def test_a_figure_inside_the_unit_of_another_is_found_too() -> None:
    outer, inner = find_figures("Up to half of the first 90,000-strong landing force was lost.")
    assert (outer.text, outer.high, outer.unit) == ("Up to half", 0.5, "landing force")
    assert (inner.text, inner.low, inner.unit) == ("90,000-strong", 90_000, "landing force")


def test_the_field_is_kept() -> None:
    assert find_figures("200 tanks lost", field="title")[0].field == "title"


@pytest.mark.parametrize(
    ("text", "unit_class"),
    [
        ("They sent 300 volunteer soldiers.", "military_personnel"),
        ("Some 300 people fled.", "people"),
        ("There were 40 casualties.", "casualties"),
        ("It has 12 brigades.", "military_units"),
        ("It lost 12 tanks.", "vehicles"),
        ("It fired 12 missiles.", "weapons"),
        ("It cost €12.", "money"),
        ("It fell 12%.", "share"),
        ("It burned 12 hectares.", "area"),
        ("It flew 12 km.", "distance"),
        ("It took 12 hours.", "time"),
        ("It weighs 12 tonnes.", "mass"),
        ("She is 12 years old.", "age"),
        ("It drove at 12 km/h.", "speed"),
        ("He saw 12 gnomons.", "other"),
    ],
)
def test_unit_classes(text: str, unit_class: str) -> None:
    assert only(text).unit_class == unit_class


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("They sent 300 soldiers.", "count"),
        ("It cost $3.", "money"),
        ("It fell 3%.", "percent"),
        ("It lost a third of its men.", "fraction"),
        ("It grew fourfold.", "multiplier"),
        ("It took 3 hours.", "duration"),
        ("A 3-year-old girl was found.", "age"),
        ("It is 3 km off.", "measure"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_money_carries_its_iso_code() -> None:
    assert only("It cost 3 million rubles.").currency == "RUB"
    assert only("It cost US$3m.").currency == "USD"
    assert only("It took 3 days.").currency is None


def test_the_point_of_a_bound_is_the_bound_and_of_a_range_its_middle() -> None:
    assert only("At least 30 men came.").value == 30
    assert only("From 20 to 30 men came.").value == 25


def test_a_change_from_one_number_to_another_is_charted_where_it_ended() -> None:
    figure = only("Unemployment rose from 4 to 6 percent.")
    assert (figure.low, figure.high, figure.value, figure.change) == (4, 6, 6, "up")


def test_more_adds_and_more_than_bounds() -> None:
    adds, bounds = only("It sent 3,000 more soldiers."), only("It sent more than 3,000 soldiers.")
    assert (adds.modifier, adds.change) == ("exact", "additional")
    assert (bounds.modifier, bounds.change) == ("more_than", None)


def test_what_is_counted_may_stand_in_the_sentence_before() -> None:
    assert find_figures("The soldiers arrived at dawn. By noon the king sent 3,000 more.")[0].unit == "soldiers"


def test_years_and_dates_stay_out_without_spans() -> None:
    assert [f.text for f in find_figures("In 2024 and on 5 May 1999, 300 people fled.")] == ["300"]


def test_a_day_of_the_month_is_not_joined_to_the_number_after_it() -> None:
    assert [f.text for f in find_figures("On May 12 200 soldiers left.")] == ["200"]


def test_date_spans_take_their_numbers_out_except_durations() -> None:
    text = "In about 40 it began; the past 18 months changed all."
    spans = [(3, 11), (22, 40)]
    assert [f.text for f in find_figures(text, date_spans=spans)] == ["18 months"]


def test_languages_without_words_give_digits_with_signs_only() -> None:
    text = "Circa 300 soldati e due carri, il 14,5 % della flotta, costano 1.250.000 € o 3 milioni €."
    figures = find_figures(text, language="it")
    assert [(f.low, f.unit) for f in figures] == [(14.5, "percent"), (1_250_000, "euro")]


def test_a_table_of_ones_own_extends_the_units() -> None:
    own = {
        "measures": [{"name": "sol", "class": "time", "kind": "duration", "words": ["sol"]}],
        "nouns": {"robots": ["rover"]},
    }
    units = standard_units().extend(own)
    assert find_figures("It worked 90 sols.", units=units)[0].unit == "sol"
    assert find_figures("It met 3 rovers.", units=units)[0].unit_class == "robots"
    assert find_figures("It met 3 rovers.")[0].unit_class == "other"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("It made $8.2 billion.", 8_200_000_000, 8_200_000_000),
        ("It has 2.03 million users.", 2_030_000, 2_030_000),
        ("It owes 1.1-1.2bn euros.", 1_100_000_000, 1_200_000_000),
        ("It owes 16.1 million euros.", 16_100_000, 16_100_000),
    ],
)
def test_the_bounds_are_exactly_what_is_written(text: str, low: float, high: float) -> None:
    figure = only(text)
    assert (figure.low, figure.high, figure.value) == (low, high, (low + high) / 2)


def test_cents_have_the_currency_that_the_last_named_cent_had() -> None:
    figures = find_figures("It paid 2 Singapore cents. In May it paid 5.5 cents, and 40 kopecks.")
    assert [(one.value, one.currency) for one in figures] == [(0.02, "SGD"), (0.055, "SGD"), (0.4, "RUB")]
    assert only("It paid 5.5 cents.").value == 5.5


def test_a_range_that_begins_like_a_year_is_not_part_of_its_date() -> None:
    text = "A rower needs about 2000 - 2500 calories."
    assert [f.text for f in find_figures(text, date_spans=[(20, 24)])] == ["about 2000 - 2500 calories"]


def test_what_is_counted_is_not_looked_for_too_far_back() -> None:
    far = "The soldiers arrived at dawn. " + "It rained on and off. " * 12 + "By noon the king sent 3,000 more."
    assert [one.unit for one in find_figures(far)] == [""]


def test_a_pronoun_does_not_point_too_far_back() -> None:
    far = "It has 300 boats. " + "It rained on and off " * 14 + "and 36 of them sank."
    assert [one.unit for one in find_figures(far)] == ["boats", ""]


def test_a_quotation_is_not_looked_for_too_far_back() -> None:
    far = "'No, " + "it rained on and off, " * 14 + "at 30' when it hit."
    assert [one.unit for one in find_figures(far)] == ["foot"]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It lasted an hour and a half.", "an hour and a half", 1.5),
        ("It is about a mile and a quarter off.", "about a mile and a quarter", 1.25),
        ("It errs by plus or minus 3 points.", "plus or minus 3", 3),
        ("It fell to minus 3 points.", "minus 3", -3),
    ],
)
def test_words_around_a_number_or_measure_change_its_value(text: str, words: str, value: float) -> None:
    figure = only(text)
    assert (figure.text, figure.value) == (words, value)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("The navy shot down 36 drones.", None),
        ("Women make up 15 percent of the crew.", None),
        ("The guild gave up 40 boats.", None),
        ("Prices went up 15 percent.", "up"),
        ("Prices went down 15 percent.", "down"),
    ],
)
def test_up_and_down_of_a_phrasal_verb_are_no_change(text: str, change: str | None) -> None:
    assert [figure.change for figure in find_figures(text)] == [change]
