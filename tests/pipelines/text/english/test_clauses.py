"""Clauses: verb groups, passives, and where clauses and phrases end."""

import pytest

from pipelines.text.english.clauses import Clauses
from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import tag_text


def clauses(text: str) -> Clauses:
    return Clauses(tag_text(text, 0, len(text), find_quotations(text)))


def words(parsed: Clauses, end: int) -> str:
    return " ".join(parsed.sentence.words[:end])


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("The navy has not also said", "has not also said"),
        ("The navy could also say", "could also say"),
        ("The navy quickly said", "said"),
        ("The navy stopped short of saying", "stopped short of saying"),
        ("The navy tried to say", "tried to say"),
        ("The navy has refused to say", "has refused to say"),
        ("The navy came to say", "say"),
    ],
)
def test_verb_groups(text: str, group: str) -> None:
    parsed = clauses(text)
    assert " ".join(parsed.sentence.words[parsed.group_start(parsed.size - 1) :]) == group


@pytest.mark.parametrize(
    ("text", "verb", "passive"),
    [
        ("The crew has been told to leave", "told", True),
        ("The crew got accused of arson", "accused", True),
        ("The crew told the guard", "told", False),
        ("Residents told to leave", "told", True),
        ("Singer accused of fraud", "accused", True),
        ("Guards urged to leave", "urged", True),
        ("Crew suspected of arson", "suspected", True),
        ("Crew ordered to leave", "ordered", True),
        ("Crew asked to leave", "asked", False),
        ("Crew told the guard", "told", False),
        ("The crew is saying so", "saying", False),
    ],
)
def test_passives(text: str, verb: str, passive: bool) -> None:
    parsed = clauses(text)
    index = parsed.lower.index(verb)
    assert parsed.is_passive(index, parsed.group_start(index)) is passive


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("the dam held, and that the road was open.", "the dam held"),
        ("the dam held, according to Orbis", "the dam held"),
        ("the dam held, adding that it rained", "the dam held"),
        ("the dam held, then says it rained", "the dam held"),
        ("the dam held, he said it rained", "the dam held , he said it rained"),
        ("the dam held and the navy said it rained", "the dam held"),
        ("the dam held, and the old navy also said it rained", "the dam held"),
        ("the dam held and he has said it rained", "the dam held"),
        ("the dam held and 12 guards say it rained", "the dam held"),
        ("the dam held and they called it a farce", "the dam held and they called it a farce"),
        ("the dam held and added that it rained", "the dam held"),
        ("the dam held and then says that it rained", "the dam held"),
        ("the dam held and adding that it rained", "the dam held and adding that it rained"),
        ("the dam held and planned to rain", "the dam held and planned to rain"),
    ],
)
def test_clause_end(text: str, content: str) -> None:
    parsed = clauses(text)
    assert words(parsed, parsed.clause_end(0)) == content


def test_an_ing_form_ends_the_content_of_an_ing_form() -> None:
    parsed = clauses("the dam held and planning to rain")
    assert words(parsed, parsed.clause_end(0, "G")) == "the dam held"


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("a curfew, the mayor left", "a curfew"),
        ("a curfew, he left", "a curfew"),
        ("a curfew, because it rained", "a curfew"),
        ("a curfew, boats and oil", "a curfew , boats and oil"),
        ("a curfew while the river rose", "a curfew"),
        ("a curfew as he left", "a curfew"),
        ("a curfew because Ostmark left", "a curfew"),
        ("a curfew as boats left", "a curfew"),
        ("a curfew if the river rose", "a curfew if the river rose"),
    ],
)
def test_phrase_end(text: str, thing: str) -> None:
    parsed = clauses(text)
    assert words(parsed, parsed.phrase_end(0, parsed.last)) == thing


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("the boats was old", "the boats"),
        ("the boats will leave", "the boats"),
        ("the boats stuns us", "the boats"),
        ("the boats that was old is new", "the boats that was old"),
        ("the guards who was old is new", "the guards who was old"),
    ],
)
def test_noun_end(text: str, noun: str) -> None:
    parsed = clauses(text)
    assert words(parsed, parsed.noun_end(0, parsed.last)) == noun


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the plan “a gift” to smugglers", "the plan “"),
        ("the plan “a gift” new boats Ostmark to smugglers", "the plan “ new boats Ostmark"),
        ("the plan a farce - and left", "the plan a farce"),
        ("the plan, a “gift” of boats", "the plan , a “ of boats"),
        ("the plan was a “gift” of boats", "the plan was a “ of boats"),
    ],
)
def test_name_end(text: str, name: str) -> None:
    parsed = clauses(text)
    assert words(parsed, parsed.name_end(0, parsed.last)) == name


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("sold the keys, and left", "sold the keys"),
        ("sold the keys, because it rained", "sold the keys"),
        ("sold the keys, who left", "sold the keys"),
        ("sold the keys, boats and oil", "sold the keys , boats and oil"),
        ("sold the keys - and left", "sold the keys"),
        ("sold the keys (and left)", "sold the keys"),
    ],
)
def test_hedge_end(text: str, hedged: str) -> None:
    parsed = clauses(text)
    assert words(parsed, parsed.hedge_end(0)) == hedged


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("it rained; the boat sank", "the boat sank"),
        ("news: the boat sank", "the boat sank"),
        ("it rained because the boat sank", "the boat sank"),
        ("it rained, the boat sank", "the boat sank"),
        ("the boat sank", "the boat sank"),
    ],
)
def test_clause_start(text: str, clause: str) -> None:
    parsed = clauses(text)
    assert " ".join(parsed.sentence.words[parsed.clause_start(parsed.size - 1) :]) == clause


@pytest.mark.parametrize(
    ("text", "apposition"),
    [
        ("Ann Lee, who leads the union,", True),
        ("Ann Lee, 34 when it rained,", True),
        ("Ann Lee, head of the union,", True),
        ("Ann Lee, the boat sank,", False),
        ("Ann Lee,", True),
        ("The boat sank,", False),
    ],
)
def test_appositions(text: str, apposition: bool) -> None:
    parsed = clauses(text)
    assert parsed.is_apposition_end(parsed.size - 1) is apposition


@pytest.mark.parametrize(
    ("text", "finite"),
    [
        ("the dam held", True),
        ("the dam will break", True),
        ("the dam “broke”", True),
        ("the dam and left", False),
        ("the dam and says", False),
        ("the dam and wounded guards left", True),
        ("the dam. It rained", False),
        ("the dam: it rained", False),
        ("the dam (it rained)", False),
        ("the dam to it, it rained", False),
        ("the dam to it", False),
    ],
)
def test_finite_verbs_after_a_phrase(text: str, finite: bool) -> None:
    assert clauses(text).has_finite_verb(0) is finite


def test_stops_at_the_end_are_not_part_of_a_clause() -> None:
    parsed = clauses("It rained?!")
    assert (parsed.last, parsed.size) == (2, 4)
