"""Who says what, sentence by sentence: source, cue and content of each attribution, found by shallow grammar."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.text.cues import (
    CueWord,
    catenatives,
    cue_nouns,
    cue_verbs,
    hedging_adjectives,
    hedging_adverbs,
    lifeless_nouns,
    light_verbs,
    phrasal_cues,
    speaking_nouns,
)
from pipelines.text.noun_phrases import TIME_PARTS, Range, phrase_ending, phrase_starting, subject_before, time_words
from pipelines.text.quotes import Quotation
from pipelines.text.status import status_words
from pipelines.text.tagging import Sentence

_FINITE = frozenset("VAME")
_STARTS_CLAUSE = frozenset("DHJNCUQGB")
# Inside what somebody else says, only these tell of a source of their own.
_FIRM = frozenset(("say", "according to"))
_FIRM_CONSTRUCTIONS = frozenset(("quote", "of", "on"))
# Constructions that tell of a claim only where the subject can make one.
_NEEDS_SPEAKER = frozenset(("object", "gerund"))
_THINGS = frozenset(("it", "that", "this", "these", "there"))
_ANIMATE = re.compile(r"(?:[eo]rs?|ists?|ians?|ants?|men|women|people|ees)$")
_ABSTRACT = re.compile(r"(?:[ts]ion|ness|ment|ity|ism|[ae]nce|ing|ship|hood|acy|age|ure)s?$")
# Headlines leave out the auxiliary: "Singer accused of fraud", "Residents told to leave".
_FALL_ON = frozenset(("accused", "urged", "told", "ordered", "instructed", "suspected"))
_WITHHOLDS = frozenset(("declined", "declines", "refused", "refuses"))
_DESCRIBED = re.compile(r"[NC]J+$")
_ANOTHER_SPEAKER = re.compile(r"&(?:H|D|D?[JNUC]{1,4})[RA]*[VEB]")
# Constructions with the content before the cue: what follows them is the content of another.
_AFTERWARDS = frozenset(("quote", "after", "according"))
_AFTER_VERB = frozenset(("", ",", ".", "P", "-", "R", "S", "(", "t", ")", "&"))
_AFTER_SPEAKER = frozenset(("", ",", ".", "P", "-", "R", "W"))
_ACCORDING = CueWord("according to", frozenset(("after",)), "asserted")
_COLON = CueWord(":", frozenset(("quote",)), "asserted")
_PLACE = r"[A-Z][\w.'’/]+(?:[ -][A-Z][\w.'’/]+){0,3}(?:,\s*[A-Z][\w.]+(?:\s+\d{1,2})?)?"
_AGENCY = r"\([A-Z][\w. /]{1,30}\)"
_CAPITALS = r"[A-Z][A-Z.'’/]{2,}(?:[ ,]+[A-Z]\w*\.?(?:\s\d{1,2})?){0,3}"
_DATELINE = re.compile(rf"(?:{_PLACE}\s*{_AGENCY}|{_AGENCY}|{_CAPITALS})\s*[-–—]{{1,2}}\s+(?=\S)")
_CREDITS = frozenset(f"({'C' * count})" for count in range(1, 6))
_CREDIT = CueWord("credit", frozenset(), "asserted")
_SPEECH = CueWord("", frozenset(), "asserted")
_MOST = 24
"""Attributions after which a sentence is read no further: none that is written has as many."""
_LONG = 350
"""Characters from which a quotation that goes on is a claim of its own."""
_HEDGE = CueWord("reportedly", frozenset(), "unconfirmed")


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


def find_attributions(
    text: str, spans: Sequence[tuple[int, int]], quotations: Sequence[Quotation]
) -> tuple[list[Attribution], list[Sentence]]:
    """Attributions of a text in reading order, and its sentences as tagged."""
    found: list[Attribution] = []
    sentences: list[Sentence] = []
    at = 0
    for number, (start, end) in enumerate(spans):
        inside: list[Quotation] = []
        while at < len(quotations) and quotations[at].start < end:
            if quotations[at].start >= start:
                inside.append(quotations[at])
            at += 1
        sentence = Sentence(text, _after_dateline(text, start, end), end, inside)
        sentences.append(sentence)
        local = _Reader(sentence, number).read()
        if sentence.tags.strip(".") in _CREDITS and number and not _spoken(found, number - 1):
            found.append(_credit(sentence, number, spans[number - 1]))
        elif not local and sentence.tags.strip(".") in ("Q", "QQ"):
            _continue(found, sentence, number)
        found.extend(local)
    return found, sentences


def _after_dateline(text: str, start: int, end: int) -> int:
    """ "DELPORT, Oct 17 (Orbis) - The port …": where the sentence itself starts."""
    dateline = _DATELINE.match(text, start, min(end, start + 80))
    return dateline.end() if dateline and dateline.end() < end else start


def _spoken(found: list[Attribution], number: int) -> bool:
    return bool(found) and found[-1].sentence == number


def _credit(sentence: Sentence, number: int, before: tuple[int, int]) -> Attribution:
    """ "(Evening Post)" after a sentence: that is where it is from."""
    name = (sentence.starts[1], sentence.ends[sentence.tags.find(")") - 1])
    cue = (sentence.starts[0], sentence.ends[-1])
    return Attribution(_CREDIT, number, number - 1, cue, name, [before], "credit")


def _continue(found: list[Attribution], sentence: Sentence, number: int) -> None:
    """A sentence that is only a quotation goes on with the speech before it; a long one is a claim of its own."""
    before = found[-1] if found else None
    if before is None or not before.quoted or before.sentence < number - 1:
        return
    span = (sentence.starts[0], sentence.ends[-1])
    before.sentence = number
    if span[1] - span[0] < _LONG:
        before.content.append(span)
    else:
        found.append(Attribution(_SPEECH, number, number, None, before.source, [span], "continued", True))


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """The cue of one stands in what the other says."""
    at = inner.cue[0] if inner.cue else -1
    return any(start <= at < end for start, end in outer.content)


def _is_firm(one: Attribution) -> bool:
    return one.cue_word.lemma in _FIRM or one.construction in _FIRM_CONSTRUCTIONS


class _Reader:
    """Reads one sentence from left to right."""

    def __init__(self, sentence: Sentence, number: int) -> None:
        self.s, self.number = sentence, number
        self.tags, self.lower = sentence.tags, sentence.lower
        self.size = len(sentence.tags)
        self.last = self.size
        while self.last and self.tags[self.last - 1] == ".":
            self.last -= 1
        self.found: list[Attribution] = []
        self.subject: Range | None = None

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

    # constructions ---------------------------------------------------------------------------------------------
    def _colon(self) -> None:
        colon = self.tags.find(":", 0, 12)
        if colon < 1 or colon + 3 > self.last:
            return
        if (
            ("C" in self.tags[:colon] or self.lower[colon - 1] in speaking_nouns())
            and all(tag in "CNDJP&,()" for tag in self.tags[1:colon])
            and self.s.ends[colon - 1] == self.s.starts[colon]
        ):
            self._add(_COLON, (0, colon), (colon, colon + 1), [(colon + 1, self.last)], "colon")

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

    def _hedge_end(self, start: int) -> int:
        """A hedge reaches to the end of its clause."""
        for k in range(start, self.last - 1):
            if self.tags[k] in "-(" or (self.tags[k] == "," and self.tags[k + 1] in "&SW"):
                return k
        return self.last

    def _adjective(self, index: int, cue: CueWord) -> None:
        """ "the alleged offer": what is alleged is the phrase."""
        if not index or self.tags[index - 1] not in "DZ" or self._inside_content(index):
            return
        stop = self._noun_end(index + 1, self._hedge_end(index + 1))
        if stop > index + 1 and self.tags[stop - 1] in "NCQ":
            self._add(cue, None, (index, index + 1), [(index - 1, stop)], "adjective")

    def _inside_content(self, index: int) -> bool:
        return any(s <= self.s.starts[index] < e for one in self.found for s, e in one.content)

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

    def _in_apposition(self, comma: int) -> bool:
        """The comma closes something put in after a name: "Ann Lee, who leads the union, said"."""
        opening = self.tags.rfind(",", 0, comma)
        if opening <= 0:
            return not any(tag in "VAMEB" for tag in self.tags[:comma])
        inserted = self.tags[opening + 1 : comma]
        return inserted[:1] in "WU" or not any(tag in "VAMEB" for tag in inserted)

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

    # parts -----------------------------------------------------------------------------------------------------
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


_POSSESSIVES = frozenset(("his", "her", "their", "its", "my", "our", "whose"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "'s", "'re", "am", "get", "got", "gets"))
