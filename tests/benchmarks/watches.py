"""The speed of matching 3 to 1,000 watches on articles of 3 kB, on one core, compared with the whole text side."""

import random
import re

from pipelines.text.extraction import extract
from pipelines.text.figures.units import standard_units
from pipelines.text.watches.matching import Watchlist
from schemas.watches import STATUSES, Watch
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.text import pages, seconds

AMOUNTS = (3, 300, 1000)
ROUNDS = 5


def watches(amount: int, words: list[str], names: list[str]) -> list[Watch]:
    """Watches of ten words or phrases and five names each, of which a tenth and a fifth occur in some article."""
    chance = random.Random(7)
    classes = sorted(standard_units().classes)

    def word(number: int) -> str:
        base = chance.choice(words) if chance.random() < 0.1 else f"unheard{chance.randrange(100_000)}"
        return (base, f"{base} {chance.choice(words)}", f"{base[:6]}*")[number % 3]

    return [
        Watch(
            name=f"watch-{number}",
            title="",
            words=tuple(word(each) for each in range(10)) if number % 4 else (),
            entities=tuple(chance.choice(names) if each == 0 else f"Nobody {each} {number}" for each in range(5)),
            unit_classes=tuple(chance.sample(classes, 2)) if number % 3 == 0 else (),
            statuses=tuple(chance.sample(STATUSES, 2)) if number % 3 == 1 else (),
        )
        for number in range(amount)
    ]


def main() -> None:
    """Prints milliseconds an article for each amount of watches, and their share of the text side's time."""
    batch = pages()
    articles = [article for page in batch for article in extract(page)]
    words = sorted({word for article in articles for word in re.findall(r"[a-z]{4,}", article.body)})
    names = sorted({entity.name for article in articles for entity in article.entities})
    whole = min(seconds(lambda: [extract(page) for page in batch]) for _ in range(3)) / len(articles)
    print(f"text side: {1000 * whole:.2f} ms per article")
    for amount in AMOUNTS:
        tags = Watchlist(watches(amount, words, names)).tag
        spent = min(seconds(lambda tags=tags: list(map(tags, articles))) for _ in range(ROUNDS)) / len(articles)
        matched = sum(len(tags(article).article) for article in articles) / len(articles)
        print(f"{amount:5} watches: {1000 * spent:.2f} ms per article, {matched:.0f} of them match it")
        report_ratio(f"watches, {amount}", spent / whole)


if __name__ == "__main__":
    main()
