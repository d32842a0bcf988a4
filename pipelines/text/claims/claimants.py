"""Who a claimant is: pronouns and short forms resolved in the document, with kind, role and country."""

import re
from bisect import bisect_right
from functools import cache

import msgspec

from pipelines.text.tables import load_table
from schemas.fields import ClaimantKind, Field
from schemas.text import ArticleText, Claimant, Entity, Segment

_HE_SHE = frozenset(("he", "she", "him", "her", "his", "who", "himself", "herself"))
_THEY = frozenset(("they", "them", "their", "we", "our", "us"))
_IT = frozenset(("it", "its", "which", "that", "this"))
_FIRST = frozenset(("i", "my", "me"))
_WORD = re.compile(r"\w[\w.&-]*(?:['’](?!s\b)\w+)*")
_LEADING = re.compile(r"^(?:the|a|an|one|its|his|her|their|our|some of the)\s+", re.IGNORECASE)
_SPEAKS_TO = re.compile(r"[,(].*$|\s+(?:who|which|whose|that)\b.*$", re.DOTALL)
_STOP = re.compile(r"[.!?\n]\W")
_REACH = 600
"""Characters back that a pronoun reaches for somebody who has not spoken."""
_AFTER_NAME = re.compile(r"\s(?:of|for|at|in|from|on|with)\s(?=the\s|an?\s)")
_LINKS = frozenset(("of", "for", "at", "in", "from", "on", "to", "with"))
# "The agency": the one that spoke before. "The spy agency" may be another.
_GENERIC = re.compile(
    r"the (?:same |news |(?P<secret>spy |intelligence ))?(?P<noun>company|firm|agency|ministry|group|organi[sz]ation"
    r"|bank|union|club|university|airline|operator|party|service|institute|newspaper|paper|magazine|broadcaster|channel)",
    re.IGNORECASE,
)
_ANY_BODY = frozenset(("company", "firm", "agency", "group", "organisation", "organization", "airline", "operator"))
_MANY, _ONE = ("many", "body"), ("body", "many", "person")
# "A report by the agency Orbis": whose report it is.
_BY = re.compile(
    r"\s+by\s+([^,.;:()\"“”\n]{2,60}?)(?=[,.;:()\"“”\n]|\s+(?:that|which|who|in|on|at|from|to|and|as|is|was|were|has|had"
    r"|says?|said)\b|$)"
)
_OWNER = re.compile(r"(.+)['’]s?\s+(?:[\w-]+\s+){0,3}?([\w-]+)$")
_APPOSED = re.compile(r",\s+(?:the\s+)?((?:[A-Z][\w.’'-]*\s?){1,5})(?=[,.]|$)")
_UNNAMED = "unnamed"


@cache
def _nouns() -> dict[str, ClaimantKind]:
    """Kind by noun; what an office holder is called wins over what employs them."""
    rows: tuple[tuple[str, ClaimantKind], ...] = (
        ("documents", "group"),
        ("groups", "group"),
        ("outlets", "outlet"),
        ("organisations", "organisation"),
        ("governments", "government"),
        ("offices", "office"),
    )
    table = load_table("pipelines.text.english", "claimants.yaml")
    return {word: kind for row, kind in rows for word in table[row].split()}


@cache
def _documents() -> frozenset[str]:
    """What is read, and so has an author; "intelligence" is rather a body."""
    table = load_table("pipelines.text.english", "claimants.yaml")
    return frozenset(table["documents"].split()) - frozenset(table["organisations"].split())


class Claimants:
    """Resolves the mentions of one field, in reading order: what a pronoun means depends on who spoke before."""

    def __init__(self, article: ArticleText, text: str, field: Field) -> None:
        self._text, self._article = text, article
        spans = [
            (start, end, entity)
            for entity in article.entities
            for start, end in (entity.title_mentions if field == "title" else entity.mentions)
        ]
        self._mentions = sorted(spans, key=lambda span: span[:2])
        self._starts = [start for start, _, _ in self._mentions]
        self._people = [entity for entity in article.entities if entity.kind == "person"]
        self._names: dict[str, str] = {}
        self._last: dict[str, Claimant] = {}
        self._segments = sorted(article.segments, key=lambda one: one.start) if field == "body" else []
        self._segment: Segment | None = None

    def resolve(self, start: int, end: int) -> Claimant:
        """The claimant mentioned at this place."""
        mention = self._text[start:end]
        low = mention.lower()
        self._enter(start)
        if low in _HE_SHE | _THEY | _IT | _FIRST:
            claimant = self._pronoun(low, start, end)
        else:
            claimant = self._named(mention, start, end)
        if low not in _FIRST:
            self._remember(claimant)
        return claimant

    def _enter(self, start: int) -> None:
        """Another post or report begins: its pronouns mean nobody from the one before."""
        index = bisect_right(self._segments, start, key=lambda one: one.start) - 1
        segment = self._segments[index] if index >= 0 and start < self._segments[index].end else None
        if segment is not self._segment:
            self._segment, self._last = segment, {}

    def _author(self) -> str:
        speaker = self._segment.speaker if self._segment else None
        return speaker or ("the poster" if self._segment else None) or self._article.author or "the author"

    def _pronoun(self, low: str, start: int, end: int) -> Claimant:
        if low in _FIRST:
            return Claimant(name=self._author(), kind="person", start=start, end=end)
        order = ("person",) if low in _HE_SHE else _MANY if low in _THEY else _ONE
        before = self._before(start, order)
        known = before or next((self._last[one] for one in order if self._is_near(one, start, low)), None)
        if known is None and low in ("who", "which", "that"):
            known = next(iter(self._last.values()), None)
        if known is None:
            return Claimant(
                name=self._text[start:end], kind="person" if low in _HE_SHE else "group", start=start, end=end
            )
        return Claimant(
            name=known.name,
            kind=known.kind,
            role=known.role,
            organisation=known.organisation,
            country=known.country,
            start=start,
            end=end,
        )

    def _is_near(self, slot: str, start: int, low: str) -> bool:
        """Somebody of this kind spoke, and not so far before that the pronoun means another."""
        last = self._last.get(slot)
        if last is None or last.end is None:
            return last is not None
        return low in _HE_SHE or self._text.count("\n\n", last.end, start) <= 1

    def _before(self, start: int, order: tuple[str, ...]) -> Claimant | None:
        """Who leads a sentence before the pronoun, where none spoke since."""
        last = self._last.get(order[0])
        index = bisect_right(self._starts, start) - 1
        while index >= 0 and start - self._starts[index] < _REACH:
            at, end, entity = self._mentions[index]
            if last is not None and last.end is not None and at <= last.end:
                return None
            fits = (order[0] == "person") == (entity.kind == "person") and entity.kind in ("person", "organisation")
            before = self._mentions[index - 1][1] if index else 0
            if fits and (not before or _STOP.search(self._text, before, at)):
                return self._of_entity(entity, at, end)
            index -= 1
        return None

    def _named(self, mention: str, start: int, end: int) -> Claimant:
        head = _SPEAKS_TO.sub("", mention) or mention
        apposed = _APPOSED.match(self._text, start + len(head.rstrip()), start + len(head) + 80)
        if apposed is not None and _kind(head) and not _trailing_name(head):
            return self._apposed(head, apposed, start, end)
        if (author := self._author_of(head, start, end)) is not None:
            return msgspec.structs.replace(author, start=start, end=end)
        inside = self._inside(start, start + len(head))
        kind = _kind(head)
        person = next((entity for entity in reversed(inside) if entity.kind == "person"), None)
        if person is not None and not head.rstrip().endswith(("'s", "’s")) and _ends_with(head, person):
            return self._of_entity(person, start, end, _role(head, person.name))
        body = next((entity for entity in inside if entity.kind in ("organisation", "location")), None)
        if body is not None and _covers(head, body):
            # "Seoul" and "the U.S." stay as they are written: `country` is what governments are merged by.
            claimant = self._of_entity(body, start, end)
            if kind == "outlet" and claimant.kind == "organisation":
                claimant = msgspec.structs.replace(claimant, kind=kind)
            return msgspec.structs.replace(claimant, name=_name(head)) if body.kind == "location" else claimant
        if (last := self._same_body(head, start)) is not None:
            return msgspec.structs.replace(last, start=start, end=end)
        country = next((entity.country for entity in inside if entity.country), None)
        name = _name(head)
        if kind is None:
            return self._by_name(name, start, end)
        role = name if kind == "office" else None
        tail = _trailing_name(head)
        if kind in ("office", "outlet") and tail and tail != name:
            known = self._names.get(tail.split()[-1], tail)
            self._names.setdefault(tail.split()[-1], tail)
            kind = "person" if kind == "office" else kind
            return Claimant(
                name=known,
                kind=kind,
                role=_role(head, tail) if kind == "person" else None,
                country=country,
                start=start,
                end=end,
            )
        if kind == "office" and (known_office := self._office(name)):
            return Claimant(
                name=known_office.name,
                kind="person",
                role=known_office.role,
                organisation=known_office.organisation,
                country=known_office.country,
                start=start,
                end=end,
            )
        return Claimant(name=name, kind=kind, role=role, country=country, start=start, end=end)

    def _author_of(self, head: str, start: int, end: int) -> Claimant | None:
        """Whose report it is: "a report by the agency Orbis", "the institute's estimate"; None where it is not told."""
        words = _WORD.findall(head)
        if not words or words[-1].lower() not in _documents():
            return None
        if (by := _BY.match(self._text, end, end + 80)) is not None:
            return self._named(by.group(1), by.start(1), by.end(1))
        owner = _OWNER.match(head)
        return self._named(owner.group(1), start, start + owner.end(1)) if owner else None

    def _same_body(self, head: str, start: int) -> Claimant | None:
        """ "The airline": the body that spoke last, if its name allows it, else the only one named before that fits."""
        generic, last = _GENERIC.fullmatch(head), self._last.get("body")
        if generic is None:
            return None
        noun, secret = generic["noun"].lower(), bool(generic["secret"])
        named = last is not None and last.kind in ("organisation", "outlet") and last.name[:1].isupper()
        if last and named and (_is_called(last.name, noun, secret) or (noun in _ANY_BODY and not secret)):
            return last
        fitting = {
            entity.name: entity
            for at, end, entity in self._mentions[: bisect_right(self._starts, start)]
            if entity.kind == "organisation"
            and (_is_called(entity.name, noun, secret) or self._is_described(at, end, noun))
        }
        return self._of_entity(next(iter(fitting.values())), start, start) if len(fitting) == 1 else None

    def _is_described(self, start: int, end: int, noun: str) -> bool:
        """ "The agency Orbis", "Orbis, a news agency": the text calls the name at this place by the noun."""
        if self._text[max(0, start - len(noun) - 1) : start].lower() == f"{noun} ":
            return True
        return re.match(rf",\s(?:an?|the)\s(?:[\w’'-]+\s){{0,3}}{noun}\b", self._text[end : end + 80]) is not None

    def _apposed(self, head: str, match: re.Match[str], start: int, end: int) -> Claimant:
        """ "the harbour master, Lena Orlov,": the name is the claimant, the rest the role."""
        named = self._named(match.group(1).strip(), match.start(1), match.start(1) + len(match.group(1).strip()))
        kind = _kind(head)
        person = kind in ("office", "group")
        return Claimant(
            name=named.name,
            kind="person" if person else kind or named.kind,
            role=_name(head) if person else None,
            organisation=named.organisation,
            country=named.country,
            start=start,
            end=end,
        )

    def _office(self, name: str) -> Claimant | None:
        """ "the minister": the person of that role who spoke before, or is named with it."""
        noun = name.split()[-1].lower()
        last = self._last.get("person")
        if last is not None and last.role and noun in last.role.lower().split():
            return last
        for entity in self._people:
            if entity.role and noun in entity.role.lower().split():
                return self._of_entity(entity, 0, 0)
        return None

    def _by_name(self, name: str, start: int, end: int) -> Claimant:
        if name[:1].isupper():
            name = _AFTER_NAME.split(name, maxsplit=1)[0]
        words = name.split()
        if not words or not words[0][:1].isupper():
            kind: ClaimantKind = "group" if words and words[-1].endswith("s") else "person"
            return Claimant(name=name or _UNNAMED, kind=kind, start=start, end=end)
        if (body := self._short_for(name)) is not None:
            return self._of_entity(body, start, end)
        if len(words) > 1:
            self._names.setdefault(words[-1], name)
        return Claimant(name=self._names.get(words[-1], name), kind="person", start=start, end=end)

    def _short_for(self, name: str) -> Entity | None:
        """ "The Joint Chiefs": the only body of the article whose longer name holds these words."""
        if " " not in name:
            return None
        bodies = [
            one for one in self._article.entities if one.kind == "organisation" and f" {name} " in f" {one.name} "
        ]
        return bodies[0] if len(bodies) == 1 else None

    def _inside(self, start: int, end: int) -> list[Entity]:
        found: list[Entity] = []
        index = bisect_right(self._starts, end - 1) - 1
        while index >= 0 and self._mentions[index][1] > start and len(found) < 8:
            found.append(self._mentions[index][2])
            index -= 1
        return found[::-1]

    def _of_entity(self, entity: Entity, start: int, end: int, role: str | None = None) -> Claimant:
        kinds: dict[str, ClaimantKind] = {"person": "person", "location": "government", "nationality": "group"}
        kind = kinds.get(entity.kind) or _kind(entity.name) or "organisation"
        return Claimant(
            name=entity.name,
            kind="organisation" if kind == "office" else kind,
            role=role or entity.role,
            organisation=entity.organisation,
            country=entity.country,
            start=start,
            end=end,
        )

    def _remember(self, claimant: Claimant) -> None:
        slot = {"person": "person", "office": "person", "group": "many"}.get(claimant.kind, "body")
        self._last[slot] = claimant


def _kind(mention: str) -> ClaimantKind | None:
    """Kind by the head noun: the last word before the first preposition that the table knows."""
    head = re.split(r"\s(?:of|for|at|in|from|on|to|with|by)\s", mention, maxsplit=1)[0]
    words = [word.lower() for word in _WORD.findall(head)]
    nouns = _nouns()
    if words and (last := nouns.get(words[-1])):
        return last
    return next((nouns[word] for word in reversed(words) if word in nouns), None)


def _is_called(name: str, noun: str, secret: bool) -> bool:
    """The name holds the noun; what a secret service is called tells of intelligence or security."""
    low = name.lower()
    return "intelligence" in low or "security service" in low if secret else noun in low.split()


def _ends_with(head: str, person: Entity) -> bool:
    last = _WORD.findall(person.name)[-1:] or [""]
    words = _WORD.findall(head)
    return last[0] in words[-2:] or len(words) <= 3


def _covers(head: str, body: Entity) -> bool:
    """The mention is the entity, with no noun of its own: "the Pentagon", not "a Pentagon official"."""
    words = _WORD.findall(_LEADING.sub("", head))
    return len(words) <= len(_WORD.findall(body.name)) + 1 and _kind(head) in (
        None,
        "organisation",
        "outlet",
        "government",
    )


def _role(head: str, name: str) -> str | None:
    """What stands before the name: "Prime Minister" of "the Prime Minister, Ann Lee"."""
    first = min((at for word in _WORD.findall(name) if (at := head.find(word)) >= 0), default=0)
    return _LEADING.sub("", head[:first]).strip(" ,.-–—") or None


def _name(head: str) -> str:
    return _LEADING.sub("", head.strip(" ,.-–—’'\"“”")).strip() or _UNNAMED


def _trailing_name(head: str) -> str:
    """The capitalised words at the end, after the last noun of office: "Moore" of "MI6 Chief Richard Moore"."""
    kept: list[str] = []
    for word in reversed(_WORD.findall(head)):
        if word in _LINKS:
            return ""
        if not word[:1].isupper() or word.lower() in _nouns():
            break
        kept.append(word)
    return " ".join(reversed(kept))
