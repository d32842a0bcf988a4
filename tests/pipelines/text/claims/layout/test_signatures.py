"""Quotations that a name signs."""

import pytest

from tests.pipelines.text.claims.said import list_said

SAID = "“At least 40 ships will be turned away, and the port will be poorer.”"


@pytest.mark.parametrize(
    ("signature", "claimant"),
    [
        (" - Harbour commissioner Jo Pier", "Jo Pier"),
        (" – Jo Pier, harbour commissioner.", "Jo Pier"),
        ("\n— Jo Pier", "Jo Pier"),
        ("\nJo Pier, harbour commissioner", "Jo Pier"),
        ("\n\n- a dock worker", None),
        ("\n— Dock workers", "Dock workers"),
        (" -- dock workers", "dock workers"),
    ],
)
def test_names_after_a_quotation(signature: str, claimant: str | None) -> None:
    assert list_said(SAID + signature) == ([(claimant, SAID)] if claimant else [])


@pytest.mark.parametrize(
    "after",
    [
        " - the old boats",
        " - Jo Pier is right",
        "\nJo Pier is the commissioner",
        "\nThe old boats of the north",
        "\nWorkers of the north",
        "\n— Jo Pier left the port.",
        " — Jo Pier",
    ],
)
def test_what_signs_no_quotation(after: str) -> None:
    text = "We left. “At least” 40 ships are old" if after == " — Jo Pier" else SAID
    assert list_said(text + after) == []


def test_a_quotation_with_a_speaker_needs_no_signature() -> None:
    assert list_said("“It is gone,” Ada Crane said.\nJo Pier, harbour commissioner") == [("Ada Crane", "“It is gone,”")]


@pytest.mark.parametrize(
    "sender",
    [
        "From the desk of John Berth, senior analyst at Port Bank.",
        "A message from John Berth:",
        "And from the office of John Berth:",
    ],
)
def test_senders_of_statements(sender: str) -> None:
    assert list_said(f"{sender}\n\n{SAID}") == [("John Berth", SAID)]


def test_what_is_no_sender() -> None:
    assert list_said(f"From the old boats of the north.\n\n{SAID}") == []
    assert list_said("From the desk of John Berth.\n\nThe port is closed.") == []
