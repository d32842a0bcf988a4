"""Through what something was said: the broadcaster, the meeting, the reporters; see `tables/venues.yaml`."""

import re

from pipelines.text.claims.claimant_nouns import kind_of
from pipelines.text.claims.entity_mentions import EntityMentions
from pipelines.text.tables import load_table, load_words

_PACKAGE = "pipelines.text.claims"
_TABLE = "venues.yaml"


def _alternatives(row: str) -> str:
    return "|".join(sorted(load_words(_PACKAGE, _TABLE, row)))


_NAME = r"(?:[A-Z][\w&.’'-]*|Al|[A-Z]+)(?:\s+(?:of|on|for|and|the|&)(?=\s+[A-Z])|\s+[A-Z\d][\w&.’'-]*)*"
_CHANNELS = "|".join(load_table(_PACKAGE, _TABLE)["channels"]).replace(" ", r"\s+")
_ARTICLE = r"(?:(?:the|an?|its|his|her|their)\s+)?"
_WORDS = r"(?:[a-z-]+\s+){0,2}"
_OPENING_WORDS = f"told|tells|on|via|in|during|at|citing|{_alternatives('talks')}"
# Looks for the first letters first: most places of a text have none of them, and need no search for each form.
_VENUE = re.compile(
    rf"(?=[,{''.join(sorted({word[0] for word in _OPENING_WORDS.split('|')}))}])(?:"
    rf"\b(?:told|tells|telling)\s+{_ARTICLE}"
    rf"(?:(?P<told>{_alternatives('listeners')})\b|(?P<channel>{_CHANNELS})\b|{_WORDS}(?P<outlet>{_NAME}))"
    rf"|\b(?:on|via)\s+(?:the\s+)?(?:(?P<station>{_CHANNELS})\b|(?P<posted>{_NAME}))"
    rf"|(?:\b(?:in|during)\s+{_ARTICLE}{_WORDS})?\b(?:{_alternatives('talks')})\s+(?:with|to|on)\s+{_ARTICLE}{_WORDS}"
    rf"(?P<talk>{_NAME})"
    rf"|\bat\s+(?:the|an?)\s+(?P<meeting>{_NAME})"
    rf"|\b(?:at|during|in)\s+(?:an?|the|his|her|their)\s+(?P<event>{_WORDS}(?:{_alternatives('meetings')}))\b"
    rf"|\bciting\s+{_ARTICLE}(?P<cited>{_NAME}|[\w’' -]{{3,40}}?(?=[,.;]|\s+(?:{_alternatives('after_cited')})\b))"
    rf"|,\s+(?:an?|the)\s+(?P<heard>{_alternatives('hearings')})\s+heard\b)"
)
_REACH = 90
"""Characters after a cue in which a venue is searched for."""
_CUE_REACH = 8
"""Characters before the end of a cue where the venue's own words may begin: "told"."""
_PLATFORMS = load_words(_PACKAGE, _TABLE, "platforms")
_MEETINGS = load_words(_PACKAGE, _TABLE, "meetings")


def find_venue(text: str, cue_end: int, sentence_end: int, mentions: EntityMentions) -> str | None:
    """Returns the outlet, channel, listeners or meeting that follow a cue in its sentence; None if there is none.

    A person or a place is none, nor a name after "on" that is not where people speak.
    """
    start = max(0, cue_end - _CUE_REACH)
    for match in _VENUE.finditer(text, start, min(sentence_end, cue_end + _REACH)):
        row = match.lastgroup or ""
        name = match[row].removesuffix("’s").removesuffix("'s").rstrip(".,")
        if match.end() > cue_end and _is_venue(row, name, mentions.kind_at(match.start(row))):
            return name
    return None


def _is_venue(row: str, name: str, kind: str | None) -> bool:
    """Whether a name can be what something is said through, by the words before it."""
    if row == "posted":
        return name.split()[0] in _PLATFORMS or kind_of(name) == "outlet" or kind == "organisation"
    if row == "cited":
        return kind == "organisation" or kind_of(name) in ("organisation", "outlet")
    if row == "meeting":
        return name.split()[-1].lower() in _MEETINGS
    return row not in ("outlet", "talk") or kind in (None, "organisation")
