"""The parts of a clause around a cue: verb group, subject, and where what is said begins and ends."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from pipelines.text.english.cues import CueWord, catenatives, cue_verbs, lifeless_nouns, speaking_nouns
from pipelines.text.english.noun_phrases import Range, phrase_ending, phrase_starting, subject_before
from pipelines.text.english.tagging import Sentence

_THINGS = frozenset(("it", "that", "this", "these", "there"))
_ANIMATE = re.compile(r"(?:[eo]rs?|ists?|ians?|ants?|men|women|people|ees)$")
_ABSTRACT = re.compile(r"(?:[ts]ion|ness|ment|ity|ism|[ae]nce|ing|ship|hood|acy|age|ure)s?$")
# Headlines leave out the auxiliary: "Singer accused of fraud", "Residents told to leave".
_FALL_ON = frozenset(("accused", "urged", "told", "ordered", "instructed", "suspected"))
_ANOTHER_SPEAKER = re.compile(r"&(?:H|D|D?[JNUC]{1,4})[RA]*[VEB]")
# Constructions with the content before the cue: what follows them is the content of another.
_AFTERWARDS = frozenset(("quote", "after", "according"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "'s", "'re", "am", "get", "got", "gets"))


@dataclass(slots=True)
class Attribution:
    """Offsets are in the field. `source` is the mention beside the cue; `first` and `sentence` number its sentences."""

    cue_word: CueWord
    sentence: int
    first: int
    cue: tuple[int, int] | None
    source: tuple[int, int] | None
    content: list[tuple[int, int]] = field(default_factory=list)
    construction: str = "clause"
    quoted: bool = False
    antecedent: tuple[int, int] | None = None
    """What a relative pronoun stands for, where that is the source."""


class Clauses:
    """A tagged sentence, what was found in it so far, and how its clauses are cut."""

    def __init__(self, sentence: Sentence, number: int) -> None:
        self.s, self.number = sentence, number
        self.tags, self.lower = sentence.tags, sentence.lower
        self.size = len(sentence.tags)
        self.last = self.size
        while self.last and self.tags[self.last - 1] == ".":
            self.last -= 1
        self.found: list[Attribution] = []

    def _group_start(self, index: int) -> int:
        start = index
        while start and self.tags[start - 1] in "RAM":
            start -= 1
        if start > 2 and self.lower[start - 2 : start] == ["short", "of"]:
            return self._group_start(start - 3)
        if start > 1 and self.tags[start - 1] == "t" and self.lower[start - 2] in catenatives():
            return self._group_start(start - 2)
        while start < index and self.tags[start] == "R":
            start += 1
        return start

    def _is_passive(self, index: int, group: int) -> bool:
        if self.tags[index] != "E":
            return False
        if group == index and self.lower[index] in _FALL_ON:
            return self.lower[index + 1 : index + 2] in (["to"], ["of"])
        return any(self.lower[k] in _BE for k in range(group, index))

    def _subject(self, index: int, group: int) -> Range | None:
        tag = self.tags[index]
        before = group
        while before and self.tags[before - 1] == "R":
            before -= 1
        left = self.tags[before - 1] if before else ""
        if tag == "G" and group == index and left and left in "NCHD":
            return subject_before(self.s, group)
        if (tag == "G" and group == index) or (left and left in "&tP"):
            return self._shared_subject(before) or self._subject_after(index)
        return subject_before(self.s, group)

    def _shared_subject(self, before: int) -> Range | None:
        """The subject that an -ing form, an infinitive or a second verb takes from the verb before it."""
        if self.found and self.found[-1].source is not None and self.tags[before - 1 : before] != "t":
            start, end = self.found[-1].source
            first = self._word_at(start)
            return first, self._word_at(end) if end < self.s.end else self.size
        return self._main_subject(before)

    def _subject_after(self, index: int) -> Range | None:
        """ "Describing it as a farce, Ann Lee left": the subject of the clause that follows."""
        if index and self.tags[:index].strip("SPR"):
            return None
        comma = self.tags.find(",", index)
        return (
            phrase_starting(self.s, comma + 1)
            if comma > 0 and self.tags[comma + 1 : comma + 2] in ("C", "H", "D")
            else None
        )

    def _main_subject(self, before: int) -> Range | None:
        """The subject of the verb nearest before."""
        for one in range(before - 1, -1, -1):
            if self.tags[one] in "VAME":
                group = self._group_start(one)
                subject = subject_before(self.s, group)
                if subject is not None:
                    return subject
        return None

    def _can_speak(self, subject: Range) -> bool:
        """Somebody, or something that is read: a report shows, a situation does not."""
        first, last = subject
        if last - first == 1 and self.tags[first] in "HWTD":
            return self.lower[first] not in _THINGS
        end = next((k for k in range(first, last) if self.tags[k] in "Pt"), last)
        head = self.lower[end - 1]
        if self.tags[end - 1] == "C" or head in speaking_nouns() or _ANIMATE.search(head):
            return True
        return head not in lifeless_nouns() and _ABSTRACT.search(head) is None

    def _clause_end(self, start: int, form: str = "V") -> int:
        verbs = cue_verbs()
        for k in range(start, self.last - 1):
            if self.tags[k] not in ",&":
                continue
            following = k + 1
            while following < self.last - 1 and self.tags[following] in "R&":
                following += 1
            word, tag = self.lower[following], self.tags[following]
            if self.tags[k : k + 3] == ",&T":
                return k
            if self.tags[k] == "," and (word == "according" or (tag in "GVE" and word in verbs)):
                return k
            same = tag == form or (form in "VE" and tag in "VE")
            if self.tags[k] == "&" and (another := _ANOTHER_SPEAKER.match(self.tags, k)):
                verb = verbs.get(self.lower[another.end() - 1])
                if verb is not None and "quote" in verb.takes and verb.takes & {"clause", "that"}:
                    return k - (self.tags[k - 1] == ",")
            if self.tags[k] == "&" and same and word in verbs and ("quote" in verbs[word].takes or tag == "G"):
                return k
        return self.last

    def _phrase_end(self, start: int, stop: int) -> int:
        """A thing that is announced or called for ends where another clause begins."""
        for k in range(start + 1, stop - 1):
            if self.tags[k] == "," and self.tags[k + 1] in "DHS":
                return k
            if self.tags[k] == "S" and self.lower[k] in ("as", "while", "because") and self.tags[k + 1] in "DHCN":
                return k
        return stop

    def _noun_end(self, start: int, stop: int) -> int:
        """What a claim is of ends before the verb that the claim is the subject of."""
        skip = False
        for k in range(start, stop):
            if self.tags[k] in "WT":
                skip = True
            elif self.tags[k] in "VMA":
                if not skip:
                    return k
                skip = False
        return stop

    def _name_end(self, start: int, stop: int) -> int:
        """What is called, and what it is called, end with the first quotation or before a dash or comma."""
        quotation = self.tags.find("Q", start, stop)
        if quotation >= 0 and not any(tag in ",-VAM" for tag in self.tags[start:quotation]):
            after = quotation + 1
            while after < stop and self.tags[after] in "JNC":
                after += 1
            return after
        return next((k for k in range(start + 1, stop) if self.tags[k] in "-"), stop)

    def _hedge_end(self, start: int) -> int:
        """A hedge reaches to the end of its clause."""
        for k in range(start, self.last - 1):
            if self.tags[k] in "-(" or (self.tags[k] == "," and self.tags[k + 1] in "&SW"):
                return k
        return self.last

    def _left_start(self, end: int) -> int:
        """Where the content before `end` starts: after the attribution before it, or with the sentence."""
        start = 0
        for one in self.found:
            if one.construction not in _AFTERWARDS:
                continue
            for piece in (one.cue, one.source):
                if piece is not None and piece[1] <= self.s.starts[end]:
                    start = max(start, self._word_at(piece[1]))
        while start < end and self.tags[start] in ",&-":
            start += 1
        return start

    def _left_content(self, index: int) -> Range | None:
        end = index
        while end and self.tags[end - 1] in ",-(&":
            end -= 1
        if end < 2 or not any(tag in "VAMEB" for tag in self.tags[:end]):
            return None
        return self._left_start(end - 1), end

    def _clause_start(self, index: int) -> int:
        for k in range(index - 1, -1, -1):
            if self.tags[k] in ".:;" or (self.tags[k] in "S,"):
                return k + 1
        return 0

    def _inside_content(self, index: int) -> bool:
        return any(s <= self.s.starts[index] < e for one in self.found for s, e in one.content)

    def _in_apposition(self, comma: int) -> bool:
        """The comma closes something put in after a name: "Ann Lee, who leads the union, said"."""
        opening = self.tags.rfind(",", 0, comma)
        if opening <= 0:
            return not any(tag in "VAMEB" for tag in self.tags[:comma])
        inserted = self.tags[opening + 1 : comma]
        return inserted[:1] in "WU" or not any(tag in "VAMEB" for tag in inserted)

    def _word_at(self, offset: int) -> int:
        return bisect_left(self.s.starts, offset)

    def _add(
        self, cue: CueWord, source: Range | None, cue_range: Range, content: list[Range], construction: str
    ) -> None:
        s = self.s
        pieces = [(s.starts[a], s.ends[b - 1]) for a, b in content if a < b]
        where = (s.starts[source[0]], s.ends[source[1] - 1]) if source else None
        quoted = any("Q" in self.tags[a:b] for a, b in content)
        cue_span = (s.starts[cue_range[0]], s.ends[cue_range[1] - 1])
        one = Attribution(cue, self.number, self.number, cue_span, where, pieces, construction, quoted)
        if source is not None and source[0] and self.tags[source[0]] in "WT":
            before = source[0] - 1 - (self.tags[source[0] - 1] == ",")
            phrase = phrase_ending(s, before) if before >= 0 and self.tags[before] in "NCUJZH" else None
            one.antecedent = (s.starts[phrase[0]], s.ends[phrase[1] - 1]) if phrase else None
        self.found.append(one)
