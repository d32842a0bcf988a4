"""The constructions that tell who says what, in one sentence: each method reads one of them."""

from pipelines.text.claims.complements import Complements
from pipelines.text.english.clauses import Attribution
from pipelines.text.english.cues import (
    CueWord,
    catenatives,
    cue_nouns,
    cue_verbs,
    hedging_adjectives,
    hedging_adverbs,
    light_verbs,
    phrasal_cues,
    speaking_nouns,
)
from pipelines.text.english.noun_phrases import (
    TIME_PARTS,
    Range,
    phrase_ending,
    phrase_starting,
    subject_before,
    time_words,
)

# Inside what somebody else says, only these tell of a source of their own.
_FIRM = frozenset(("say", "according to"))
_FIRM_CONSTRUCTIONS = frozenset(("quote", "of", "on"))
# Constructions that tell of a claim only where the subject can make one.
_NEEDS_SPEAKER = frozenset(("object", "gerund"))
_WITHHOLDS = frozenset(("declined", "declines", "refused", "refuses"))
_AFTER_VERB = frozenset(("", ",", ".", "P", "-", "R", "S", "(", "t", ")", "&"))
_AFTER_SPEAKER = frozenset(("", ",", ".", "P", "-", "R", "W"))
_ACCORDING = CueWord("according to", frozenset(("after",)), "asserted")
_COLON = CueWord(":", frozenset(("quote",)), "asserted")
_MOST = 24
"""Attributions after which a sentence is read no further: none that is written has as many."""
_HEDGE = CueWord("reportedly", frozenset(), "unconfirmed")
_POSSESSIVES = frozenset(("his", "her", "their", "its", "my", "our", "whose"))


class SentenceReader(Complements):
    """Reads one sentence from left to right."""

    def read(self) -> list[Attribution]:
        self._colon()
        verbs, nouns, hedges, adjectives = cue_verbs(), cue_nouns(), hedging_adverbs(), hedging_adjectives()
        for index, word in enumerate(self.lower):
            if len(self.found) >= _MOST:
                break
            tag = self.tags[index]
            if word == "according" and self.lower[index + 1 : index + 2] == ["to"]:
                self._according(index)
            elif tag in "VBEG" and word in verbs:
                self._verb(index, verbs[word])
            elif tag in "VBEG" and (phrasal := phrasal_cues().get((word, "".join(self.lower[index + 1 : index + 2])))):
                self._construct(index, index + 1, phrasal)
            elif tag in "NC" and word in nouns:
                self._noun(index, nouns[word])
            elif word in hedges:
                self._hedge(index)
            elif word in adjectives:
                self._adjective(index, adjectives[word])
            elif tag == ":" and index and self.tags[index + 1 : index + 2] == "Q" and not self.found:
                self._quoted_colon(index)
        return self._outermost([one for one in self.found if one.content])

    def _outermost(self, found: list[Attribution]) -> list[Attribution]:
        """Without the weak ones inside what another source says: what they tell belongs to that."""
        kept: list[Attribution] = []
        for one in found:
            outer = [other for other in found if other is not one and _holds(other, one)]
            if _is_firm(one) or all(
                _holds(one, other) and other not in kept and not _is_firm(other) for other in outer
            ):
                kept.append(one)
        return kept

    def _colon(self) -> None:
        colon = self.tags.find(":", 0, 12)
        if colon < 1 or colon + 3 > self.last:
            return
        if (
            ("C" in self.tags[:colon] or self.lower[colon - 1] in speaking_nouns())
            and all(tag in "CNDJP&,()" for tag in self.tags[1:colon])
            and self.s.ends[colon - 1] == self.s.starts[colon]
            and self._may_head(colon)
        ):
            self._add(_COLON, (0, colon), (colon, colon + 1), [(colon + 1, self.last)], "colon")

    def _may_head(self, colon: int) -> bool:
        """Somebody named or speaking, not a topic: "Losses in Brennick: what is claimed", "About the Institute: …"."""
        end = next((k for k in range(colon) if self.tags[k] in "P,&("), colon)
        if not end or self.tags[0] == "U":
            return False
        return self.tags[end - 1] == "C" or self.lower[end - 1] in speaking_nouns()

    def _quoted_colon(self, colon: int) -> None:
        """ "From the report: "…"", with no verb of saying before the colon."""
        start = max(self.tags.rfind("-", 0, colon), self.tags.rfind(".", 0, colon)) + 1
        source = phrase_ending(self.s, colon - 1) if colon and self.tags[colon - 1] in "NCUH)" else None
        if source is None or any(tag in "VMA" for tag in self.tags[start : source[0]]):
            return
        if not any(self.tags[k] in "VEBG" and self.lower[k] in cue_verbs() for k in range(start, colon)):
            self._add(_COLON, source, (colon, colon + 1), [(colon + 1, self._clause_end(colon + 1))], "colon")

    def _according(self, index: int) -> None:
        source = phrase_starting(self.s, index + 2)
        if source is None:
            return
        after = source[1]
        if self.tags[index - 1] not in ",." and self.lower[index + 2] in _POSSESSIVES and index:
            return
        left = self._left_content(index)
        if left is not None:
            content = [left]
        else:
            comma = self.tags.find(",", after)
            content = [(comma + 1, self._clause_end(comma + 1))] if comma > 0 else [(after, self.last)]
        self._add(_ACCORDING, source, (index, index + 2), content, "according")

    def _hedge(self, index: int) -> None:
        if self._inside_content(index):
            return
        self._add(_HEDGE, None, (index, index + 1), [(self._clause_start(index), self._hedge_end(index + 1))], "hedge")

    def _adjective(self, index: int, cue: CueWord) -> None:
        """ "the alleged offer": what is alleged is the phrase."""
        if not index or self.tags[index - 1] not in "DZ" or self._inside_content(index):
            return
        stop = self._noun_end(index + 1, self._hedge_end(index + 1))
        if stop > index + 1 and self.tags[stop - 1] in "NCQ":
            self._add(cue, None, (index, index + 1), [(index - 1, stop)], "adjective")

    def _noun(self, index: int, cue: CueWord) -> None:
        following, tag = self.lower[index + 1 : index + 2], self.tags[index + 1 : index + 2]
        linked = tag in "Pt" and bool(following) and following[0] in cue.takes
        clause = tag == "H" and self.lower[index + 1] != "it" and self._has_finite(index + 1)
        if not (linked or (tag == "T" and "that" in cue.takes) or ("that" in cue.takes and clause)):
            return
        if linked and tag == "t" and self.tags[index + 2 : index + 3] not in ("B", "A", "R"):
            return
        source = self._possessor(index)
        if linked and source is None and "anyone" not in cue.takes and self._light_verb(index) is None:
            return
        first = index + 1 if tag == "T" or clause else index + 2
        stop = self._clause_end(first)
        if linked:
            stop = self._noun_end(first, stop)
        begin = index
        if source is None and (light := self._light_verb(index)) is not None:
            source, begin = subject_before(self.s, self._group_start(light)), light
        self._add(cue, source, (begin, index + 1), [(first, stop)], "noun")

    def _light_verb(self, noun: int) -> int | None:
        """The verb of "issued a threat", "made the claim", whose subject is the claimant."""
        before = noun - 1
        while before >= 0 and self.tags[before] in "JND":
            before -= 1
        if (
            before > 0
            and self.tags[before] in "VEB"
            and self.lower[before] != "given"
            and self.lower[before] in light_verbs()
        ):
            return before
        return None

    def _possessor(self, noun: int) -> Range | None:
        """Whose claim it is: "the army's claim", "his claim", "the claim by the army"."""
        before = noun - 1
        while before >= 0 and self.tags[before] in "JNE":
            before -= 1
        if before < 0:
            return None
        if self.tags[before] == "Z":
            return phrase_ending(self.s, before - 1) if before else None
        if self.lower[before] in _POSSESSIVES:
            return before, before + 1
        return None

    def _verb(self, index: int, cue: CueWord) -> None:
        if self._is_catenative(index):
            return
        phrasal = phrasal_cues().get((self.lower[index], "".join(self.lower[index + 1 : index + 2])))
        self._construct(index, index + 1 if phrasal else index, phrasal or cue)

    def _is_catenative(self, index: int) -> bool:
        """ "seems to think": the cue is the verb that follows."""
        following = self.lower[index + 2 : index + 3]
        return (
            self.lower[index] in catenatives()
            and self.tags[index + 1 : index + 2] == "t"
            and bool(following)
            and following[0] in cue_verbs()
        )

    def _construct(self, index: int, end: int, cue: CueWord) -> None:
        group = self._group_start(index)
        if self._inverted(index, group, cue):
            return
        if self.lower[index] == "citing" and self.found:
            return  # "Ann Lee said, citing her notes" is one claim
        subject, passive = self._subject(index, group), self._is_passive(index, group)
        agent = None
        if passive and self.lower[index + 1 : index + 2] == ["by"]:
            agent = phrase_starting(self.s, index + 2)
        complement = self._complement(agent[1] if agent else end + 1, cue)
        if passive:
            impersonal = complement and complement[0] == "clause" and self.lower[group - 1 : group] == ["it"]
            if complement and (impersonal or {"passive", "addressee", "as"} & cue.takes):
                self._passive(index, group, cue, complement, agent)
            return
        if complement is None or (subject is not None and self._is_aside(subject, end, complement)):
            if not self._postposed(index, group, cue, subject) and subject and self.lower[group] in _WITHHOLDS:
                self._add(cue, subject, (group, group + 1), [(group + 1, end + 1)], "infinitive")
            return
        construction, start = complement
        if construction in ("name", "quote") and cue.lemma == "call" and self._is_naming(index, group, index + 1):
            if self.last == self.size and not any(tag in "VMAE" for tag in self.tags[:group]):
                self._add(cue, None, (index, index + 1), [(0, self.last)], "name")
            return
        if subject is None or (construction in _NEEDS_SPEAKER and not self._can_speak(subject)):
            return
        stop = self._clause_end(start, self.tags[index])
        if construction in ("name", "as"):
            stop = self._name_end(start, stop)
        elif construction in ("object", "for", "gerund"):
            stop = self._phrase_end(start, stop)
        content = [(start, stop)]
        left = subject[0] - 1
        if construction in ("quote", "clause") and left >= 0 and self.tags[left] == "Q" and "quote" in cue.takes:
            content.insert(0, (self._left_start(left), left + 1))
        self._add(cue, subject, (group, end + 1), content, construction)

    def _is_aside(self, subject: Range, end: int, complement: tuple[str, int]) -> bool:
        """ "…, officials say in a report that the agency saw": what was said stands before."""
        left = subject[0] - 1
        far = complement[0] == "clause" and "P" in self.tags[end + 1 : complement[1]]
        return far and left > 2 and self.tags[left] == "," and any(tag in "VAME" for tag in self.tags[:left])

    def _is_naming(self, index: int, group: int, start: int) -> bool:
        """ "a club called Union": a name, not a judgement."""
        if self.tags[index] != "E" or group != index or self.tags[start] not in "QC" or not index:
            return False
        return self.tags[index - 1] in "N)"

    def _inverted(self, index: int, group: int, cue: CueWord) -> bool:
        """ "…," said Ann Lee: content, verb, subject."""
        if group != index or not {"after", "quote"} & cue.takes or self.tags[index] not in "VE" or not index:
            return False
        left = index - 1
        comma = self.tags[left] == ","
        quoted = self.tags[left] == "Q" or (comma and left > 0 and self.tags[left - 1] == "Q")
        if "addressee" in cue.takes or not (quoted or (comma and {"quote", "clause", "after"} <= cue.takes)):
            return False
        source = phrase_starting(self.s, index + 1)
        if source is None or self.lower[source[0]] in time_words():
            return False
        if not quoted and (self._in_apposition(left) or self.tags[source[1] : source[1] + 1] not in _AFTER_SPEAKER):
            return False
        content = [(self._left_start(left), left if comma else left + 1)]
        after = source[1]
        if self.tags[after : after + 2] in (",Q", ":Q"):
            content.append((after + 1, self._clause_end(after + 1)))
        self._add(cue, source, (index, index + 1), content, "quote" if quoted else "after")
        return True

    def _postposed(self, index: int, group: int, cue: CueWord, subject: Range | None) -> bool:
        """ "…, Ann Lee says": content, subject, verb."""
        if subject is None or not {"after", "quote"} & cue.takes:
            return False
        left = subject[0] - 1
        if left < 0 or self.tags[left] not in ",Q-":
            return False
        if self.tags[left] != "Q" and self.tags[left - 1] != "Q" and "after" not in cue.takes:
            return False
        quoted = "Q" in self.tags[max(0, left - 1) : left + 1]
        ends = self.tags[index + 1 : index + 2] in _AFTER_VERB or self.lower[index + 1] in time_words() | TIME_PARTS
        if not (quoted or ends or "addressee" in cue.takes):
            return False
        start = self._left_start(left)
        if not quoted and self.tags[start] in "GE" and not any(tag in "VAM" for tag in self.tags[start:left]):
            return False
        end = left + 1 if self.tags[left] == "Q" else left
        self._add(cue, subject, (group, index + 1), [(start, end)], "quote" if quoted else "after")
        return True

    def _passive(self, index: int, group: int, cue: CueWord, complement: tuple[str, int], source: Range | None) -> None:
        construction, start = complement
        content = [(start, self._clause_end(start))]
        subject = subject_before(self.s, group)
        if construction in ("infinitive", "as") and subject is not None:
            content.insert(0, subject)
        self._add(cue, source, (group, index + 1), content, "passive")


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """The cue of one stands in what the other says."""
    at = inner.cue[0] if inner.cue else -1
    return any(start <= at < end for start, end in outer.content)


def _is_firm(one: Attribution) -> bool:
    return one.cue_word.lemma in _FIRM or one.construction in _FIRM_CONSTRUCTIONS
