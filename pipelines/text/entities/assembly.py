"""Groups mentions into entities, each under its fullest or its usual name."""

import re
from dataclasses import dataclass, field
from functools import cache

from pipelines.text.english.inflection import grammar
from pipelines.text.english.tagger.model import load_tagger
from pipelines.text.english.word_classes import PAST_FORM, S_FORM
from pipelines.text.entities import gazetteer
from pipelines.text.entities.roles import find_role
from schemas.fields import EntityKind
from schemas.text import Entity

_PLACE_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Aa]round|[Aa]cross|[Ii]nto|[Tt]owards?|[Tt]he|[Vv]isit\w*|of)\s$"
)
_BETWEEN = re.compile(r"\b(?:between\s|between\s[A-Z]\w+(?:\s[A-Z]\w+)?\sand\s)$")
_POSSESSIVE = re.compile(r"\s?['’]s?\s")
_VERB = re.compile(rf"(?i)\s(?:(?:{'|'.join(sorted(gazetteer.words('adverbs_before_verbs')))})\s)?([a-z]+)")
_ENDINGS = re.compile(r"(?:yy|iy|yi|ii|ij|i)$")
_EXPLAINED = re.compile(r"\s?\((?:the\s)?[“\"]?([A-Z][A-Za-z&.-]{1,9})[”\"]?\)")


_SHORTEST_WITH_ACRONYM = 3
"""Words of a name whose initials may stand for it without being explained."""
_REACH = 40
"""Characters around a capital in which a sign of its government is looked for."""


@dataclass(slots=True)
class NameMention:
    """One mention: its place, the kind of what it names, its words, and the title before it."""

    start: int
    end: int
    kind: EntityKind
    words: list[str]
    title: str = ""
    title_start: int = -1


@dataclass(slots=True)
class _EntityGroup:
    name: str
    kind: EntityKind
    country: str | None = None
    role: str | None = None
    organisation: str | None = None
    mentions: list[tuple[int, int]] = field(default_factory=list)
    title_mentions: list[tuple[int, int]] = field(default_factory=list)


def assemble(title: str, in_title: list[NameMention], body: str, in_body: list[NameMention]) -> list[Entity]:
    """Returns the entities in order of first mention, those of the body first."""
    names = _Names(title, in_title, body, in_body)
    groups: dict[tuple[str, EntityKind], _EntityGroup] = {}
    for text, mentions in ((body, in_body), (title, in_title)):
        for mention in mentions:
            group = names.find_group(text, mention, groups)
            (group.mentions if text is body and mentions is in_body else group.title_mentions).append(
                (mention.start, mention.end)
            )
            if mention.kind == "person" and group.role is None:
                role = find_role(text, mention.start, mention.end, mention.title_start)
                if role:
                    group.role, group.organisation, group.country = role.text, role.organisation, role.country
    return [
        Entity(
            name=group.name,
            kind=group.kind,
            mentions=tuple(group.mentions),
            title_mentions=tuple(group.title_mentions),
            role=group.role,
            organisation=group.organisation,
            country=group.country,
        )
        for group in groups.values()
    ]


class _Names:
    """The name that each mention is filed under."""

    def __init__(self, title: str, in_title: list[NameMention], body: str, in_body: list[NameMention]) -> None:
        self._people: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        for text, mentions in ((body, in_body), (title, in_title)):
            for mention in mentions:
                whole = text[mention.start : mention.end]
                if mention.kind == "person" and len(mention.words) > 1:
                    for part in {mention.words[-1], mention.words[0]}:
                        self._people.setdefault(_normalise_spelling(part), whole)
                elif mention.kind == "organisation":
                    explained = _EXPLAINED.match(text, mention.end)
                    if explained and _abbreviates(explained[1], mention.words):
                        self._acronyms[explained[1]] = whole
                    elif len(mention.words) >= _SHORTEST_WITH_ACRONYM:
                        initials = "".join(word[0] for word in mention.words if word[0].isupper())
                        self._acronyms.setdefault(initials, whole)

    def find_group(
        self, text: str, mention: NameMention, groups: dict[tuple[str, EntityKind], _EntityGroup]
    ) -> _EntityGroup:
        name, country = self._resolve(text, mention)
        key = name.casefold(), mention.kind
        if key not in groups:
            groups[key] = _EntityGroup(name, mention.kind, country)
        return groups[key]

    def _resolve(self, text: str, mention: NameMention) -> tuple[str, str | None]:
        whole = " ".join(mention.words)
        if mention.kind == "person":
            if len(mention.words) == 1:
                return self._people.get(_normalise_spelling(whole), whole), None
            return whole, None
        if mention.kind == "nationality":
            return whole, gazetteer.peoples().get(whole)
        whole = self._acronyms.get(whole, whole)
        known = gazetteer.find_known(whole)
        if known and known.kind == mention.kind:
            if known.seat and known.kind == "location" and known.country and _acts(text, mention):
                return gazetteer.country_names()[known.country], known.country
            return known.name, known.country
        return whole, None


def _acts(text: str, mention: NameMention) -> bool:
    """Whether a capital means its government: "Moscow said", "Seoul's offer", "between Moscow and Pyongyang"."""
    before, after = text[max(0, mention.start - _REACH) : mention.start], text[mention.end : mention.end + _REACH]
    if _PLACE_BEFORE.search(before):
        return False
    if _BETWEEN.search(before) or _POSSESSIVE.match(after):
        return True
    verb = _VERB.match(after)
    return verb is not None and verb[1].lower() in _acting_words()


@cache
def _acting_words() -> frozenset[str]:
    table = grammar()
    return (
        gazetteer.words("person_verbs")
        | frozenset(f"{table['modals']} {table['auxiliaries']}".split())
        | {form for form, classes in load_tagger().lexicon.items() if S_FORM in classes or PAST_FORM in classes}
    )


def _normalise_spelling(name: str) -> str:
    """Returns a key that is the same for Zelensky, Zelenskyy and Zelenskiy."""
    return _ENDINGS.sub("y", name.casefold())


def _abbreviates(acronym: str, words: list[str]) -> bool:
    initials = "".join(word[0] for word in words if word[0].isupper())
    letters = acronym.replace(".", "").replace("&", "").upper()
    if letters in initials.upper() or letters[0] == initials[:1].upper():
        return True
    # The acronym of a translated name has other letters: "Doctors Without Borders (MSF)".
    return len(words) > 1 and acronym.isupper() and acronym not in gazetteer.known()
