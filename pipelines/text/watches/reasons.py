"""What watches match in a page, and why: the view for people who write watches."""

from collections.abc import Callable

from pipelines.text.extraction import extract
from pipelines.text.watches.matching import Watchlist
from pipelines.text.watches.parts import find_article_names
from schemas.matches import WatchedArticle, WatchedPage, WatchedPart
from schemas.text import ArticleText, Page


def explain(watchlist: Watchlist, page: Page, name: Callable[[ArticleText], ArticleText]) -> WatchedPage:
    """Returns the matches of each article of the page. Raises what `extract` raises.

    `name` gives claimants and entities the names that they have in all articles, which watches match too.
    """
    articles = (name(article) for article in extract(page))
    return WatchedPage(id=page.id, articles=tuple(_explain_article(watchlist, article) for article in articles))


def _explain_article(watchlist: Watchlist, article: ArticleText) -> WatchedArticle:
    matches = watchlist.match(article)
    return WatchedArticle(
        title=article.title,
        language=article.language,
        entities=tuple(dict.fromkeys(name for name, _ in find_article_names(article))),
        claim_count=len(article.claims),
        figure_count=len(article.figures),
        matches=matches.article,
        claims=tuple(
            WatchedPart(text=claim.text, field=claim.field, start=claim.start, end=claim.end, status=claim.status,
                        matches=found)
            for claim, found in zip(article.claims, matches.claims, strict=True) if found
        ),
        figures=tuple(
            WatchedPart(text=figure.text, field=figure.field, start=figure.start, end=figure.end,
                        unit_class=figure.unit_class, matches=found)
            for figure, found in zip(article.figures, matches.figures, strict=True) if found
        ),
        missing=watchlist.find_missing(article),
    )  # fmt: skip
