"""Tables that several boards share: the columns of claims and figures, and the link of each column."""

from typing import Final

from dashboards.boards.panels import Column, Link, Listing

CLAIMANT_BOARD: Final = "newsclaims-claimant"
ARTICLE_BOARD: Final = "newsclaims-article"

TO_CLAIMANT: Final = Link("What this claimant says", CLAIMANT_BOARD, "claimant.name", variable="claimant")
FROM_BUCKET: Final = Link(TO_CLAIMANT.title, CLAIMANT_BOARD, "claimant", variable="claimant")
TO_ARTICLE: Final = Link("The article and its claims", ARTICLE_BOARD, "article_id", variable="article")
TO_PAGE: Final = Link("The article as published", "page", "url")
TO_KIBANA: Final = Link("This claim in Kibana", "kibana", "claim_id", field="claim_id")
TO_REPEATS: Final = Link("Every appearance of this assertion", ARTICLE_BOARD, "assertion_id", variable="assertion")

CLAIMS: Final = Listing(
    columns=(
        Column("published_at", "Published", "dateTimeAsIso", 180),
        Column("claimant.name", "Claimant", width=190, link=TO_CLAIMANT),
        Column("status", "Status", width=105, colours="status"),
        Column("text", "Claim", link=TO_KIBANA),
        Column("publisher", "Publisher", width=150),
        Column("title", "Article", width=240, link=TO_ARTICLE),
        Column("url", "Address", width=120, link=TO_PAGE),
        Column("assertion_id", "Assertion", width=110, link=TO_REPEATS),
        Column("article_id", "Article id", hidden=True),
        Column("claim_id", "Claim id", hidden=True),
    )
)
"""Claims: who said what, where, and with which status."""

FIGURES: Final = Listing(
    columns=(
        Column("published_at", "Published", "dateTimeAsIso", 180),
        Column("claimant", "Claimant", width=170, link=FROM_BUCKET),
        Column("text", "Figure", width=130),
        Column("unit", "Unit", width=130),
        Column("low", "At least", "locale", 95),
        Column("high", "At most", "locale", 95),
        Column("value", "Value", "locale", 95),
        Column("modifier", "Means", width=85),
        Column("status", "Status", width=105, colours="status"),
        Column("sentence", "Sentence", link=TO_PAGE),
        Column("publisher", "Publisher", width=150, link=TO_ARTICLE),
        Column("url", "Address", hidden=True),
        Column("article_id", "Article id", hidden=True),
        Column("unit_class", "Unit class", hidden=True),
    )
)
"""Figures: who claims which number, with its bounds."""
