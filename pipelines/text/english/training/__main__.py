"""Trains the tagger: `python -m pipelines.text.english.training TREEBANKS`, or `make tagger`.

TREEBANKS is a folder with the English treebanks named in `MODEL_CARD.md`, as `NAME.conllu.gz`. Writes `weights.npz`
into the package and prints the accuracy on held-out documents, which the model card gives. The seed is fixed: the same
treebanks and the same numpy give the same file.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.text.english.tagger.features import build_lexicon, cue_entries, find_features, is_title_case
from pipelines.text.english.tagger.model import (
    RESERVED_ROWS,
    WINDOW,
    Floats,
    Tagger,
    Weights,
    find_rows,
    load_weights,
    save_weights,
)
from pipelines.text.english.training.held_out import TREEBANKS, read_sentences
from pipelines.text.english.training.network import Example, Network, join_examples
from pipelines.text.english.training.treebank import (
    TaggedSentence,
    TreebankError,
    TreebankSentence,
    tag_sentence,
)
from pipelines.text.english.word_classes import STOP

_SEED = 7
_SIZE = 64
_EPOCHS = 12
_BATCH = 2500
"""Words of a batch."""
_RATE = 3e-3
_LEAST_HIDDEN = 0.08
"""Share of the times that training hides a frequent form."""
_FEWEST = {"w": 2, "s": 4, "e": 4, "p": 4, "c": 4, "l": 4}
"""How often training must see a feature of each kind for it to have a vector."""
_PARTS = {"VERB": "verb", "NOUN": "noun", "ADJ": "adjective"}
_SHORT = 4
"""Words of a sentence from which variants of it are learned, too."""
_LOWER_IN_TITLES = frozenset("PD&t")
WEIGHTS = Path(__file__).parent.parent / "tagger" / "weights.npz"


def make_variants(sentence: TaggedSentence, chance: random.Random) -> list[TaggedSentence]:
    """Returns a sentence, and now and then also what it would be as a headline: in title case, in capitals, unended."""
    words, classes = sentence
    if len(words) < _SHORT:
        return [sentence]
    end = len(words) - (classes[-1] == STOP)
    draw = chance.random()
    if draw < 0.1:
        titled = [
            word if index and kind in _LOWER_IN_TITLES and len(word) < 5 else word[:1].upper() + word[1:]
            for index, (word, kind) in enumerate(zip(words[:end], classes[:end], strict=True))
        ]
        return [sentence, TaggedSentence(titled, classes[:end])]
    if draw < 0.12:
        return [sentence, TaggedSentence([word.upper() for word in words[:end]], classes[:end])]
    return [sentence, TaggedSentence(words[:end], classes[:end])] if draw < 0.25 else [sentence]


class Examples(NamedTuple):
    """What is learned from, the lemmas in it, and what is held out, by treebank."""

    learned: list[TaggedSentence]
    lemmas: list[str]
    held_out: dict[str, list[TaggedSentence]]


def read_examples(folder: Path, chance: random.Random) -> Examples:
    """Reads the treebanks of a folder. Raises `TreebankError` or `OSError` if one cannot be read."""
    learned: list[TaggedSentence] = []
    lemmas: set[str] = set()
    held_out: dict[str, list[TaggedSentence]] = {}
    for name in TREEBANKS:
        for sentence, is_held_out in read_sentences(folder, name):
            if is_held_out:
                held_out.setdefault(name, []).append(tag_sentence(sentence, with_quotations=True))
            else:
                learned.extend(_learned_forms(sentence, chance))
                lemmas.update(_find_lemmas(sentence))
    return Examples(learned, sorted(lemmas), held_out)


def _find_lemmas(sentence: TreebankSentence) -> list[str]:
    return [
        f"{_PARTS[word.coarse]} {word.lemma}"
        for word in sentence.words
        if word.coarse in _PARTS and word.lemma.isalpha() and word.lemma.islower()
    ]


def _learned_forms(sentence: TreebankSentence, chance: random.Random) -> list[TaggedSentence]:
    whole = tag_sentence(sentence, with_quotations=False)
    quoted = tag_sentence(sentence, with_quotations=True)
    return [*make_variants(whole, chance), *([quoted] if quoted != whole else [])]


def train(learned: list[TaggedSentence], lemmas: list[str], epochs: int = _EPOCHS, size: int = _SIZE) -> Weights:
    """Returns the weights learned from sentences; `lemmas` are those of the lexicon, see `build_lexicon`."""
    lexicon = build_lexicon([*lemmas, *cue_entries()])
    counts = Counter(feature for words, _ in learned for word in words for feature in set(find_features(word, lexicon)))
    features = sorted(feature for feature, count in counts.items() if count >= _FEWEST[feature[0]])
    vocabulary = {feature: row for row, feature in enumerate(features, RESERVED_ROWS)}
    classes = "".join(sorted({kind for one in learned for kind in one.classes}))
    examples = [_encode(one, vocabulary, lexicon, classes) for one in learned]
    network = Network(_find_hidden_shares([counts[feature] for feature in features]), len(classes), size, _SEED)
    chance = random.Random(_SEED)
    step, steps = 0, epochs * len(_group(examples, chance))
    for epoch in range(epochs):
        losses = []
        for group in _group(examples, chance):
            step += 1
            rate = _RATE * min(1.0, step / 100) * max(0.02, 1 - step / steps)
            losses.append(network.learn(join_examples(group), rate))
        print(f"epoch {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.4f}", file=sys.stderr)
    arrays = network.arrays
    places = [arrays["window"][place * size : (place + 1) * size] for place in range(WINDOW)]
    return Weights(features, lemmas, classes, **{**arrays, "window": np.concatenate(places, 1)})


def _find_hidden_shares(counts: list[int]) -> Floats:
    """Returns how often training hides each form, rare ones oftener, so that endings and neighbours have to do."""
    shares = [max(_LEAST_HIDDEN, 1 / (1 + count)) for count in counts]
    return np.array([0] * RESERVED_ROWS + shares, np.float32)


def _encode(sentence: TaggedSentence, vocabulary: dict[str, int], lexicon: dict[str, str], classes: str) -> Example:
    rows = [find_rows(word, vocabulary, lexicon) for word in sentence.words]
    numbers = [classes.index(kind) for kind in sentence.classes]
    return Example(np.array(rows), np.array(numbers), is_title_case(sentence.words))


def _group(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """Returns batches of sentences in random order."""
    order = list(range(len(examples)))
    chance.shuffle(order)
    groups: list[list[Example]] = [[]]
    words = 0
    for index in order:
        if words > _BATCH:
            groups.append([])
            words = 0
        groups[-1].append(examples[index])
        words += len(examples[index].classes)
    return groups


def measure(tagger: Tagger, sentences: Iterable[TaggedSentence]) -> tuple[int, int]:
    """Returns how many words a tagger tags right, and how many there are; punctuation does not count."""
    sentences = list(sentences)
    found = tagger.tag([one.words for one in sentences])
    pairs = [
        (own, right)
        for tags, one in zip(found, sentences, strict=True)
        for word, own, right in zip(one.words, tags, one.classes, strict=True)
        if word[0].isalnum()
    ]
    return sum(own == right for own, right in pairs), len(pairs)


def main() -> int:
    """Runs the command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.text.english.training", description=__doc__)
    parser.add_argument("treebanks", type=Path, help="folder with NAME.conllu.gz")
    folder = parser.parse_args().treebanks
    try:
        examples = read_examples(folder, random.Random(_SEED))
    except (OSError, TreebankError) as error:
        print(f"cannot read the treebanks: {error}", file=sys.stderr)
        return 1
    weights = train(examples.learned, examples.lemmas)
    with WEIGHTS.open("wb") as file:
        save_weights(file, weights)
    with WEIGHTS.open("rb") as file:
        tagger = Tagger(load_weights(file))
    for name, sentences in examples.held_out.items():
        right, words = measure(tagger, sentences)
        print(f"{name}: {right / words:.4f} of {words} words")
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB, {len(weights.features)} features")
    return 0


if __name__ == "__main__":
    sys.exit(main())
