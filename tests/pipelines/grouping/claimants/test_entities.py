"""Entities under the id and name of a claimant of their name; several that are one become one, and come apart again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipelines.grouping.claimants.aliases import NO_ALIASES, Aliases, read_aliases
from pipelines.grouping.claimants.entities import name_article
from pipelines.grouping.claimants.known import CanonicalName
from pipelines.text.extraction import extract
from schemas.fields import ClaimantKind, EntityKind
from schemas.text import ArticleText, Claimant, ClaimText, Entity, NamedClaimant, NamedEntity, NamedParty, Page, Party

LINCOLN = Entity(name="Lincoln", kind="location", mentions=((0, 7),))
MR_LINCOLN = Entity(name="Lincoln", kind="person", mentions=((20, 27), (40, 47)))


def name_entities(*entities: Entity, aliases: Aliases = NO_ALIASES) -> list[NamedEntity]:
    """Returns the named entities of an article."""
    named = name_article(ArticleText(body="Forty were lost.", entities=entities), aliases).entities
    assert all(isinstance(each, NamedEntity) for each in named)
    return list(named)  # type: ignore[arg-type]


def make_claim(**fields: Any) -> ClaimText:
    return ClaimText(text="Forty were lost.", start=0, end=16, status="asserted", **fields)


ALIKE: tuple[tuple[EntityKind, ClaimantKind, str, str, str], ...] = (
    ("organisation", "organisation", "Ministry of Defence of Russia", "ru/defence-ministry",
     "Russia's Defence Ministry"),
    ("organisation", "organisation", "Russian Defence Ministry", "ru/defence-ministry", "Russia's Defence Ministry"),
    ("organisation", "organisation", "NIS", "kr/national-intelligence-service",
     "South Korea's National Intelligence Service"),
    ("organisation", "organisation", "Seoul's spy agency", "kr/national-intelligence-service",
     "South Korea's National Intelligence Service"),
    ("organisation", "organisation", "Harbour Board", "name/harbour-board", "Harbour Board"),
    ("person", "person", "Vladimir Zelensky", "person/volodymyr-zelenskyy", "Volodymyr Zelenskyy"),
    ("person", "person", "Kim Jong Un", "person/kim-jong-un", "Kim Jong-un"),
    ("person", "person", "Putin", "person/vladimir-putin", "Vladimir Putin"),
    ("person", "person", "Osk", "name/osk", "Osk"),
    ("location", "government", "Russia", "ru/government", "Russia"),
    ("location", "government", "Republic of Korea", "kr/government", "South Korea"),
    ("location", "government", "Singapore", "sg/government", "Singapore"),
    ("location", "government", "Varnholm", "name/varnholm", "Varnholm"),
    ("nationality", "group", "Russians", "name/russians", "Russians"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "claimant_kind", "written", "id", "name"), ALIKE, ids=[row[2] for row in ALIKE])
def test_entity_and_claimant_of_a_name_are_one(
    kind: EntityKind, claimant_kind: ClaimantKind, written: str, id: str, name: str
) -> None:
    claim = make_claim(claimant=Claimant(name=written, kind=claimant_kind))
    article = ArticleText(body="Forty were lost.", claims=(claim,), entities=(Entity(name=written, kind=kind),))
    named = name_article(article)
    [entity], [claimant] = named.entities, [each.claimant for each in named.claims]
    assert isinstance(entity, NamedEntity)
    assert isinstance(claimant, NamedClaimant)
    assert (entity.id, entity.name, entity.written, entity.kind) == (id, name, (written,), kind)
    assert (claimant.id, claimant.name, claimant.written) == (id, name, written)


def test_capital_is_a_place_and_its_government_the_country() -> None:
    text = "The ministers met in Moscow on Monday. Later Moscow said that 41 boats were lost near Seoul."
    [article] = extract(Page(id="1", text=text))
    named = name_article(article)
    assert {each.name: getattr(each, "id", None) for each in named.entities} == {
        "Moscow": "name/moscow", "Russia": "ru/government", "Seoul": "name/seoul",
    }  # fmt: skip
    assert [claim.claimant.id for claim in named.claims if isinstance(claim.claimant, NamedClaimant)] == [
        "ru/government"
    ]


def test_building_of_a_government_is_a_body() -> None:
    for name in ("Downing Street", "Blue House"):
        [claimant] = name_article(ArticleText(body="x", claims=(make_claim(
            claimant=Claimant(name=name, kind="organisation")),))).claims  # fmt: skip
        assert name_entities(Entity(name=name, kind="location"))[0].id == claimant.claimant.id  # type: ignore[union-attr]
    # The text side takes it for a building here and for a body there.
    kremlin = Entity(name="Kremlin", kind="location"), Entity(name="Kremlin", kind="organisation")
    assert [each.id for each in name_entities(*kremlin)] == ["ru/kremlin"]


def test_surname_is_the_one_person_of_the_article() -> None:
    both = Entity(name="Mirela Osk", kind="person"), Entity(name="Osk", kind="person")
    assert [each.id for each in name_entities(*both)] == ["person/mirela-osk"]
    other = Entity(name="Tom Osk", kind="person")
    assert {each.id for each in name_entities(*both, other)} == {"person/mirela-osk", "person/tom-osk", "name/osk"}


def test_body_has_the_country_of_the_text_if_the_article_names_none() -> None:
    bare = Entity(name="Ministry of Defence", kind="organisation", country="GB")
    assert name_entities(bare)[0].id == "gb/defence-ministry"


SPELLINGS = (
    Entity(name="Sergei Belov", kind="person", mentions=((30, 42),)),
    Entity(name="Varnholm", kind="location", mentions=((50, 58),)),
    Entity(name="Sergey Belov", kind="person", mentions=((60, 72), (80, 92)), title_mentions=((0, 12),),
           role="minister", organisation="Harbour Board", country="NL"),
)  # fmt: skip


def test_entities_of_one_id_become_one() -> None:
    belov, varnholm = name_entities(*SPELLINGS)
    assert (belov.id, belov.written) == ("person/sergey-belov", ("Sergei Belov", "Sergey Belov"))
    assert belov.mentions == ((30, 42), (60, 72), (80, 92))
    assert belov.title_mentions == ((0, 12),)
    assert (belov.role, belov.organisation, belov.country) == ("minister", "Harbour Board", "NL")
    assert belov.parts == (SPELLINGS[0], SPELLINGS[2])
    assert (varnholm.written, varnholm.parts) == (("Varnholm",), ())


def test_one_entity_has_the_kind_of_most_mentions() -> None:
    aliases = read_aliases(
        [{"decision": "merge", "from_id": "name/harbour-board", "to_id": "name/varnholm", "to_name": "Varnholm"}]
    )
    board = Entity(name="Harbour Board", kind="organisation", mentions=((0, 13),))
    town = Entity(name="Varnholm", kind="location", mentions=((20, 28), (30, 38)))
    [both] = name_entities(board, town, aliases=aliases)
    assert (both.kind, both.name, both.written) == ("location", "Varnholm", ("Harbour Board", "Varnholm"))


def test_town_and_person_of_one_name_stay_apart() -> None:
    assert [(each.id, each.kind) for each in name_entities(LINCOLN, MR_LINCOLN)] == [
        ("name/lincoln", "location"), ("name/lincoln", "person"),
    ]  # fmt: skip
    # All stay in the order of first mention.
    between = Entity(name="Varnholm", kind="location", mentions=((10, 18),))
    assert [(each.name, each.kind) for each in name_entities(LINCOLN, between, MR_LINCOLN)] == [
        ("Lincoln", "location"), ("Varnholm", "location"), ("Lincoln", "person"),
    ]  # fmt: skip
    # Somebody says that the harbour and the town are one.
    aliases = read_aliases(
        [{"decision": "merge", "from_id": "name/harbour", "to_id": "name/lincoln", "to_name": "Lincoln"}]
    )
    harbour = Entity(name="Harbour", kind="organisation", mentions=((50, 57),))
    assert len(name_entities(LINCOLN, harbour, aliases=aliases)) == 1


def test_decisions_are_taken_back() -> None:
    found = name_entities(*SPELLINGS)
    article = ArticleText(body="Forty were lost.", entities=tuple(found))
    apart = name_article(article, read_aliases([{"decision": "split", "form": "Sergei Belov"}])).entities
    assert [(each.name, getattr(each, "id", None)) for each in apart] == [
        ("Sergei Belov", "form/sergei-belov"), ("Varnholm", "name/varnholm"), ("Sergey Belov", "person/sergey-belov"),
    ]  # fmt: skip
    assert list(name_article(replace(article, entities=apart)).entities) == found


def test_entities_of_the_last_release_are_named_by_their_name() -> None:
    old = NamedEntity(name="Sergei Belov", kind="person", mentions=((0, 12),))
    [named] = name_entities(old)
    assert (named.id, named.written, named.mentions) == ("person/sergey-belov", ("Sergei Belov",), ((0, 12),))


def test_parties_have_the_name_of_their_entity() -> None:
    parties = Party(name="Sergei Belov", kind="person", role="agent"), Party(name="Moon", kind="location", role="place")
    article = ArticleText(body="x", claims=(make_claim(parties=parties),), entities=SPELLINGS)
    named = name_article(article)
    assert named.claims[0].parties == (
        NamedParty(name="Sergey Belov", kind="person", role="agent", id="person/sergey-belov", written="Sergei Belov"),
        NamedParty(name="Moon", kind="location", role="place", written="Moon"),
    )
    assert name_article(named) == named
    split = read_aliases([{"decision": "split", "form": "Sergei Belov"}])
    assert getattr(name_article(named, split).claims[0].parties[0], "id", None) == "form/sergei-belov"


TWO_MINISTRIES = (
    "Russia's Foreign Ministry said on Monday that 41 boats were lost. Ukraine’s Foreign Ministry said that 20 boats "
    "were lost in Russia. Foreign Ministry officials denied it."
)


def test_body_of_each_country_is_its_own_by_the_words_before_its_mentions() -> None:
    [article] = extract(Page(id="1", text=TWO_MINISTRIES))
    named = name_article(article)
    ministries = {
        each.id: [article.body[: start].split()[-1:] for start, _ in each.mentions]
        for each in named.entities if isinstance(each, NamedEntity) and "Foreign Ministry" in each.written
    }  # fmt: skip
    assert ministries == {
        "ru/foreign-ministry": [["Russia's"]], "ua/foreign-ministry": [["Ukraine’s"]],
        "name/foreign-ministry": [["Russia."]],
    }  # fmt: skip
    claimants = [each.claimant.id for each in named.claims if isinstance(each.claimant, NamedClaimant)]
    assert claimants[:2] == ["ru/foreign-ministry", "ua/foreign-ministry"]
    assert name_article(named) == named


def test_mention_of_another_body_gives_no_country() -> None:
    body = "Ukraine's Defence Ministry said that 41 boats were lost."
    for name, id in (("Defence Ministry", "ua/defence-ministry"), ("Foreign Ministry", "name/foreign-ministry")):
        claim = make_claim(claimant=Claimant(name=name, kind="organisation", start=0, end=26))
        [named] = name_article(ArticleText(body=body, claims=(claim,))).claims
        assert getattr(named.claimant, "id", None) == id


def test_party_is_the_body_that_its_claim_mentions() -> None:
    body = "Russia's Foreign Ministry met. Ukraine's Foreign Ministry left."
    spans = tuple((place, place + 16) for place in (9, 41))
    ministry = Entity(name="Foreign Ministry", kind="organisation", mentions=spans)
    party = Party(name="Foreign Ministry", kind="organisation", role="agent")
    claims = tuple(
        ClaimText(text="x", start=start, end=end, status="asserted", parties=(party,))
        for start, end in ((0, 30), (31, 64))
    )
    named = name_article(ArticleText(body=body, claims=claims, entities=(ministry,)))
    assert [getattr(each.parties[0], "id", None) for each in named.claims] == [
        "ru/foreign-ministry", "ua/foreign-ministry",
    ]  # fmt: skip


def test_article_without_names_stays_as_it_is() -> None:
    article = ArticleText(body="Forty were lost.")
    assert name_article(article) is article


NAMES = st.sampled_from(("Sergei Belov", "Sergey Belov", "Belov", "Lincoln", "Russia", "Harbour Board", "Pier Office"))
KINDS = st.sampled_from(("person", "organisation", "location", "nationality"))
DECISIONS = (
    Aliases(merges={"name/pier-office": CanonicalName("name/harbour-board", "Harbour Board")}),
    Aliases(merges={"name/lincoln": CanonicalName("person/sergey-belov", "Sergey Belov")}),
    Aliases(splits=frozenset(("sergei-belov",))),
)


@given(st.lists(st.tuples(NAMES, KINDS), unique=True, max_size=8), st.sampled_from(DECISIONS))
def test_naming_again_undoes_all_that_came_before(found: list[tuple[str, EntityKind]], aliases: Aliases) -> None:
    entities = tuple(
        Entity(name=name, kind=kind, mentions=((place * 20, place * 20 + len(name)),))
        for place, (name, kind) in enumerate(found)
    )
    article = ArticleText(body="Forty were lost.", entities=entities)
    plain, decided = name_article(article), name_article(article, aliases)
    assert name_article(decided) == plain
    assert name_article(plain, aliases) == decided
