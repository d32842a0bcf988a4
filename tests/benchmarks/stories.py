"""Stories: right and wrong pairs, compared with MinHash LSH, and how fast an article finds its original.

The texts are re-publications of the project's own samples (`tests.pipelines.stories.republications`). datasketch's
MinHash LSH gets three-word shingles, 128 permutations, and the threshold that serves it best.
"""

import re
import time

from datasketch import MinHash, MinHashLSH

from tests.benchmarks.ratios import report_ratio
from tests.pipelines.stories.republications import Publication, group_in_order, load_texts, publish_again, score

SEEDS = range(3)
PERMUTATIONS = 128
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def group_by_minhash(publications: list[Publication]) -> dict[float, list[str]]:
    """Returns the groups of MinHash LSH at each threshold: what is alike is joined."""
    sketches = [sketch(publication.body) for publication in publications]
    return {threshold: join(sketches, threshold) for threshold in THRESHOLDS}


def sketch(text: str) -> MinHash:
    """Returns the MinHash of a text's shingles of three words."""
    words = re.findall(r"\w+", text.casefold())
    made = MinHash(PERMUTATIONS)
    made.update_batch([" ".join(three).encode() for three in zip(words, words[1:], words[2:], strict=False)])
    return made


def join(sketches: list[MinHash], threshold: float) -> list[str]:
    """Returns the group of each sketch, by the smallest number in it."""
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    parent = list(range(len(sketches)))

    def find(number: int) -> int:
        while parent[number] != number:
            number = parent[number]
        return number

    for number, made in enumerate(sketches):
        for other in index.query(made):
            one, two = sorted((find(number), find(int(other))))
            parent[two] = one
        index.insert(str(number), made)
    return [str(find(number)) for number in range(len(sketches))]


def f1(precision: float, recall: float) -> float:
    """Returns the harmonic mean."""
    return 2 * precision * recall / (precision + recall)


def main() -> None:
    texts = load_texts()
    ours, theirs = [], []
    for seed in SEEDS:
        publications = publish_again(texts, seed)
        start = time.process_time()
        stories = group_in_order(publications)
        seconds = time.process_time() - start
        ours.append(score(publications, stories))
        start = time.process_time()
        found = group_by_minhash(publications)
        per_threshold = (time.process_time() - start) / len(THRESHOLDS)
        best = max(found, key=lambda threshold: f1(*score(publications, found[threshold])))
        theirs.append(score(publications, found[best]))
        print(
            f"seed {seed}, {len(publications)} publications: "
            f"stories precision {ours[-1][0]:.3f} recall {ours[-1][1]:.3f}, "
            f"{len(publications) / seconds:.0f} look-ups a second; "
            f"MinHash at {best} precision {theirs[-1][0]:.3f} recall {theirs[-1][1]:.3f}, "
            f"{len(publications) / per_threshold:.0f} a second"
        )
    mean = [sum(f1(*each) for each in scores) / len(scores) for scores in (ours, theirs)]
    report_ratio("stories", mean[0] / mean[1])
