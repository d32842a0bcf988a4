"""How sure a claim is that somebody makes: from its cue, from what withholds the cue, and from what is said."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipelines.text.claims.status.commands import is_command
from pipelines.text.claims.status.statement import find_expression, judge_statement
from pipelines.text.claims.status.table import status_table, status_words
from pipelines.text.claims.status.tagged_words import TaggedWords
from pipelines.text.english.cues import CueWord
from schemas.fields import Quote, Status

_JUDGED = 12
"""Words of a content that are read for a dismissive word."""
_WORD = re.compile(r"n't|[\w-]+?(?=n't)|[\w-]+")


class CueUse(NamedTuple):
    """One use of a cue: its construction, its words, what is said, and the mention of the claimant."""

    cue: CueWord
    construction: str
    text: str
    content: str
    words: TaggedWords
    """The first words of the content."""
    claimant: str
    quote: Quote = "none"
    is_negated: bool = False
    """Whether the claimant is who did not say it: "no government", "neither the army nor the navy"."""

    is_doubted: bool = False
    """Whether the text remarks that nothing confirms what is said."""


@dataclass(frozen=True, slots=True)
class _CueRule:
    """A row of `cue_rules`. Constructions, content and source are conditions; None means any."""

    constructions: frozenset[str] | None
    content: Callable[[CueUse], bool] | None
    is_sourced: bool | None
    status: Status

    def fits(self, use: CueUse) -> bool:
        if self.constructions is not None and use.construction not in self.constructions:
            return False
        if self.is_sourced is not None and self.is_sourced != bool(use.claimant):
            return False
        return self.content is None or self.content(use)


@cache
def _cue_rules() -> dict[str, tuple[_CueRule, ...]]:
    """Returns the rules of each verb, in the order of the table."""
    rules: dict[str, tuple[_CueRule, ...]] = {}
    for row in status_table()["cue_rules"]:
        constructions = frozenset(row["constructions"].split()) if "constructions" in row else None
        content = _CONTENTS[row["content"]] if "content" in row else None
        is_sourced = row["source"] == "named" if "source" in row else None
        for verb in row["verbs"].split():
            rules[verb] = (*rules.get(verb, ()), _CueRule(constructions, content, is_sourced, row["status"]))
    return rules


def attributed_status(use: CueUse) -> Status:
    """Returns the status of what somebody says: that of the cue, or of what is said if the cue leaves it open."""
    own = _cue_status(use)
    words = _words(use.text)
    if own == "confirmed" and words[:1] and words[0] in status_words("seeming_forms"):
        return "opinion"
    if use.is_negated or not status_words("withheld").isdisjoint(words) or "short of" in use.text:
        return _withheld_status(use.cue, own)
    if not status_words("disbelieving").isdisjoint(words):
        return "unconfirmed"
    vague = _is_vague(use.claimant)
    if own != "asserted":
        return "opinion" if vague and use.cue.lemma == "agree" else own
    said = judge_statement(use.words, use.quote)
    if said == "unconfirmed" and find_expression(use.words) != "unconfirmed":
        said = "asserted"  # "reportedly" names no source, and here is one
    if said == "asserted":
        return "unconfirmed" if use.is_doubted else "opinion" if vague else "asserted"
    return said


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


def _is_dismissive(use: CueUse) -> bool:
    return not status_words("dismissive").isdisjoint(_words(use.content)[:_JUDGED])


def _has_number(use: CueUse) -> bool:
    """Whether a figure is given: a service that believes a number gives it as its finding."""
    return any(character.isdigit() for character in use.content)


def _is_command(use: CueUse) -> bool:
    return is_command(use.words, use.quote != "none")


def _is_forecast(use: CueUse) -> bool:
    """Whether what somebody in particular says is itself a plan or a forecast."""
    return not _is_vague(use.claimant) and judge_statement(use.words, use.quote) in ("planned", "predicted")


_CONTENTS: dict[str, Callable[[CueUse], bool]] = {
    "dismissive": _is_dismissive,
    "imperative": _is_command,
    "number": _has_number,
    "forecast": _is_forecast,
}


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))
