"""Where the words around decide a class, whatever the tagger says: it sees only two neighbours on each side."""

import re
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
_HAVE_BEFORE = re.compile(f"[{PAST_FORM}{BASE_FORM}{S_FORM}](?={ADVERB}*{PAST_FORM})")
_SECOND_VERB = re.compile(
    f"[{S_FORM}{PAST_FORM}][{DETERMINER}{ADJECTIVE}{NOUN}{NAME}]*[{NOUN}{NAME}]{S_FORM}(?=[{PREPOSITION}{STOP}]|$)"
    f"|{S_FORM}(?:{BASE_FORM}(?=[{PREPOSITION}{STOP}]|$)|{S_FORM})"
)
_AFTER_TO = re.compile(f"(?<={TO}){ADJECTIVE}(?=[{STOP}{COMMA}{DETERMINER}{PREPOSITION}{PRONOUN}{SUBORDINATOR}]|$)")
_NOUNS_AFTER_SUBJECT = re.compile(f"(?<=[{NOUN}{NAME}{PRONOUN}])[{NOUN}{NAME}]")
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
_PLURAL_DETERMINERS = load_words(__package__, "phrases.yaml", "plural_determiners")
_PLANS = re.compile(f"(?<=[{NOUN}{NAME}]){NOUN}(?={TO}{BASE_FORM})")
"""The word before an infinitive in "said the museum plans to sell"."""


@cache
def _quantities() -> frozenset[str]:
    return frozenset(grammar()["determiners"].split())


@cache
def _prepositions() -> frozenset[str]:
    table = grammar()
    return frozenset(table["prepositions"].split()) - frozenset(table["adverbs"].split())


@cache
def _nouns_of_saying() -> frozenset[str]:
    return frozenset(cue_nouns())


@cache
def _present_cues() -> frozenset[str]:
    """Returns the forms of the cues that are a present tense."""
    return frozenset(form for form, kind in cue_forms().items() if kind in (S_FORM, BASE_FORM))


@cache
def _sure_verbs() -> frozenset[str]:
    """Returns the forms that can be nothing else than a verb: "denies"."""
    return frozenset(form for form, classes in load_tagger().lexicon.items() if classes == S_FORM)


def correct_classes(lower: list[str], tags: str) -> str:
    """Returns the classes of a sentence with those put right that the words around decide."""
    tags = _NOT_BOTH.sub(ADVERB, _PARTICIPLE_IN_PHRASE.sub(ADJECTIVE, tags))
    for correct in _CORRECTIONS:
        tags = correct(lower, tags)
    if not FINITE_VERBS.isdisjoint(tags):
        return tags
    return _find_objects(lower, _find_only_verb(lower, tags))


def _find_prepositions(lower: list[str], tags: str) -> str:
    for match in _OPENS_PHRASE.finditer(tags):
        if lower[match.start()] in _prepositions():
            tags = _replace(tags, match.start(), PREPOSITION)
    return tags


def _find_parts(lower: list[str], tags: str) -> str:
    """Makes a noun of the first word of "most of them": it is what a clause is about."""
    for match in _PART_OF.finditer(tags) if "of" in lower else ():
        if lower[match.start() + 1] == "of" and lower[match.start()] in _quantities():
            tags = _replace(tags, match.start(), NOUN)
    return tags


def _find_participles(lower: list[str], tags: str) -> str:
    """Makes a participle of a noun behind an auxiliary: "had forecast a smaller step"."""
    for match in _AFTER_HAVE.finditer(tags) if AUXILIARY + NOUN in tags else ():
        at = match.start()
        if PAST_FORM in load_tagger().lexicon.get(lower[at], "") and lower[at - 1] in _HAVE_FORMS:
            tags = _replace(tags, at, PAST_FORM)
    return tags


def _find_auxiliaries(lower: list[str], tags: str) -> str:
    """Makes an auxiliary of "had" before a participle: "had forecast a smaller step"."""
    for match in () if _HAVE_FORMS.isdisjoint(lower) else _HAVE_BEFORE.finditer(tags):
        if lower[match.start()] in _HAVE_FORMS:
            tags = _replace(tags, match.start(), AUXILIARY)
    return tags


def _find_objects(lower: list[str], tags: str) -> str:
    """Makes nouns of what would be a second verb of one subject: "denies safety claims", "shows support"."""
    lexicon = load_tagger().lexicon
    for match in _SECOND_VERB.finditer(tags) if S_FORM in tags else ():
        at = match.end() - 1
        if NOUN in lexicon.get(lower[at], ""):
            tags = _replace(tags, at, NOUN)
    return tags


def _find_infinitives(lower: list[str], tags: str) -> str:
    """Makes a base form of an adjective behind "to": "Mill to close"."""
    for match in _AFTER_TO.finditer(tags) if TO + ADJECTIVE in tags else ():
        if BASE_FORM in load_tagger().lexicon.get(lower[match.start()], ""):
            tags = _replace(tags, match.start(), BASE_FORM)
    return NOUN + tags[1:] if tags.startswith(BASE_FORM + TO + BASE_FORM) else tags


def _find_subjects(lower: list[str], tags: str) -> str:
    """Makes a noun of the first of two verbs: "Several polls show Ostmark ahead"."""
    lexicon = load_tagger().lexicon
    for match in _TWO_VERBS.finditer(tags) if S_FORM + BASE_FORM in tags else ():
        if NOUN in lexicon.get(lower[match.start()], ""):
            tags = _replace(tags, match.start(), NOUN)
    return tags


def _find_sure_verbs(lower: list[str], tags: str) -> str:
    """Makes a verb of a form that can be nothing else: "denies"."""
    sure = _sure_verbs()
    for match in () if sure.isdisjoint(lower) else _NOUNS_AFTER_SUBJECT.finditer(tags):
        if lower[match.start()] in sure:
            tags = _replace(tags, match.start(), S_FORM)
    return tags


def _find_nouns(lower: list[str], tags: str) -> str:
    nouns = _nouns_of_saying()
    for match in () if nouns.isdisjoint(lower) else _NOUN_OF_SAYING.finditer(tags):
        at = match.start()
        if lower[at] in nouns and lower[at - 1] not in _PLURAL_DETERMINERS:
            tags = _replace(tags, at, NOUN)
    return tags


def _find_last_verb(lower: list[str], tags: str) -> str:
    for match in () if _present_cues().isdisjoint(lower) else (*_LAST.finditer(tags), *_REPORTS.finditer(tags)):
        kind = cue_forms().get(lower[match.start(1)])
        if kind in (S_FORM, BASE_FORM):
            tags = _replace(tags, match.start(1), kind)
    return tags


def _find_plans(lower: list[str], tags: str) -> str:
    for match in _PLANS.finditer(tags) if NOUN + TO + BASE_FORM in tags else ():
        at = match.start()
        if cue_forms().get(lower[at]) == S_FORM and not lower[at - 1].endswith("s") and not _has_verb_after(tags, at):
            tags = _replace(tags, at, S_FORM)
    return tags


def _find_claims(lower: list[str], tags: str) -> str:
    for match in () if _present_cues().isdisjoint(lower) else _CLAIM_THAT.finditer(tags):
        at = match.start()
        kind = cue_forms().get(lower[at])
        if kind in (S_FORM, BASE_FORM) and _is_main_verb(lower, tags, at):
            tags = _replace(tags, at, kind)
    return tags


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


_CORRECTIONS = (
    _find_prepositions,
    _find_parts,
    _find_participles,
    _find_auxiliaries,
    _find_infinitives,
    _find_subjects,
    _find_sure_verbs,
    _find_nouns,
    _find_last_verb,
    _find_plans,
    _find_claims,
    _find_objects,
)
"""The corrections in their order: later ones see what earlier ones have put right."""
