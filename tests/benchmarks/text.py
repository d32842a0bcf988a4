"""Speed of the whole text side on 3 kB articles, one core, with the share of each step.

The articles are the gold articles of the claims, joined until they have 3,000 characters. The baseline run beside it
splits the same articles into words a hundred times over, so that figures of two machines can be compared.
"""

import re
import time
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

GOLD = Path(__file__).parents[1] / "pipelines" / "text" / "claims" / "gold" / "articles.yaml"
SIZE = 3000
ROUNDS = 20
SPLITS = 100
_WORD = re.compile(r"\w+")


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


def main() -> None:
    """Prints articles a second, the ratio to the baseline, and milliseconds an article for each step."""
    batch = pages() * ROUNDS
    articles = [article for page in pages() for article in extract(page)]
    steps: dict[str, Callable[[], object]] = {
        "read": lambda: [read(page) for page in pages()],
        "language": lambda: [detect(one.body, None) for one in articles],
        "entities": lambda: [find_entities(one.title, one.body, one.language) for one in articles],
        "times": lambda: [find_times(one.body, one.published_at, "body") for one in articles],
        "figures": lambda: [
            find_figures(one.body, "body", one.language, find_date_spans(one.body)) for one in articles
        ],
        "claims": lambda: [find_claims(one) for one in articles],
    }
    whole = seconds(lambda: [extract(page) for page in batch])
    baseline = seconds(lambda: [_WORD.findall(page.text or "") for page in batch for _ in range(SPLITS)])
    size = sum(len(page.text or "") for page in batch) / len(batch)
    print(f"extract: {len(batch) / whole:.0f} articles a second of {size:.0f} characters on one core")
    print(f"ratio to the baseline ({SPLITS} word splits an article): {baseline / whole:.2f}")
    for name, step in steps.items():
        print(f"  {name:10s} {1000 * min(seconds(step) for _ in range(3)) / len(articles):6.2f} ms an article")


if __name__ == "__main__":
    main()
