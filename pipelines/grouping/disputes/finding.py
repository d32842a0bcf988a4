"""Finds the question that each figure of an article answers: whose, what, which event, and where.

The value plays no part, so that all figures about one question are one dispute, by any claimant. Whose and where
are read around the figure first; if the sentence leaves them open, the other figures of the article about the same
thing decide.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from pipelines.grouping.claimants.known import adjectives
from pipelines.grouping.claimants.spelling import make_slug
from pipelines.text.entities import gazetteer
from pipelines.text.entities.forms import list_found
from pipelines.text.tables import load_table
from schemas.text import ArticleText, ClaimText, Entity, FigureText

_KINDS = ("count", "money")
"""Kinds of figures that can be compared. A percentage can be of anything."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_BODY = re.compile(r"['’]s?\s+(?:[A-Z]\w+|spy|defence|defense|foreign|intelligence|military|president|government)")
_REACH = 60
"""Characters around a figure in which words say how people were lost."""
_BOTH = re.compile(r"\b(?:killed|dead|died) (?:or|and) (?:been )?(?:wounded|injured)\b")
_JOINT = re.compile(r"\s(?:and|while|but)\s|[,;]\s")
"""What separates the parts of a sentence, each with a figure of its own."""
_LOOK_BACK = 30
"""Characters before a place in which its preposition is."""


class Dispute(NamedTuple):
    """The question that a figure answers."""

    id: str
    name: str


@dataclass(frozen=True)
class Question:
    """A question while it is put together. `owner` and `place` are codes of countries, or names."""

    thing: str
    event: str
    stage: str
    owner: str = ""
    place: str = ""

    @property
    def topic(self) -> tuple[str, str]:
        """What the figures of an article share if they are about the same people or things."""
        return self.thing, self.event


class PlaceMention(NamedTuple):
    """A mention of a country, people or body in the field of a figure."""

    start: int
    end: int
    entity: Entity


@cache
def _words() -> dict[str, frozenset[str]]:
    table = load_table(__package__, "questions.yaml")
    return {name: frozenset(row.split()) for name, row in table.items() if isinstance(row, str)}


@cache
def _things() -> dict[str, str]:
    rows: dict[str, str] = load_table(__package__, "questions.yaml")["things"]
    return {noun: thing for thing, nouns in rows.items() for noun in nouns.split()}


@cache
def _phrases() -> dict[str, str]:
    return dict(load_table(__package__, "questions.yaml")["phrases"])


def list_owners(article: ArticleText) -> list[ClaimText | None]:
    """Returns the claim that each figure of the article belongs to, None if it is in none."""
    owners = {(figure.field, figure.start, figure.end): claim for claim in article.claims for figure in claim.figures}
    return [owners.get((figure.field, figure.start, figure.end)) for figure in article.figures]


def find_disputes(article: ArticleText) -> list[Dispute | None]:
    """Returns the dispute of each figure of the article; None for a figure that answers no known question.

    A figure that is in no claim is in no dispute.
    """
    owners = list_owners(article)
    if not any(owners):
        return [None] * len(article.figures)
    mentions = list_mentions(article)
    questions = [
        read_question(article, figure, claim, mentions[figure.field]) if claim and figure.kind in _KINDS else None
        for figure, claim in zip(article.figures, owners, strict=True)
    ]
    has_soldiers = any(each and is_about_soldiers(each) for each in questions)
    context = find_context(article, mentions) if has_soldiers else {}
    return [make_dispute(each) if each else None for each in fill_from_others(questions, context)]


def list_mentions(article: ArticleText) -> dict[str, list[PlaceMention]]:
    """Returns the mentions of countries, peoples, places and bodies in title and body, in order.

    They have the names of the text: a stored decision about a name moves no figure to another question.
    """
    found: dict[str, list[PlaceMention]] = {"title": [], "body": []}
    for entity in list_found(article.entities):
        if entity.kind != "person":
            for field, spans in (("title", entity.title_mentions), ("body", entity.mentions)):
                found[field] += [PlaceMention(start, end, entity) for start, end in spans]
    return {field: sorted(places, key=lambda place: place[:2]) for field, places in found.items()}


def read_question(
    article: ArticleText, figure: FigureText, claim: ClaimText, mentions: Sequence[PlaceMention]
) -> Question | None:
    """Returns the question of a figure as far as its sentence says it; None if it counts nothing nameable."""
    text = (article.title or "") if figure.field == "title" else article.body
    event, words = claim.event or "", _words()
    thing = find_thing(figure, event, text)
    if thing is None or not (event or thing in _things().values()):
        return None
    if thing in words["victims"]:
        event = "loss"
    elif thing == "volunteers" or event == "offer":
        event = "offer"
    elif figure.unit_class == "military_personnel" and event in (words["presence"] | {""}):
        event = "deployment"
    stage = "more" if figure.change == "additional" else "to come" if claim.status in words["to_come"] else ""
    if event in ("loss", "offer") and stage == "to come":
        stage = ""
    spans = claim.content or ((claim.start, claim.end),)
    near = [each for each in mentions if any(start <= each.start and each.end <= end for start, end in spans)]
    if thing not in words["of_bodies"] and figure.kind != "money":
        near = [each for each in near if each.entity.kind != "organisation"]
    owner = find_owner(text, figure, near)
    return Question(thing, event, stage, owner, find_where(text, figure, near, owner) if event != "offer" else "")


def find_thing(figure: FigureText, event: str, text: str) -> str | None:
    """Returns what is counted: the usual name of the unit's head noun. Lost people are the killed or the wounded."""
    if figure.kind == "money":
        return f"money {figure.currency}" if figure.currency and event else None
    nouns = [word.lower() for word in _WORD.findall(figure.unit)]
    if not nouns or figure.unit_class in ("other", "time"):
        return None
    if "captured" in nouns:
        return "captured"
    thing: str = _things().get(nouns[-1], nouns[-1])
    if event == "loss" and (thing in ("troops", "people") or thing in _words()["victims"]):
        return find_victims(figure, thing, text)
    return thing


def find_victims(figure: FigureText, thing: str, text: str) -> str:
    """Returns whether the lost are the killed, the wounded, or both, by the words around the figure."""
    start = max(0, figure.start - _REACH // 2)
    around = text[start : figure.end + _REACH]
    if thing in ("killed", "wounded"):
        return "losses" if _BOTH.search(text, figure.start, figure.end + _REACH) else thing
    if _BOTH.search(around):
        return "losses"
    # "100 were killed and about 1,000 wounded": the words of its own part of the sentence come first.
    own_start = max((each.end() for each in _JOINT.finditer(around, 0, figure.start - start)), default=0)
    own_end = next((each.start() for each in _JOINT.finditer(around, figure.end - start)), len(around))
    return find_loss(around[own_start:own_end]) or find_loss(around) or "losses"


def find_loss(text: str) -> str | None:
    """Returns whether the words of a text say killed or wounded, the first of them; None if they say neither."""
    words = _words()
    for found in _WORD.finditer(text):
        for name in ("killed", "wounded"):
            if found[0].lower() in words[name]:
                return name
    return None


def find_owner(text: str, figure: FigureText, mentions: Sequence[PlaceMention]) -> str:
    """Returns whose it is: the people in the unit, or the first country or body before that is not where it happens."""
    end = figure.end + len(figure.unit)
    for each in mentions:
        if figure.end <= each.start <= end and each.entity.kind == "nationality":
            return name_owner(each.entity)
    for each in mentions:
        if (
            each.end <= figure.start
            and not _stands_after(text, each, "prepositions")
            and not _BODY.match(text, each.end)
        ):
            return name_owner(each.entity)
    return ""


def find_where(text: str, figure: FigureText, mentions: Sequence[PlaceMention], owner: str) -> str:
    """Returns the country where the counted are or go to, if the words after the figure name one."""
    for each in mentions:
        if each.start >= figure.end and each.entity.country and _stands_after(text, each, "where"):
            return each.entity.country if each.entity.country != owner else ""
    return ""


def _stands_after(text: str, place: PlaceMention, row: str) -> bool:
    words = _words()
    for word in reversed(text[max(0, place.start - _LOOK_BACK) : place.start].lower().split()):
        if word not in words["between"]:
            return word in words[row]
    return False


def name_owner(entity: Entity) -> str:
    """Returns the country of a people or place, or the name of a body."""
    if entity.country and entity.kind in ("nationality", "location"):
        return entity.country
    return entity.name if entity.kind == "organisation" else ""


def find_context(article: ArticleText, mentions: Mapping[str, Sequence[PlaceMention]]) -> dict[str, set[str]]:
    """Returns the countries in which the article's claims say that a country's soldiers are, by that country.

    `mentions` are those of the article, by field.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for claim in article.claims:
        text = (article.title or "") if claim.field == "title" else article.body
        for start, end in claim.content:
            # Soldiers belong to the first people or country that is not their place.
            if not any(_things().get(word.lower()) == "troops" for word in _WORD.findall(text[start:end])):
                continue
            near = [each for each in mentions[claim.field] if start <= each.start and each.end <= end]
            owners = [
                each for each in near if name_owner(each.entity) and not _stands_after(text, each, "prepositions")
            ]
            if owners and (owner := name_owner(owners[0].entity)):
                found[owner].update(
                    each.entity.country
                    for each in near
                    if each.entity.country not in (None, owner) and _stands_after(text, each, "where")
                )
    return found


def fill_from_others(
    questions: Sequence[Question | None], context: Mapping[str, Collection[str]]
) -> list[Question | None]:
    """Returns the questions with the owner and place of the article's other figures about the same thing.

    A question about soldiers whose place no figure says is about the country where all claims of the article put
    them (`context`), if that is one country.
    """
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for each in filter(None, questions):
        owners[each.thing].update([each.owner] * bool(each.owner))
        owners["any"].update([each.owner] * bool(each.owner))
        places[each.topic].update([each.place] * bool(each.place))
    filled: list[Question | None] = []
    for question in questions:
        if question is None:
            filled.append(None)
            continue
        own = question.owner or _most_frequent(owners[question.thing]) or _only(owners["any"])
        place = question.place or _most_frequent(places[question.topic])
        if not place and own and is_about_soldiers(question) and len(context.get(own, ())) == 1:
            place = next(iter(context[own]))
        filled.append(replace(question, owner=own, place=place if place != own else "") if own else None)
    return filled


def is_about_soldiers(question: Question) -> bool:
    """Returns whether a question is where soldiers are, or what they lost."""
    return (question.event == "deployment" and question.thing == "troops") or (
        question.event == "loss" and question.thing in _words()["victims"]
    )


def _most_frequent(counts: Counter[str]) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ranked[0][0] if ranked else ""


def _only(counts: Counter[str]) -> str:
    return next(iter(counts)) if len(counts) == 1 else ""


def make_dispute(question: Question) -> Dispute:
    """Returns id and name of a question: "North Korean troops in Russia"."""
    parts = (question.owner, question.thing, question.event, question.stage, question.place)
    return Dispute("/".join(make_slug(part) if part else "-" for part in parts), name_question(question))


def name_question(question: Question) -> str:
    """Returns the question in words."""
    owner = adjectives().get(question.owner, question.owner)
    thing, phrase = question.thing.replace("_", " "), _phrases().get(question.event, question.event)
    if question.thing in _words()["victims"]:
        base = f"{owner} {'deaths' if thing == 'killed' else thing}"
    elif thing.startswith("money "):
        base = f"{owner} {phrase} in {thing.removeprefix('money ')}"
    elif thing == "captured":
        base = f"{owner} captured"
    elif question.event == "deployment" and question.thing == "troops":
        base = f"{owner} {thing}"
    else:
        base = f"{owner} {thing}" + (f" {phrase}" if phrase else "")
    where = gazetteer.country_names().get(question.place, question.place)
    stage = {"more": "More ", "to come": "Expected: "}.get(question.stage, "")
    return f"{stage}{base}" + (f" in {where}" if where else "")
