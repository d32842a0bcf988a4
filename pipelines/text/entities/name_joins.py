"""Whether two names with a small word, a possessive ending or a comma between them are one."""

import re

from pipelines.text.entities import gazetteer
from pipelines.text.entities.gazetteer import words as list_words

_LINK = re.compile(r" (?:of|for|of the|for the|and|and the|in the|on|de la) ")
_POSSESSIVE = re.compile(r" ?['’]s? ")
_COMMA = re.compile(" ?, ")
_LONGEST_BODY = 16
"""Words of a name that "for" or "on" may still make longer."""
_JOINED_BY_AND = list_words("joined_by_and")
_OWNERS = list_words("owners")
_SAINTS = list_words("saints")
_COMPANY_FORMS = list_words("company_forms")
_ORGANISATION_HEADS = list_words("organisation_heads")
_ORGANISATION_STARTS = list_words("organisation_starts")
_JOINED_BY_OF = _ORGANISATION_STARTS | list_words("location_starts") | list_words("other_starts")
_HEADS_OF_BODIES_AND_THINGS = _ORGANISATION_HEADS | list_words("other_heads")


def is_one_name(left: list[str], gap: str, right: list[str]) -> bool:
    """Whether the words before and after a gap are one name."""
    if _LINK.fullmatch(gap):
        return _links(left, gap.split(), right)
    if _POSSESSIVE.fullmatch(gap):
        return _owns(left, right)
    return len(right) == 1 and right[0] in _COMPANY_FORMS and _COMMA.fullmatch(gap) is not None


def _links(left: list[str], link: list[str], right: list[str]) -> bool:
    """Whether a small word joins two names into one."""
    known = gazetteer.known()
    if " ".join([*left, *link, *right]) in known:
        return True
    if link[0] == "and":
        return link == ["and"] and _joins_by_and(left) and " ".join(right) not in known
    if link[0] in ("for", "on"):
        is_body = left[-1] in _ORGANISATION_STARTS or left[-1] in _ORGANISATION_HEADS
        return is_body and len(left) < _LONGEST_BODY and " ".join(right) not in known
    if link[0] == "of":
        return _joins_by_of(left, right)
    return False


def _joins_by_of(left: list[str], right: list[str]) -> bool:
    """ "Bank of Quorr", "Reform Party of Quorr", "City of Quorr"; not "Chess Group of the Quorr Society"."""
    if "for" in left:
        return left[0] in _ORGANISATION_STARTS
    head = left[-1]
    if head in _JOINED_BY_OF:
        return True
    # The river of a province is named without it, the city of somebody with him.
    heads = gazetteer.heads() if len(left) == 1 else _HEADS_OF_BODIES_AND_THINGS
    return head in heads and right[-1] not in _ORGANISATION_HEADS


def _joins_by_and(left: list[str]) -> bool:
    """ "Department of Health", "American College of Surgeons": its field may have two parts."""
    at = next((at for at, word in enumerate(left) if word in ("of", "for", "on")), 1)
    return len(left) > 2 and not {left[0], left[at - 1]}.isdisjoint(_JOINED_BY_AND)


def _owns(left: list[str], right: list[str]) -> bool:
    """ "Bavarian People’s Party", "Workers’ Party", "St Quorr’s Hospital": a body of people, or of a saint."""
    return right[-1] in _ORGANISATION_HEADS and (left[-1] in _OWNERS or left[0] in _SAINTS)
