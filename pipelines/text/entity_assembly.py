"""Mentions become entities: one for each somebody or something, under its fullest or its usual name."""

import re
from dataclasses import dataclass, field

from pipelines.text import gazetteer
from pipelines.text.roles import role_of
from schemas.fields import EntityKind
from schemas.text import Entity

_EXPLAINED = re.compile(r"\s?\((?:the\s)?[“\"]?([A-Z][A-Za-z&.-]{1,9})[”\"]?\)")


@dataclass(slots=True)
class Mention:
    """One mention: where it stands, what kind of thing it names, its words, and the title before it."""

    start: int
    end: int
    kind: EntityKind
    words: list[str]
    title: str = ""
    title_start: int = -1


@dataclass(slots=True)
class _Group:
    name: str
    kind: EntityKind
    country: str | None = None
    role: str | None = None
    organisation: str | None = None
    mentions: list[tuple[int, int]] = field(default_factory=list)
    title_mentions: list[tuple[int, int]] = field(default_factory=list)


def assemble(title: str, in_title: list[Mention], body: str, in_body: list[Mention]) -> list[Entity]:
    """Entities in order of first mention, those of the body first."""
    names = _Names(title, in_title, body, in_body)
    groups: dict[tuple[str, EntityKind], _Group] = {}
    for text, mentions in ((body, in_body), (title, in_title)):
        for mention in mentions:
            group = names.group(mention, groups)
            (group.mentions if text is body and mentions is in_body else group.title_mentions).append(
                (mention.start, mention.end)
            )
            if mention.kind == "person" and group.role is None:
                role = role_of(text, mention.start, mention.end, mention.title_start)
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
    """Which name each mention stands under."""

    def __init__(self, title: str, in_title: list[Mention], body: str, in_body: list[Mention]) -> None:
        self._people: dict[str, str] = {}
        self._acronyms: dict[str, str] = {}
        for text, mentions in ((body, in_body), (title, in_title)):
            for mention in mentions:
                whole = text[mention.start : mention.end]
                if mention.kind == "person" and len(mention.words) > 1:
                    for part in {mention.words[-1], mention.words[0]}:
                        self._people.setdefault(part.casefold(), whole)
                elif mention.kind == "organisation":
                    explained = _EXPLAINED.match(text, mention.end)
                    if explained and _stands_for(explained[1], mention.words):
                        self._acronyms[explained[1]] = whole

    def group(self, mention: Mention, groups: dict[tuple[str, EntityKind], _Group]) -> _Group:
        name, country = self._resolved(mention)
        key = name.casefold(), mention.kind
        if key not in groups:
            groups[key] = _Group(name, mention.kind, country)
        return groups[key]

    def _resolved(self, mention: Mention) -> tuple[str, str | None]:
        whole = " ".join(mention.words)
        if mention.kind == "person":
            if len(mention.words) == 1:
                return self._people.get(whole.casefold(), whole), None
            return whole, None
        if mention.kind == "nationality":
            return whole, gazetteer.peoples().get(whole)
        whole = self._acronyms.get(whole, whole)
        known = gazetteer.known().get(whole)
        if known and known.kind == mention.kind:
            return known.name, known.country
        return whole, None


def _stands_for(acronym: str, words: list[str]) -> bool:
    initials = "".join(word[0] for word in words if word[0].isupper())
    letters = acronym.replace(".", "").replace("&", "").upper()
    return letters == initials.upper() or letters in initials.upper() or letters[0] == initials[:1].upper()
