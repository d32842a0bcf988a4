"""Claimants under one id and name: what is merged as a person would merge it, and what stays apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.grouping.claimants.aliases import Aliases, read_aliases
from pipelines.grouping.claimants.entities import name_article
from pipelines.grouping.claimants.known import CanonicalName, bodies, load_rows, people
from pipelines.text import extraction
from schemas.fields import ClaimantKind
from schemas.text import ArticleText, Claimant, ClaimText, Entity, NamedClaimant, Page


def claim(name: str, kind: ClaimantKind = "organisation", **more: str | None) -> ClaimText:
    """A claim by somebody."""
    claimant = Claimant(name=name, kind=kind, **more)  # type: ignore[arg-type]
    return ClaimText(text="Forty were lost.", start=0, end=16, status="asserted", claimant=claimant)


def find_names(*claims: ClaimText, aliases: Aliases | None = None, **article: object) -> list[NamedClaimant]:
    """Returns the claimants of the claims of one article."""
    text = ArticleText(body="Forty were lost.", claims=claims)
    text = ArticleText(**{name: article.get(name, getattr(text, name)) for name in ("body", "claims", "entities")})
    named = name_article(text, aliases or Aliases()).claims
    assert all(isinstance(each.claimant, NamedClaimant) for each in named)
    return [each.claimant for each in named]  # type: ignore[misc]


def find_id(name: str, kind: ClaimantKind = "organisation", **more: str | None) -> str:
    [named] = find_names(claim(name, kind, **more))
    assert named.id is not None
    return named.id


SAME: tuple[tuple[ClaimantKind, tuple[str, ...]], ...] = (
    ("organisation", ("South Korea's National Intelligence Service", "Seoul's spy agency", "South Korean intelligence "
                      "agency", "the National Intelligence Service", "NIS", "South Korea’s intelligence service")),
    ("organisation", ("the Russian Defence Ministry", "Russia's Ministry of Defence", "Russian Ministry of Defense",
                      "Moscow's defence ministry", "Defence Ministry of the Russian Federation")),
    ("organisation", ("Ukraine's foreign ministry", "Ministry of Foreign Affairs of Ukraine", "Kyiv's Foreign Ministry",
                      "the Ukrainian Ministry of Foreign Affairs")),
    ("organisation", ("Britain's defence ministry", "UK Ministry of Defence", "the British Ministry of Defence")),
    ("organisation", ("Pentagon", "the Pentagon", "US Department of Defense", "U.S. Defense Department")),
    ("organisation", ("South Korea's Joint Chiefs of Staff", "the South Korean Joint Chiefs", "Seoul's Joint Chiefs")),
    ("organisation", ("Defence Intelligence of Ukraine", "Ukraine's military intelligence", "HUR")),
    ("government", ("Seoul", "South Korea", "the South Korean government", "Republic of Korea")),
    ("government", ("Washington", "US", "U.S.", "the United States", "the American government")),
    ("group", ("US officials", "U.S. officials", "American officials")),
    ("office", ("Ukraine's president", "the Ukrainian president", "president of Ukraine")),
    ("person", ("Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy", "Volodimir Zelenskyj",
                "Vladimir Zelensky")),
    ("person", ("Kim Jong-un", "Kim Jong Un", "Kim Jong-Un")),
    ("person", ("Sergei Shoigu", "Sergey Shoigu", "Sergej Shoygu")),
    ("person", ("Bae Ro-un", "Bae Ro Un")),
    ("person", ("Yevgeny Matveev", "Evgeni Matveyev")),
    ("person", ("Aleksandr Kharkovskiy", "Alexander Harkovsky")),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "forms"), SAME, ids=[forms[0] for _, forms in SAME])
def test_forms_of_one_claimant_share_id_and_name(kind: ClaimantKind, forms: tuple[str, ...]) -> None:
    named = [find_names(claim(form, kind))[0] for form in forms]
    assert len({each.id for each in named}) == 1, [(each.written, each.id) for each in named]
    assert [each.written for each in named] == list(forms)
    if kind != "person" or named[0].name in {row["name"] for row in load_rows("people.yaml")}:
        assert len({each.name for each in named}) == 1


APART: tuple[tuple[tuple[ClaimantKind, str], tuple[ClaimantKind, str]], ...] = (
    (("organisation", "Russia's Ministry of Defence"), ("organisation", "Ukraine's Ministry of Defence")),
    (("organisation", "Russia's Foreign Ministry"), ("organisation", "Russia's Defence Ministry")),
    (("organisation", "South Korea's spy agency"), ("organisation", "North Korea's spy agency")),
    (("organisation", "Ukraine's security service"), ("organisation", "Ukraine's military intelligence")),
    (("government", "Russia"), ("organisation", "Kremlin")),
    (("government", "North Korea"), ("government", "South Korea")),
    (("group", "Ukrainian officials"), ("government", "Ukraine")),
    (("group", "Western officials"), ("office", "Western official")),
    (("organisation", "American Airlines"), ("organisation", "Airlines")),
    (("organisation", "Bank of England"), ("organisation", "Bank of Ireland")),
    (("person", "Kim Jong-un"), ("person", "Kim Jong-gyu")),
    (("person", "Kim Yo-jong"), ("person", "Kim Yong-hyun")),
    (("person", "George W. Bush"), ("person", "George H. W. Bush")),
    (("person", "Sergey Lavrov"), ("person", "Serhiy Lavrov")),
    (("person", "Donald Trump"), ("person", "Melania Trump")),
)


@pytest.mark.parametrize(("one", "other"), APART, ids=[one[1] for one, _ in APART])
def test_different_claimants_stay_apart(one: tuple[ClaimantKind, str], other: tuple[ClaimantKind, str]) -> None:
    assert find_id(one[1], one[0]) != find_id(other[1], other[0])


def test_surname_alone_is_the_one_person_of_that_name() -> None:
    lavrov, other = find_names(claim("Lavrov", "person"), claim("Mirela Osk", "person"))
    assert (lavrov.name, lavrov.written, other.name) == ("Sergey Lavrov", "Lavrov", "Mirela Osk")
    # In the article, another person has the name.
    [named] = find_names(claim("Lavrov", "person"), entities=(Entity(name="Ines Lavrov", kind="person"),))
    assert named.id == "person/ines-lavrov"
    # Two people have it.
    both = tuple(Entity(name=name, kind="person") for name in ("Donald Trump", "Melania Trump"))
    [named] = find_names(claim("Trump", "person"), entities=both)
    assert (named.id, named.name) == ("name/trump", "Trump")
    # Two spellings are one person; nobody is known by this surname elsewhere.
    both = tuple(Entity(name=name, kind="person") for name in ("Sergei Belov", "Sergey Belov"))
    assert find_names(claim("Belov", "person"), entities=both)[0].id == "person/sergey-belov"
    assert find_id("Belov", "person") == "name/belov"


def test_body_without_country_is_that_of_the_only_country_in_the_article() -> None:
    ministries = claim("Foreign Ministry"), claim("Russian Foreign Ministry")
    assert [each.id for each in find_names(*ministries)] == ["ru/foreign-ministry"] * 2
    assert find_names(*ministries, claim("Ukraine's foreign ministry"))[0].id == "name/foreign-ministry"
    # The gazetteer takes a bare Ministry of Defence for the British one; the article says more.
    assert find_id("Ministry of Defence", country="GB") == "gb/defence-ministry"
    bare = claim("Ministry of Defence", country="GB")
    assert find_names(bare, claim("Russian Defence Ministry"))[0].id == "ru/defence-ministry"
    body = "SEOUL - South Korea's Joint Chiefs of Staff said so."
    start = body.index("Joint")
    entity = Entity(name="Joint Chiefs of Staff", kind="organisation", mentions=((start, start + 21),))
    assert find_names(claim("Joint Chiefs"), body=body, entities=(entity,))[0].id == "kr/joint-chiefs"


def test_no_government_is_that_of_the_country_in_the_article() -> None:
    assert find_names(claim("government", "government"), claim("Ukraine's government", "government"))[0].id == (
        "name/government"
    )


def test_office_is_its_holder_if_the_article_names_one() -> None:
    president = claim("Ukraine's president", "office")
    holder = Entity(name="Volodymyr Zelensky", kind="person", role="President")
    assert find_names(president, entities=(holder,))[0].name == "Volodymyr Zelenskyy"
    guest = Entity(name="Mirela Osk", kind="person", role="Ukrainian President")
    assert find_names(president, entities=(holder, guest))[0].id == "ua/office-president"
    assert find_names(claim("Poland's president", "office"), entities=(holder,))[0].id == "pl/office-president"


def test_what_a_body_publishes_is_what_it_says() -> None:
    name = "National Intelligence Service assessment"
    assert find_id(name, "group", organisation="National Intelligence Service") == "kr/national-intelligence-service"


def test_sentence_case_is_no_name() -> None:
    assert [each.name for each in find_names(claim("Officials", "group"), claim("officials", "group"))] == (
        ["officials"] * 2
    )
    assert find_names(claim("Western officials", "group"))[0].name == "Western officials"


def test_named_again_from_the_written_form() -> None:
    [named] = find_names(claim("Seoul's spy agency"))
    again = ClaimText(text="x", start=0, end=1, status="asserted", claimant=named)
    assert find_names(again) == [named]


def test_decisions_come_after_the_rules() -> None:
    harbour, board = CanonicalName("name/harbour", "Harbour"), CanonicalName("name/board", "Board")
    aliases = read_aliases([
        {"decision": "merge", "from_id": "name/pier-office", "to_id": harbour.id, "to_name": harbour.name},
        {"decision": "merge", "from_id": harbour.id, "to_id": board.id, "to_name": board.name},
        {"decision": "merge", "from_id": board.id, "to_id": harbour.id, "to_name": harbour.name},
        {"decision": "split", "form": "Seoul’s spy agency"},
    ])  # fmt: skip
    named = find_names(claim("Pier Office"), claim("Seoul's spy agency"), claim("NIS"), aliases=aliases)
    assert named[0].id in (harbour.id, board.id)  # a circle ends
    assert (named[1].id, named[1].name) == ("form/seoul-s-spy-agency", "Seoul's spy agency")
    assert named[2].id == "kr/national-intelligence-service"


def test_text_is_named_as_it_is_extracted() -> None:
    page = Page(id="1", as_is=True, text=(
        "SEOUL - South Korea's National Intelligence Service (NIS) said on Monday that 3,000 troops had left. "
        "The NIS said that they would return. Seoul's spy agency denied that more had left."
    ))  # fmt: skip
    [article] = extraction.extract(page)
    ids = {each.claimant.id for each in name_article(article).claims if isinstance(each.claimant, NamedClaimant)}
    assert ids == {"kr/national-intelligence-service"}


def test_tables_are_sound() -> None:
    rows = load_rows("bodies.yaml")
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(row["source"] for row in (*rows, *load_rows("people.yaml")))
    assert bodies()["nis"].named.id == "kr/national-intelligence-service"
    assert len(people()) >= len(load_rows("people.yaml"))


@given(st.text(max_size=40), st.sampled_from(["person", "office", "organisation", "outlet", "government", "group"]))
def test_any_name_gets_an_id_and_keeps_its_form(name: str, kind: ClaimantKind) -> None:
    [named] = find_names(claim(name, kind))
    assert named.id
    assert named.written == name
