"""Measures subjects and complements of the verbs of saying against the dependencies of a treebank.

    .venv/bin/python -m tests.pipelines.text.claims.treebank ../shared/treebank

Only documents that the tagger did not learn from are read. A subject is right if it holds the main word of the subject
in the treebank, its own or one that it shares with the verb it depends on; a complement is right if it holds the main
word of the clause or the quotation that follows the verb.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from pipelines.text.claims.complements import Complements
from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.claims.subjects import Subjects
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import cue_verbs
from pipelines.text.english.tagging import tag_sentences
from pipelines.text.english.training.held_out import HELD_OUT, read_sentences
from pipelines.text.english.training.treebank import AlignedSentence, align_sentence
from pipelines.text.english.word_classes import QUOTATION

_SUBJECTS = frozenset(("nsubj", "nsubj:pass"))
_SHARES_SUBJECT = frozenset(("conj", "xcomp", "advcl"))
_CONTENT = frozenset(("ccomp", "parataxis"))
_TAKES_CONTENT = frozenset(("clause", "that", "quote"))


class Score(NamedTuple):
    right: int
    found: int
    expected: int

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.expected)
        return f"precision {precision:.3f}, recall {recall:.3f}, {self.expected} in the treebank"


class Tree:
    """The dependencies of one sentence in the product's words."""

    def __init__(self, aligned: AlignedSentence) -> None:
        self._heads = aligned.heads
        self._relations = [word.relation if word else "dep" for word in aligned.words]

    def _children(self, word: int) -> list[int]:
        return [index for index, head in enumerate(self._heads) if head == word]

    def subject(self, verb: int) -> int | None:
        for _ in self._heads:
            own = [child for child in self._children(verb) if self._relations[child] in _SUBJECTS]
            if own:
                return own[0]
            if self._relations[verb].startswith("acl"):
                return self._heads[verb]
            if self._relations[verb] not in _SHARES_SUBJECT:
                return None
            verb = self._heads[verb]
        return None

    def content(self, verb: int, tags: str) -> int | None:
        after = [child for child in self._children(verb) if child > verb]
        return next((c for c in after if self._relations[c] in _CONTENT or tags[c] == QUOTATION), None)


def measure(sentences: list[AlignedSentence]) -> dict[str, Score]:
    """Returns the scores of subjects and complements; the sentences must have been tagged."""
    counts: Counter[tuple[str, str]] = Counter()
    for aligned in sentences:
        clauses = Clauses(aligned.sentence)
        subjects, complements = Subjects(clauses, SentenceAttributions(clauses, 0)), Complements(clauses)
        tree = Tree(aligned)
        for index, word in enumerate(aligned.words):
            cue = cue_verbs().get(clauses.lower[index])
            if cue is None or word is None or word.coarse != "VERB":
                continue
            subject = subjects.find(index, clauses.group_start(index))
            _count(counts, "subjects", subject, tree.subject(index))
            if cue.takes.isdisjoint(_TAKES_CONTENT):
                continue
            complement = complements.find(index + 1, cue)
            is_content = complement is not None and complement.construction in ("clause", "quote")
            content = (complement.start, clauses.clause_end(complement.start)) if complement and is_content else None
            _count(counts, "complements", content, tree.content(index, clauses.tags))
    return {
        name: Score(*(counts[name, kind] for kind in ("right", "found", "expected")))
        for name in ("subjects", "complements")
    }


def _count(counts: Counter[tuple[str, str]], name: str, found: tuple[int, int] | None, expected: int | None) -> None:
    counts[name, "found"] += found is not None
    counts[name, "expected"] += expected is not None
    counts[name, "right"] += found is not None and expected is not None and found[0] <= expected < found[1]


def main(folder: str) -> None:
    """Prints the scores of the held-out documents of a folder of treebanks."""
    sentences = [
        align_sentence(sentence, with_quotations=True)
        for name in HELD_OUT
        for sentence, is_held_out in read_sentences(Path(folder), name)
        if is_held_out
    ]
    tag_sentences([one.sentence for one in sentences])
    for name, score in measure(sentences).items():
        print(f"{name}: {score}")


if __name__ == "__main__":
    main(*sys.argv[1:])
