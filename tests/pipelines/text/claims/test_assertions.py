"""The same claim has the same id from every claimant and in other words; another figure has another id."""

import pytest

from pipelines.text.claims.assertions import assertion_id, event_of
from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText, Entity, FigureText

SELMARIA = "Selmarian"


def article(body: str, value: int, unit: str, change: str | None = None) -> ArticleText:
    digits = f"{value:,}"
    start = body.index(digits)
    figure = FigureText(
        text=digits, start=start, end=start + len(digits), kind="count", low=value, high=value, value=value,
        unit=unit, unit_class="military_personnel", change=change,  # type: ignore[arg-type]
    )  # fmt: skip
    mentions = [(at, at + 8) for at in range(len(body)) if body.startswith("Selmaria", at)]
    entity = Entity(name="Selmaria", kind="location", country="FR", mentions=tuple(mentions))
    return ArticleText(body=body, language="en", figures=(figure,), entities=(entity,))


def id_of(body: str, value: int, unit: str = "soldiers", change: str | None = None) -> str:
    (claim,) = find_claims(article(body, value, unit, change))
    return claim.assertion_id


def test_the_same_offer_from_two_outlets_has_one_id() -> None:
    one = id_of("Selmaria offered to send 20,000 volunteers, state television said.", 20000, "volunteers")
    other = id_of("According to Orbis, Selmaria has offered 20,000 soldiers for the war.", 20000)
    assert one == other != ""


OFFER = id_of("Selmaria offered to send 20,000 soldiers, officials said.", 20000)


@pytest.mark.parametrize(
    ("body", "value", "change"),
    [
        ("Selmaria deployed 20,000 soldiers, officials said.", 20000, None),
        ("Selmaria lost 20,000 soldiers, officials said.", 20000, None),
        ("Selmaria offered to send 11,000 soldiers, officials said.", 11000, None),
        ("Selmaria offered to send an additional 20,000 soldiers, officials said.", 20000, "additional"),
        ("Selmaria offered to send a total of 20,000 soldiers, officials said.", 20000, "total"),
    ],
)
def test_another_event_figure_or_change_has_another_id(body: str, value: int, change: str | None) -> None:
    assert id_of(body, value, change=change) != OFFER


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ("Selmarian soldiers were already in Delport", "deployment"),
        ("troops are now near the border", "deployment"),
        ("the minister was in Delport", None),
        ("soldiers were in good spirits", None),
        ("the soldiers were tired", None),
        ("troops are in training", "training"),
    ],
)
def test_soldiers_that_are_somewhere_are_deployed(content: str, event: str | None) -> None:
    assert event_of(content) == event


def test_soldiers_in_a_place_and_soldiers_sent_there_are_one_assertion() -> None:
    ids = set()
    for body in (
        "Selmaria has sent troops to Delport, officials said.",
        "Selmarian soldiers were in Delport, officials said.",
        "Officials confirmed that Selmarian soldiers are in Delport.",
    ):
        entity = Entity(name="Selmaria", kind="location", country="FR", mentions=((body.index("Selmaria"),) * 2,))
        (claim,) = find_claims(ArticleText(body=body, language="en", entities=(entity,)))
        ids.add(claim.assertion_id)
    assert len(ids) == 1


def test_a_plan_is_not_what_was_done() -> None:
    done = id_of("Selmaria deployed 20,000 soldiers, officials said.", 20000)
    plan = id_of("Selmaria is preparing to deploy 20,000 soldiers, officials said.", 20000)
    assert done != plan


def test_a_denial_has_an_id_of_its_own_and_names_what_it_denies() -> None:
    said = id_of("Selmaria deployed 20,000 soldiers, officials said.", 20000)
    unsure = id_of("Selmaria reportedly deployed 20,000 soldiers.", 20000)
    body = "The ministry denied that Selmaria had deployed 20,000 soldiers."
    (claim,) = find_claims(article(body, 20000, "soldiers"))
    assert claim.status == "denied"
    assert claim.assertion_id != said
    assert claim.denies == said == unsure


def test_only_a_denial_denies() -> None:
    (claim,) = find_claims(article("Selmaria deployed 20,000 soldiers, officials said.", 20000, "soldiers"))
    assert claim.denies is None


def test_whose_soldiers_counts_and_not_the_order_of_words() -> None:
    selmaria = Entity(name="Selmaria", kind="location", country="FR", mentions=((30, 38),))
    brannia = Entity(name="Brannia", kind="location", country="DE", mentions=((0, 7),))
    figure = FigureText(text="300", start=20, end=23, kind="count", low=300, high=300, value=300, unit="soldiers")
    one = assertion_id("…", "loss", "asserted", [brannia, selmaria], [figure])
    other = assertion_id("…", "loss", "asserted", [selmaria], [figure])
    assert one == other


def test_claims_without_figures_and_parties_are_known_by_their_words() -> None:
    def of(body: str) -> str:
        return find_claims(ArticleText(body=body, language="en"))[0].assertion_id

    assert of("Ida Kull said the museum map is old.") == of("“The museum map is old,” said Otto Brink.")
    assert of("Ida Kull said the museum map is old.") != of("Ida Kull said the harbour crane is new.")


def test_function_words_and_endings_make_no_other_claim() -> None:
    assert assertion_id("the boats sailed", None, "asserted", [], []) == assertion_id(
        "those boat sails", None, "asserted", [], []
    )


def test_a_claim_is_known_by_a_few_words() -> None:
    words = "alpha bravo charlie delta echo foxtrot golf hotel"
    assert assertion_id(f"{words} zulu", None, "asserted", [], []) == assertion_id(words, None, "asserted", [], [])
    assert assertion_id(words[6:], None, "asserted", [], []) != assertion_id(words, None, "asserted", [], [])


def test_soldiers_are_one_thing_by_any_name() -> None:
    selmaria = Entity(name=SELMARIA, kind="nationality")

    def of(content: str) -> str:
        return assertion_id(content, "deployment", "asserted", [selmaria], [])

    assert of("sent troops") == of("sent fighters") != of("sent boats")


@pytest.mark.parametrize(("start", "owner"), [(30, "Selmaria"), (60, "Brannia")])
def test_the_owner_of_a_figure_is_near_it(start: int, owner: str) -> None:
    selmaria = Entity(name="Selmaria", kind="nationality", mentions=((start, start + 8),))
    brannia = Entity(name="Brannia", kind="nationality", mentions=((0, 7),))
    figure = FigureText(text="300", start=20, end=23, kind="count", low=300, high=300, value=300, unit="soldiers")
    alone = {"Selmaria": selmaria, "Brannia": brannia}[owner]
    found = assertion_id("…", "loss", "asserted", [brannia, selmaria], [figure])
    assert found == assertion_id("…", "loss", "asserted", [alone], [figure])


def test_the_event_is_in_the_head_of_the_content() -> None:
    far = "Ida Kull said " + "the harbour was old " * 30 + "and three men died."
    (claim,) = find_claims(ArticleText(body=far, language="en"))
    assert claim.event is None


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("offered to send 20,000 volunteers", "offer"),
        ("two brigades were deployed", "deployment"),
        ("300 men were killed when troops entered the town", "loss"),
        ("shipped two million shells", "supply"),
        ("signed a security pact", "agreement"),
        ("two divers were arrested", "capture"),
        ("crews were trained", "training"),
        ("the brigade retreated", "withdrawal"),
        ("missiles hit the town", "attack"),
        ("an escalation in the east", "escalation"),
        ("a tariff on oil", "sanction"),
        ("a loan to the bank", "payment"),
        ("redundancies at the mill", "layoff"),
        ("the vote in May", "vote"),
        ("crowds rallied in the square", "protest"),
        ("prices rose", "increase"),
        ("prices dropped", "decrease"),
        ("refugees at the border", "displacement"),
        ("an outbreak on the island", "infection"),
        ("killed while they retreated", "loss"),
        ("offered to deploy", "offer"),
        ("the river is deep", None),
    ],
)
def test_kinds_of_event(words: str, event: str | None) -> None:
    assert event_of(words) == event
