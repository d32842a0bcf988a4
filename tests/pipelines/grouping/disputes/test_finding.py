"""Disputes: figures about one question share an id whatever their value, and other questions have ids of their own."""

import json
from pathlib import Path

import pytest

from pipelines.grouping.claimants.aliases import Aliases
from pipelines.grouping.claimants.entities import name_article
from pipelines.grouping.claimants.known import CanonicalName
from pipelines.grouping.disputes.finding import Dispute, find_disputes
from pipelines.text import extraction
from schemas.text import ArticleText, Page


def read(text: str) -> ArticleText:
    [article] = extraction.extract(Page(id="1", text=text, as_is=True, language="en"))
    return article


def dispute(text: str, value: float) -> Dispute | None:
    """Returns the dispute of the figure with this value."""
    article = read(text)
    found = [
        each for figure, each in zip(article.figures, find_disputes(article), strict=True) if figure.value == value
    ]
    assert found, [figure.value for figure in article.figures]
    return found[0]


TROOPS = (
    ("North Korea has sent 10,000 troops to Russia, the Pentagon said on Monday.", 10000),
    ("About 12,000 North Korean soldiers have been deployed to Russia, Ukraine's president said.", 12000),
    ("At least 3,000 North Korean servicemen are training in Russia, the White House said on Monday.", 3000),
    ("Pyongyang has moved 1,500 special forces to Russia, according to the spy agency.", 1500),
)
OTHERS = (
    ("offer", "North Korea has offered Russia 100,000 volunteers, state television said on Monday.", 100000),
    ("addition", "North Korea has sent 3,000 additional troops to Russia, the Joint Chiefs said on Monday.", 3000),
    ("plan", "North Korea will send 30,000 troops to Russia, Ukrainian intelligence said on Monday.", 30000),
    ("killed", "At least 100 North Korean soldiers have been killed in Russia, the agency said on Monday.", 100),
    ("wounded", "At least 1,000 North Korean soldiers have been wounded in Russia, the agency said on Monday.", 1000),
    ("losses", "About 1,100 North Korean soldiers were killed or wounded in Russia, the agency said.", 1100),
    ("place", "North Korea has sent 500 troops to Syria, the Pentagon said on Monday.", 500),
    ("owner", "South Korea has sent 500 troops to Russia, the Pentagon said on Monday.", 500),
    ("thing", "North Korea has sent 1,000 sappers to Russia, the Kremlin said on Monday.", 1000),
)


def test_one_question_is_one_dispute_whatever_the_value() -> None:
    found = {dispute(text, value) for text, value in TROOPS}
    assert found == {Dispute("kp/troops/deployment/-/ru", "North Korean troops in Russia")}


@pytest.mark.parametrize(("text", "value"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_other_questions_are_other_disputes(text: str, value: float) -> None:
    found = dispute(text, value)
    assert found is not None
    assert found.id != "kp/troops/deployment/-/ru"


def test_every_question_differs_from_every_other() -> None:
    ids = [found.id for _, text, value in OTHERS if (found := dispute(text, value))]
    assert len(set(ids)) == len(OTHERS), ids


def test_names_say_the_question() -> None:
    named = {name: found.name for name, text, value in OTHERS if (found := dispute(text, value))}
    assert named["offer"] == "North Korean volunteers offered"
    assert named["addition"] == "More North Korean troops in Russia"
    assert named["killed"] == "North Korean deaths in Russia"
    assert named["losses"] == "North Korean losses in Russia"


def test_killed_and_wounded_of_one_sentence_are_two_disputes() -> None:
    text = "At least 100 North Korean soldiers have been killed and about 1,000 have been wounded, the agency said."
    killed, wounded = dispute(text, 100), dispute(text, 1000)
    assert (killed and killed.name, wounded and wounded.name) == ("North Korean deaths", "North Korean wounded")


def test_what_the_sentence_leaves_open_comes_from_the_other_figures() -> None:
    text = (
        "North Korea has sent 10,000 troops to Russia, the Pentagon said on Monday. "
        "The White House said on Tuesday that 12,000 soldiers had been deployed."
    )
    assert dispute(text, 12000) == dispute(text, 10000)


CONTEXT = "North Korean soldiers have been deployed in Russia, the Pentagon said on Monday. "
BARE = "At least 100 North Korean soldiers had been killed, the agency said on Tuesday."


def test_where_the_articles_claims_put_soldiers_is_where_they_were_lost() -> None:
    assert dispute(CONTEXT + BARE, 100) == Dispute("kp/killed/loss/-/ru", "North Korean deaths in Russia")


@pytest.mark.parametrize(
    "context",
    [
        CONTEXT + "North Korean troops were sent to Syria, Seoul said on Monday. ",
        CONTEXT.replace("North Korean soldiers", "South Korean soldiers"),
        CONTEXT.replace("North Korean soldiers", "North Korean sailors' ships"),
        "Talks with Russia were held in Moscow, the Kremlin said on Monday. ",
    ],
    ids=["two places", "whose", "what", "no soldiers"],
)
def test_no_place_is_taken_from_claims_about_anything_else(context: str) -> None:
    assert dispute(context + BARE, 100) == Dispute("kp/killed/loss/-/-", "North Korean deaths")


def test_speaker_is_not_the_owner() -> None:
    text = "The National Intelligence Service said that at least 100 North Korean soldiers had been killed."
    assert dispute(text, 100) == Dispute("kp/killed/loss/-/-", "North Korean deaths")


@pytest.mark.parametrize(
    "text", ["The harbour has 12,000 berths.", "Support rose to 14 percent, the Pentagon said on Monday.", "", "12,000"]
)
def test_figures_that_nobody_claims_or_that_are_of_anything_are_in_no_dispute(text: str) -> None:
    assert set(find_disputes(read(text))) <= {None}


SEEDS = next((found for each in Path(__file__).parents if (found := each / "shared" / "seeds").exists()), None)


@pytest.mark.skipif(SEEDS is None, reason="the long pages are not part of the project")
def test_offer_and_deployment_of_real_pages_stay_apart() -> None:
    assert SEEDS is not None
    clusters = json.loads((SEEDS.parent / "exam" / "seeds_clusters.json").read_text("utf-8"))
    assert {"offer_100k_volunteers", "nk_25_30k_more", "earlier_11000"} <= clusters.keys()
    found: dict[float, set[str]] = {}
    for file in sorted(SEEDS.glob("*.txt")):
        for article in extraction.extract(Page(id=file.name, text=file.read_text("utf-8"))):
            for figure, each in zip(article.figures, find_disputes(article), strict=True):
                if each and figure.unit_class == "military_personnel":
                    found.setdefault(figure.value, set()).add(each.id)
    offers, more, earlier = (found.get(value, set()) for value in (100000, 27500, 11000))
    assert offers
    assert more
    assert not offers & (more | earlier)
    assert not more & earlier


def test_decision_about_a_name_moves_no_figure() -> None:
    article = read("WASHINGTON - North Korea has sent 10,000 troops to Russia, the Pentagon said on Monday.")
    [dispute] = find_disputes(article)
    assert dispute
    merged = Aliases(merges={"kp/government": CanonicalName("ru/government", "Russia")})
    assert find_disputes(name_article(article, merged)) == [dispute]
