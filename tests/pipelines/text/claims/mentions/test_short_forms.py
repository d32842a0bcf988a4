"""Whom a noun without a name means."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.extraction import add_findings
from schemas.text import ArticleText


def names_of(body: str, title: str | None = None) -> list[str]:
    article = add_findings(ArticleText(title=title, body=body, language="en"))
    return [claim.claimant.name for claim in article.claims if claim.claimant]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Tom Hayes is the ambassador to Tarsia. The diplomat said that it rained.", ["Tom Hayes"]),
        ("Tom Hayes, a pollster with Orbis, left. The pollster said that it rained.", ["Tom Hayes"]),
        ("Tom Hayes, a pollster, met Ann Bell, a nurse. The nurse said that it rained.", ["Ann Bell"]),
        ("The foreign minister, Tom Hayes, left. The defence minister said that it rained.", ["defence minister"]),
        ("The foreign minister, Tom Hayes, left. The same minister said that it rained.", ["Tom Hayes"]),
        ("Tom Hayes is head of the union. The head of the union said that it rained.", ["Tom Hayes"]),
        ("Tom Hayes is head of the union. The head of the bank said that it rained.", ["head of the bank"]),
        ("Tom Hayes, a nurse, left. A nurse said that it rained.", ["nurse"]),
        ("Tom Hayes, a spokesman, left. The spokeswoman said that it rained.", ["spokeswoman"]),
        ("The regional defence ministry left. The ministry said that it rained.", ["regional defence ministry"]),
        ("The chair of the council, Sir Tom Hayes, said that it rained.", ["Tom Hayes"]),
        ("General Motors closed a plant. The company said that it rained.", ["General Motors"]),
        ("The Rossana said that it rained. The paper said that it was cold.", ["Rossana", "Rossana"]),
        ("The Rossana said that it rained. The regional paper said that it was cold.", ["Rossana", "regional paper"]),
        ("Tom Hayes, secretary of the guild, met Ann Bell, a nurse. The official said that it rained.", ["Tom Hayes"]),
        ("The Delport Institute met. The agency said that it rained.", ["Delport Institute"]),
    ],
)
def test_short_forms(body: str, names: list[str]) -> None:
    assert names_of(body) == names


def test_the_next_clause_names_somebody_else() -> None:
    assert names_of("According to the spy agency, North Korea left.") == ["spy agency"]


@pytest.mark.parametrize("who", ["US military", "Orbis team", "EU’s member states"])
def test_a_part_of_a_body_is_not_the_body(who: str) -> None:
    assert names_of(f"The {who} left. The {who} said that it rained.") == [who]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Tom Hayes opened the bridge. The mayor said that it rained.", "Tom Hayes"),
        ("Tom Hayes met Ann Bell. The mayor said that it rained.", "mayor"),
        ("Tom Hayes, a nurse, left. The mayor said that it rained.", "mayor"),
        ("Tom Hayes opened the bridge. The lawyer said that it rained.", "lawyer"),
        ("Tom Hayes left. It rained. It was cold. It snowed. It was old. The mayor said that it rained.", "mayor"),
    ],
)
def test_the_only_person_may_be_the_mayor(body: str, name: str) -> None:
    assert names_of(body)[-1] == name


def test_the_holder_of_an_office_speaks_and_not_the_body() -> None:
    assert names_of("The chief (acting) of the Harbour Board, Tom Hayes, added that it rained.") == ["Tom Hayes"]


@pytest.mark.parametrize(
    ("title", "body", "name"),
    [
        ("Half the town is under water, says commissioner", "The commissioner, Tom Hayes, left.", "Tom Hayes"),
        ("Half the town is under water, says envoy", "The ambassador to Tarsia, Tom Hayes, left.", "Tom Hayes"),
        ("Town is under water, says mother", "The mother of a small boy in Delport left.", "mother of a small boy"),
        ("Town is under water, says commissioner", "Tom Hayes left.", "commissioner"),
    ],
)
def test_a_headline_means_who_is_named_after_it(title: str, body: str, name: str) -> None:
    assert names_of(body, title)[0] == name


def test_a_body_far_from_the_headline_means_nobody_named_after_it() -> None:
    body = "Fog came. It was cold. It rained. The commissioner said that it snowed. The commissioner, Tom Hayes, left."
    assert names_of(body) == ["commissioner"]


def test_initials_mean_the_body_with_the_whole_name() -> None:
    for body in (
        "The Delport Water Board (DWB) met. DWB said that it rained.",
        "The Delport Water Board met. The DWB said that it rained.",
        "The Harbour Research Institute (TNO) met. TNO said that it rained.",
    ):
        assert names_of(body) in (["Delport Water Board"], ["Harbour Research Institute"]), body


def test_two_initials_may_mean_anybody() -> None:
    assert names_of("The Harbour Board met. The HB said that it rained.") == ["HB"]


@pytest.mark.parametrize(
    ("who", "name", "kind"),
    [
        ("Tarsia's General Staff", "General Staff", "organisation"),
        ("General Electric", "General Electric", "organisation"),
        ("The UN General Assembly", "UN General Assembly", "organisation"),
        ("The air force", "air force", "organisation"),
        ("The coastguard", "coastguard", "organisation"),
        ("The opposition", "opposition", "organisation"),
        ("The Rossana", "Rossana", "organisation"),
        ("The state-run Vox 1 channel", "Vox 1", "outlet"),
        ("The North", "North", "organisation"),
        ("Major General Tom Hayes", "Tom Hayes", "person"),
    ],
)
def test_bodies_are_no_people(who: str, name: str, kind: str) -> None:
    article = add_findings(ArticleText(body=f"{who} said that it rained.", language="en"))
    (claimant,) = [claim.claimant for claim in article.claims if claim.claimant]
    assert (claimant.name, claimant.kind) == (name, kind)


def test_a_part_of_a_name_means_the_place_with_the_whole_name() -> None:
    assert names_of("North Korea is cold. The North said that it rained.") == ["North Korea"]


@pytest.mark.parametrize("words", ["Hundreds", "At least 40", "5", "More than a dozen"])
def test_numbers_say_nothing(words: str) -> None:
    assert find_claims(ArticleText(body=f"{words} said that it rained.", language="en")) == []


def test_us_is_a_country() -> None:
    assert names_of("US said that it rained.") == ["US"]
