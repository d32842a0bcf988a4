"""Who a claimant is: kinds by nouns, names without what surrounds them, short forms, authors of documents."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Claimant, Entity


def claimants_of(body: str, *entities: Entity) -> list[Claimant]:
    article = ArticleText(body=body, language="en", entities=entities)
    return [claim.claimant for claim in find_claims(article) if claim.claimant]


def claimant_of(body: str, *entities: Entity) -> Claimant:
    (claimant,) = claimants_of(body, *entities)
    return claimant


def entity(name: str, body: str, kind: str = "organisation", **parts: str) -> Entity:
    mentions = tuple((at, at + len(name)) for at in range(len(body)) if body.startswith(name, at))
    return Entity(name=name, kind=kind, mentions=mentions, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("The harbour master", "office"),
        ("The kingdom", "government"),
        ("The coast guard", "organisation"),
        ("The tabloid", "outlet"),
        ("Two economists", "group"),
        ("The indictment", "group"),
        ("The head of the newspaper", "office"),
        ("The army spokesman", "office"),
        ("The weary smuggler", "person"),
        ("The smugglers", "group"),
    ],
)
def test_the_kind_follows_the_head_noun(who: str, kind: str) -> None:
    assert claimant_of(f"{who} said that the port was open.").kind == kind


@pytest.mark.parametrize("who", ["The war", "That", "The relation", "The fondness", "The rulings", "The war for oil"])
def test_what_cannot_speak_makes_no_claim_of_an_object(who: str) -> None:
    assert claimants_of(f"{who} opposed the theory.") == []


@pytest.mark.parametrize("who", ["The treasurer", "He", "Those", "Ostmark", "The polls", "The treasurer of the war"])
def test_who_can_speak_makes_a_claim_of_an_object(who: str) -> None:
    assert len(claimants_of(f"{who} opposed the theory.")) == 1


@pytest.mark.parametrize("article", ["the", "a", "one", "its", "his", "her", "their", "our", "some of the"])
def test_articles_are_not_part_of_a_name(article: str) -> None:
    claimant = claimant_of(f"On Monday {article} navy men said that the port was open.")
    assert claimant.name == "navy men"


def test_the_words_before_a_name_are_the_role() -> None:
    body = "The foreign minister, Oleg Sarkin, said that talks had begun."
    claimant = claimant_of(body)
    assert (claimant.name, claimant.kind, claimant.role) == ("Oleg Sarkin", "person", "foreign minister")


def test_the_role_of_a_known_person() -> None:
    body = "Navy chief Oleg Sarkin said that talks had begun."
    claimant = claimant_of(body, entity("Oleg Sarkin", body, "person", country="FR"))
    assert (claimant.name, claimant.role, claimant.country) == ("Oleg Sarkin", "Navy chief", "FR")


def test_an_official_of_a_person_is_not_the_person() -> None:
    body = "Oleg Sarkin's new and very loyal spokesman said that talks had begun."
    assert claimant_of(body, entity("Oleg Sarkin", body, "person")).kind == "office"


def test_a_body_is_named_by_its_entity_and_an_official_of_it_is_not() -> None:
    body = "The Harbour Board said that ships had left."
    assert claimant_of(body, entity("Harbour Board", body)).name == "Harbour Board"
    body = "The Harbour Board spokeswoman said that ships had left."
    assert claimant_of(body, entity("Harbour Board", body)).name != "Harbour Board"


def test_a_country_speaks_as_a_government_by_the_name_that_is_written() -> None:
    body = "Delport said that ships had left."
    capital = Entity(name="Tarsia", kind="location", country="FR", mentions=((0, 7),))
    claimant = claimant_of(body, capital)
    assert (claimant.name, claimant.kind, claimant.country) == ("Delport", "government", "FR")


def test_an_outlet_keeps_its_kind() -> None:
    body = "The newspaper Orbis said that ships had left."
    assert claimant_of(body, entity("Orbis", body)).kind == "outlet"


def test_a_people_speaks_as_a_group() -> None:
    body = "The newspaper Orbis said that ships had left."
    assert claimant_of(body, entity("Orbis", body, "nationality")).kind != "government"


@pytest.mark.parametrize(
    "noun",
    [
        "company", "firm", "agency", "ministry", "group", "organisation", "organization", "bank", "union", "club",
        "university", "airline", "operator", "party", "service", "institute", "newspaper", "paper", "magazine",
        "broadcaster", "channel",
    ],
)  # fmt: skip
def test_short_forms_of_bodies(noun: str) -> None:
    name = f"Delport {noun.capitalize()}"
    body = f"The {name} said that it rained. The same {noun} added that ships had left."
    assert [one.name for one in claimants_of(body, entity(name, body))] == [name, name]


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        ("company", "Orbis"), ("firm", "Orbis"), ("agency", "Orbis"), ("group", "Orbis"), ("organisation", "Orbis"),
        ("organization", "Orbis"), ("airline", "Orbis"), ("operator", "Orbis"), ("ministry", "ministry"),
    ],
)  # fmt: skip
def test_general_short_forms_fit_a_body_of_any_name(noun: str, name: str) -> None:
    body = f"Orbis said that it rained. The {noun} added that ships had left."
    assert claimants_of(body, entity("Orbis", body))[1].name == name


def test_a_secret_service_is_called_by_what_it_does() -> None:
    body = "The Delport Security Service is small. The spy agency said that ships had left."
    assert claimant_of(body, entity("Delport Security Service", body)).name == "Delport Security Service"
    body = "Delport Intelligence is small. The intelligence agency said that ships had left."
    assert claimant_of(body, entity("Delport Intelligence", body)).name == "Delport Intelligence"
    body = "Orbis said that it rained. The spy agency added that ships had left."
    assert claimants_of(body, entity("Orbis", body))[1].name != "Orbis"


def test_a_description_joins_a_short_form_to_a_name() -> None:
    body = "Ships load at Orbis, a small old airline, in May. The airline said that ships had left."
    assert claimant_of(body, entity("Orbis", body)).name == "Orbis"
    body = "Ships load at the airline Orbis in May. The airline said that ships had left."
    assert claimant_of(body, entity("Orbis", body)).name == "Orbis"


@pytest.mark.parametrize(
    "end",
    ["that", "which", "who", "in", "on", "at", "from", "to", "and", "as", "is", "was", "were", "has", "had", "said"],
)
def test_the_author_of_a_report_ends_before_a_small_word(end: str) -> None:
    body = f"Boats sank, according to a report by the agency Orbis {end} Delport."
    assert claimant_of(body, entity("Orbis", body)).name == "Orbis report"


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("the institute's latest sober estimate", "institute estimate"),
        ("a survey by the institute", "institute survey"),
        ("a Delport Institute survey of voters", "Delport Institute survey"),
        ("an army statement", "army statement"),
    ],
)
def test_a_document_has_the_name_of_its_author(who: str, name: str) -> None:
    assert claimant_of(f"Boats sank, according to {who}.").name == name


def test_the_author_of_a_document_is_its_organisation() -> None:
    body = "Boats sank, according to a report by Orbis."
    claimant = claimant_of(body, entity("Orbis", body, country="FR"))
    assert (claimant.organisation, claimant.country, claimant.kind) == ("Orbis", "FR", "group")


def test_the_report_is_the_one_before() -> None:
    body = "Boats sank, according to a report by Orbis. The report found that it rained. A survey found that it snowed."
    assert [one.name for one in claimants_of(body)] == ["Orbis report", "Orbis report", "survey"]


def test_who_wrote_a_report_is_whom_a_pronoun_means() -> None:
    body = "Boats sank, according to a report by Orbis. It said that it rained."
    assert claimants_of(body, entity("Orbis", body))[1].name == "Orbis"


def test_a_document_without_an_author_is_a_claimant() -> None:
    assert claimant_of("Boats sank, according to a survey.").name == "survey"


def test_a_name_ends_before_what_belongs_to_it() -> None:
    for link in ("of", "for", "at", "in", "from", "on", "with"):
        assert claimant_of(f"Boats sank, says Viktor Lomak {link} the council.").name == "Viktor Lomak", link


def test_an_insertion_is_not_part_of_a_name() -> None:
    for insertion in ("(born Ada Low)", ", who sings", "who sings", "whose boat sank"):
        body = f"Boats sank, according to Viktor Lomak {insertion}."
        assert claimant_of(body).name == "Viktor Lomak", insertion


def test_an_insertion_before_a_colon_is_not_part_of_a_name() -> None:
    claims = find_claims(ArticleText(title="Viktor Lomak, head of the union: boats sank", body="", language="en"))
    assert [claim.claimant.name for claim in claims if claim.claimant] == ["Viktor Lomak"]


def test_an_office_with_a_link_has_no_name_at_its_end() -> None:
    claimant = claimant_of("The minister for Delport said that ships had left.")
    assert (claimant.name, claimant.kind) == ("minister for Delport", "office")


def test_an_office_means_the_person_who_is_named_with_it() -> None:
    body = "Oleg Sarkin left Delport in May. The chancellor said that ships had left."
    claimant = claimant_of(body, entity("Oleg Sarkin", body, "person", role="chancellor"))
    assert (claimant.name, claimant.role) == ("Oleg Sarkin", "chancellor")
