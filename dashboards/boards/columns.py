"""Tables that several boards share: the columns of claims and figures, and the link of each column."""

from typing import Final

from dashboards.boards.panels import DataLink, Listing, TableColumn

CLAIMANT_BOARD: Final = "newsclaims-claimant"
ARTICLE_BOARD: Final = "newsclaims-article"
STORY_BOARD: Final = "newsclaims-stories"

TO_CLAIMANT: Final = DataLink("What this claimant says", CLAIMANT_BOARD, "claimant.name", variable="claimant")
TO_DISPUTE: Final = DataLink("Show this dispute", "newsclaims-contested-figures", "dispute", variable="one_dispute")
FROM_BUCKET: Final = DataLink(TO_CLAIMANT.title, CLAIMANT_BOARD, "claimant", variable="claimant")
TO_ARTICLE: Final = DataLink("The article and its claims", ARTICLE_BOARD, "article_id", variable="article")
TO_PAGE: Final = DataLink("The article as published", "page", "url")
TO_KIBANA: Final = DataLink("This claim in Kibana", "kibana", "claim_id", field="claim_id")
TO_REPEATS: Final = DataLink("Every appearance of this assertion", ARTICLE_BOARD, "assertion_id", variable="assertion")

CLAIMS: Final = Listing(
    columns=(
        TableColumn("published_at", "Published", "dateTimeAsIso", 180),
        TableColumn("claimant.name", "Claimant", width=190, link=TO_CLAIMANT),
        TableColumn("status", "Status", width=105, colours="status"),
        TableColumn("text", "Claim", link=TO_KIBANA),
        TableColumn("publisher", "Publisher", width=150),
        TableColumn("title", "Article", width=240, link=TO_ARTICLE),
        TableColumn("url", "Address", width=120, link=TO_PAGE),
        TableColumn("assertion_id", "Assertion", width=110, link=TO_REPEATS),
        TableColumn("mark", "Mark", width=80),
        TableColumn("article_id", "Article id", hidden=True),
        TableColumn("claim_id", "Claim id", hidden=True),
    )
)
"""Claims: who said what, where, and with which status."""

FIGURES: Final = Listing(
    columns=(
        TableColumn("published_at", "Published", "dateTimeAsIso", 180),
        TableColumn("claimant", "Claimant", width=170, link=FROM_BUCKET),
        TableColumn("text", "Figure", width=130),
        TableColumn("unit", "Unit", width=130),
        TableColumn("low", "At least", "locale", 95),
        TableColumn("high", "At most", "locale", 95),
        TableColumn("value", "Value", "locale", 95),
        TableColumn("modifier", "Means", width=85),
        TableColumn("status", "Status", width=105, colours="status"),
        TableColumn("sentence", "Sentence", link=TO_PAGE),
        TableColumn("publisher", "Publisher", width=150, link=TO_ARTICLE),
        TableColumn("mark", "Mark", width=80),
        TableColumn("url", "Address", hidden=True),
        TableColumn("article_id", "Article id", hidden=True),
        TableColumn("unit_class", "Unit class", hidden=True),
    )
)
"""Figures: who claims which number, with its bounds."""
