"""What a text says is not verified."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText


def list_statuses(body: str) -> list[tuple[str, str]]:
    """Returns content and status of each attributed claim."""
    claims = find_claims(ArticleText(body=body, language="en"))
    return [(body[slice(*claim.content[0])], claim.status) for claim in claims if claim.cue]


@pytest.mark.parametrize(
    "doubt",
    [
        ". The claim could not be independently verified.",
        ". Orbis could not verify the figure.",
        ". Orbis couldn’t immediately confirm the army’s new figure.",
        ". Orbis was not able to verify these claims.",
        ". Orbis was unable to verify it.",
        ". This has not been confirmed.",
        ". Orbis found no independent confirmation of the claim.",
        ". The report remains unverified.",
        ". The ministry neither confirmed nor denied the report.",
        ". The ministry declined to confirm or deny the report.",
        ", a figure that could not be verified.",
        ", a charge the ministry has neither confirmed nor denied.",
        ", which could not be confirmed.",
        ", though the ministry has not confirmed any such loss.",
    ],
)
def test_doubts(doubt: str) -> None:
    assert list_statuses("The army said nine men had died" + doubt) == [("nine men had died", "unconfirmed")]


def test_a_doubt_about_several_claims() -> None:
    said = "The army said nine had died. The navy said ten had died. "
    assert {status for _, status in list_statuses(said + "Neither figure could be verified.")} == {"unconfirmed"}
    statuses = [status for _, status in list_statuses(said + "The figure could not be verified.")]
    assert statuses == ["asserted", "unconfirmed"]


@pytest.mark.parametrize(
    "after",
    [
        ". His whereabouts could not be confirmed.",
        ". It rained. The claim could not be verified.",
        ". It is confirmed.",
        ". Though the claim could not be verified, it rained.",
        ". Ada Crane said she could not verify the figure.",
    ],
)
def test_doubts_about_other_things(after: str) -> None:
    assert list_statuses("The army said nine men had died" + after)[0] == ("nine men had died", "asserted")


def test_a_doubt_that_is_said_is_a_claim() -> None:
    assert list_statuses("Officials could not confirm that the bridge had fallen.") == [
        ("that the bridge had fallen", "unconfirmed")
    ]
    assert list_statuses("Ada Crane said she could not verify the figure.")[0][0] == "she could not verify the figure"
    assert list_statuses("It rained, the army said. The palace declined to confirm the visit.")[0][1] == "asserted"


def test_what_is_predicted_stays_so() -> None:
    text = "The army said nine men might die. The claim could not be verified."
    assert list_statuses(text) == [("nine men might die", "predicted")]
