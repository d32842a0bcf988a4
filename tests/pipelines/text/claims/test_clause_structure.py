"""Who says what around insertions, relative clauses, joined subjects and other speakers of one sentence."""

import pytest

from pipelines.text.claims.constructions import read_sentence
from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import tag_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Police said 40 boats, twelve of them old, had been seized.",
            [("Police", ["40 boats, twelve of them old, had been seized"])],
        ),
        (
            "The guild said the plant, which has 300 guards, would close.",
            [("The guild", ["the plant, which has 300 guards, would close"])],
        ),
        (
            "The army said 12 boats had sunk; the navy said 40 had.",
            [("The army", ["12 boats had sunk"]), ("the navy", ["40 had"])],
        ),
        (
            "The army said 12 boats had sunk, while the navy spoke of nine.",
            [("The army", ["12 boats had sunk"]), ("the navy", ["nine"])],
        ),
        (
            "The mayor said the road was open, though police said it was closed.",
            [("The mayor", ["the road was open"]), ("police", ["it was closed"])],
        ),
        (
            "The ministry believes the dam will hold, a senior official said, though he warned that it is old.",
            [
                ("The ministry", ["the dam will hold"]),
                ("a senior official", ["The ministry believes the dam will hold"]),
                ("he", ["that it is old"]),
            ],
        ),
        (
            "The ministry admitted that 61 had left, after insisting that none had.",
            [("The ministry", ["that 61 had left"]), ("The ministry", ["that none had"])],
        ),
        (
            "The loss, the ministry has since established, was nearer 12,000.",
            [("the ministry", ["The loss", "was nearer 12,000"])],
        ),
        (
            "By closing the port, Ole Kull said, the state loses money.",
            [("Ole Kull", ["By closing the port", "the state loses money"])],
        ),
        (
            "Crews had found 14 cracks, he added, the longest of them two metres.",
            [("he", ["Crews had found 14 cracks", "the longest of them two metres"])],
        ),
        ("Ole Kull put the number of lost boats at 40.", [("Ole Kull", ["the number of lost boats at 40"])]),
        (
            "The ministry raised the death toll to 118 and said 70 were missing.",
            [("The ministry", ["the death toll to 118"]), ("The ministry", ["70 were missing"])],
        ),
        ("The crew put the boat into the harbour.", []),
        ("Ramil Orr, 31, a teacher from Delport, said the road was open.", [("Ramil Orr", ["the road was open"])]),
        (
            "A chief and two survivors told the newspaper it had rained.",
            [("A chief and two survivors", ["it had rained"])],
        ),
        ("Ferry late for days at old port, crew says", [("crew", ["Ferry late for days at old port"])]),
        ("Ole Kull told Ida Rask of the guild, that it had rained.", [("Ole Kull", ["that it had rained"])]),
        (
            "The letter accused one of the men, Ole Kull, of arson.",
            [("The letter", ["one of the men, Ole Kull, of arson"])],
        ),
        ("Officials told residents not to drink the water.", [("Officials", ["residents not to drink the water"])]),
        (
            "The guild said because it rained, the port was shut.",
            [("The guild", ["because it rained, the port was shut"])],
        ),
        ("The guild protested, to no avail, that the port was shut.", [("The guild", ["that the port was shut"])]),
        ("A poll found a third of voters had left.", [("A poll", ["a third of voters had left"])]),
        ("Ole Kull told a rally of perhaps 300 people the port was shut.", [("Ole Kull", ["the port was shut"])]),
        (
            "Ole Kull, who had told the crew to leave, later said that it rained.",
            [("who", ["the crew to leave"]), ("Ole Kull", ["that it rained"])],
        ),
        ("The envoy to Ostmark Ole Kull said it rained.", [("The envoy to Ostmark Ole Kull", ["it rained"])]),
        ("Ole Kull described the plan as “a gift” to smugglers.", [("Ole Kull", ["the plan as “a gift”"])]),
        ("Ole Kull called the attack on the port “cowardly”.", [("Ole Kull", ["the attack on the port “cowardly”"])]),
        ("Maker raised the price of a course to $1,350.", []),
        ("The ministry put the damage at 40 million crowns.", [("The ministry", ["the damage at 40 million crowns"])]),
        (
            "The estimate was six barrels; the volume, the ministry has since established, was nearer 12,000.",
            [("the ministry", ["the volume", "was nearer 12,000"])],
        ),
        ("Analysts had expected a draw of 900 boats.", [("Analysts", ["a draw of 900 boats"])]),
        ("The guard was accused by crews of hiding boats.", [("crews", ["hiding boats"])]),
        ("A book called The Long Field won the prize.", []),
        ("Ostmark plans to leave the pact, the union said.", [("the union", ["Ostmark plans to leave the pact"])]),
        ("Minister rejects claims that 500 guards left", [("Minister", ["claims that 500 guards left"])]),
        (
            "Up to 12,000 guards in Torvale, ministry says, far fewer than before",
            [("ministry", ["Up to 12,000 guards in Torvale"])],
        ),
        ("Central bank sees inflation of 8-8.5%", [("Central bank", ["inflation of 8-8.5%"])]),
        ("The bank saw 12 boats.", []),
        ("The toll rose to 40, the ministry confirmed this morning.", [("the ministry", ["The toll rose to 40"])]),
        ("The ministry this week denied that boats sank.", [("The ministry", ["that boats sank"])]),
        ("Ostmark said it would answer after Tarsia expelled the envoys.", [("Ostmark", ["it would answer"])]),
        (
            "Ostmark said 12 men died after the boat sank.",
            [("Ostmark", ["12 men died after the boat sank"])],
        ),
        (
            "Ostmark said it would leave after the vote ends.",
            [("Ostmark", ["it would leave after the vote ends"])],
        ),
    ],
)
def test_who_says_what(text: str, expected: list[tuple[str | None, list[str]]]) -> None:
    found = read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0)
    read = [
        (text[slice(*one.source)] if one.source else None, [text[slice(*part)] for part in one.content])
        for one in found
    ]
    assert read == expected


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("“They left,” said retired colonel Ole Kull.", "colonel Ole Kull"),
        ("“They left,” said the guard, Ole Kull.", "the guard"),
    ],
)
def test_the_speaker_after_the_verb(text: str, source: str) -> None:
    (found,) = read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0)
    assert found.source is not None
    assert text[slice(*found.source)] == source


def test_words_in_quotation_marks_are_said_by_nobody_who_only_follows() -> None:
    text = "Crews left the “old boat” she thought about."
    assert read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0) == []


def test_the_number_of_an_amount_is_near() -> None:
    text = f"Ole Kull put the number of {'old ' * 20}boats at 40."
    assert read_sentence(tag_text(text, 0, len(text), ()), 0) == []
