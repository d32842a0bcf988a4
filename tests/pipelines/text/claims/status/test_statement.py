"""How sure a claim is, by cue, modality and negation; the forms of attribution are in test_claims_gold.py."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.claims.status.statement import judge_statement
from pipelines.text.claims.status.tagged_words import tag_statements
from schemas.fields import Quote, Status
from schemas.text import ArticleText


def content_status(content: str, quote: Quote = "none") -> Status:
    return judge_statement(tag_statements([content])[0], quote)


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
        ("Prosecutors accused the colonel of hitting the bridge.", "asserted"),
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
        ("“We firmly reject the report that it rained,” Ana Rask said.", "denied"),
        ("“I refute that it rained,” Ana Rask said.", "denied"),
        ("Ana Rask said they saw no evidence of rain.", "unconfirmed"),
        ("Ana Rask said it was not true.", "denied"),
        ("Ana Rask said it never happened.", "denied"),
        ("Ana Rask said it is a lie.", "denied"),
        ("Ana Rask said it is pure fiction.", "denied"),
        ("“We urge the crew to leave,” Ana Rask said.", "demanded"),
        ("“I insist on boats,” Ana Rask said.", "demanded"),
        ("“I fear the boats,” Ana Rask said.", "opinion"),
        ("“Well, I doubt it,” Ana Rask said.", "opinion"),
        ("Ana Rask said the loss is unverified.", "unconfirmed"),
        ("Nobody saw the alleged sale.", "unconfirmed"),
        ("Nobody saw the purported sale.", "unconfirmed"),
        ("Nobody saw the rumored sale.", "unconfirmed"),
        ("Nobody saw the rumoured sale.", "unconfirmed"),
        ("Nobody saw the reported sale.", "asserted"),
        ("The diver described the wreck.", "asserted"),
        ("The diver described the wreck as a hoax.", "denied"),
        ("The diver portrayed the wreck as a hoax.", "denied"),
        ("The diver portrayed the wreck as an old small long big new large great hard weak high hoax.", "opinion"),
        ("The diver called for boats.", "demanded"),
        ("The diver called on the crew to leave.", "demanded"),
        ("The diver's call for boats was old.", "demanded"),
        ("The diver called the boats old.", "opinion"),
        ("Ana Rask warned against boats.", "demanded"),
        ("Get your ships out of our waters, Ostmark warns", "demanded"),
        ("Ana Rask warned about boats.", "predicted"),
        ("Ana Rask told the crew about boats.", "asserted"),
        ("Ana Rask warned that it rained.", "asserted"),
        ("“Who sank it?” Ana Rask asked.", "asserted"),
        ("Ana Rask asked us who sank it.", "asserted"),
        ("Ana Rask asked about boats.", "asserted"),
        ("The crew was asked about boats.", "asserted"),
        ("Delgrano's army believes 300 boats were lost.", "asserted"),
        ("Delgrano's army believes boats were lost.", "opinion"),
        ("The council agreed to sell the mill.", "planned"),
        ("The army did not say it rained.", "unconfirmed"),
        ("The army did not call for boats.", "denied"),
        ("The army did not rule out the loss.", "unconfirmed"),
        ("The army did not praise the crew.", "opinion"),
        ("The army seems to confirm the loss.", "opinion"),
        ("The army appeared to confirm the loss.", "opinion"),
        ("“The boats represent a threat,” Ana Rask said.", "opinion"),
        ("“Unless it rains, we lose the boats,” Ana Rask said.", "predicted"),
        ("Ana Rask said Ostmark possibly lost the boats.", "predicted"),
        ("Ana Rask said prices will rise.", "predicted"),
        ("Ana Rask said the navy will send boats.", "planned"),
        ("Ana Rask said the boats ought to leave.", "demanded"),
        ("Some agree that it rained.", "opinion"),
        ("“This is the longest war,” Ana Rask said.", "opinion"),
        ("“This is the 3rd best war,” Ana Rask said.", "asserted"),
        ("Our assessment is that the navy will send boats, Ana Rask said.", "planned"),
        ("Ana Rask said Ostmark to send boats.", "planned"),
        ("Ana Rask declined to say it rained.", "unconfirmed"),
        ("Rumours that the king had died spread on Monday.", "unconfirmed"),
        ("“Send them home now,” Ana Rask warned.", "demanded"),
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


def test_a_cue_without_content_is_no_claim() -> None:
    assert statuses("The envoy began to comment.") == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("“(… it could rain", "predicted"),
        ("the fleet has reportedly sailed", "unconfirmed"),
        ("abcdefghij " * 30 + "could rain", "asserted"),
        ("send the small old harbour boats out of the river that will sink", "demanded"),
        ("that it could rain", "predicted"),
        ("it also could rain", "predicted"),
        ("who could rain is here", "asserted"),
        ("the men that could rain were here", "asserted"),
        ("the men who were seen could rain", "predicted"),
        ("the men who had been seen could rain", "predicted"),
        ("the men who were seen here could rain", "predicted"),
        ("the men who were leaving us could rain", "predicted"),
        ("the men who will leave us could rain", "predicted"),
        ("the men who had been old could rain", "predicted"),
        ("the men who had also left us could rain", "predicted"),
        ("a possibly old boat", "predicted"),
        ("quickly get the boats out", "demanded"),
        ("get out", "demanded"),
        ("send it to us", "demanded"),
        ("send old boats", "demanded"),
        ("send them", "demanded"),
        ("send Ostmark boats", "demanded"),
        ("the boats to sail", "planned"),
        ("the boats to harbour", "planned"),
        ("the boats of Ostmark to sail", "asserted"),
        ("the boats if old to sail", "asserted"),
        ("a man a boat a plan a dam a road to sail", "asserted"),
        ("it is wrong", "asserted"),
        ("no plans to send troops", "asserted"),
        ("Ostmark weighing a ban", "planned"),
        ("old plans for a dam", "asserted"),
        ("a boat of the old navy of the north of the river possibly", "asserted"),
        ("the road will be “repaired” by May", "planned"),
        ("that if it rains, we lose the boats", "predicted"),
        ("the man is here with a friend who is ready to leave", "asserted"),
        ("it will be a hard year for all who stay open", "predicted"),
        ("the firm will run two ads and work out the price", "planned"),
        ("let the boys sleep", "demanded"),
        ("let the boys sleep, said the men who left", "demanded"),
    ],
)
def test_status_of_a_statement_by_itself(content: str, status: str) -> None:
    assert content_status(content) == status


@pytest.mark.parametrize(
    ("filler", "status"), [(40, "predicted"), (70, "asserted")], ids=["within reach", "beyond reach"]
)
def test_the_head_of_a_statement_is_read(filler: int, status: str) -> None:
    assert content_status("x " * filler + "could rain") == status


def test_a_judgement_needs_a_copula_or_quotation() -> None:
    assert content_status("it is a disgrace", "direct") == "opinion"
    assert content_status("it hides a disgrace", "direct") == "asserted"
    assert content_status("a disgrace", "direct") == "asserted"
    assert content_status("boats called a disgrace") == "opinion"


def test_headline_infinitive_is_a_plan() -> None:
    assert content_status("Ostmark to send 300 engineers") == "planned"
