"""The language of a text for which the feed or page declares one.

A sure answer overrules the declaration, because templates say `en` above French articles. But a language that the
detector does not know is believed wherever it uses the script of the text: its texts look like those of a neighbour.
"""

import functools
from collections.abc import Iterable

from babel.core import get_global

from pipelines.text.language.codes import strip_region
from pipelines.text.language.detection import SURE, UNDETERMINED, Answer, judge
from pipelines.text.language.known_languages import find_known_code, load_languages


def choose_language(texts: Iterable[str], declared: str | None) -> tuple[str, float]:
    """Returns the language by the first of the texts that decides, or the declared one, and how sure the text is.

    `declared` is a code as `pipelines.text.language.codes.parse_language` returns it.
    """
    answer = Answer(UNDETERMINED, 0.0, None)
    for text in texts:
        answer = judge(text, declared)
        if answer.language != UNDETERMINED:
            break
    if declared is None or _overrules(answer, declared):
        return answer.language, answer.confidence
    return declared, answer.confidence


def _overrules(answer: Answer, declared: str) -> bool:
    """Whether the language of the text is believed rather than the declared one."""
    if answer.script is None:
        return False
    if not _may_use(strip_region(declared), answer.script):
        # Texts of any script have names in Latin letters.
        return answer.language != UNDETERMINED or answer.script != "latin"
    known = find_known_code(declared)
    is_same = answer.language == known != strip_region(declared)
    if answer.language == UNDETERMINED or is_same or answer.confidence < SURE:
        return False
    return known in load_languages().by_script[answer.script]


@functools.lru_cache(maxsize=1024)
def _may_use(language: str, script: str) -> bool:
    """Whether a language is ever written in a script, by Unicode CLDR; true of a language that CLDR does not know."""
    subtags = [tag.split("_") for tag in get_global("likely_subtags").values()]
    codes = {tag[1] for tag in subtags if tag[0] == language}
    return not codes or not codes.isdisjoint(load_languages().script_codes[script])
