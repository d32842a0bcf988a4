"""What nobody in particular says: "has reportedly left", "is said to have left", "hundreds feared dead"."""

from pipelines.text.claims.sentence_attributions import SentenceAttributions
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord, hedging_adverbs
from pipelines.text.english.noun_phrases import subject_before
from pipelines.text.english.word_classes import AUXILIARY, COUNTED_HEADS
from pipelines.text.tables import load_table, load_words

_TABLE = "phrases.yaml"
_HEDGES = {word: frozenset(row.split()) for word, row in load_table(__package__, _TABLE)["hedges"].items()}
_FEARED = load_words(__package__, _TABLE, "feared")
_STATES = load_words(__package__, _TABLE, "states")
_PARTICIPLES = _FEARED.union(*_HEDGES.values())
_ACTIVE = load_words(__package__, _TABLE, "active")
_HEDGE = CueWord("reportedly", frozenset(), "unconfirmed")


HEDGE_WORDS = _PARTICIPLES | hedging_adverbs()


class Hedges:
    """Reads the hedges of one sentence."""

    __slots__ = ("_attributions", "_clauses")

    def __init__(self, clauses: Clauses, attributions: SentenceAttributions) -> None:
        self._clauses, self._attributions = clauses, attributions

    def read(self, index: int) -> bool:
        """Adds the attribution of one of the `HEDGE_WORDS`, at `index`, to nobody. Returns whether it is a hedge."""
        clauses = self._clauses
        if clauses.lower[index] in hedging_adverbs():
            if not self._attributions.is_inside_content(index):
                content = [(clauses.clause_start(index), clauses.hedge_end(index + 1))]
                self._attributions.add(_HEDGE, None, (index, index + 1), content, "hedge")
            return True
        return self._read_participle(index)

    def _read_participle(self, index: int) -> bool:
        """Reads "is said to have left", "is suspected of theft", "hundreds feared dead"."""
        clauses = self._clauses
        word, after = clauses.lower[index], clauses.lower[index + 1 : index + 2]
        group = clauses.group_start(index)
        passive = clauses.is_passive(index, group)
        reduced = not passive and self._is_reduced(index)
        leads_on = (passive or reduced) and any(word in _HEDGES.get(follower, ()) for follower in after)
        subject = subject_before(clauses.sentence, group)
        feared = word in _FEARED and not _STATES.isdisjoint(after) and (passive or self._is_counted(index))
        if subject is None or not (leads_on or feared):
            return False
        if not self._attributions.is_inside_content(index):
            stop = clauses.hedge_end(index + 1)
            content = [subject, (index + 1, clauses.noun_end(index + 3, stop) if reduced else stop)]
            self._attributions.add(_HEDGE, None, (group, index + 1), content, "hedge")
        return True

    def _is_reduced(self, index: int) -> bool:
        """Whether the participle describes the noun before it: "a man believed to be the owner"."""
        lower, tags = self._clauses.lower, self._clauses.tags
        follows_noun = bool(index) and tags[index - 1] in COUNTED_HEADS
        helped = lower[index + 1 : index + 2] == ["to"] and tags[index + 2 : index + 3] == AUXILIARY
        return follows_noun and helped and lower[index] not in _ACTIVE

    def _is_counted(self, index: int) -> bool:
        """Whether the participle stands right after a number or a noun, as headlines leave out its auxiliary."""
        return bool(index) and self._clauses.tags[index - 1] in COUNTED_HEADS
