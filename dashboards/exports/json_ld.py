"""An assertion with its appearances as JSON-LD, in the vocabulary of schema.org.

Its type is `Claim`, and there is no `ClaimReview`: a review is somebody's judgement, with a rating, and newsclaims
judges nothing. A fact checker's `ClaimReview` can name this document as its `itemReviewed`. schema.org has no words for
how sure a claim is said to be, nor for how a figure is bounded: those keys are ours (`newsclaims:status`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch

from dashboards.ask.asking import explain_errors
from dashboards.exports.documents import read_pages
from dashboards.output_files import open_output
from schemas.errors import Permanent

Node = dict[str, Any]
Document = Mapping[str, Any]

PREFIX: Final = "newsclaims"
CONTEXT: Final = ["https://schema.org", {PREFIX: f"urn:{PREFIX}:"}]
CLAIMANTS: Final = {"person": "Person", "government": "GovernmentOrganization", "outlet": "NewsMediaOrganization"}
"""schema.org's types of claimants; the other kinds are an `Organization`."""
PARTIES: Final = {"person": "Person", "organisation": "Organization", "location": "Place"}
"""schema.org's types of parties; a nationality is a `Thing`."""


def load_assertion(client: Elasticsearch, assertion: str, now: datetime) -> Node:
    """The assertion with all its appearances. Raises `Permanent` where there is none, and what `asking` raises."""
    clauses = [{"term": {"assertion_id": assertion}}]
    claims = [claim for page in read_pages(client, "claims", clauses) for claim in page.documents] if assertion else []
    if not claims:
        raise Permanent(
            f"no claim has the assertion_id {assertion!r}: it stands in every claim, "
            "and `--claim CLAIM_ID` takes the one of a claim"
        )
    return build_assertion(assertion, claims, now)


def find_assertion(client: Elasticsearch, claim: str) -> str:
    """The assertion that a claim makes. Raises `Permanent` where there is no such claim, and what `asking` raises."""
    with explain_errors("claims"):
        found = client.search(index="claims", query={"term": {"claim_id": claim}}, size=1)
    if not found["hits"]["hits"]:
        raise Permanent(f"no claim has the claim_id {claim!r}")
    return str(found["hits"]["hits"][0]["_source"]["assertion_id"])


def build_assertion(assertion: str, claims: Iterable[Document], now: datetime) -> Node:
    """The assertion as JSON-LD, from its claims, at least one. Its words are those of the first claim."""
    ordered = sorted(claims, key=_sort_key)
    articles = [build_article(list(each)) for each in _group_by_article(ordered)]
    first = {name: articles[0][name] for name in ("@type", "@id", "url", "datePublished") if name in articles[0]}
    return {
        "@context": CONTEXT,
        "@type": "Claim",
        "@id": build_urn("assertion", assertion),
        "identifier": assertion,
        "text": ordered[0]["text"],
        **drop_missing(about=[build_party(each) for each in ordered[0].get("parties", ())]),
        "firstAppearance": first,
        "appearance": articles,
        "sdDatePublished": now.astimezone(UTC).isoformat(timespec="seconds"),
    }


def build_article(claims: list[Document]) -> Node:
    """An article in which the assertion appears, with each place where it says so as a part."""
    found = claims[0]
    publisher = found.get("publisher")
    return {
        "@type": "Article",
        "@id": build_urn("article", found["article_id"]),
        **drop_missing(
            url=found.get("url"),
            headline=found.get("title"),
            publisher={"@type": "Organization", "name": publisher} if publisher else None,
        ),
        "inLanguage": found["language"],
        "datePublished": found["published_at"],
        "hasPart": [build_statement(claim) for claim in claims],
    }


def build_statement(claim: Document) -> Node:
    """What one place of an article says: the sentence, who says it, how sure, with which figures."""
    claimant = claim.get("claimant")
    figures = [build_figure(each) for each in claim.get("figures", ())]
    return {
        "@type": "Claim",
        "@id": build_urn("claim", claim["claim_id"]),
        "text": claim["text"],
        **drop_missing(author=build_claimant(claimant) if claimant else None),
        f"{PREFIX}:status": claim["status"],
        f"{PREFIX}:quote": claim["quote"],
        **drop_missing(**{f"{PREFIX}:via": claim.get("via"), f"{PREFIX}:event": claim.get("event")}),
        **drop_missing(**{f"{PREFIX}:figure": figures, f"{PREFIX}:denies": build_denied(claim)}),
    }


def build_denied(claim: Document) -> Node | None:
    """The assertion that a denial denies."""
    return {"@id": build_urn("assertion", claim["denies"])} if claim.get("denies") else None


def build_claimant(claimant: Document) -> Node:
    """Who says it."""
    kind = CLAIMANTS.get(claimant["kind"], "Organization")
    organisation = claimant.get("organisation")
    role = {"jobTitle": claimant.get("role")} if kind == "Person" else {"description": claimant.get("role")}
    above = "affiliation" if kind == "Person" else "parentOrganization"
    return {
        "@type": kind,
        "name": claimant["name"],
        **drop_missing(**role, **{above: {"@type": "Organization", "name": organisation} if organisation else None}),
    }


def build_party(each: Document) -> Node:
    """Somebody or something that the assertion is about."""
    return {"@type": PARTIES.get(each["kind"], "Thing"), "name": each["name"]}


def build_figure(each: Document) -> Node:
    """A figure as said: its words, its bounds (inclusive), its unit."""
    return {
        "@type": "QuantitativeValue",
        **drop_missing(
            name=each["text"],
            value=each["value"],
            minValue=each.get("low"),
            maxValue=each.get("high"),
            unitText=each.get("unit"),
        ),
        f"{PREFIX}:modifier": each["modifier"],
        f"{PREFIX}:unitClass": each["unit_class"],
        **drop_missing(**{f"{PREFIX}:currency": each.get("currency"), f"{PREFIX}:change": each.get("change")}),
    }


def write_json(node: Node, output: str) -> None:
    """Writes it to a file, or to standard output for `-`. Raises `Permanent` where that cannot be."""
    with open_output(output) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(node), indent=2) + b"\n")


def build_urn(kind: str, id: str) -> str:
    """The name of a thing of ours in linked data: no address, as newsclaims publishes none."""
    return f"urn:{PREFIX}:{kind}:{id}"


def drop_missing(**properties: Any) -> Node:
    """The properties that are known: a value that is not there has no key."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}


def _sort_key(claim: Document) -> tuple[datetime, str, bool, int]:
    """Articles by time; within one the title first, then as they stand in the body."""
    moment = datetime.fromisoformat(claim["published_at"])
    return moment, claim["article_id"], claim["field"] == "body", claim["start"]


def _group_by_article(ordered: list[Document]) -> Iterator[Iterator[Document]]:
    return (group for _, group in groupby(ordered, key=lambda claim: claim["article_id"]))
