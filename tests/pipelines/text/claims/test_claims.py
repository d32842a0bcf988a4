"""Claims of an article: titles, figures, parties, times, and that no text breaks them."""

import time
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, ClaimText, Entity, FigureText, TimeExpression, TimeReference


def english(body: str, title: str | None = None, **parts: object) -> ArticleText:
    return ArticleText(title=title, body=body, language="en", **parts)  # type: ignore[arg-type]


def figure(body: str, words: str, unit: str) -> FigureText:
    start = body.index(words)
    value = float(words.replace(",", ""))
    return FigureText(
        text=words, start=start, end=start + len(words), kind="count", low=value, high=value, value=value, unit=unit
    )


def test_claims_are_for_english_only() -> None:
    body = "Die Armee said that 300 men were lost."
    assert find_claims(ArticleText(body=body, language="de")) == []
    assert len(find_claims(ArticleText(body=body, language="en-GB"))) == 1


def test_a_headline_that_asserts_is_a_claim_of_the_title() -> None:
    (claim,) = find_claims(english("", "Storm kills three on island"))
    assert (claim.field, claim.cue, claim.claimant, claim.content) == ("title", None, None, ((0, 27),))


@pytest.mark.parametrize("title", ["The Long Road to Galmouth", "What the readers say", "Elections and Money"])
def test_a_headline_that_names_a_topic_is_none(title: str) -> None:
    assert find_claims(english("", title)) == []


def test_a_headline_with_its_source_last() -> None:
    (claim,) = find_claims(english("", "Troops have crossed the Senn, Rovania claims"))
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.field, claim.status) == ("Rovania", "title", "asserted")


def test_two_headlines_in_one_are_two_claims() -> None:
    title = "Ostmark shuts border as Tarsia deploys troops"
    found = find_claims(english("", title))
    assert [title[one.content[0][0] : one.content[0][1]] for one in found] == [
        "Ostmark shuts border",
        "Tarsia deploys troops",
    ]


def test_a_figure_about_an_event_is_a_claim_without_a_source() -> None:
    body = "The brigade lost 300 soldiers near the river. The river has 12 bridges."
    figures = (figure(body, "300", "soldiers"), figure(body, "12", "bridges"))
    (claim,) = find_claims(english(body, figures=figures))
    assert (claim.claimant, claim.cue, claim.event) == (None, None, "loss")
    assert [one.text for one in claim.figures] == ["300"]


def test_figures_belong_to_the_claim_whose_words_hold_them() -> None:
    body = "The army said it lost 300 men and the navy said it lost 12 ships."
    figures = (figure(body, "300", "men"), figure(body, "12", "ships"))
    found = find_claims(english(body, figures=figures))
    assert [[one.text for one in claim.figures] for claim in found] == [["300"], ["12"]]


def test_a_number_that_the_text_denies_is_not_claimed() -> None:
    body = "The colonel said it lost 12 men, not 140."
    figures = (figure(body, "12", "men"), figure(body, "140", "men"))
    (claim,) = find_claims(english(body, figures=figures))
    assert [one.text for one in claim.figures] == ["12"]


def test_a_narrated_plan_is_a_planned_claim() -> None:
    (claim,) = find_claims(english("The government of Ostmark is preparing for a long winter."))
    assert claim.status == "planned"


def test_parties_have_roles() -> None:
    body = "Orbis reported that Ostmark attacked Tarsia in Delport."
    entities = tuple(
        Entity(name=name, kind="location", mentions=((body.index(name), body.index(name) + len(name)),))
        for name in ("Ostmark", "Tarsia", "Delport")
    )
    (claim,) = find_claims(english(body, entities=entities))
    assert [(one.name, one.role) for one in claim.parties] == [
        ("Ostmark", "agent"),
        ("Tarsia", "target"),
        ("Delport", "place"),
    ]


def test_the_time_of_a_claim_is_the_one_it_speaks_of() -> None:
    body = "On Friday the navy said that the ship sank in May."
    day = datetime(2024, 5, 1, tzinfo=UTC)
    times = tuple(
        TimeExpression(
            text=words, start=body.index(words), end=body.index(words) + len(words),
            time=TimeReference(text=words, start=day, end=day),
        )
        for words in ("Friday", "May")
    )  # fmt: skip
    (claim,) = find_claims(english(body, times=times))
    assert claim.time is not None
    assert claim.time.text == "May"


STORY = (
    "The port authority said two cranes were out of service. “We need parts,” Ana Rask told reporters. “Soon.”\n\n"
    "According to Orbis, Ostmark is preparing to send 300 engineers. He denied that anyone was hurt."
)


def shifted(claim: ClaimText, by: int) -> ClaimText:
    def move(value: object) -> object:
        if isinstance(value, dict):
            return {k: v + by if k in ("start", "end") and isinstance(v, int) else move(v) for k, v in value.items()}
        if isinstance(value, list):
            return [move(one) for one in value]
        return value

    parts = msgspec.to_builtins(claim)
    content = [[start + by, end + by] for start, end in parts["content"]]
    moved = move(parts)
    assert isinstance(moved, dict)
    return msgspec.convert(moved | {"content": content}, ClaimText)


@given(
    st.sampled_from(["The river is deep.", "It rained all week in the north.", "Children played near the fountain."])
)
def test_a_sentence_in_front_shifts_offsets_and_nothing_else(front: str) -> None:
    before = find_claims(english(STORY))
    after = find_claims(english(f"{front} {STORY}"))
    assert after == [shifted(claim, len(front) + 1) for claim in before]


# fmt: off
WORDS = st.sampled_from((
    "said", "told", "“", "”", '"', "'", "’", ",", ".", ":", "(", ")", "-", "he", "she", "The", "Ostmark", "army",
    "that", "to", "according", "reportedly", "claims", "claim", "of", "and", "who", "called", "for", "plans", "is",
    "not", "300", "\n", "US", "May", "reports", "'s", "n't", "É", "漢字", "\u200b", "stopped", "short", "accused",
))
# fmt: on


@example("CLAIM OF")
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join)))
def test_no_text_breaks_them_and_all_offsets_lie_inside(text: str) -> None:
    for field, article in (("body", english(text)), ("title", english("", text))):
        for claim in find_claims(article):
            assert claim.field == field
            assert 0 <= claim.start < claim.end <= len(text)
            assert claim.content
            assert all(0 <= start < end <= len(text) for start, end in claim.content)
            if claim.cue is not None:
                assert text[claim.cue.start : claim.cue.end] == claim.cue.text
            if claim.claimant is not None and claim.claimant.start is not None and claim.claimant.end is not None:
                assert 0 <= claim.claimant.start < claim.claimant.end <= len(text)


HOSTILE = {
    "quotation marks": '"' * 30_000,
    "openings": "“a " * 10_000,
    "no stop": "he said that the " * 6_000,
    "speeches": '"a," he said ' * 6_000,
    "names": "Mr Smith " * 10_000,
    "nested": "head of the " * 10_000 + "it said",
    "brackets": "(" * 30_000 + ")" * 30_000 + " said",
    "according": "according to x, " * 6_000,
    "questions": "“a?” Bob " * 10_000,
    "one word": "x" * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_takes_time_linear_in_its_length(kind: str) -> None:
    text = HOSTILE[kind]
    find_claims(english(text[:500]))
    start = time.process_time()
    find_claims(english(text))
    # The slowest of these takes 0.4 s on an idle core; anything quadratic takes minutes.
    assert time.process_time() - start < 8
