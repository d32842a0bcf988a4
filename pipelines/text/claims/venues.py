"""Through what something was said: the broadcaster, the meeting, the reporters it was told to."""

import re

_NAME = r"(?:[A-Z][\w&.’'-]*|Al|[A-Z]+)(?:\s+(?:of|on|for|and|the|&)(?=\s+[A-Z])|\s+[A-Z][\w&.’'-]*)*"
_KINDS = "conference|summit|briefing|interview|statement|hearing|rally|debate|forum|speech"
_CITED_END = r"(?=[,.;]|\s+(?:that|who|which|in|on|from|for)\b)"
_VENUE = re.compile(
    rf"\b(?:told|tells|telling)\s+(?:the\s+)?(?P<told>reporters|journalists|{_NAME})"
    rf"|\b(?:on|via)\s+(?:the\s+)?(?P<channel>(?:state\s+(?:TV|television|media)|social media)\b|{_NAME})"
    rf"|\b(?:interview|conversation|comments?|remarks|briefing)\s+(?:with|to|on)\s+(?:the\s+)?(?P<talk>{_NAME})"
    rf"|\bat\s+(?:the|an?)\s+(?P<meeting>{_NAME})"
    rf"|\b(?:at|during|in)\s+(?:an?|the|his|her|their)\s+(?P<event>(?:\w+\s+){{0,2}}(?:{_KINDS}))"
    rf"|\bciting\s+(?:the\s+|an?\s+|its\s+)?(?P<cited>{_NAME}|[\w’' -]{{3,40}}?{_CITED_END})"
)
_NOT_VENUES = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May\b|June|July|August|September|October|November|December"
)
_REACH = 90


def venue_after(text: str, cue_end: int, sentence_end: int) -> str | None:
    """Name of the outlet, channel or meeting that follows a cue in its sentence; none where the text names none."""
    start = max(0, cue_end - 8)
    for match in _VENUE.finditer(text, start, min(sentence_end, cue_end + _REACH)):
        name = next(part for part in match.groups() if part is not None)
        if match.end() > cue_end and not _NOT_VENUES.match(name):
            return name.removesuffix("’s").removesuffix("'s").rstrip(".,")
    return None
