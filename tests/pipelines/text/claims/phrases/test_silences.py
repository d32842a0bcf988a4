"""What looks like an attribution and is not a claim."""

import pytest

from tests.pipelines.text.claims.said import list_said


@pytest.mark.parametrize(
    "text",
    [
        "The navy declined to comment.",
        "The envoy refuses to comment.",
        "Ada Crane refused to be named.",
        "The navy did not respond to the claims.",
        "The navy hasn’t responded to the claims.",
        "Ada Crane said only: “No comment.”",
        "I asked how many boats were lost.",
        "I asked if boats were lost.",
        "I anticipated that boats would be lost.",
        "They did not mention the boats?",
        "Did the mayor say the boats were lost?",
        "The boats are considered a danger to the port.",
        "Shares in Halden added that it was late.",
        "The euro added that it was late.",
    ],
)
def test_what_is_not_a_claim(text: str) -> None:
    assert list_said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The palace declined to confirm the visit.",
        "She refused to say that boats were lost.",
        "The navy responded to the claims, saying it was late.",
        "Ada Crane said no comment had come.",
        "The shareholders said boats were lost.",
        "The owner of the shares said boats were lost.",
    ],
)
def test_what_is_a_claim(text: str) -> None:
    assert len(list_said(text)) == 1


def test_the_speaker_of_a_transcript_is_i() -> None:
    text = "Ida Kull: It rained.\nBo Lind: It snowed. I asked how many boats were lost.\nIda Kull: It rained."
    assert list_said(text)[2] == ("Bo Lind", "how many boats were lost")
