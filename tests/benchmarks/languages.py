"""Speed of short texts in many languages, after start-up, on one core: the whole text side, and detection alone.

python -m tests.benchmarks.languages [--texts FILE]

The texts are the sentences of the tests, their pairs of words and their words, each an article of its own; `--texts`
names a file of JSON lines with a `text` each instead. The baseline is langdetect's own detector on a part of them.
"""

import argparse
import itertools
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from langdetect import PROFILES_DIRECTORY, DetectorFactory, LangDetectException

from pipelines.text.extraction import extract
from pipelines.text.language.detection import detect
from schemas.text import Page
from tests.benchmarks.ratios import report_ratio
from tests.pipelines.text.language.test_language import SENTENCES

_PART = 10
"""The baseline is so slow that it gets every tenth text only."""


def list_texts(file: str | None = None) -> list[str]:
    """Returns the texts of a file, or those of the tests."""
    if file:
        return [json.loads(line)["text"] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    words = [sentence.split() for sentence in SENTENCES.values()]
    pairs = [" ".join(pair) for sentence in words for pair in itertools.pairwise(sentence)]
    return [*SENTENCES.values(), *pairs, *itertools.chain.from_iterable(words)]


def count_per_second(run: Callable[[str], object], texts: Iterable[str]) -> float:
    """Returns the texts that are read in a second of processor time."""
    texts = list(texts)
    start = time.process_time()
    for text in texts:
        run(text)
    return len(texts) / (time.process_time() - start)


def load_baseline() -> Callable[[str], object]:
    """Returns langdetect's detector, with a seed."""
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(0)

    def detect_alone(text: str) -> object:
        detector = factory.create()
        detector.append(text)
        try:
            return detector.detect()
        except LangDetectException:  # no letters
            return None

    return detect_alone


def compare(texts: list[str]) -> tuple[float, float]:
    """Returns the texts a second of the whole text side and of langdetect alone, after start-up."""

    def read(text: str) -> object:
        return extract(Page(id="", text=text, as_is=True))

    count_per_second(read, texts[::_PART])  # loads the tables
    return count_per_second(read, texts), count_per_second(load_baseline(), texts[::_PART])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", metavar="FILE", help="JSON lines with a `text` each, instead of those of the tests")
    texts = list_texts(parser.parse_known_args()[0].texts)
    ours, baseline = compare(texts)
    print(f"{len(texts)} texts: extract {ours:.0f} a second, detection alone {count_per_second(detect, texts):.0f}")
    print(f"langdetect alone: {baseline:.0f} a second")
    report_ratio("languages", ours / baseline)


if __name__ == "__main__":
    main()
