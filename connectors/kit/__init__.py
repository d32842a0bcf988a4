"""The connector kit: what a connector is written with. Packages of others import these names from here."""

from connectors.kit.article_line import ArticleLine, FoundArticle, RefusedItem
from connectors.kit.connector import Batch, Connector, Context, Cursor, Suggestion, batched
from connectors.kit.http_settings import HttpSettings, make_page_request, make_request
from connectors.kit.seen import Seen

__all__ = [
    "ArticleLine",
    "Batch",
    "Connector",
    "Context",
    "Cursor",
    "FoundArticle",
    "HttpSettings",
    "RefusedItem",
    "Seen",
    "Suggestion",
    "batched",
    "make_page_request",
    "make_request",
]
