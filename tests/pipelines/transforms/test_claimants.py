"""The step `claimants`: names on documents, and stored decisions that are read rarely."""

import json
from typing import Any

import pytest

from pipelines.grouping.claimants.aliases import read_aliases
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.transforms import claimants
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.claimants import CHECK_SECONDS, NameClaimants
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import Rule
from tests.pipelines.messages import message, record

BODY = "MOSCOW - The Russian Defence Ministry said on Monday that 41 boats were lost. Lavrov denied it on Tuesday."


def run(step: Rule, body: str = BODY, article: bool = False) -> list[dict[str, Any]]:
    """Returns the claims and figures of an article, or with `article` its own document."""
    elements: list[Any] = [Parcel(record(message(1, title="Report", body=body)))]
    for rule in (decode, Normalize(), detect_language, find_mentions, find_claims, step, to_documents):
        elements = [result for element in elements for result in rule(element)]
    [found] = elements
    assert isinstance(found, DocumentSet)
    return [json.loads(each.source) for each in found.documents if (each.family == "articles") == article]


def test_claims_and_figures_carry_id_name_and_written_form() -> None:
    found = run(NameClaimants())
    named = {each["claimant"]["id"]: each["claimant"] for each in found if isinstance(each["claimant"], dict)}
    assert named["ru/defence-ministry"]["name"] == "Russia's Defence Ministry"
    assert named["ru/defence-ministry"]["written"] == "Russian Defence Ministry"
    assert named["person/sergey-lavrov"]["written"] == "Lavrov"
    [figure] = [each for each in found if "figure_id" in each and each["value"] == 41 and each["claim_id"]]
    assert figure["claimant"] == "Russia's Defence Ministry"
    assert figure["claimant_id"] == "ru/defence-ministry"
    assert figure["claimant_written"] == "Russian Defence Ministry"


def test_articles_claims_and_figures_carry_the_names_of_entities() -> None:
    body = "MOSCOW - The NIS said on Monday that Vladimir Zelensky had lost 41 boats in the Republic of Korea."
    [article] = run(NameClaimants(), body, article=True)
    named = {each["id"]: (each["name"], each["written"]) for each in article["entities"]}
    nis = "South Korea's National Intelligence Service"
    assert named["kr/national-intelligence-service"][0] == nis
    assert named["person/volodymyr-zelenskyy"] == ("Volodymyr Zelenskyy", ["Vladimir Zelensky"])
    found = run(NameClaimants(), body)
    [claim] = [each for each in found if "figure_id" not in each]
    [figure] = [each for each in found if "figure_id" in each]
    assert {nis, "Volodymyr Zelenskyy", "South Korea"} <= set(claim["entities"])
    assert figure["entities"] == claim["entities"]
    assert {(each["id"], each["written"]) for each in claim["parties"]} >= {
        ("person/volodymyr-zelenskyy", "Vladimir Zelensky")
    }


def test_without_the_step_entities_have_the_names_of_the_article() -> None:
    [article] = run(lambda parcel: iter([parcel]), article=True)
    [lavrov] = [each for each in article["entities"] if each["kind"] == "person"]
    assert (lavrov["name"], lavrov["id"], lavrov["written"], lavrov["parts"]) == ("Lavrov", None, [], [])


def test_stored_decisions_are_read_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    reads: list[float] = []
    decisions: list[dict[str, str]] = []

    def load(sender: object) -> Any:
        reads.append(now[0])
        return read_aliases(decisions)

    monkeypatch.setattr(claimants, "load_aliases", load)
    monkeypatch.setattr(claimants, "BulkSender", lambda client: client)
    step = NameClaimants(lambda: object(), lambda: now[0])  # type: ignore[arg-type,return-value]
    assert step.current().merges == {}
    decisions.append({"decision": "merge", "from_id": "a", "to_id": "b", "to_name": "B"})
    now[0] = CHECK_SECONDS - 0.1
    assert step.current().merges == {}
    now[0] = CHECK_SECONDS
    assert set(step.current().merges) == {"a"}
    assert reads == [0.0, CHECK_SECONDS]


def test_claims_and_figures_carry_their_dispute() -> None:
    found = run(
        NameClaimants(), "WASHINGTON - North Korea has sent 10,000 troops to Russia, the Pentagon said on Monday."
    )
    [figure] = [each for each in found if "figure_id" in each]
    assert (figure["dispute_id"], figure["dispute"]) == ("kp/troops/deployment/-/ru", "North Korean troops in Russia")
    [claim] = [each for each in found if each.get("figure_count")]
    assert claim["disputes"] == ["North Korean troops in Russia"]
    assert [each["disputes"] for each in run(NameClaimants()) if "figure_id" not in each and each["figure_count"]] == [
        []
    ]
