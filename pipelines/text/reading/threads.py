"""Forum threads and pages about readers' comments: who speaks where, and which stretch is a report passed on."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipelines.text.reading.lines import Line
from pipelines.text.reading.pieces import Piece, Stretch
from pipelines.text.reading.segments import Mark, maximal_runs
from pipelines.text.reading.titles import is_path
from pipelines.text.tables import load_table

_LEAST_POSTS = 3
_LEAST_SHARE = 0.5
"""Share of the page's prose that must stand in posts for headed posts to make a thread."""
_ARTICLE = 80
"""Words of prose above a heading such as "Comments" that are an article, and the posts below it its comments."""
_CASUAL_SHARE = 0.3
"""Share of paragraphs in a writer's own voice that make a thread without post heads."""
_SUMMARY_SHARE = 0.4
"""Share of paragraphs speaking of what others say that make a summary of comments."""

_QUOTED = re.compile(r"“[^”]{0,2000}”|\"[^\"]{0,2000}\"|«[^»]{0,2000}»|„[^“”]{0,2000}[“”]")
_QUOTED_LINE = re.compile(r"^(?:>|»)\s*")
_NAME = r"(?P<speaker>[^\W_][\w.'’-]{1,28}(?: [\w.'’-]{1,20}){0,3}?)"
_HEADS = tuple(
    re.compile(expression, flags)
    for expression, flags in (
        (rf"^{_NAME} (?:wrote|said|says|writes|commented|replied|posted|schrieb|a écrit|escribió|ha scritto"
        rf"|написал[аи]?)\b(?: on .{{0,60}}| at .{{0,40}})?:?$", re.I),
        (r"^(?:posted|submitted|comment(?:ed)?|reply|message|post|beitrag|author) (?:by|von"
        r"|from):? (?:/?u/)?(?P<speaker>\S{2,30})\b.{0,60}$", re.I),
        (r"^/?u/(?P<speaker>[\w-]{2,30})\b.{0,60}$", re.I),
        (r"^\[[–—-]\]\s*(?P<speaker>[\w-]{2,30})\b.{0,60}$", re.I),
        (r"^@(?P<speaker>\w{2,30})\s*[·•|–-].{0,40}$", re.I),
        (rf"^{_NAME}\s*[·•|,–-]?\s*\d+\s*(?:points?\b.{{0,40}}|(?:min(?:ute)?|h(?:ou)?r|day|week|month|year)s?"
        rf" ago\b.{{0,20}})$", re.I),
        (rf"^{_NAME}\s*[·•|]\s*\d+[hdmwy]$", re.I),
        (r"^(?:post )?#\d{1,5}\b.{0,40}$", re.I),
    )
)  # fmt: skip
_POST_FURNITURE = re.compile(
    r"^\W*(?:reply|quote|report|like|likes?:? \d+|share|permalink|parent|context|save|embed|edit|delete|up ?vote"
    r"|down ?vote|best|top|new|sort by.{0,30}|joined:?.{0,30}|posts:?\s*[\d,]+|location:?.{0,40}"
    r"|member since.{0,30}|registered.{0,30}|(?:senior |junior |new )?member|moderator|sent from my .{0,40}"
    r"|last edited.{0,80}|\d+ (?:points?|likes?|replies|upvotes).{0,20}|thanks:?\s*\d*|level \d+)\W*"
    r"(?:[\s|·]+(?:reply|quote|report|like|share|permalink|parent|save))*\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Register:
    """Patterns for text in small letters, but for the names: searching without regard to case takes thrice as long."""

    slang: re.Pattern[str]
    person: re.Pattern[str]
    report: re.Pattern[str]
    summary: re.Pattern[str]
    agencies: re.Pattern[str]


@cache
def _register() -> _Register:
    table = load_table(__package__, "register.yaml")
    words = {
        name: re.compile(rf"(?<![\w'’])(?:{table[name].replace(' |', '|')})(?![\w'’])")
        for name in ("slang", "person", "report", "summary")
    }
    names = "|".join(sorted(map(re.escape, table["agencies"]), key=len, reverse=True))
    return _Register(**words, agencies=re.compile(rf"\b(?:{names})\b"))


def find_headed_thread(marks: Sequence[Mark]) -> Piece | None:
    """The page as posts that each stand under the name of their writer; None where it is no such page."""
    heads = {index: match for index, item in enumerate(marks) if item.line.words <= 14 and (match := _head(item.line))}
    if len(heads) < _LEAST_POSTS or _are_comments(marks, min(heads)) or _are_bylines(marks, heads):
        return None
    lines: list[Line] = []
    stretches: list[Stretch] = []
    order = [*heads, len(marks)]
    for first, last in pairwise(order):
        body = [item.line for item in marks[first + 1 : last] if _is_post_text(item)]
        if body:
            stretches += _post(body, len(lines), heads[first].groupdict().get("speaker"))
            lines += body
    prose = sum(item.line.words for item in marks if item.role == "prose")
    if len(stretches) < _LEAST_POSTS or sum(line.words for line in lines) < _LEAST_SHARE * prose:
        return None
    above = marks[: order[0]]
    opening = [item.line for item in above if item.role == "prose" and not _is_topic(item.line)]
    topic = next((item.line for item in reversed(above) if item.found is None and _is_topic(item.line)), None)
    return _thread(topic, opening, lines, stretches)


def _is_topic(line: Line) -> bool:
    """It may be the headline that a thread stands under; questions are, too."""
    return (
        3 <= line.words <= 25
        and line.sentences <= 1
        and not line.bullet
        and not line.text.endswith((".", ":", ";", ","))
        and not is_path(line.text)
    )


def _are_comments(marks: Sequence[Mark], first: int) -> bool:
    """The posts stand under an article and a heading such as "Comments"."""
    above = marks[:first]
    words = sum(item.line.words for item in above if item.role == "prose" and not item.line.bullet)
    return words >= _ARTICLE and any(item.found and item.found.comments for item in above)


def _are_bylines(marks: Sequence[Mark], heads: Iterable[int]) -> bool:
    """The names stand under headlines: the page lists articles, not posts."""
    above = [marks[index - 1] for index in heads if index]
    return sum(item.role == "short" and item.line.words >= 4 for item in above) > len(above) * 0.6


def _thread(topic: Line | None, opening: list[Line], lines: list[Line], stretches: list[Stretch]) -> Piece:
    """The thread with what stands above its first post: its topic and the opening post."""
    ahead = [Stretch("post", None, 0, len(opening))] if opening else []
    moved = [
        Stretch(item.role, item.speaker, item.first + len(opening), item.last + len(opening)) for item in stretches
    ]
    return Piece(lines=tuple(opening + lines), title=topic, kind="forum", stretches=tuple(ahead + moved))


def _head(line: Line) -> re.Match[str] | None:
    return next((match for pattern in _HEADS if (match := pattern.match(line.text))), None)


def _is_post_text(item: Mark) -> bool:
    if _POST_FURNITURE.match(item.line.text):
        return False
    return item.found is None or item.found.reason == "related_link"


def _post(body: list[Line], offset: int, speaker: str | None) -> list[Stretch]:
    """One post: its own words, and lines that it quotes."""
    stretches: list[Stretch] = []
    for index, line in enumerate(body, offset):
        role = "quoted_report" if _QUOTED_LINE.match(line.text) else "post"
        who = speaker if role == "post" else None
        if stretches and stretches[-1].role == role:
            stretches[-1] = Stretch(role, who, stretches[-1].first, index + 1)
        else:
            stretches.append(Stretch(role, who, index, index + 1))
    return stretches


def find_unheaded_thread(marks: Sequence[Mark]) -> Piece | None:
    """The page as posts without heads, or as a summary of what readers say; None where it is an article."""
    return _casual_posts(marks) or _summary(marks)


def _casual_posts(marks: Sequence[Mark]) -> Piece | None:
    """Posts without heads: paragraphs in the writers' own voice, perhaps around a report."""
    lines = [item.line for item in marks if item.found is None and item.role in ("prose", "short")]
    if len(lines) < _LEAST_POSTS or any(item.role == "meta" for item in marks):
        return None
    if sum(bool(_register().slang.search(line.text[:4000].lower())) for line in lines) < 2:
        return None
    voices = [_voice(line) for line in lines]
    casual = sum(voice == "slang" for voice in voices)
    own = sum(voice in ("slang", "person") for voice in voices)
    if casual < 2 or own < _LEAST_POSTS or own < _CASUAL_SHARE * len(lines):
        return None
    return Piece(lines=tuple(lines), kind="forum", stretches=tuple(_around_report(lines, voices)))


def _voice(line: Line) -> str:
    """Who speaks in a paragraph, quotations aside: `slang` or `person` (a poster), `report`, or `plain`."""
    register, words = _register(), _QUOTED.sub(" ", line.text[:4000]).lower()
    if register.slang.search(words):
        return "slang"
    if register.person.search(words):
        return "person"
    return "report" if register.report.search(words) else "plain"


_REPORT_SCORES = {"report": 1.0, "plain": -0.4, "person": -3.0, "slang": -3.0}


def _around_report(lines: Sequence[Line], voices: Sequence[str]) -> list[Stretch]:
    """Each post a stretch of its own, and the report among them one."""
    runs = maximal_runs([_REPORT_SCORES[voice] for voice in voices])
    start, end, _ = max(runs, key=lambda run: run[2], default=(0, 0, 0.0))
    if voices[start:end].count("report") < 2:
        start = end = 0
    stretches = [Stretch("post", None, index, index + 1) for index in range(len(lines)) if not start <= index < end]
    if end:
        near = " ".join(line.text[:2000] for line in lines[max(0, start - 3) : end])
        agency = _register().agencies.search(near)
        stretches.append(Stretch("quoted_report", agency.group() if agency else None, start, end))
    return sorted(stretches, key=lambda stretch: stretch.first)


def _summary(marks: Sequence[Mark]) -> Piece | None:
    """A text that tells what readers say of a report, which stands above it."""
    kept = [item for item in marks if item.role == "prose" and not item.line.bullet]
    if len(kept) < _LEAST_POSTS or any(item.role == "meta" for item in marks):
        return None
    told = sum(bool(_register().summary.search(item.line.text[:4000].lower())) for item in kept)
    if told < _LEAST_POSTS or told < _SUMMARY_SHARE * len(kept):
        return None
    lines = [item.line for item in kept]
    onward = next((item.line.number for item in marks if item.found and item.found.reason == "link_onward"), 0)
    above = sum(line.number < onward for line in lines)
    if above > len(lines) // 2:
        above = 0
    stretches = [Stretch("quoted_report", None, 0, above)] if above else []
    return Piece(lines=tuple(lines), kind="forum", stretches=(*stretches, Stretch("comment", None, above, len(lines))))


_SOURCE_NOTE = re.compile(r"[.!?”\"]\s*\((?P<outlet>[A-Z][\w.&'’-]*(?: (?:of|the|and|[A-Z][\w.&'’-]*)){0,4})\)$")


def passed_on(lines: Sequence[Line]) -> tuple[Stretch, ...]:
    """Stretches of an article that another outlet wrote, as a note in brackets at the end of a paragraph says."""
    notes = [
        (index + 1, match["outlet"])
        for index, line in enumerate(lines)
        if (match := _SOURCE_NOTE.search(line.text[-120:]))
    ]
    if not notes:
        return ()
    stretches, first = [], 0
    for last, outlet in notes:
        stretches.append(Stretch("syndicated", outlet, first, last))
        first = last
    if first < len(lines):
        stretches.append(Stretch("own_text", None, first, len(lines)))
    return tuple(stretches)
