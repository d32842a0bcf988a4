"""How sure a claim is: from its cue, from what withholds the cue, and from the modality of its content."""

import re
from functools import cache

from pipelines.text.english.cues import CueWord
from pipelines.text.english.tagging import Sentence
from pipelines.text.tables import load_table
from schemas.fields import Quote, Status

_HEAD = 300
"""Characters of a content that are read for its status."""
_READ = 60
"""Words of a content that are read for its status: the main clause stands at its head."""
_PHRASE = 10
"""Words of a content without a verb that are read for its modality."""
_OWN_WORDS = (
    (re.compile(r"\b(?:i|we) (?:\w+ ){0,2}confirm\b"), "confirmed"),
    (re.compile(r"\b(?:i|we) (?:\w+ ){0,2}(?:deny|reject|refute)\b"), "denied"),
    (re.compile(r"\b(?:no|any) evidence\b"), "unconfirmed"),
    (re.compile(r"\b(?:not true|never happened|is a lie|pure fiction)\b"), "denied"),
    (re.compile(r"\b(?:i|we) (?:\w+ )?(?:urge|demand|call on|call for|insist on|ask)\b"), "demanded"),
    (re.compile(r"^(?:\W|\w+ ){0,3}(?:i|we) (?:\w+ )?(?:think|believe|feel|hope|guess|doubt|fear)\b"), "opinion"),
    (re.compile(r"\b(?:could|can) ?(?:not|n't) (?:be )?(?:\w+ )?(?:confirm|verif)\w*|\bunverified\b"), "unconfirmed"),
)


_WORD = re.compile(r"n't|[\w-]+?(?=n't)|[\w-]+")
# "Our assessment is that …": the claim is what follows.
_TRANSPARENT = re.compile(r"(?:[\w’']+\s+){1,5}(?:is|was)\s+that\s+(?=\w)", re.IGNORECASE)


@cache
def status_words(name: str) -> frozenset[str]:
    """A row of `tables/status.yaml`."""
    return frozenset(load_table(__package__, "status.yaml")[name].split())


def attributed_status(
    cue: CueWord, construction: str, cue_text: str, content: str, claimant: str, quote: Quote, is_negated: bool = False
) -> Status:
    """Status of what somebody says: the cue's own, where it has one, else that of the content.

    `is_negated` says that the claimant is who did not say it: "no government", "neither the army nor the navy".
    """
    own = _cue_status(cue, construction, content)
    if own == "confirmed" and cue_text.lower().startswith(("seem", "appear")):
        return "opinion"
    if is_negated or set(_words(cue_text)) & status_words("withheld") or "short of" in cue_text:
        return _withheld(cue, own)
    named = [word for word in _words(claimant)[:2] if word not in ("a", "the")]
    vague = bool(named) and named[0] in status_words("vague_claimants")
    if own != "asserted":
        return "opinion" if vague and cue.lemma == "agree" else own
    said = content_status(content, quote)
    if said == "unconfirmed" and not _is_doubted(content):
        said = "asserted"  # "reportedly" tells of no source, and here is one
    return "opinion" if vague and said == "asserted" else said


def _is_doubted(content: str) -> bool:
    """The content itself says that nothing proves it."""
    return any(status == "unconfirmed" and pattern.search(content.lower()) for pattern, status in _OWN_WORDS)


def _cue_status(cue: CueWord, construction: str, content: str) -> Status:
    judges = cue.lemma in ("describe", "call", "brand", "label", "dismiss", "portray")
    if judges and set(_words(content)[:12]) & status_words("dismissive"):
        return "denied"
    if cue.lemma == "describe" and construction == "object":
        return "asserted"
    if cue.lemma == "call":
        return "demanded" if construction in ("for", "on", "noun") else "opinion"
    if cue.lemma in ("warn", "caution", "advise", "tell"):
        if construction == "infinitive" or construction == "against" or _is_imperative(_tags_of(content)):
            return "demanded"
        return "predicted" if construction in ("of", "about") and cue.lemma != "tell" else "asserted"
    if cue.lemma == "ask" and construction in ("clause", "quote", "about", "passive"):
        return "asserted"
    if cue.lemma in ("believe", "assess") and any(sign.isdigit() for sign in content):
        return "asserted"  # a service that believes a number gives it as its finding
    if cue.lemma == "agree" and construction == "infinitive":
        return "planned"
    return cue.status


def _withheld(cue: CueWord, own: Status) -> Status:
    if cue.lemma in ("confirm", "verify", "corroborate", "deny", "rule_out", "comment", "say"):
        return "unconfirmed"
    if own in ("confirmed", "asserted", "planned", "demanded"):
        return "denied" if own != "asserted" else "unconfirmed"
    return own


def content_status(content: str, quote: Quote = "none") -> Status:
    """Status of a statement by itself, without regard to who makes it."""
    content = content[:_HEAD].lstrip(" “\"'‘`[(.…")
    sentence = Sentence(content, 0, len(content), ())
    if (opening := _TRANSPARENT.match(content)) is not None:
        return content_status(content[opening.end() :], quote)
    low = " ".join(sentence.lower[:_READ])
    for pattern, status in _OWN_WORDS:
        if pattern.search(low):
            return status  # type: ignore[return-value]
    if sentence.tags[:1] == "S" and sentence.lower[0] in ("if", "unless"):
        return "predicted"
    group = _main_group(sentence)
    words = set(group)
    if words & status_words("predicted"):
        return "predicted"
    if words & status_words("planned") or _is_planned_headline(sentence, group):
        return "planned"
    if words & status_words("future"):
        return "planned" if words & status_words("deliberate") else "predicted"
    if words & status_words("demanded") or _is_imperative(sentence.tags):
        return "demanded"
    if words & status_words("hedges"):
        return "unconfirmed"
    judged = quote != "none" or "called" in group
    return "opinion" if judged and _is_judgement(sentence, group) else "asserted"


def _main_group(sentence: Sentence) -> list[str]:
    """The words of the first finite verb group that is not inside a relative clause, with two words after it."""
    tags, lower = sentence.tags, sentence.lower
    start = 1 if tags[:1] == "T" else 0
    skip = False
    for index in range(start, min(len(tags), _READ)):
        if tags[index] in "WT" and index > start:
            skip = True
        elif tags[index] in "VMAE" or (tags[index] == "B" and index > start):
            if not skip:
                first = index
                while first and tags[first - 1] == "R":
                    first -= 1
                end = index
                while end < len(tags) and tags[end] in "MAR":
                    end += 1
                return lower[first : end + 2]
            skip = tags[index] in "MA" and tags[index + 1 : index + 2] in ("E", "G", "B", "A", "R")
    return lower[:_PHRASE]


def _is_planned_headline(sentence: Sentence, group: list[str]) -> bool:
    """ "Ruritania to send 300 engineers": no finite verb, an infinitive after the subject."""
    to = sentence.tags.find("t")
    subject = sentence.tags[:to]
    return 0 < to < 8 and sentence.tags[to + 1 : to + 2] in ("B", "N") and not set(subject) & set("VMAEBPS")


def _tags_of(content: str) -> str:
    return Sentence(content, 0, min(len(content), _HEAD), ()).tags


def _is_imperative(tags: str) -> bool:
    """ "Get the troops out now": begins with a base form."""
    start = 1 if tags[:1] == "R" else 0
    return tags[start : start + 1] == "B" and tags[start + 1 : start + 2] in tuple("DCNHRJ") and "M" not in tags[:6]


def _is_judgement(sentence: Sentence, group: list[str]) -> bool:
    copula = bool(set(group) & _COPULAS) or "called" in group or not group
    words = set(sentence.lower[:_READ])
    superlative = any(word.endswith("est") and len(word) > 5 for word in words)
    return copula and "U" not in sentence.tags[:_READ] and bool(words & status_words("evaluative") or superlative)


_COPULAS = frozenset("is are was were 's 're be been represents represent marks mark constitutes remains means".split())  # noqa: SIM905


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
