"""Sources with a description behind them, letters and who sends them, and what opens a sentence."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Current officials who spoke with The Harbour Post said the firm had failed.", "Current officials"),
        ("But river groups that have endorsed him say the plan is old.", "river groups"),
        ("A person familiar with the matter said the plan was old.", "person"),
        ("People briefed on the plans said the mill would close.", "People"),
        ("Text messages found on one of the men’s phones showed that they had left.", "Text messages"),
        ("A survey conducted by the Brennick Institute found that half had left.", "survey"),
        ("A group called “The Local” claimed that the fall was large.", "group"),
        ("Those who met him say the speech was short.", "Those"),
        ("Workers who heard the mayor speak of the plan said it was late.", "Workers"),
        ("Men who said the mayor lied called it a farce.", "Men"),
        ("Residents reached by phone in the hills said the town was quiet.", "Residents"),
        ("Cory Vann, 22, of Brennick, Ostmark, said he had not left.", "Cory Vann"),
        ("Cory Vann, 22, from Brennick, Ostmark, said he had not left.", "Cory Vann"),
    ],
)
def test_the_source_is_the_noun_that_is_described(text: str, source: str) -> None:
    said = list_said(text)
    assert source in {name for name, _ in said}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The crew slept before the mayor said the dam would hold.", "mayor"),
        ("In the letter that Ole Kull sent, the mayor said the dam would hold.", "mayor"),
    ],
)
def test_the_noun_before_the_verb_is_the_source_where_nothing_describes(text: str, source: str) -> None:
    assert source in {name for name, _ in list_said(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Rask released a statement saying the mill was old.", [("Ana Rask", "the mill was old")]),
        ("The guild sent a letter this week urging the council to act.", [("guild", "the council to act")]),
        (
            "The dean has published a letter strongly disputing claims that it leaked.",
            [("dean", "claims that it leaked")],
        ),
        ("Ana Rask posted on Quickwave urging the crew to leave.", [("Ana Rask", "the crew to leave")]),
        ("Ana Rask responded with a note saying the mill was old.", [("Ana Rask", "the mill was old")]),
    ],
)
def test_who_sends_a_letter_says_what_it_says(text: str, expected: list[tuple[str, str]]) -> None:
    assert [one for one in list_said(text) if "note" not in one[1]] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The agency saw a letter saying the mill was old.",
        "The mill was sold in a statement saying it was old.",
    ],
)
def test_who_only_reads_a_letter_says_nothing(text: str) -> None:
    assert {name for name, content in list_said(text) if content.startswith(("the mill was", "it was"))} <= {
        "letter",
        "statement",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "After Ana Rask informed the crew that it leaked, Ole Kull wrote that the dam was old.",
            [("Ana Rask", "that it leaked"), ("Ole Kull", "that the dam was old")],
        ),
        (
            "While Ana Rask pledged to work with both, Ole Kull insisted that change would come.",
            [("Ana Rask", "to work with both"), ("Ole Kull", "that change would come")],
        ),
        (
            "After announcing the deal, workers at the mill said they were leaving.",
            [("workers at the mill", "they were leaving")],
        ),
        ("As Ana Rask warned of a loss, the shares fell.", [("Ana Rask", "a loss")]),
        ("By calling the plan a farce, Ana Rask lost the vote.", [("Ana Rask", "the plan a farce")]),
    ],
)
def test_what_is_said_in_an_opening_clause_ends_with_it(text: str, expected: list[tuple[str, str]]) -> None:
    said = list_said(text)
    assert said[-len(expected) :] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If the two met about the plan, neither side would say.", []),
        ("When he is late, he says little.", []),
        (
            "To get the votes, organisers said, the party must change.",
            [("organisers", "To get the votes ~ the party must change")],
        ),
        ("In the last mass of the trip, held at the border, Ole Kull told the story of the city.", []),
        (
            "Boats from Ostmark, backed by drones, sank 12 ferries, the ministry said.",
            [("ministry", "Boats from Ostmark, backed by drones, sank 12 ferries")],
        ),
        (
            "As many as 40 boats may be moved, port officials say.",
            [("port officials", "As many as 40 boats may be moved")],
        ),
        ("Ostmark to send boats to the strait, officials say.", [("officials", "Ostmark to send boats to the strait")]),
    ],
)
def test_an_opening_is_not_what_was_said(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ana Rask slammed the shift and accused Ole Kull of a “lie.”",
            [("Ana Rask", "the shift"), ("Ana Rask", "Ole Kull of a “lie.”")],
        ),
        ("Ana Rask announced the plan, and left the hall.", [("Ana Rask", "the plan")]),
        ("Ana Rask praised dead and wounded soldiers.", [("Ana Rask", "dead and wounded soldiers")]),
        (
            "Ana Rask praised the men who stayed and fought.",
            [("Ana Rask", "the men who stayed and fought")],
        ),
        (
            "Ana Rask later suggested the plan was late, called it “rotten” and left.",
            [("Ana Rask", "the plan was late"), ("Ana Rask", "it “rotten”")],
        ),
        (
            "Ole Kull, who on Monday endorsed the plan, said it was late.",
            [("Ole Kull", "it was late")],
        ),
        (
            "Vann, who runs the mill, denied it, and Ole Kull, a diver who found the leak, said it was late.",
            [("Ole Kull", "it was late")],
        ),
        (
            "During the call, Ana Rask asked about the guild, called it “rotten” and left.",
            [("Ana Rask", "it “rotten”")],
        ),
        (
            "Ana Rask said it leaked, but in a later interview denied that it was old.",
            [("Ana Rask", "it leaked"), ("Ana Rask", "that it was old")],
        ),
        (
            "According to the summary, Ole Kull and a second aide asked the clerk to delete it.",
            [
                ("summary", "Ole Kull and a second aide asked the clerk to delete it"),
                ("Ole Kull and a second aide", "the clerk to delete it"),
            ],
        ),
        (
            "The guild claimed victory but officials have said the count goes on.",
            [("guild", "victory"), ("officials", "the count goes on")],
        ),
    ],
)
def test_two_verbs_of_one_sentence(text: str, expected: list[tuple[str, str]]) -> None:
    said = list_said(text)
    assert [one for one in said if one in expected] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ana Rask went on to blame others: “It is theirs,” she said.",
            [("Ana Rask", "others"), ("Ana Rask", "“It is theirs,”")],
        ),
        (
            "The guild was wrong in May: “We left,” Ana Rask told Radio Nord.",
            [("Ana Rask", "“We left,”")],
        ),
    ],
)
def test_a_quotation_with_a_speaker_begins_after_its_colon(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The poll found Ana Rask even with Ole Kull.", [("poll", "Ana Rask even with Ole Kull")]),
        ("A new study found signs of rot in the beams.", [("new study", "signs of rot in the beams")]),
        ("Divers found signs of rot in the beams.", []),
    ],
)
def test_a_poll_finds_what_a_diver_only_meets(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Rask accused Ostmark of a crime.", [("Ana Rask", "Ostmark of a crime")]),
        ("Ana Rask accused the head of the guild of theft.", [("Ana Rask", "the head of the guild of theft")]),
        ("Ana Rask accused the head of the guild.", [("Ana Rask", "the head of the guild")]),
    ],
)
def test_somebody_is_accused_of_a_thing(text: str, expected: list[tuple[str, str]]) -> None:
    assert list_said(text) == expected
