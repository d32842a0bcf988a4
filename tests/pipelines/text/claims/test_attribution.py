"""Who says what across sentences: quotations that go on, pronouns, offices, credits, venues, chains."""

import pytest

from pipelines.text.claims.finding import find_claims
from pipelines.text.extraction import add_findings
from schemas.text import ArticleText, ClaimText, Entity, Segment


def claims_of(body: str, **parts: object) -> list[ClaimText]:
    return find_claims(ArticleText(body=body, language="en", **parts))  # type: ignore[arg-type]


def contents(claim: ClaimText, body: str) -> list[str]:
    return [body[start:end] for start, end in claim.content]


def names(claims: list[ClaimText]) -> list[str]:
    return [claim.claimant.name if claim.claimant else "" for claim in claims]


def test_content_spans_the_sentences_of_one_quotation() -> None:
    body = "“We left. Nobody followed us,” Ana Rask said."
    (claim,) = claims_of(body)
    assert contents(claim, body) == ["“We left. Nobody followed us,”"]
    assert claim.quote == "direct"


def test_a_quotation_that_goes_on_belongs_to_the_same_claim() -> None:
    body = "“We left at noon,” Ana Rask said. “Nobody followed us.”"
    (claim,) = claims_of(body)
    assert contents(claim, body) == ["“We left at noon,”", "“Nobody followed us.”"]
    assert claim.text == "“We left at noon,” Ana Rask said."


def test_a_long_quotation_that_goes_on_is_a_claim_of_the_same_speaker() -> None:
    body = "“We left at noon,” Ana Rask said. “" + "The road was closed and the water rose. " * 10 + "”"
    claims = claims_of(body)
    assert names(claims) == ["Ana Rask", "Ana Rask"]
    assert claims[1].cue is None


def test_a_quotation_around_its_cue_is_one_claim() -> None:
    body = "“The doors,” said Ana Rask, “were locked.”"
    (claim,) = claims_of(body)
    assert contents(claim, body) == ["“The doors,”", "“were locked.”"]


def test_pronouns_mean_who_spoke_last() -> None:
    body = "Minister Jon Ebbe said the port was open. He added that ships were waiting. They said nothing."
    claims = claims_of(body)
    assert names(claims)[:2] == ["Jon Ebbe", "Jon Ebbe"]
    assert claims[1].claimant is not None
    start, end = claims[1].claimant.start, claims[1].claimant.end
    assert body[start:end] == "He"


def test_a_pronoun_means_who_leads_the_sentence_before() -> None:
    body = "Pavel Orin met Ida Kull on Monday. He said the talks were short."
    people = (
        Entity(name="Pavel Orin", kind="person", mentions=((0, 10),)),
        Entity(name="Ida Kull", kind="person", mentions=((15, 23),)),
    )
    assert names(claims_of(body, entities=people)) == ["Pavel Orin"]


def test_an_office_means_its_holder() -> None:
    body = "Foreign minister Oleg Sarkin said talks had begun. The minister said they went well."
    assert names(claims_of(body)) == ["Oleg Sarkin", "Oleg Sarkin"]


def test_surname_means_the_full_name_of_the_document() -> None:
    body = "Military analyst Igor Vellin said the road was cut. Vellin said the bridge was gone."
    claims = claims_of(body)
    assert names(claims) == ["Igor Vellin", "Igor Vellin"]
    assert claims[0].claimant is not None
    assert claims[0].claimant.role == "Military analyst"


def test_entities_give_name_country_and_role() -> None:
    body = "Sarkin said talks had begun."
    entity = Entity(name="Oleg Sarkin", kind="person", mentions=((0, 6),), role="foreign minister", country="FR")
    (claim,) = claims_of(body, entities=(entity,))
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.claimant.role, claim.claimant.country) == (
        "Oleg Sarkin",
        "foreign minister",
        "FR",
    )


def test_claimant_kinds() -> None:
    said = {
        "Ana Rask": "person",
        "The foreign ministry": "organisation",
        "The government": "government",
        "The newspaper": "outlet",
        "Two officials": "group",
        "A spokeswoman": "office",
    }
    for who, kind in said.items():
        (claim,) = claims_of(f"{who} said that the port was open.")
        assert claim.claimant is not None
        assert claim.claimant.kind == kind, who


def test_unnamed_sources_have_no_claimant() -> None:
    (claim,) = claims_of("Families gathered after reports that the ferry had sunk.")
    assert claim.claimant is None
    assert claim.cue is not None


def test_via_names_outlet_and_meeting() -> None:
    said = {
        "“They come,” Igor Vellin said on Channel Nine.": "Channel Nine",
        "“They lose,” Sir Alan Goss said at the Fenwick Security Forum.": "Fenwick Security Forum",
        "Ilse Brandt told reporters that trains would not run.": "reporters",
        "Ida Kull said on Monday that the map was old.": None,
        "Lisbeth Orr said the pipeline had burst, citing Orbis News.": "Orbis News",
    }
    for body, via in said.items():
        assert claims_of(body)[0].via == via, body


def test_a_credit_names_the_source_of_the_sentence_before() -> None:
    body = "Little thought went into what a volunteer is.\n\n(Evening Post)"
    (claim,) = claims_of(body)
    assert names([claim]) == ["Evening Post"]
    assert contents(claim, body) == ["Little thought went into what a volunteer is."]


def test_a_report_in_a_thread_belongs_to_its_source_and_posts_to_their_poster() -> None:
    report = "Admiral Grewe said the strait was closed."
    post = "I think he said it to scare us."
    body = f"{report}\n\n{post}"
    segments = (
        Segment(role="quoted_report", start=0, end=len(report)),
        Segment(role="post", speaker="saltydog", start=len(report) + 2, end=len(body)),
    )
    found = names(claims_of(body, segments=segments))
    assert found == ["Grewe", "saltydog"]


def test_weak_cues_inside_what_somebody_says_are_part_of_it() -> None:
    assert len(claims_of("Ida Kull said the museum plans to sell the map.")) == 1


def test_a_second_speaker_ends_the_content_of_the_first() -> None:
    body = "The army said it lost 300 men and the navy said it lost two ships."
    claims = claims_of(body)
    assert [contents(claim, body) for claim in claims] == [["it lost 300 men"], ["it lost two ships"]]


def test_a_dateline_is_no_part_of_what_is_said() -> None:
    said = "The port reopened after the storm"
    for dateline in ("GALMOUTH - ", "DELPORT, Oct 17 (Orbis News) - ", "New Torvale (AFP) – ", "(Orbis) -- "):
        body = f"{dateline}{said}, the harbour master said."
        (claim,) = claims_of(body)
        assert contents(claim, body) == [said]


def test_a_dateline_has_a_limited_length() -> None:
    said = "The port reopened"
    for length in (10, 30):
        place = " ".join(letter + letter.lower() * (length - 1) for letter in "ABC")
        body = f"{place} (Orbis) - {said}, the harbour master said."
        assert (contents(claims_of(body)[0], body) == [said]) == (length == 10), length


def test_how_much_of_a_claim_is_quoted() -> None:
    said = {"it was “old”": "partial", "“it was old”": "direct", "a “no”": "direct", "it was old": "none"}
    for content, quote in said.items():
        assert claims_of(f"Ana Rask said {content}.")[0].quote == quote, content


def test_a_time_may_stand_between_source_and_cue() -> None:
    for time in ("on Thursday", "late Monday", "last week", "on the same day"):
        body = f"The navy {time} denied that a ship was lost."
        (claim,) = claims_of(body)
        assert names([claim]) == ["navy"], time


def test_a_short_form_means_the_body_that_spoke_before() -> None:
    body = "Skylane Airlines said two jets were grounded. The airline added that nobody was hurt."
    airline = Entity(name="Skylane Airlines", kind="organisation", mentions=((0, 16),))
    assert names(claims_of(body, entities=(airline,))) == ["Skylane Airlines", "Skylane Airlines"]


def test_what_is_cited_is_the_via_of_one_claim() -> None:
    (claim,) = claims_of("Lisbeth Orr said the pipeline had burst, citing the Evening Post.")
    assert (names([claim]), claim.via) == (["Lisbeth Orr"], "Evening Post")


def test_plans_for_people_are_no_promise() -> None:
    assert claims_of("The envoy took his plans to the ministers of the league.") == []


def test_an_office_of_a_place_is_not_the_place() -> None:
    (claim,) = claims_of("The leader of Torvale said that talks had begun.")
    assert claim.claimant is not None
    assert (claim.claimant.name, claim.claimant.kind) == ("leader of Torvale", "office")


def test_a_time_after_the_cue_is_no_content() -> None:
    body = "The ships were in port, the harbour master said last Thursday, and were expected to leave."
    assert contents(claims_of(body)[0], body) == ["The ships were in port"]


def test_nobody_who_confirms_confirms_nothing() -> None:
    assert [claim.status for claim in claims_of("No government has confirmed the report.")] == ["unconfirmed"]


def test_the_only_verb_of_a_headline_is_its_verb() -> None:
    (claim,) = find_claims(ArticleText(title="Aid group calls for safe roads", body="", language="en"))
    assert (claim.status, names([claim])) == ("demanded", ["Aid group"])


def test_a_singular_body_calls_for_something() -> None:
    (claim,) = claims_of("Ostmark's air force calls for more pilots after a hard winter.")
    assert (claim.status, names([claim])) == ("demanded", ["Ostmark's air force"])


def test_the_ministry_is_not_the_newspaper_that_spoke() -> None:
    claims = claims_of("The Hanover Daily reported that ships had left. The ministry said it was watching.")
    assert names(claims)[1] == "ministry"


def test_what_hangs_on_a_name_is_not_the_name() -> None:
    assert names(claims_of("Nobody was hurt, says Viktor Lomak of the council.")) == ["Viktor Lomak"]


def found_claimants(body: str) -> list[str]:
    return names(list(add_findings(ArticleText(body=body, language="en")).claims))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "The port is to close, according to a report by the agency Orbis. The agency wrote that ships had left.",
            ["Orbis report", "Orbis"],
        ),
        (
            "The Harbour Institute counted ships in May. The institute says 40 have left.",
            ["Harbour Institute"],
        ),
        (
            "The National Security Service watches the port. According to the spy agency, 40 ships have left.",
            ["National Security Service"],
        ),
        (
            "The Harbour Institute and the Fisheries Institute met. The institute says 40 ships have left.",
            ["institute"],
        ),
        (
            "The Harbour Institute counts ships. Some 40 have left, according to the institute's estimate.",
            ["Harbour Institute estimate"],
        ),
    ],
)
def test_a_general_word_means_the_only_body_named_before_that_fits(body: str, expected: list[str]) -> None:
    assert found_claimants(body) == expected


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Ana Rask: 40 ships have left the harbour", ["Ana Rask"]),
        ("Officials in Brennick: 40 ships have left the harbour", ["Officials in Brennick"]),
        ("Heavy losses in Brennick: what is claimed of the harbour", []),
        ("About the institute: it has a staff of 38 in the harbour", []),
        ("23 Oct: the harbour is closed by the storm", []),
    ],
)
def test_before_a_colon_stands_somebody_and_no_topic(headline: str, expected: list[str]) -> None:
    claims = find_claims(ArticleText(title=headline, body="", language="en"))
    assert names([claim for claim in claims if claim.claimant]) == expected


def test_part_of_a_body_s_name_means_the_body() -> None:
    body = "The Joint Chiefs said that 40 ships had left."
    chiefs = Entity(name="Joint Chiefs of the Fleet", kind="organisation")
    assert names(claims_of(body, entities=(chiefs,))) == ["Joint Chiefs of the Fleet"]
    other = Entity(name="Joint Chiefs of the Army", kind="organisation")
    assert names(claims_of(body, entities=(chiefs, other))) == ["Joint Chiefs"]
