"""What looks like an attribution and is not a claim: "declined to comment", "shares added 4 percent"."""

import re

from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.inflection import grammar
from pipelines.text.tables import load_words

_TABLE = "silences.yaml"
_REFUSING, _REFUSED, _ANSWERS, _TELLING, _NEGATIONS, _AUTHOR, _SECURITIES, _JUDGED = (
    load_words(__package__, _TABLE, row)
    for row in ("refusing", "refused", "answers", "telling", "negations", "author", "securities", "judged")
)
_NO_COMMENT = re.compile(r"\W*no comment\W*", re.IGNORECASE)
_QUESTION = re.compile(rf"(?:{'|'.join((*grammar()['relatives'].split(), 'if', 'when'))})\b", re.IGNORECASE)
_WORD = re.compile(r"n['’]t|[\w-]+?(?=n['’]t)|[\w’'-]+")
_SUBJECT = re.compile(r"(?:the\s+)?(?P<head>[\w’'-]+)(?=\s+(?:of|in|for|at)\s|$)", re.IGNORECASE)


def is_claim(text: str, one: Attribution, turn: Attribution | None) -> bool:
    """Whether somebody other than the writer says something, and does not only refuse to.

    "I" is the speaker in the turn of a transcript, and the writer outside it.
    """
    content = text[slice(*one.content[0])]
    if _NO_COMMENT.fullmatch(content) or _is_refusal(text, one, content) or _is_left_open(text, one):
        return False
    if one.source is None:
        return True
    source = text[slice(*one.source)].lower()
    subject = _SUBJECT.match(source)
    if turn is not None and source in _AUTHOR:
        one.antecedent = turn.antecedent or turn.source
        return True
    acts = one.construction != "noun" and source in _AUTHOR
    if acts and ("quote" not in one.cue_word.takes or _QUESTION.match(content)):
        return False  # what the writer does and feels: "I asked how many were lost"
    return one.quoted or not (subject and subject.group("head") in _SECURITIES)  # "“It is ours,” Bond said"


def _is_left_open(text: str, one: Attribution) -> bool:
    """Whether the text asks, "Did the mayor say so?", or names nobody, "is considered a danger"."""
    end = one.content[-1][1]
    judged = one.construction == "passive" and one.source is None and one.cue_word.lemma in _JUDGED
    return judged or (text[end : end + 1] == "?" and not one.quoted)


def _is_refusal(text: str, one: Attribution, content: str) -> bool:
    """Whether somebody declines to comment or does not respond."""
    if one.cue is None:
        return False
    cue = text[slice(*one.cue)].lower()
    if one.cue_word.lemma in _ANSWERS and not _NEGATIONS.isdisjoint(_WORD.findall(cue)):
        return True
    words = _WORD.findall(cue)
    if one.cue_word.lemma in _TELLING and not _NEGATIONS.isdisjoint(words) and _QUESTION.match(content):
        return True  # "did not say when"
    if _REFUSING.isdisjoint(words):
        return False
    if not _REFUSED.isdisjoint(words):
        return True
    said = [word for word in _WORD.findall(content.lower()) if word != "to"]
    return bool(said) and said[0] in _REFUSED
