import trafilatura
from schemas.text import ArticleText, Page


def read_html(page: Page) -> list[ArticleText]:
    found = trafilatura.bare_extraction(page.html, url=page.url, fast=True, include_comments=False, favor_precision=True, with_metadata=True)
    if found is None: return []
    return [ArticleText(title=found.title, body=found.text or "", author=found.author)]
