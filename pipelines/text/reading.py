"""Reads a page: finds the articles on it, each with title and body, and what is known of it from the page."""

from pipelines.text import markup
from pipelines.text.boilerplate import furniture
from pipelines.text.lines import Line, split
from pipelines.text.normal_form import normalise, one_line
from pipelines.text.recurring import RecurringLines
from pipelines.text.runs import best_run, score
from pipelines.text.titles import find_title
from schemas.text import ArticleText, Page


def read(page: Page, recurring: RecurringLines | None = None) -> list[ArticleText]:
    """The articles of a page, in page order; empty where it has no text at all. Never raises."""
    if page.as_is:
        return [ArticleText(title=page.title, body=page.text or "")]
    if page.html is not None:
        return markup.read_html(page)
    return read_text(page, page.text or "")


def read_text(page: Page, text: str) -> list[ArticleText]:
    normal = normalise(text)
    lines, cut = split(normal.text)
    reasons = [furniture(line) for line in lines]
    start, end = best_run([score(line, reason) for line, reason in zip(lines, reasons, strict=True)])
    kept = [line for line, reason in zip(lines[start:end], reasons[start:end], strict=True) if reason is None]
    if not kept:
        kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    title_line = None if page.title else find_title([l for l, r in zip(lines[:start], reasons[:start], strict=True) if r is None], kept)
    body = join(kept)
    return [ArticleText(title=one_line(page.title) if page.title else title_line.text if title_line else None, body=body)] if body else []


def join(lines: list[Line]) -> str:
    return "\n\n".join(line.text for line in lines)
