"""What follows a cue verb: which construction, and where its content starts."""

import re

from pipelines.text.claims.status import status_words
from pipelines.text.english.clauses import Clauses
from pipelines.text.english.cues import CueWord
from pipelines.text.english.noun_phrases import TIME_PARTS, phrase_starting, time_words

_STARTS_CLAUSE = frozenset("DHJNCUQGB")
_DESCRIBED = re.compile(r"[NC]J+$")


class Complements(Clauses):
    """Reads to the right of a verb."""

    def _complement(self, index: int, cue: CueWord, hops: int = 0) -> tuple[str, int] | None:
        """Construction after the verb, and the word where the content starts."""
        takes, tags, lower = cue.takes, self.tags, self.lower
        speech = "quote" in takes
        addressee: int | None = None
        while index < self.last and hops < 6:
            tag = tags[index]
            if tag == "R" or (tag in "NC" and lower[index] in time_words()):
                index += 1
                continue
            if lower[index] in TIME_PARTS and lower[index + 1 : index + 2] and lower[index + 1] in time_words():
                index += 2
                continue
            if tag == ":" and speech:
                return ("quote", index + 1) if index + 1 < self.last else None
            if tag == "," and tags[index + 1 : index + 2] == "Q" and speech:
                return "quote", index + 1
            if tag == "Q" and speech and not hops:
                return "quote", index
            if tag == "Q" and speech and tags[index - 1] not in "PD":
                return "quote", index
            if tag == "T" and takes & {"clause", "that", "quote"}:
                return ("clause", index) if index + 1 < self.last else None
            if tag == "t" and "infinitive" in takes and tags[index + 1 : index + 2] in tuple("BRAEN"):
                return "infinitive", addressee if addressee is not None else index
            if tag in "Pt" and lower[index] in takes and addressee is not None and lower[index] in ("of", "for"):
                return lower[index], addressee
            if tag in "Pt" and lower[index] in takes and index + 1 < self.last:
                return lower[index], index + (lower[index] != "on" or cue.lemma != "call")
            if tag == "G" and "gerund" in takes:
                return "gerund", index
            if not hops and tag in "MA" and "clause" in takes:
                return "clause", index
            if not hops and tag in _STARTS_CLAUSE:
                direct = self._direct(index, takes)
                if direct:
                    return direct
                if "addressee" in takes:
                    phrase = phrase_starting(self.s, index)
                    if phrase is None:
                        return None
                    if "object" in takes and self._complement(phrase[1], cue, hops=1) is None:
                        return "object", index
                    addressee, index = index, phrase[1]
                    hops += 1
                    if index < self.last and "clause" in takes and tags[index] in "HDCNJ":
                        return "clause", index
                    continue
                return None
            if tag in "Pt":
                phrase = phrase_starting(self.s, index + 1)
                if phrase is None:
                    return None
                index = phrase[1]
                hops += 1
                continue
            if lower[index] == "as" and "as" in takes and not hops and index + 1 < self.last:
                return "as", index
            if tag == "S" and lower[index] in ("if", "whether") and speech:
                return "clause", index
            if tag == "W" and takes & {"clause", "that", "quote"}:
                return "clause", index
            if hops and tag in "HDC" and "clause" in takes and self._has_finite(index):
                return "clause", index
            return None
        return None

    def _direct(self, index: int, takes: frozenset[str]) -> tuple[str, int] | None:
        if "addressee" in takes:
            return None
        if "as" in takes:
            at = next((k for k in range(index, min(self.last - 1, index + 12)) if self.lower[k] == "as"), 0)
            if at:
                return "as", at + 1 if self.tags[at + 1] == "Q" else index
        if "name" in takes:
            return ("name", index) if self._names(index) else None
        if "clause" in takes and self._has_finite(index):
            return "clause", index
        return ("object", index) if "object" in takes else None

    def _names(self, index: int) -> bool:
        """ "called the plan a farce": a phrase and what it is called, not "called the police"."""
        phrase = phrase_starting(self.s, index)
        if phrase is None:
            return False
        tags = self.tags[phrase[0] : phrase[1]]
        if self.lower[phrase[1] - 1] in status_words("dismissive") and phrase[1] - phrase[0] > 1:
            return True
        after = self.tags[phrase[1] : phrase[1] + 1]
        return "Q" in tags or _DESCRIBED.search(tags) is not None or (after != "" and after in "DJQNCE")

    def _has_finite(self, index: int) -> bool:
        phrase = phrase_starting(self.s, index)
        start = phrase[1] if phrase else index + 1
        if "Q" in self.tags[index + 1 : start]:
            return True
        for k in range(start, self.last):
            joined = self.tags[k + 1 : k + 2] if self.tags[k] == "&" else ""
            if joined and joined in "EVB" and not (joined == "E" and self.tags[k + 2 : k + 3] in ("N", "C")):
                return False
            if self.tags[k] in "VAMEBQ":
                return True
            if self.tags[k] in ".:(" or (self.tags[k] == "," and k > start):
                return False
        return False
