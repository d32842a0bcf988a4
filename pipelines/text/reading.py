"""Reads a page: finds the articles on it, each with title and body, and what is known of it from the page."""

from pipelines.text import markup
from pipelines.text.lines import Line, split
from pipelines.text.normal_form import normalise, one_line
from pipelines.text.recurring import RecurringLines
from pipelines.text.runs import Mark, article_run, mark
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
    marks = mark(lines)
    start, end = article_run(marks)
    kept = keep(marks[start:end])
    if not kept:
        kept = [item.line for item in marks if item.role != "furniture"]
    title_line = None if page.title else find_title([m.line for m in marks[:start] if m.role == "short" or (m.found and m.found.reason=="repeated") or m.role=="prose"], kept)
    body = join(kept)
    return [ArticleText(title=one_line(page.title) if page.title else title_line.text if title_line else None, body=body)] if body else []


def keep(marks: list[Mark]) -> list[Line]:
    kept: list[Line] = []
    seen: set[str] = set()
    for index, item in enumerate(marks):
        if item.role in ("furniture", "meta"):
            continue
        if item.role == "bullet":
            first = index
            while first and marks[first - 1].role in ("bullet",):
                first -= 1
            if not first or not (marks[first - 1].role == "short"):
                continue
        if item.line.text in seen and item.line.words > 3:
            continue
        seen.add(item.line.text)
        kept.append(item.line)
    return kept


def join(lines: list[Line]) -> str:
    return "\n\n".join(line.text for line in lines)
