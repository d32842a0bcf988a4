"""How the project's own pages are scored: as plain text, and as HTML in three templates."""

from pathlib import Path

from pipelines.text.reading.page import read
from schemas.text import Page
from tests.pipelines.text.reading.gold_pages import FOLDER, GoldPage, as_html, f1, pages

FILES = [*sorted(FOLDER.iterdir()), Path(__file__).with_name("gold_pages.py")]
"""The gold, and the module that makes HTML of it."""
TEMPLATES = (0, 1, 2)


def is_single(page: GoldPage) -> bool:
    """Returns whether a page is one article that is long enough to be found in a template."""
    return page.single and page.notes.get("kind") != "forum" and len(page.items[0].body) > 2


def body_f1(page: GoldPage, bodies: list[str]) -> float:
    """Returns the F1 of the words of the bodies that were found on a page."""
    return f1("\n".join("\n".join(item.body) for item in page.items), "\n".join(bodies))


def measure() -> tuple[dict[str, float], list[str]]:
    """Returns the mean F1 over the pages, plain and in each template, and a line for each page below it."""
    scores: dict[str, list[tuple[str, float]]] = {"plain F1": [], **{f"html {one} F1": [] for one in TEMPLATES}}
    for page in pages():
        found = read(Page(id=page.name, text=page.text))
        scores["plain F1"].append((page.name, body_f1(page, [article.body for article in found])))
        for template in TEMPLATES if is_single(page) else ():
            found = read(Page(id=page.name, html=as_html(page, template)))
            scores[f"html {template} F1"].append((page.name, body_f1(page, [article.body for article in found])))
    means = {name: sum(score for _, score in rows) / len(rows) for name, rows in scores.items()}
    worse = [
        f"{name} {score:.4f}: {page}" for name, rows in scores.items() for page, score in rows if score < means[name]
    ]
    return means, worse
