"""How fast figures are found: articles and sentences per second on one core, and where the time goes.

python -m tests.benchmarks.figures [--profile]
"""

import argparse
import cProfile
import pstats
import time

from pipelines.text.figures.finding import find_figures
from tests.benchmarks.ratios import report_ratio
from tests.benchmarks.text import seconds_to_count
from tests.pipelines.text.figures.gate import read_gold

ARTICLE = 3000
"""Characters of one article."""
FILLER = (
    "The council met in the old harbour town and spoke at length about the weather, the roads and the coming winter."
)
"""News has a figure in about every fifth sentence, the gold in almost every one."""


def articles(count: int) -> list[str]:
    """Articles of about `ARTICLE` characters: a gold sentence, then four without a figure."""
    text = ""
    found: list[str] = []
    while len(found) < count:
        for sentence in read_gold():
            text += " ".join((sentence.text, FILLER, FILLER, FILLER, FILLER)) + "\n"
            if len(text) >= ARTICLE:
                found.append(text)
                text = ""
    return found[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--profile", action="store_true", help="show the functions that take most of the time")
    arguments = parser.parse_known_args()[0]
    texts = articles(arguments.articles)
    find_figures(texts[0])
    start = time.process_time()
    figures = sum(len(find_figures(text)) for text in texts)
    seconds = time.process_time() - start
    characters = sum(map(len, texts))
    print(f"{len(texts)} articles, {characters / 1e6:.1f} MB, {figures} figures in {seconds:.2f} s")
    print(f"{characters / ARTICLE / seconds:.0f} articles of {ARTICLE} characters per second")
    sentences = sum(text.count(". ") + text.count(".\n") for text in texts)
    print(f"{sentences / seconds:.0f} sentences per second")
    report_ratio("figures", seconds / seconds_to_count(texts))
    if arguments.profile:
        profile = cProfile.Profile()
        profile.runcall(lambda: [find_figures(text) for text in texts])
        pstats.Stats(profile).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    main()
