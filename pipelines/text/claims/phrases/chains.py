"""Chains: "Orbis, citing two officials, said boats sank" is what the officials say, and Orbis passes it on."""

import re

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.tagging import Sentence

# Begins with all first letters, because the search for one of a few characters is fast.
_SIGN = re.compile(r"[cqw](?:(?<=c)iting|(?<=q)uoting|(?<=w)ith reference to)\s")
_CITED = re.compile(
    r",?\s+(?P<cue>citing|quoting|with\s+reference\s+to)\s+(?P<cited>[^,.;:“”\"()\n]{2,80}?)"
    r"(?=[,.;:“”\"()\n]|\s+(?:that|who|which|as|on|said|says|reported)\b|$)"
)
_NOT_CITED = re.compile(r"(?:its|his|her|their|a\s+lack|the\s+need)\b", re.IGNORECASE)
_NAME = re.compile(r"(?:the\s+)?[A-Z]")


def cite_sources(text: str, sentence: Sentence, found: list[Attribution]) -> list[Attribution]:
    """Returns the attributions of a sentence, with who is cited as the source of what an outlet says."""
    if not found or _SIGN.search(text, sentence.start, sentence.end) is None:
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
