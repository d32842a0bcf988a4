"""How sure a claim is: from its cue, from what withholds the cue, and from the modality of what is said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pipelines.text.english.cues import CueWord
from pipelines.text.english.tagging import Sentence
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    CLAUSE_LINKS,
    CLAUSE_VERBS,
    DETERMINER,
    FINITE_VERBS,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    PREPOSITION,
    PRONOUN,
    SUBORDINATOR,
    THAT,
    TO,
    VERB_MODIFIERS,
    Classes,
)
from pipelines.text.tables import load_table, load_words
from schemas.fields import Quote, Status

_TABLE = "status.yaml"
_HEAD = 300
"""Characters of a content that are read for its status."""
_READ = 60
"""Words of a content that are read for its status: its main clause is at its head."""
_PHRASE = 10
"""Words of a content without a verb that are read for its modality."""
_JUDGED = 12
"""Words of a content that are read for a dismissive word."""
_SUBJECT_REACH = 8
"""Words of a headline in which its infinitive is searched for."""
_IMPERATIVE_REACH = 6
"""Words of an imperative that hold no modal."""
_OPENING_CHARACTERS = " “\"'‘`[(.…"
_WORD = re.compile(r"n't|[\w-]+?(?=n't)|[\w-]+")
_TRANSPARENT = re.compile(r"(?:[\w’']+\s+){1,5}(?:is|was)\s+that\s+(?=\w)", re.IGNORECASE)
"""An opening after which the claim itself follows: "Our assessment is that …"."""

_AFTER_BASE_FORM = frozenset((DETERMINER, NAME, NOUN, PRONOUN, ADVERB, ADJECTIVE))
_INFINITIVES = frozenset((BASE_FORM, NOUN))
_NOT_IN_SUBJECT: Classes = CLAUSE_VERBS | {PREPOSITION, SUBORDINATOR}
_HELPERS: Classes = frozenset((MODAL, AUXILIARY))
_AFTER_HELPER: Classes = frozenset((PAST_FORM, ING_FORM, BASE_FORM, AUXILIARY, ADVERB))


class CueUse(NamedTuple):
    """One use of a cue: its construction, its words, what is said, and the mention of the claimant."""

    cue: CueWord
    construction: str
    text: str
    content: str
    claimant: str
    quote: Quote = "none"
    is_negated: bool = False
    """Whether the claimant is who did not say it: "no government", "neither the army nor the navy"."""


@dataclass(frozen=True, slots=True)
class _CueRule:
    """A row of `cue_rules`. Constructions and content are conditions; None means any."""

    constructions: frozenset[str] | None
    content: Callable[[str], bool] | None
    status: Status

    def fits(self, use: CueUse) -> bool:
        if self.constructions is not None and use.construction not in self.constructions:
            return False
        return self.content is None or self.content(use.content)


@cache
def _table() -> dict[str, Any]:
    return load_table(__package__, _TABLE)


def status_words(row: str) -> frozenset[str]:
    """Returns the words of a row of `tables/status.yaml`."""
    return load_words(__package__, _TABLE, row)


@cache
def _expressions() -> tuple[tuple[re.Pattern[str], Status], ...]:
    return tuple((re.compile(row["pattern"]), row["status"]) for row in _table()["expressions"])


@cache
def _cue_rules() -> dict[str, tuple[_CueRule, ...]]:
    """Returns the rules of each verb, in the order of the table."""
    rules: dict[str, tuple[_CueRule, ...]] = {}
    for row in _table()["cue_rules"]:
        constructions = frozenset(row["constructions"].split()) if "constructions" in row else None
        content = _CONTENTS[row["content"]] if "content" in row else None
        for verb in row["verbs"].split():
            rules[verb] = (*rules.get(verb, ()), _CueRule(constructions, content, row["status"]))
    return rules


def attributed_status(use: CueUse) -> Status:
    """Returns the status of what somebody says: that of the cue, or of what is said if the cue leaves it open."""
    own = _cue_status(use)
    words = _words(use.text)
    if own == "confirmed" and words[:1] and words[0] in status_words("seeming_forms"):
        return "opinion"
    if use.is_negated or not status_words("withheld").isdisjoint(words) or "short of" in use.text:
        return _withheld_status(use.cue, own)
    vague = _is_vague(use.claimant)
    if own != "asserted":
        return "opinion" if vague and use.cue.lemma == "agree" else own
    said = content_status(use.content, use.quote)
    if said == "unconfirmed" and not _is_doubted(use.content):
        said = "asserted"  # "reportedly" names no source, and here is one
    return "opinion" if vague and said == "asserted" else said


def _cue_status(use: CueUse) -> Status:
    rules = _cue_rules().get(use.cue.lemma, ())
    return next((rule.status for rule in rules if rule.fits(use)), use.cue.status)


def _withheld_status(cue: CueWord, own: Status) -> Status:
    """Returns what a cue with a negation means: "could not confirm", "did not call for"."""
    if own == "asserted" or cue.lemma in status_words("unconfirmed_if_withheld"):
        return "unconfirmed"
    return "denied" if own in ("confirmed", "planned", "demanded") else own


def _is_vague(claimant: str) -> bool:
    """Whether a claimant is nobody in particular: "many", "a lot of people"."""
    named = [word for word in _words(claimant)[:2] if word not in ("a", "the")]
    return bool(named) and named[0] in status_words("vague_claimants")


def _is_doubted(content: str) -> bool:
    """Whether what is said itself says that nothing proves it."""
    low = content.lower()
    return any(status == "unconfirmed" and pattern.search(low) for pattern, status in _expressions())


def _is_dismissive(content: str) -> bool:
    return not status_words("dismissive").isdisjoint(_words(content)[:_JUDGED])


def _has_number(content: str) -> bool:
    """Whether a figure is given: a service that believes a number gives it as its finding."""
    return any(character.isdigit() for character in content)


def _is_command(content: str) -> bool:
    return _is_imperative(Sentence(content, 0, min(len(content), _HEAD), ()).tags)


_CONTENTS: dict[str, Callable[[str], bool]] = {
    "dismissive": _is_dismissive,
    "imperative": _is_command,
    "number": _has_number,
}


def content_status(content: str, quote: Quote = "none") -> Status:
    """Returns the status of a statement without regard to its claimant; `quote` says how much of it is quoted."""
    content = content[:_HEAD].lstrip(_OPENING_CHARACTERS)
    sentence = Sentence(content, 0, len(content), ())
    if (opening := _TRANSPARENT.match(content)) is not None:
        return content_status(content[opening.end() :], quote)
    low = " ".join(sentence.lower[:_READ])
    for pattern, status in _expressions():
        if pattern.search(low):
            return status
    if sentence.tags[:1] == SUBORDINATOR and sentence.lower[0] in status_words("conditions"):
        return "predicted"
    group = _main_group(sentence)
    modality = _modality(sentence, frozenset(group))
    if modality is not None:
        return modality
    judged = quote != "none" or "called" in group
    return "opinion" if judged and _is_judgement(sentence, group) else "asserted"


def _modality(sentence: Sentence, group: frozenset[str]) -> Status | None:
    """Returns the status that the words of the main verb group give; None if they give none."""
    if not group.isdisjoint(status_words("predicted")):
        return "predicted"
    if not group.isdisjoint(status_words("planned")) or _is_planned_headline(sentence):
        return "planned"
    if not group.isdisjoint(status_words("future")):
        return "predicted" if group.isdisjoint(status_words("deliberate")) else "planned"
    if not group.isdisjoint(status_words("demanded")) or _is_imperative(sentence.tags):
        return "demanded"
    return None if group.isdisjoint(status_words("hedges")) else "unconfirmed"


def _main_group(sentence: Sentence) -> list[str]:
    """Returns the first finite verb group that is not inside a relative clause, with the two words after it."""
    tags, lower = sentence.tags, sentence.lower
    start = 1 if tags[:1] == THAT else 0
    in_relative_clause = False
    for index in range(start, min(len(tags), _READ)):
        if index > start and tags[index] in CLAUSE_LINKS:
            in_relative_clause = True
        elif tags[index] in FINITE_VERBS or (tags[index] == BASE_FORM and index > start):
            if not in_relative_clause:
                return _group_around(sentence, index)
            in_relative_clause = tags[index] in _HELPERS and tags[index + 1 : index + 2] in _AFTER_HELPER
    return lower[:_PHRASE]


def _group_around(sentence: Sentence, verb: int) -> list[str]:
    tags, first, end = sentence.tags, verb, verb
    while first and tags[first - 1] == ADVERB:
        first -= 1
    while end < len(tags) and tags[end] in VERB_MODIFIERS:
        end += 1
    return sentence.lower[first : end + 2]


def _is_planned_headline(sentence: Sentence) -> bool:
    """Whether an infinitive follows the subject, without a finite verb: "Ruritania to send 300 engineers"."""
    to = sentence.tags.find(TO)
    infinitive = 0 < to < _SUBJECT_REACH and sentence.tags[to + 1 : to + 2] in _INFINITIVES
    return infinitive and _NOT_IN_SUBJECT.isdisjoint(sentence.tags[:to])


def _is_imperative(tags: str) -> bool:
    """Whether the statement begins with a base form: "Get the troops out now"."""
    start = 1 if tags[:1] == ADVERB else 0
    base_form = tags[start : start + 1] == BASE_FORM and tags[start + 1 : start + 2] in _AFTER_BASE_FORM
    return base_form and MODAL not in tags[:_IMPERATIVE_REACH]


def _is_judgement(sentence: Sentence, group: list[str]) -> bool:
    """Whether a copula leads to an evaluative word or a superlative, and no number is given."""
    if "called" not in group and status_words("copulas").isdisjoint(group):
        return False
    words = sentence.lower[:_READ]
    superlative = any(word.endswith("est") and len(word) > 5 for word in words)
    evaluative = superlative or not status_words("evaluative").isdisjoint(words)
    return evaluative and NUMBER not in sentence.tags[:_READ]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
