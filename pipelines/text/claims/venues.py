"""Through what something was said: the broadcaster, the meeting, the reporters; see `tables/venues.yaml`."""

import re

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.english.calendar_names import MONTHS, WEEKDAYS
from pipelines.text.tables import load_table, load_words

_TABLE = "venues.yaml"


def _alternatives(row: str) -> str:
    return "|".join(sorted(load_words(__package__, _TABLE, row)))


_NAME = r"(?:[A-Z][\w&.’'-]*|Al|[A-Z]+)(?:\s+(?:of|on|for|and|the|&)(?=\s+[A-Z])|\s+[A-Z][\w&.’'-]*)*"
_CITED_END = rf"(?=[,.;]|\s+(?:{_alternatives('after_cited')})\b)"
_CHANNELS = "|".join(load_table(__package__, _TABLE)["channels"]).replace(" ", r"\s+")
_VENUE = re.compile(
    rf"\b(?:told|tells|telling)\s+(?:the\s+)?(?P<told>{_alternatives('listeners')}|{_NAME})"
    rf"|\b(?:on|via)\s+(?:the\s+)?(?P<channel>(?:{_CHANNELS})\b|{_NAME})"
    rf"|\b(?:{_alternatives('talks')})\s+(?:with|to|on)\s+(?:the\s+)?(?P<talk>{_NAME})"
    rf"|\bat\s+(?:the|an?)\s+(?P<meeting>{_NAME})"
    rf"|\b(?:at|during|in)\s+(?:an?|the|his|her|their)\s+(?P<event>(?:\w+\s+){{0,2}}(?:{_alternatives('meetings')}))"
    rf"|\bciting\s+(?:the\s+|an?\s+|its\s+)?(?P<cited>{_NAME}|[\w’' -]{{3,40}}?{_CITED_END})"
)
_TIMES = re.compile(rf"(?:{'|'.join(name.capitalize() for name in (*MONTHS, *WEEKDAYS))})\b")
"""Names after "on" that are times: "on Monday"."""
_COUNTING = load_words("pipelines.text.claims.phrases", "phrases.yaml", "counting")
_REACH = 90
"""Characters after a cue in which a venue is searched for."""
_CUE_REACH = 8
"""Characters before the end of a cue where the venue's own words may begin: "told"."""


def find_venue(text: str, cue_end: int, sentence_end: int) -> str | None:
    """Returns the outlet, channel, listeners or meeting that follow a cue in its sentence; None if there is none."""
    start = max(0, cue_end - _CUE_REACH)
    for match in _VENUE.finditer(text, start, min(sentence_end, cue_end + _REACH)):
        name = next(part for part in match.groups() if part is not None)
        reason = match.group("cited") is not None and not _is_somebody(name)
        if match.end() > cue_end and not _TIMES.match(name) and not reason:
            return name.removesuffix("’s").removesuffix("'s").rstrip(".,")
    return None


def _is_somebody(cited: str) -> bool:
    """Whether somebody is cited, and not a reason: "citing two engineers", not "citing high costs"."""
    first = cited.split()[0]
    return first[0].isupper() or first.lower() in _COUNTING or kind_of(cited) is not None
