"""Remarks that what somebody says is not confirmed."""

import pytest

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText


def claims(body: str) -> list[tuple[str, str]]:
    found = find_claims(ArticleText(body=body, language="en"))
    return [(one.claimant.name if one.claimant else "", one.status) for one in found]


@pytest.mark.parametrize(
    "remark",
    [
        "Northwire could not independently verify the figure.",
        "Northwire was unable to verify those reports.",
        "Northwire couldn’t immediately confirm either claim.",
        "Its figures have not been independently verified.",
        "It was not possible to travel there, and the claim could not be verified.",
        "It could not be verified.",
        "Neither figure could be verified.",
        "None of the claims has been confirmed.",
        "The navy neither confirmed nor denied the report.",
        "The navy declined to confirm or deny the report.",
        "The navy has not confirmed any such report.",
        "No independent confirmation came.",
    ],
)
def test_a_remark_doubts_what_the_sentence_before_it_reports(remark: str) -> None:
    assert claims(f"The army said 12 boats were lost. {remark}") == [("army", "unconfirmed")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The army said 12 boats were lost, a claim the navy has neither confirmed nor denied.",
        "The army said 12 boats were lost, though the navy has not confirmed any such figure.",
        "The army said 12 boats were lost, but the number could not be verified.",
        "The army said 12 boats were lost, a figure that could not be verified.",
    ],
)
def test_a_remark_in_the_same_sentence_is_not_part_of_what_is_said(sentence: str) -> None:
    (claim,) = find_claims(ArticleText(body=sentence, language="en"))
    assert claim.status == "unconfirmed"
    assert [sentence[slice(*part)] for part in claim.content] == ["12 boats were lost"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Though the report could not be verified, it rained.", ["asserted"]),
        ("It rained. The footage, which could not be verified, shows boats.", ["asserted"]),
        ("The navy confirmed the report.", ["asserted", "confirmed"]),
        ("The navy could not confirm that it was hit.", ["asserted", "unconfirmed"]),
    ],
)
def test_other_sentences_doubt_nothing(body: str, expected: list[str]) -> None:
    found = [status for _, status in claims(f"The army said 12 boats were lost. {body}")]
    assert found[: len(expected)] == expected


def test_what_somebody_else_says_is_not_a_remark_of_the_text() -> None:
    body = "The army said 12 boats were lost. Ana Rask said she could not confirm the report."
    assert claims(body) == [("army", "asserted"), ("Ana Rask", "unconfirmed")]


def test_a_remark_about_several_claims_reaches_back_two_sentences() -> None:
    body = "The army said 12 boats were lost. The navy said 3 boats were lost. Neither claim could be verified."
    assert claims(body) == [("army", "unconfirmed"), ("navy", "unconfirmed")]
    body = body.replace("Neither claim could", "The claim could not")
    assert claims(body) == [("army", "asserted"), ("navy", "unconfirmed")]


def test_a_remark_far_from_the_start_of_its_sentence_is_about_that_sentence() -> None:
    far = "Far from the harbour, where old men sat in the sun and small dogs ran, the claim could not be verified."
    assert claims(f"The army said 12 boats were lost. {far}") == [("army", "asserted")]
