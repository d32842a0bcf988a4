"""An assertion with its appearances as JSON-LD, in the vocabulary of schema.org.

Its type is `Claim` and not `ClaimReview`: a review is a judgement with a rating, and newsclaims judges nothing. A fact
checker's `ClaimReview` can refer to this document as its `itemReviewed`. schema.org has no terms for the status of a
claim or the bounds of a figure: these keys are our own, such as `newsclaims:status`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import msgspec
from elasticsearch import Elasticsearch

from dashboards.ask.asking import explain_errors
from dashboards.ask.filters import MARKED_CLAUSES, Marked
from dashboards.exports.documents import read_pages
from dashboards.output_files import open_output
from schemas.errors import Permanent

Node = dict[str, Any]
Document = Mapping[str, Any]

PREFIX: Final = "newsclaims"
CONTEXT: Final = ["https://schema.org", {PREFIX: f"urn:{PREFIX}:"}]
MARKED_WORDS: Final[dict[Marked, str]] = {"out": "without an analyst's mark ", "also": "", "only": "with a mark "}
CLAIMANTS: Final = {"person": "Person", "government": "GovernmentOrganization", "outlet": "NewsMediaOrganization"}
"""schema.org's types of claimants; all other kinds are an `Organization`."""
PARTIES: Final = {"person": "Person", "organisation": "Organization", "location": "Place"}
"""schema.org's types of parties; a nationality is a `Thing`."""


def load_assertion(client: Elasticsearch, assertion: str, now: datetime, marked: Marked = "out") -> Node:
    """Returns the assertion with all its appearances. `marked` is what to do with claims that an analyst marked.

    Raises `Permanent` if no claim makes it, and what `explain_errors` raises.
    """
    clauses = [{"term": {"assertion_id": assertion}}, *MARKED_CLAUSES[marked]]
    claims = [claim for page in read_pages(client, "claims", clauses) for claim in page.documents] if assertion else []
    if not claims:
        raise Permanent(
            f"no claim {MARKED_WORDS[marked]}has the assertion_id {assertion!r}: copy it from a claim, "
            "or use `--claim CLAIM_ID` to export the assertion of a claim"
        )
    return build_assertion(assertion, claims, now)


def find_assertion(client: Elasticsearch, claim: str) -> str:
    """Returns the id of a claim's assertion. Raises `Permanent` if there is none, and what `explain_errors` raises."""
    with explain_errors("claims"):
        found = client.search(index="claims", query={"term": {"claim_id": claim}}, size=1)
    if not found["hits"]["hits"]:
        raise Permanent(f"no claim has the claim_id {claim!r}")
    return str(found["hits"]["hits"][0]["_source"]["assertion_id"])


def build_assertion(assertion: str, claims: Iterable[Document], now: datetime) -> Node:
    """Returns the assertion as JSON-LD, from at least one claim. Its text is that of the first claim."""
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
    """Returns an article with the assertion; each of its claims is a part."""
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
    """Returns one claim of an article: the sentence, its claimant, its status and its figures."""
    claimant = claim.get("claimant")
    figures = [build_figure(each) for each in claim.get("figures", ())]
    return {
        "@type": "Claim",
        "@id": build_urn("claim", claim["claim_id"]),
        "text": claim["text"],
        **drop_missing(author=build_claimant(claimant) if claimant else None),
        f"{PREFIX}:status": claim["status"],
        f"{PREFIX}:quote": claim["quote"],
        **drop_missing(**{f"{PREFIX}:mark": claim.get("mark")}),
        **drop_missing(**{f"{PREFIX}:via": claim.get("via"), f"{PREFIX}:event": claim.get("event")}),
        **drop_missing(**{f"{PREFIX}:figure": figures, f"{PREFIX}:denies": build_denied(claim)}),
    }


def build_denied(claim: Document) -> Node | None:
    """Returns the assertion that a denial denies, or None."""
    return {"@id": build_urn("assertion", claim["denies"])} if claim.get("denies") else None


def build_claimant(claimant: Document) -> Node:
    """Returns the claimant."""
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
    """Returns a person or thing that the assertion is about."""
    return {"@type": PARTIES.get(each["kind"], "Thing"), "name": each["name"]}


def build_figure(each: Document) -> Node:
    """Returns a figure: its words, its bounds (inclusive) and its unit."""
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
    """Writes the document to a file, or to standard output for `-`. Raises `Permanent` if that fails."""
    with open_output(output) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(node), indent=2) + b"\n")


def build_urn(kind: str, id: str) -> str:
    """Returns an identifier for linked data. It is not an address, because newsclaims publishes none."""
    return f"urn:{PREFIX}:{kind}:{id}"


def drop_missing(**properties: Any) -> Node:
    """Returns the properties that have a value."""
    return {name: value for name, value in properties.items() if value not in (None, "", [])}


def _sort_key(claim: Document) -> tuple[datetime, str, bool, int]:
    """Orders articles by time, and claims of an article by position: the title first, then the body."""
    moment = datetime.fromisoformat(claim["published_at"])
    return moment, claim["article_id"], claim["field"] == "body", claim["start"]


def _group_by_article(ordered: list[Document]) -> Iterator[Iterator[Document]]:
    return (group for _, group in groupby(ordered, key=lambda claim: claim["article_id"]))
