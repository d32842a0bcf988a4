"""Where the words around decide a class, whatever the tagger says: it sees only two neighbours on each side."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pipelines.text.english.cues import cue_forms, cue_nouns
from pipelines.text.english.inflection import grammar
from pipelines.text.english.tagger.model import load_tagger
from pipelines.text.english.word_classes import (
    ADJECTIVE,
    ADVERB,
    AUXILIARY,
    BASE_FORM,
    COMMA,
    CONJUNCTION,
    DETERMINER,
    FINITE_VERBS,
    HEADS,
    ING_FORM,
    MODAL,
    NAME,
    NOUN,
    NUMBER,
    PAST_FORM,
    POSSESSIVE_ENDING,
    PREPOSITION,
    PRONOUN,
    QUOTATION,
    RELATIVE,
    S_FORM,
    STOP,
    SUBORDINATOR,
    THAT,
    TO,
    Classes,
)
from pipelines.text.tables import load_words

_PARTICIPLE_IN_PHRASE = re.compile(
    f"{PAST_FORM}(?<=[{DETERMINER}{ADJECTIVE}{POSSESSIVE_ENDING}]{PAST_FORM})(?=[{NOUN}{NAME}{ADJECTIVE}{QUOTATION}])"
    f"|{PAST_FORM}(?<={PREPOSITION}{PAST_FORM})(?={ADJECTIVE}?{NOUN})"
    f"|{ING_FORM}(?<=[{DETERMINER}{ADJECTIVE}]{ING_FORM})(?={NOUN})"
)
"""A participle that describes a noun: "the expected vote", "her opening remarks"."""
_NOUN_PHRASE = f"{DETERMINER}?[{ADJECTIVE}{NOUN}{NAME}{NUMBER}{POSSESSIVE_ENDING}]+"
_LAST = re.compile(
    f"[{COMMA}{QUOTATION}]{COMMA}?{_NOUN_PHRASE}(?:{PREPOSITION}{_NOUN_PHRASE})?{ADVERB}*({NOUN})(?=[{STOP}{COMMA}]|$)"
)
"""The last word of "…, its website states.", "…, a voice in the video states."."""
_REPORTS = re.compile(f"(?<={COMMA}){NAME}+({NOUN})(?={PREPOSITION})")
"""The verb of "…, Orbis reports on Monday"."""
_SUBJECT = f"{DETERMINER}{PRONOUN}{NAME}{ADJECTIVE}{NOUN}{NUMBER}{POSSESSIVE_ENDING}{THAT}"
_OBJECT_STARTS: Classes = frozenset(
    (DETERMINER, PRONOUN, THAT, QUOTATION, NAME, ADJECTIVE, NOUN, NUMBER, PREPOSITION, TO, RELATIVE, BASE_FORM)
)
_CLAUSE_ENDS: Classes = frozenset((COMMA, STOP, CONJUNCTION, SUBORDINATOR))
_NO_SUBJECT: Classes = frozenset((PREPOSITION, SUBORDINATOR, TO))
_FINITE: Classes = frozenset((S_FORM, BASE_FORM, PAST_FORM))
_WRONG: Classes = frozenset((NOUN, ADJECTIVE, NAME))


_NOT_BOTH = re.compile(
    f"{CONJUNCTION}(?<=[{AUXILIARY}{MODAL}{PRONOUN}]{CONJUNCTION})(?=[{PAST_FORM}{BASE_FORM}{S_FORM}{ING_FORM}])"
)
"""The first half of "has neither confirmed nor denied", which joins nothing."""
_OPENS_PHRASE = re.compile(
    f"{SUBORDINATOR}(?={ADVERB}?[{ING_FORM}{AUXILIARY}])|{ADVERB}(?=[{DETERMINER}{PRONOUN}{NAME}{NOUN}{QUOTATION}])"
)
"""What can be the preposition of "accused of hitting", "asked about boats"."""
_PART_OF = re.compile(f"[{ADVERB}{ADJECTIVE}](?={PREPOSITION})")
_AFTER_HAVE = re.compile(f"(?<={AUXILIARY}){NOUN}(?=[{DETERMINER}{ADJECTIVE}{PRONOUN}{NAME}{NUMBER}{NOUN}{THAT}])")
_HAVE_FORMS = frozenset(("has", "have", "had", "'ve"))
_HAVE_BEFORE = re.compile(
    f"[{PAST_FORM}{BASE_FORM}{S_FORM}](?=(?:{PREPOSITION}{DETERMINER}?{ADJECTIVE}?{NOUN})?{ADVERB}*{PAST_FORM})"
)
_SECOND_VERB = re.compile(
    f"[{S_FORM}{PAST_FORM}][{DETERMINER}{ADJECTIVE}{NOUN}{NAME}]*[{NOUN}{NAME}]({S_FORM})(?=[{PREPOSITION}{STOP}]|$)"
    f"|{S_FORM}(?:({BASE_FORM})(?=[{PREPOSITION}{STOP}]|$)|({S_FORM}))"
)
_AFTER_TO = re.compile(f"(?<={TO}){ADJECTIVE}(?=[{STOP}{COMMA}{DETERMINER}{PREPOSITION}{PRONOUN}{SUBORDINATOR}]|$)")
_NOUNS_AFTER_SUBJECT = re.compile(f"(?<=[{NOUN}{NAME}{PRONOUN}])[{NOUN}{NAME}]")
_NOUN_IN_PHRASE = re.compile(
    f"(?:(?<=[{DETERMINER}{POSSESSIVE_ENDING}])|(?<=[{DETERMINER}{POSSESSIVE_ENDING}]{ADJECTIVE})){BASE_FORM}"
)
"""A noun that could be a verb: "a long rant", "the mayor's appeal"."""
_TWO_VERBS = re.compile(f"(?<=[{DETERMINER}{ADJECTIVE}{NUMBER}]){S_FORM}(?={BASE_FORM}[{_SUBJECT}])")
"""The noun before its verb in "Several polls show Ostmark ahead"."""
_CLAIM_THAT = re.compile(f"(?<=[{NOUN}{NAME}{DETERMINER}]){NOUN}(?=[{THAT}{NOUN}{PRONOUN}{DETERMINER}{NAME}])")
"""The word before "that" or a bare clause in "Farmers in the valley claim that it rained"."""
_VERB_GROUP = re.compile(
    f"[{MODAL}{AUXILIARY}][{MODAL}{AUXILIARY}{ADVERB}{PAST_FORM}{BASE_FORM}{ING_FORM}]*|[{S_FORM}{PAST_FORM}]"
)
_NOUN_OF_SAYING = re.compile(
    f"(?<=[{PREPOSITION}{DETERMINER}{POSSESSIVE_ENDING}])[{ADVERB}{ADJECTIVE}{S_FORM}{BASE_FORM}](?=[{PREPOSITION}{THAT}{TO}])"
)
"""Where a noun of saying is: "after pleas for", "the plea that"."""
_PLURAL_DETERMINERS = load_words("pipelines.text.english", "phrases.yaml", "plural_determiners")
_BEFORE_INFINITIVE = re.compile(f"\\A{BASE_FORM}(?={TO}{BASE_FORM})")
"""The first word of "Vote to stop strike"."""
_PLANS = re.compile(f"(?<=[{NOUN}{NAME}]){NOUN}(?={TO}{BASE_FORM})")
"""The word before an infinitive in "said the museum plans to sell"."""


@dataclass(frozen=True, slots=True)
class _Correction:
    """Gives some words another class where the pattern finds them among the classes of a sentence."""

    pattern: re.Pattern[str]
    """The word is the group that took part in the match, or else the first of the match."""
    kind: str | None
    """The class that the word gets; None for the class that it has as a form of a cue."""
    words: frozenset[str] = frozenset()
    """The words that it holds for; none for every word."""
    holds: Callable[[list[str], str, int], bool] | None = None
    """What else must be so at the place of the word."""
    sign: str = ""
    """Classes without which the pattern finds nothing: saves the search."""
    is_rare: bool = False
    """Few sentences have one of the words: saves the search in the others."""


def correct_classes(lower: list[str], tags: str) -> str:
    """Returns the classes of a sentence with those put right that the words around decide."""
    tags = _PARTICIPLE_IN_PHRASE.sub(ADJECTIVE, tags)
    if CONJUNCTION in tags:
        tags = _NOT_BOTH.sub(ADVERB, tags)
    tags = _correct(lower, tags, _corrections())
    if not FINITE_VERBS.isdisjoint(tags):
        return tags
    return _correct(lower, _find_only_verb(lower, tags), _corrections()[-1:])


def _correct(lower: list[str], tags: str, corrections: tuple[_Correction, ...]) -> str:
    rare = _rare_words().intersection(lower)
    for row in corrections:
        if row.sign not in tags or (row.is_rare and row.words.isdisjoint(rare)):
            continue
        for match in row.pattern.finditer(tags):
            at = match.start(match.lastindex or 0)
            word = lower[at]
            if (not row.words or word in row.words) and (row.holds is None or row.holds(lower, tags, at)):
                tags = _replace(tags, at, row.kind or cue_forms()[word])
    return tags


@cache
def _corrections() -> tuple[_Correction, ...]:
    """Returns the corrections in their order: later ones see what earlier ones have put right."""
    table, lexicon = grammar(), load_tagger().lexicon
    quantities = frozenset(table["determiners"].split())
    prepositions = frozenset(table["prepositions"].split()) - frozenset(table["adverbs"].split())
    third_persons = frozenset(form for form, kind in cue_forms().items() if kind == S_FORM)
    present_cues = frozenset(form for form, kind in cue_forms().items() if kind in (S_FORM, BASE_FORM))
    sure_verbs = frozenset(form for form, classes in lexicon.items() if classes == S_FORM)

    def that_can_be(kind: str) -> frozenset[str]:
        return frozenset(form for form, classes in lexicon.items() if kind in classes)

    return (
        # the preposition of "accused of hitting", "asked about boats"
        _Correction(_OPENS_PHRASE, PREPOSITION, prepositions),
        # "most of them" is what a clause is about
        _Correction(_PART_OF, NOUN, quantities, _is_before_of),
        # "had forecast a smaller step"
        _Correction(_AFTER_HAVE, PAST_FORM, that_can_be(PAST_FORM), _is_after_have, sign=AUXILIARY + NOUN),
        _Correction(_HAVE_BEFORE, AUXILIARY, _HAVE_FORMS, is_rare=True),
        # "Mill to close", "Vote to stop strike"
        _Correction(_AFTER_TO, BASE_FORM, that_can_be(BASE_FORM), sign=TO + ADJECTIVE),
        _Correction(_BEFORE_INFINITIVE, NOUN, sign=BASE_FORM + TO + BASE_FORM),
        # the first of two verbs: "Several polls show Ostmark ahead"
        _Correction(_TWO_VERBS, NOUN, that_can_be(NOUN), sign=S_FORM + BASE_FORM),
        # "a long rant about the dam"
        _Correction(_NOUN_IN_PHRASE, NOUN, that_can_be(NOUN), _has_no_plural_determiner, sign=BASE_FORM),
        # a form that can be nothing else: "denies"
        _Correction(_NOUNS_AFTER_SUBJECT, S_FORM, sure_verbs, is_rare=True),
        _Correction(_NOUN_OF_SAYING, NOUN, frozenset(cue_nouns()), _has_no_plural_determiner, is_rare=True),
        _Correction(_LAST, None, present_cues, is_rare=True),
        _Correction(_REPORTS, None, present_cues, is_rare=True),
        _Correction(_PLANS, S_FORM, third_persons, _is_verb_of_planning, sign=NOUN + TO + BASE_FORM),
        _Correction(_CLAIM_THAT, None, present_cues, _is_main_verb, is_rare=True),
        # what would be a second verb of one subject: "denies safety claims", "shows support"
        _Correction(_SECOND_VERB, NOUN, that_can_be(NOUN), sign=S_FORM),
    )


@cache
def _rare_words() -> frozenset[str]:
    """Returns the words of the corrections that few sentences need."""
    return frozenset().union(*(row.words for row in _corrections() if row.is_rare))


def _is_before_of(lower: list[str], _tags: str, at: int) -> bool:
    return lower[at + 1] == "of"


def _is_after_have(lower: list[str], _tags: str, at: int) -> bool:
    return lower[at - 1] in _HAVE_FORMS


def _has_no_plural_determiner(lower: list[str], _tags: str, at: int) -> bool:
    return lower[at - 1] not in _PLURAL_DETERMINERS


def _is_verb_of_planning(lower: list[str], tags: str, at: int) -> bool:
    """Whether a word before an infinitive is the verb of its clause: "said the museum plans to sell"."""
    return not lower[at - 1].endswith("s") and not _has_verb_after(tags, at)


def _is_main_verb(lower: list[str], tags: str, at: int) -> bool:
    """Whether a word before "that" is the verb of the sentence: no other one is there for its subject."""
    if tags[at - 1] == DETERMINER and lower[at - 1] not in _PLURAL_DETERMINERS:
        return False
    start = tags.rfind(COMMA, 0, at) + 1  # "After the letter, the suit claims that …"
    plural = lower[at - 1].endswith("s") or tags[at - 1] == DETERMINER or lower[start].endswith("s")
    agrees = plural == (cue_forms()[lower[at]] == BASE_FORM)
    first = tags[start] not in _NO_SUBJECT and FINITE_VERBS.isdisjoint(tags[:at])
    return agrees and first and len(_VERB_GROUP.findall(tags, at)) == 1


def _has_verb_after(tags: str, at: int) -> bool:
    """Whether a noun is followed by a finite verb in its clause: "said the museum plans to sell were old"."""
    end = next((index for index in range(at, len(tags)) if tags[index] in _CLAUSE_ENDS), len(tags))
    return not FINITE_VERBS.isdisjoint(tags[at:end])


def _find_only_verb(lower: list[str], tags: str) -> str:
    """Makes a verb of the first form of a cue that can be one, in a sentence without any: "Rask touts her plans"."""
    forms, lexicon = cue_forms(), load_tagger().lexicon
    for index in range(1, len(tags) - 1):
        kind = forms.get(lower[index]) or (S_FORM if S_FORM in lexicon.get(lower[index], "") else None)
        may_be_verb = tags[index] in _WRONG and tags[index - 1] in HEADS and tags[index + 1] in _OBJECT_STARTS
        if (
            may_be_verb
            and kind in _FINITE
            and (kind == PAST_FORM or lower[index - 1].endswith("s") == (kind == BASE_FORM))
        ):
            return _replace(tags, index, kind)
    return tags


def _replace(tags: str, at: int, kind: str) -> str:
    return tags[:at] + kind + tags[at + 1 :]
