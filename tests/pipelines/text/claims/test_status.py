"""How sure a claim is, by cue, modality and negation; the forms of attribution are in test_claims_gold.py."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.claims.status import content_status
from schemas.text import ArticleText


def statuses(text: str) -> list[str]:
    claims = find_claims(ArticleText(body=text, language="en"))
    return [claim.status for claim in claims if claim.cue]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The army said the bridge was hit.", "asserted"),
        ("The army confirmed that the bridge was hit.", "confirmed"),
        ("“I can confirm that the bridge was hit,” Colonel Vann said.", "confirmed"),
        ("The army denied that the bridge was hit.", "denied"),
        ("“We deny that the bridge was hit,” Colonel Vann said.", "denied"),
        ("Colonel Vann described the report as fake.", "denied"),
        ("The army could not confirm that the bridge was hit.", "unconfirmed"),
        ("The army stopped short of confirming that the bridge was hit.", "unconfirmed"),
        ("The army refused to confirm that the bridge was hit.", "unconfirmed"),
        ("A reporter added that the number could not be verified.", "unconfirmed"),
        ("The bridge was reportedly hit.", "unconfirmed"),
        ("Prosecutors accused the colonel of hitting the bridge.", "unconfirmed"),
        ("The army said it is considering a retreat.", "planned"),
        ("The army vowed to rebuild the bridge.", "planned"),
        ("The army said it will send engineers.", "planned"),
        ("The army said the bridge would fall.", "predicted"),
        ("The army warned of floods.", "predicted"),
        ("The army said the bridge is likely to fall.", "predicted"),
        ("“If the rain goes on, we lose the bridge,” Colonel Vann said.", "predicted"),
        ("The army called for a ceasefire.", "demanded"),
        ("The army warned residents to leave.", "demanded"),
        ("The army said the bridge must be closed.", "demanded"),
        ("The army praised the engineers.", "opinion"),
        ("Many say the bridge was hit.", "opinion"),
        ("“The bridge is a disgrace,” Colonel Vann said.", "opinion"),
    ],
)
def test_status_follows_cue_modality_and_negation(text: str, status: str) -> None:
    assert statuses(text)[:1] == [status]


@pytest.mark.parametrize(
    ("text", "claimant", "status"),
    [
        ("No government has confirmed the report.", "government", "unconfirmed"),
        ("Nobody confirmed the report.", None, "unconfirmed"),
        ("No one has confirmed that the bridge was hit.", None, "unconfirmed"),
        ("None of the officials confirmed the report.", "officials", "unconfirmed"),
        ("Neither of the ministries confirmed the report.", "ministries", "unconfirmed"),
        ("Neither Norway nor Chile confirmed the report.", "Chile", "unconfirmed"),
        ("Not one minister confirmed that the bridge was hit.", "minister", "unconfirmed"),
        ("No minister denied that the bridge was hit.", "minister", "unconfirmed"),
        ("No Chol-su confirmed that the bridge was hit.", "No Chol-su", "confirmed"),
        ("No, the army confirmed that the bridge was hit.", "army", "confirmed"),
    ],
)
def test_a_negated_subject_confirms_nothing(text: str, claimant: str | None, status: str) -> None:
    (claim,) = find_claims(ArticleText(body=text, language="en"))
    assert (claim.claimant.name if claim.claimant else None, claim.status) == (claimant, status)


def test_status_belongs_to_the_claim_and_not_to_the_sentence() -> None:
    assert statuses("The navy denied losing a frigate but said one ship was damaged.") == ["denied", "asserted"]


def test_a_hedge_before_a_named_source_tells_of_no_doubt_of_that_source() -> None:
    claims = find_claims(ArticleText(body="The fleet has reportedly sailed, state television said.", language="en"))
    assert [(claim.claimant.name if claim.claimant else "", claim.status) for claim in claims] == [
        ("state television", "asserted")
    ]


def test_modality_in_a_relative_clause_is_not_that_of_the_claim() -> None:
    assert content_status("the men who could be sent home were released") == "asserted"


def test_headline_infinitive_is_a_plan() -> None:
    assert content_status("Ostmark to send 300 engineers") == "planned"
