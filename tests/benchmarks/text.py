"""Speed of the whole text side on 3 kB articles, one core, with the share of each step.

The articles are the gold articles of the claims, joined until they have 3,000 characters. The baseline counts the words
of the same articles ten times. Machines differ and drift, so the two take turns, article by article, and the ratio is
what can be compared.
"""

import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import yaml

from pipelines.text.claims.finding import find_claims
from pipelines.text.dates.finding import find_date_spans, find_times
from pipelines.text.entities.finding import find_entities
from pipelines.text.extraction import extract
from pipelines.text.figures.finding import find_figures
from pipelines.text.language.detection import detect
from pipelines.text.reading.page import read
from schemas.text import Page
from tests.benchmarks.ratios import report_ratio

GOLD = Path(__file__).parents[1] / "pipelines" / "text" / "claims" / "gold" / "articles.yaml"
SIZE = 3000
ROUNDS = 20
COUNTS = 10
_TOKEN = re.compile(r"\w+|[^\w\s]")


def pages() -> list[Page]:
    """Pages of about 3 kB each, with a title and paragraphs."""
    gold = yaml.safe_load(GOLD.read_text(encoding="utf-8"))
    found: list[Page] = []
    for first in range(len(gold)):
        bodies: list[str] = []
        for row in gold[first:] + gold[:first]:
            bodies.append(row["body"])
            if sum(map(len, bodies)) >= SIZE:
                break
        text = "\n\n".join([gold[first]["title"], *bodies])
        found.append(Page(id=str(first), text=text))
    return found


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def seconds_to_count(texts: list[str]) -> float:
    """Returns the processor time of the baseline: the words of the texts, counted ten times."""
    return seconds(lambda: [Counter(_TOKEN.findall(text.lower())) for text in texts for _ in range(COUNTS)])


def compare(rounds: int = ROUNDS) -> tuple[float, float]:
    """Returns the processor time of `extract` and of the baseline on all pages, the two in turns."""
    for page in pages():
        extract(page)  # loads the tables
    ours = baseline = 0.0
    for page in pages() * rounds:
        ours += seconds(lambda page=page: extract(page))  # type: ignore[misc]
        baseline += seconds_to_count([page.text or ""])
    return ours, baseline


def main() -> None:
    """Prints articles per second, the ratio to the baseline, and milliseconds an article for each step."""
    articles = [article for page in pages() for article in extract(page)]
    steps: dict[str, Callable[[], object]] = {
        "read": lambda: [read(page) for page in pages()],
        "language": lambda: [detect(article.body, None) for article in articles],
        "entities": lambda: [find_entities(article.title, article.body, article.language) for article in articles],
        "times": lambda: [find_times(article.body, article.published_at, "body") for article in articles],
        "figures": lambda: [
            find_figures(article.body, "body", article.language, find_date_spans(article.body)) for article in articles
        ],
        "claims": lambda: [find_claims(article) for article in articles],
    }
    ours, baseline = compare()
    count, size = len(pages()) * ROUNDS, sum(len(page.text or "") for page in pages()) / len(pages())
    print(f"extract: {count / ours:.0f} articles per second of {size:.0f} characters on one core")
    report_ratio("text", ours / baseline)
    for name, step in steps.items():
        print(f"  {name:10s} {1000 * min(seconds(step) for _ in range(3)) / len(articles):6.2f} ms per article")


if __name__ == "__main__":
    main()
