"""Chains: who says something and who passes it on: "Orbis, citing two officials, said", "quoted him as saying"."""

import re
from typing import NamedTuple

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.tagging import Sentence

_SIGNS = ("citing ", "quoting ", "with reference to ")
"""Most sentences have none of these, and are not searched any further."""
_CITED = re.compile(
    r",?\s+(?P<cue>citing|quoting|with\s+reference\s+to)\s+(?P<cited>[^,.;:“”\"()\n]{2,80}?)"
    r"(?=[,.;:“”\"()\n]|\s+(?:that|who|which|as|on|said|says|reported)\b|$)"
)
_NOT_CITED = re.compile(r"(?:its|his|her|their|a\s+lack|the\s+need)\b", re.IGNORECASE)
_NAME = re.compile(r"(?:the\s+)?[A-Z]")
_WHO = r"[^,.;:()\"“”\n]{2,70}?"
_APPOSED = r"(?:,[^,.;:()\"“”\n]{2,70},)?"
_QUOTED_AS = re.compile(
    rf"\b(?:quoted|quotes|quoting|quote|cited|cites|citing|cite)\s+({_WHO}){_APPOSED}\s+as\s+(?:having\s+)?$"
)
_QUOTED_BY = re.compile(rf"\b(?:quoted|cited)\s+(?:by|in|on)\s+(?:the\s+)?({_WHO})\s+as\s+$")
_AS_SAYING = re.compile(rf"\s*{_WHO}{_APPOSED}\sas\s(?:having\s)?\w+(?:ing|ed|id)\b")
_REPORT = re.compile(
    r",\s+(?:the\s+)?(?P<outlet>[A-Z][\w&.’'-]*(?:\s[A-Z\d][\w&.’'-]*)*|(?:state|local|national)\s(?:media|television|radio|TV))"
    r"\s(?:has\s|have\s|had\s)?(?:reports?|reported)\b(?:\s(?:on|late|early|earlier)\b[^,.;]{0,20})?$"
)
_REPORT_REACH = 90
"""Characters at the end of a content that a report takes."""
_QUOTING = frozenset(("quote", "cite"))
_TAKES_SPEECH = frozenset(("clause", "after"))
"""What the verbs of saying take, unlike verbs of wanting and planning."""
_LEFT_OVER = 12
"""Most characters of a content that do not belong to the attribution inside it, if it only repeats that."""


def cite_sources(text: str, sentence: Sentence, found: list[Attribution]) -> list[Attribution]:
    """Returns the attributions of a sentence, with who is cited as the source of what an outlet says."""
    if not found or all(text.find(sign, sentence.start, sentence.end) < 0 for sign in _SIGNS):
        return found
    for phrase in _CITED.finditer(text, sentence.start, sentence.end):
        outlets = [one for one in found if _is_outlet(text, one) and _belongs(one, phrase)]
        if outlets and _can_say(phrase.group("cited")):
            outlets[-1].relay, outlets[-1].source = outlets[-1].source, phrase.span("cited")
            found = [one for one in found if one in outlets or not _overlaps(one, phrase)]
    return found


def _is_outlet(text: str, one: Attribution) -> bool:
    """Whether the source has a name, or is called a newspaper, an agency or the like."""
    if one.source is None or one.relay is not None:
        return False
    mention = text[slice(*one.source)]
    return kind_of(mention) == "outlet" or (kind_of(mention) is None and _NAME.match(mention) is not None)


def _belongs(one: Attribution, phrase: re.Match[str]) -> bool:
    """Whether the phrase follows the source or its verb, and cuts it off what is said if it has to."""
    if one.source is None or one.cue is None or _overlaps(one, phrase):
        return False
    between = one.source[1] <= phrase.start() and phrase.end() <= one.cue[0]
    if phrase.start() - one.source[1] > 2 and between:
        return False
    start, end = one.content[-1]
    if start < phrase.start() < end:
        one.content[-1] = start, phrase.start()
    return between or one.cue[1] <= phrase.start()


def _overlaps(one: Attribution, phrase: re.Match[str]) -> bool:
    """Whether the attribution is read from the phrase itself."""
    return one.cue is not None and phrase.start() <= one.cue[0] < phrase.end()


def _can_say(cited: str) -> bool:
    """Whether what is cited says something: people, bodies, documents, but not reasons."""
    if _NOT_CITED.match(cited):
        return False
    return kind_of(cited) is not None or _NAME.match(cited) is not None


def set_quoted_source(text: str, one: Attribution, sentence: int) -> None:
    """Sets who is quoted as the source, and who quotes them as the relay: "state media quoted the army as saying …".

    `sentence` is where the sentence begins.
    """
    if one.cue is None or one.relay is not None or not _mentions_quoting(text, sentence, one.cue[0]):
        return
    if (by := _QUOTED_BY.search(text, sentence, one.cue[0])) is not None:
        one.relay = by.span(1)
    elif (quoted := _QUOTED_AS.search(text, sentence, one.cue[0])) is not None:
        one.relay, one.source, one.antecedent = one.source, quoted.span(1), None


def _mentions_quoting(text: str, start: int, end: int) -> bool:
    """Whether any form of "quote" or "cite" is there: saves the search in nearly all sentences."""
    return text.find("quot", start, end) >= 0 or text.find("cit", start, end) >= 0


class Report(NamedTuple):
    """The outlet that reports what somebody said, where its words begin at the end of a content."""

    start: int
    outlet: str


def find_report(text: str, start: int, end: int) -> Report | None:
    """Returns the report that ends a content: ", Orbis News reported on Monday"; None if there is none."""
    found = _REPORT.search(text, max(start, end - _REPORT_REACH), end)
    return Report(found.start(), found["outlet"]) if found else None


def only_quotes(text: str, one: Attribution) -> bool:
    """Whether an attribution is only the first half of a chain: "quoted the army as saying …"."""
    return one.cue_word.lemma in _QUOTING and any(_AS_SAYING.match(text, start) for start, _ in one.content)


def only_repeats(outer: Attribution, inner: Attribution) -> bool:
    """Whether one attribution is all that another says: "Ann Lee said it was late, Orbis reports"."""
    if not inner.cue_word.takes >= _TAKES_SPEECH:
        return False  # "Ostmark plans to leave, the union said" is what the union said
    if outer is inner or outer.source is None or inner.source is None or outer.first != inner.first:
        return False
    parts = [inner.source, *inner.content, *([inner.cue] if inner.cue else [])]
    first, last = min(start for start, _ in parts), max(end for _, end in parts)
    start, end = outer.content[0][0], outer.content[-1][1]
    return start <= first and last <= end + 1 and end - start - (last - first) <= _LEFT_OVER
