"""Raised and lowered text: marks of notes are dropped, and numbers stay distinct from the numbers before them.

Markup joins what is raised to the word before it: 12<sup>1</sup> would be read as 121. Raised digits become Unicode
superscripts. What these are, such as a note or an exponent, is decided from the text around them, in
`pipelines.text.reading.superscripts`.
"""

import re
from functools import cache
from typing import Any, NamedTuple

from lxml import html  # type: ignore[import-untyped]

from pipelines.text.tables import load_table

_DIGITS = re.compile(r"[+−-]?\d{1,3}(?:\s*[,–-]\s*\d{1,3})*")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STYLE = re.compile(r"vertical-align:\s*(?:super|text-top)")
_FRACTION = ("/", "⁄", "∕")
_WHOLE = re.compile(r"\d$")
_CENTS = re.compile(r"\d\d")


class _Patterns(NamedTuple):
    mark: re.Pattern[str]
    """The text of a note's mark that is not a number."""
    letter: re.Pattern[str]
    ordinal: re.Pattern[str]
    """Letters that are part of an ordinal number."""
    degree: re.Pattern[str]
    """What follows a degree sign."""
    classes: frozenset[str]
    """Classes of raised text."""
    names: dict[str, str]


@cache
def _load_patterns() -> _Patterns:
    table: dict[str, Any] = load_table(__package__, "raised.yaml")
    return _Patterns(
        re.compile(rf"(?:{'|'.join(table['marks'])})(?:\s*,?\s*(?:{'|'.join(table['marks'])}))*", re.IGNORECASE),
        re.compile(r"[a-h](?:\s*,?\s*[a-h])*"),
        re.compile("|".join(table["ordinals"]), re.IGNORECASE),
        re.compile(rf"\s*(?:{'|'.join(table['after_degrees'])})\b"),
        frozenset(table["classes"]),
        table["names"],
    )


def resolve_raised_text(tree: html.HtmlElement) -> None:
    """Drops marks of notes from the tree and writes raised numbers as superscripts, in place."""
    for element in list(tree.iter("sup", "sub", "small", "span", "a")):
        text = "".join(element.itertext()).strip() if _is_candidate(element) else ""
        if not text or len(text) > _MOST_CHARACTERS:
            continue
        changed = _read_raised(element, text)
        if changed is not None:
            _replace(element, changed)


_MOST_CHARACTERS = 20
"""Characters of raised text that may be a mark or a number."""


def _is_candidate(element: html.HtmlElement) -> bool:
    """Whether the element is raised or lowered, or a link into the page itself."""
    if element.tag in ("sup", "sub", "small"):
        return True
    if element.tag == "a":
        return str(element.get("href") or "").startswith("#") and element.get("role") != "button"
    return bool(_STYLE.search(element.get("style") or "")) or not _load_patterns().classes.isdisjoint(
        (element.get("class") or "").split()
    )


def _read_raised(element: html.HtmlElement, text: str) -> str | None:
    """Returns what the element is replaced with; None if it stays as it is."""
    if element.tag == "sub":
        return text.translate(_LOWERED) if text.isdigit() and _text_before(element).endswith(_FRACTION) else None
    if element.tag == "small":
        return text.translate(_RAISED) if _CENTS.fullmatch(text) and _touches_number(element) else None
    is_note = element.tag == "a" or _links_into_page(element)
    if element.tag == "a":
        before = _text_before(element)
        if not before or before[-1].isspace():
            return None
    return _read_superscript(element, text, is_note=is_note)


def _read_superscript(element: html.HtmlElement, text: str, *, is_note: bool) -> str | None:
    patterns = _load_patterns()
    if patterns.mark.fullmatch(text):
        return ""
    if _DIGITS.fullmatch(text):
        return "" if is_note else _read_number(element, text)
    if patterns.letter.fullmatch(text):
        return "" if is_note or not patterns.ordinal.fullmatch(text) else None
    if text in ("o", "º") and patterns.degree.match(element.tail or ""):
        return "°"
    return None if is_note else patterns.names.get(text.upper())


def _read_number(element: html.HtmlElement, text: str) -> str:
    if text == "0" and _load_patterns().degree.match(element.tail or ""):
        return "°"
    return text.translate(_RAISED)


def _links_into_page(element: html.HtmlElement) -> bool:
    """Whether the raised text is a link to a note."""
    links = [*element.iter("a"), *element.iterancestors("a")]
    return any(str(link.get("href") or "").startswith("#") for link in links)


def _touches_number(element: html.HtmlElement) -> bool:
    return bool(_WHOLE.search(_text_before(element)))


def _text_before(element: html.HtmlElement) -> str:
    """Returns the text right before the element, as far as it is in the same parent or the parents' beginnings."""
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or "") or "".join(previous.itertext())
    parent = element.getparent()
    if parent is None:
        return ""
    return str(parent.text or "") or (_text_before(parent) if parent.tag in ("span", "sup", "b", "strong", "i") else "")


def _replace(element: html.HtmlElement, text: str) -> None:
    """Puts text in the place of the element and all that is in it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    joined = text + (element.tail or "")
    if previous is not None:
        previous.tail = (previous.tail or "") + joined
    else:
        parent.text = (parent.text or "") + joined
    element.tail = None
    parent.remove(element)
