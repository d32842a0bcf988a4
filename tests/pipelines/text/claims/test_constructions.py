"""How single constructions are read: what is the content, who is the source, and what is not a claim."""

import pytest

from pipelines.text.claims.constructions import read_sentence
from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import tag_text


def read(text: str) -> list[tuple[str | None, str, str]]:
    """Source, construction and content of each attribution."""
    found = read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0)
    return [
        (text[slice(*one.source)] if one.source else None, one.construction, text[slice(*one.content[-1])])
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nobody saw the alleged sale.", (None, "adjective", "the alleged sale")),
        ("Nobody saw the reported sale.", (None, "adjective", "the reported sale")),
        ("Nobody saw the purported sale.", (None, "adjective", "the purported sale")),
        ("Nobody saw the rumored sale.", (None, "adjective", "the rumored sale")),
        ("Nobody saw the rumoured sale.", (None, "adjective", "the rumoured sale")),
        ("Nobody saw Ostmark's alleged “sale” of boats.", (None, "adjective", "'s alleged “sale” of boats")),
        ("The army's old, wild harbour claim that it rained.", (None, "noun", "that it rained")),
        ("The army's old harbour claim that it rained.", ("The army", "noun", "that it rained")),
        ("His repeated claim that it rained.", ("His", "noun", "that it rained")),
        ("The general issued a new harbour threat that it rained.", ("The general", "noun", "that it rained")),
        ("The army was given claims that it rained.", (None, "noun", "that it rained")),
        ("The claim it rained is old.", None),
        ("The claim they left is old.", (None, "noun", "they left is old")),
        ("The army's plan to harbours is old.", None),
        ("The army's plan to also leave is new.", ("The army", "noun", "also leave")),
        ("Old mayor called “unfit”", (None, "name", "Old mayor called “unfit”")),
        ("Old mayor (43) called “unfit”", (None, "name", "Old mayor (43) called “unfit”")),
        ("A club called “Union” won.", None),
        ("A club called Union won.", None),
        ("Viktor Lomak, head of the union: boats sank", ("Viktor Lomak, head of the union", "colon", "boats sank")),
        ("The old boats of the long river of the north of Ostmark of Union: boats sank", None),
        ("Ann Lee of the old small new old small new old crew: boats sank", None),
        ("Ann Lee of the old small new crew: boats sank", ("Ann Lee of the old small new crew", "colon", "boats sank")),
        ("The old (small) boats & crews: boats sank", None),
        ("Union & Ostmark: boats sank", ("Union & Ostmark", "colon", "boats sank")),
        ("From the report - his words: “It rained.”", ("his words", "colon", "“It rained.”")),
        ("From them: “It rained.”", ("them", "colon", "“It rained.”")),
        ("He left the report: “It rained.”", ("the report", "colon", "“It rained.”")),
        ("Sinking old boats, Ann Lee said.", None),
        ("The boats sank - Ann Lee said.", ("Ann Lee", "after", "The boats sank")),
        ("The boats sank, said Ann Lee in May.", ("Ann Lee", "after", "The boats sank")),
        ("The boats sank, said Ann Lee he left.", None),
        ("The boats sank, said Monday.", None),
        ("“It rained,” said Ann Lee: “It snowed.”", ("Ann Lee", "quote", "“It snowed.”")),
        ("“It rained” Ann Lee said it snowed.", ("Ann Lee", "clause", "it snowed")),
        ("The boats sank, officials say in a report that the agency saw.", ("officials", "after", "The boats sank")),
        ("Ann Lee said on the quay on the quay on the quay that it rained.", ("Ann Lee", "clause", "that it rained")),
        ("Ann Lee said " + "on the quay " * 7 + "that it rained.", None),
        ("According to Orbis, it rained.", ("Orbis", "according", "it rained")),
        ("The team acts according to its rules.", None),
        ("It rained, according to its rules.", ("its rules", "according", "It rained")),
        ("Ann Lee explained how it rained.", ("Ann Lee", "clause", "how it rained")),
        ("Ann Lee asked whether it rained.", ("Ann Lee", "clause", "whether it rained")),
        ("Ann Lee says was never asked.", ("Ann Lee", "clause", "was never asked")),
        ("Ann Lee says could rain.", ("Ann Lee", "clause", "could rain")),
        ("Ann Lee said in a statement the dam held.", ("Ann Lee", "clause", "the dam held")),
        ("Ann Lee said last week boats sank.", ("Ann Lee", "clause", "boats sank")),
        ("Ann Lee said on Monday boats sank.", None),
        ("Ann Lee expected a loss of about 40 boats.", ("Ann Lee", "object", "a loss of about 40 boats")),
        ("Ann Lee expected a loss, at 40 ports.", None),
        ("Ann Lee put the price at $40.", ("Ann Lee", "amount", "the price at $40")),
        ("Ann Lee raised the price to $40.", None),
        ("Ann Lee called the old boats small.", ("Ann Lee", "name", "the old boats small")),
        ("Ann Lee called for a curfew, the mayor left.", ("Ann Lee", "for", "a curfew")),
        ("Ann Lee denied sinking boats, the mayor left.", ("Ann Lee", "gerund", "sinking boats")),
        ("Ann Lee praised the crew, the mayor left.", ("Ann Lee", "object", "the crew")),
        ("Ann Lee called the old boats.", None),
        ("Ann Lee called the plan “a gift” to smugglers.", ("Ann Lee", "name", "the plan “a gift”")),
        ("Ann Lee described the plan as “a gift” to smugglers.", ("Ann Lee", "as", "the plan as “a gift”")),
        ("Ann Lee told us boats sank.", ("Ann Lee", "clause", "boats sank")),
        ("Ann Lee told us old boats sank.", ("Ann Lee", "clause", "old boats sank")),
        ("Ann Lee called the report nonsense.", ("Ann Lee", "name", "the report nonsense")),
        (
            "Ann Lee described a a a a a a a a a a a a a boats as old.",
            ("Ann Lee", "object", "a a a a a a a a a a a a a boats as old"),
        ),
    ],
)
def test_constructions(text: str, expected: tuple[str | None, str, str] | None) -> None:
    found = read(text)
    assert (expected in found) if expected else not found


def test_a_quotation_before_the_subject_belongs_to_what_follows_the_verb() -> None:
    text = "“It rained” Ann Lee said it snowed."
    (found,) = read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0)
    assert [text[start:end] for start, end in found.content] == ["“It rained”", "it snowed"]


@pytest.mark.parametrize("source", ["Ann Lee", "he", "the crew"])
def test_an_opening_ing_form_has_the_subject_of_the_clause_after_it(source: str) -> None:
    assert [found[0] for found in read(f"Describing it as a farce, {source} left.")] == [source]


def test_content_before_a_cue_starts_after_the_attribution_before_it() -> None:
    found = read("“We left,” Ann Lee said, and it rained, Bo Kull said.")
    assert found[-1] == ("Bo Kull", "after", "it rained")


def test_firm_constructions_inside_what_somebody_says() -> None:
    assert len(read("Ida Kull said the museum called for calm.")) == 1
    assert len(read("Ida Kull said the museum called on crews to leave.")) == 2
    assert len(read("Ida Kull said the museum spoke of losses.")) == 2
    assert len(read("Ida Kull said the museum said that it rained.")) == 2


def test_a_sentence_has_a_limited_number_of_attributions() -> None:
    assert len(read("he said that it rained, " * 40)) <= 24


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lomak says 40 dead", ("Lomak", "clause", "40 dead")),
        ("Police say 12 dead in the harbour fire", ("Police", "clause", "12 dead in the harbour fire")),
        ("The ministry said 40 wounded in the fire.", ("The ministry", "clause", "40 wounded in the fire")),
        ("The army says two boats missing", ("The army", "clause", "two boats missing")),
        ("The mayor says 300 homeless after the flood", ("The mayor", "clause", "300 homeless after the flood")),
        ("Lomak says 40 still missing", ("Lomak", "clause", "40 still missing")),
        ("Lomak says 40 large boats", None),
        ("Lomak says 40", None),
    ],
)
def test_number_and_adjective_are_a_clause(text: str, expected: tuple[str | None, str, str] | None) -> None:
    assert read(text) == ([expected] if expected else [])
