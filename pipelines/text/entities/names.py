"""Runs of capitalised words in a text, cut into the names that they hold.

"U.S. President Jane Doe told Reuters" has the run "U.S. President Jane Doe", which is a place, a title and a person,
and the run "Reuters". What each name names is judged in `name_kinds`.
"""

import functools
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.text.english.inflection import grammar
from pipelines.text.entities import gazetteer
from pipelines.text.entities.name_lines import headlines_of, in_title_case, quoted_works

_UPPER = "".join(
    chr(code) for code in range(min(0x250, sys.maxunicode)) if unicodedata.category(chr(code)) in ("Lu", "Lt")
)
_ABBREVIATION = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Cpl|Adm|Cmdr|Maj|Rev|Jr|Sr|Inc|Corp|Ltd|Co|Bros|Mt|Ft)\."
)
_TOKEN = (
    rf"(?:(?:[{_UPPER}]\.){{2,}}|{_ABBREVIATION}|[{_UPPER}]\.(?=\s)"
    rf"|(?:[Aa]l|[Ee]l|[Aa]n|[Aa]d|[Aa]s|[Aa]sh|[Aa]r|[Aa]t|[AaEe]z|[Ee][srd]|bin|ibn)-[{_UPPER}]\w*(?:-\w+)*"
    rf"|(?:[dlDLO]['’])?[{_UPPER}](?:\w|&(?=\w))*(?:-\w+|['’](?!s\b|S\b|re\b|ve\b|ll\b|d\b|m\b)[\w]+|\.(?=\w)\w+)*"
    rf"|\d+(?:st|nd|rd|th)(?=\s[{_UPPER}])|\d+[{_UPPER}]\w*)"
)
_PARTICLE = r"(?:de|del|della|di|da|dos|das|du|van|von|der|den|ter|ten|bin|ibn|al|el|la|le|zu|zur|y|e)"
# Longer runs than this are no name, and looking at all parts of a run takes time by the square of its length.
_LONGEST_RUN = 16
_RUN = re.compile(
    rf"(?<![\w@#])(?<!\w['’]){_TOKEN}"
    rf"(?:[ \u00a0](?:{_PARTICLE}[ \u00a0]){{0,3}}(?:&[ \u00a0])?{_TOKEN}){{0,{_LONGEST_RUN}}}"
)
_WORD = re.compile(r"[^ \u00a0]+")

# A sentence starts after one of these; a colon or dash starts one too, for capitals.
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?:;…\n•*|]|[-–—]{1,2}\s)[\s\"'“”‘’()\[\]«»–—-]*$|[\"“‘«(\[]\s?$")
_LINK = re.compile(r" (?:of|for|of the|for the|and|and the|in the|on|de la) $")
_OFFICE_BEFORE = re.compile(
    r"\b((?:Secretary|Minister|Attorney|Undersecretary)(?:\sGeneral)?\s(?:of|for)\s(?:the\s)?)$"
)
_POSSESSIVE = re.compile(r"['’]s? ")
# What takes "and" into its name: "Department of Health and Human Services".
_AND_TAKERS = frozenset(
    ("Department", "Ministry", "Office", "Institute", "College", "Committee", "School", "Centers", "Bureau", "Faculty")
)


@dataclass(slots=True)
class Name:
    """A stretch of capitalised words that may name something."""

    start: int
    end: int
    words: list[str]
    starts_sentence: bool = False
    headline: bool = False
    """In a line of capitals, where a capital says nothing."""
    quoted: bool = False
    """Stands as a whole between quotation marks, as titles of works and nicknames do."""
    title: str = ""
    """The title before it ("Foreign Minister")."""
    title_start: int = -1


def find_names(text: str) -> list[Name]:
    """All names in reading order, none inside another."""
    names: list[Name] = []
    offset = 0
    for written in text.split("\n"):
        if written:
            line = in_title_case(written)
            headlines = headlines_of(line)
            works = quoted_works(line)
            for run in _RUN.finditer(line):
                headline = bool(headlines) and any(start <= run.start() < end for start, end in headlines)
                for name in _cut(line, offset, run, headline):
                    left, right = name.start - offset, name.end - offset
                    name.quoted = bool(works) and any(start <= left and right <= end for start, end in works)
                    names.append(name)
        offset += len(written) + 1
    return _joined(text, names)


def _starts_sentence(line: str, start: int) -> bool:
    if start >= 2 and line[start - 1] == " " and (line[start - 2].isalnum() or line[start - 2] == ","):
        return False  # most names: spares the expression
    return _BEFORE_SENTENCE.search(line, max(0, start - 12), start) is not None


def _cut(line: str, offset: int, run: re.Match[str], headline: bool) -> Iterator[Name]:
    """The names of one run, without common words, months and titles."""
    words = [(run.start() + found.start(), found[0]) for found in _WORD.finditer(run[0])]
    at_start = _starts_sentence(line, run.start())
    first = 0
    title: tuple[int, int] | None = None
    office = _OFFICE_BEFORE.search(line, max(0, run.start() - 30), run.start())
    if office and words[0][1] in gazetteer.words("portfolios"):
        # "Secretary of State Rosa Tully": the title began in the run before.
        first, title = 1, (office.start(1), words[0][0] + len(words[0][1]))
    while first < len(words):
        listed = _listed_length(words[first:], headline)
        if listed:
            last = first + listed
        else:
            length = _title_length([word for _, word in words[first:]])
            if length:
                last_start, last_word = words[first + length - 1]
                title, first = (words[first][0], last_start + len(last_word)), first + length
                continue
            if _names_nothing(words, first, at_start and first == 0, headline):
                first, title = first + 1, None
                continue
            last = _end(words, first, headline)
        name = Name(
            offset + words[first][0],
            offset + words[last - 1][0] + len(words[last - 1][1]),
            [word for _, word in words[first:last]],
            at_start and first == 0,
            headline,
        )
        if title:
            name.title_start = offset + title[0]
            name.title = line[title[0] : title[1]]
        yield name
        first, title = last, None


def _listed_length(words: list[tuple[int, str]], headline: bool) -> int:
    """How many words from the first on are a listed name: all of the run, or in a headline as many as are."""
    texts = [word for _, word in words]
    known = gazetteer.known()
    if len(words) > 1 and " ".join(texts) in known:
        return len(words)
    if not headline:
        return _place_before_person(texts) or _body_or_people_before(texts)
    for length in range(min(len(words), 4), 0, -1):
        listed = known.get(" ".join(texts[:length]))
        if (
            listed
            and listed.sure
            and (length > 1 or texts[0].lower() not in gazetteer.common_words() or texts[0].isupper())
        ):
            following = texts[length] if length < len(texts) else ""
            return 0 if following in gazetteer.heads() and following.lower() not in gazetteer.common_words() else length
    return 0


def _place_before_person(words: list[str]) -> int:
    """How many words are a listed place with a person's name right after it: "ambassador to North Korea Piotr Lem"."""
    for length in (3, 2, 1):
        rest = words[length:]
        if len(rest) < 2 or rest[0] not in gazetteer.first_names() or rest[-1] in gazetteer.heads():
            continue
        listed = gazetteer.known().get(" ".join(words[:length]))
        if listed and listed.sure and words[0] not in gazetteer.first_names():
            return length
    return 0


def _body_or_people_before(words: list[str]) -> int:
    """How many words are a listed body before another name ("Royal Air Force Tornado"), or a people before one."""
    for length in (3, 2):
        listed = gazetteer.known().get(" ".join(words[:length])) if len(words) > length else None
        if listed and listed.kind == "organisation" and words[-1] not in gazetteer.heads():
            return length
    if words[0] in gazetteer.peoples() or words[0] in gazetteer.words("other_names"):
        rest = gazetteer.known().get(" ".join(words[1:]))
        return 1 if rest and rest.kind == "organisation" else 0
    return 0


def _begins_listed(words: list[tuple[int, str]]) -> bool:
    """Whether a listed name of several words begins here: "North Korea", "New York"."""
    texts = [word for _, word in words[:3]]
    return any(
        " ".join(texts[:length]) in gazetteer.known() or " ".join(texts[:length]) in gazetteer.peoples()
        for length in (3, 2)
        if length <= len(texts)
    )


def _is_common(word: str) -> bool:
    """A common word of a headline, where verbs are not all listed."""
    lower = word.lower()
    return lower in gazetteer.common_words() or (
        lower.endswith(("ing", "ed", "tion", "ment")) and word not in gazetteer.surnames()
    )


# Months that are given names, too: "Jan Kowal", "April Jones".
_BEFORE_ROLES = frozenset(("Former", "Senior", "Top", "Late", "Acting", "Retired", "Veteran"))
_ARTICLES = frozenset(("The", "A", "An"))
_GIVEN_MONTHS = frozenset(("Jan", "April", "May", "June", "August", "Augustus"))
_COMPOUND = re.compile(r"\w[\w.&]*-([a-z]+)$")


def _names_nothing(words: list[tuple[int, str]], at: int, at_start: bool, headline: bool) -> bool:
    word = words[at][1]
    last = words[-1][1]
    if word in _ARTICLES and at + 1 < len(words):
        return True
    compound = _COMPOUND.match(word)
    if compound and compound[1] in gazetteer.common_words():
        return True  # "US-made", "Russian-occupied"
    if _begins_listed(words[at:]):
        return False
    if (
        at_start
        and not headline
        and at + 1 < len(words)
        and word.lower() not in _function_words()
        and (word not in _BEFORE_ROLES)
    ):
        # "Army Service Forces", "North Bridgton", "Fourth Air Force": a noun or adjective that begins a name.
        if last in gazetteer.words("organisation_heads") or last in gazetteer.words("location_heads"):
            return False
        if word in gazetteer.words("directions") and word != "New" and last.lower() not in gazetteer.common_words():
            return False
    if word in gazetteer.words("months_and_days"):
        following = words[at + 1][1] if at + 1 < len(words) else ""
        return word not in _GIVEN_MONTHS or not following or following.lower() in gazetteer.common_words()
    if not (at_start or headline) or (word.isupper() and len(word) > 1 and not headline):
        return False
    if word in gazetteer.known() and gazetteer.known()[word].sure and word.lower() not in _TRICKY:
        return False
    if word.lower() not in gazetteer.common_words():
        return at_start and word.endswith("ly") and len(word) > 5 and word not in gazetteer.known()
    # "General Motors", "New Zealand", "Will Smith": a common word that begins a name.
    following = words[at + 1][1] if at + 1 < len(words) else ""
    return not (word in gazetteer.first_names() and following and following.lower() not in gazetteer.common_words())


_TRICKY = frozenset(
    ("us", "who", "it", "west", "east", "gulf", "meta", "apple", "sky", "amazon", "independent", "parliament")
)


def _title_length(words: list[str]) -> int:
    """How many words at the beginning are a title of a person who is named after it, or of nobody."""
    titles, parts = gazetteer.words("titles"), gazetteer.words("title_parts")
    length = 0
    while length < len(words) and (words[length] in titles or words[length] in parts):
        length += 1
    while length and words[length - 1] not in titles:
        length -= 1
    rest = words[length:]
    if length and rest and rest[-1] in gazetteer.heads() and (len(rest) > 1 or words[length - 1] in _NOT_ONLY_PEOPLE):
        return 0
    return length


@functools.cache
def _function_words() -> frozenset[str]:
    """Words that begin no name: articles, pronouns, prepositions, conjunctions, adverbs, verb forms in -ing and -ed."""
    table = grammar()
    lists = (
        "determiners",
        "possessives",
        "pronouns",
        "relatives",
        "prepositions",
        "subordinators",
        "conjunctions",
        "modals",
        "auxiliaries",
        "adverbs",
    )
    common = gazetteer.common_words()
    return frozenset(word for name in lists for word in table[name].split()) | {
        word for word in common if word.endswith(("ed", "ing", "ly"))
    }


_NOT_ONLY_PEOPLE = frozenset(
    (
        "General",
        "Private",
        "Major",
        "Chief",
        "Head",
        "Leader",
        "King",
        "Queen",
        "Prince",
        "Princess",
        "Duke",
        "Lord",
        "Lady",
        "Justice",
    )
)


def _end(words: list[tuple[int, str]], first: int, headline: bool) -> int:
    """Where the name that begins at `first` ends: before a month, a title, and in headlines a common word."""
    calendar = gazetteer.words("months_and_days")
    last = first + 1
    while last < len(words):
        word = words[last][1]
        if word in calendar and not (word == "May" or word == "Sun"):
            break
        if headline and _listed_length(words[last:], headline):
            break
        # "Lindsey Air Station" goes on, though "air" and "station" are common words.
        if headline and _is_common(word) and not _ends_with_head([text for _, text in words[last : last + 2]]):
            break
        length = _title_length([text for _, text in words[last:]])
        # "Damian King" ends with a name that is a title elsewhere.
        if length and not (
            last + length == len(words) and length == 1 and words[last - 1][1] in gazetteer.first_names()
        ):
            break
        last += 1
    return last


def _ends_with_head(words: list[str]) -> bool:
    heads = gazetteer.words("organisation_heads") | gazetteer.words("location_heads")
    return words[0] in heads or (len(words) > 1 and words[1] in heads and words[0].lower() not in _function_words())


def _joined(text: str, names: list[Name]) -> list[Name]:
    """Joins "University" and "Oxford" over "of", "Health" and "Human Services" over "and"."""
    joined: list[Name] = []
    for name in names:
        previous = joined[-1] if joined else None
        if previous and name.start - previous.end <= 9 and not name.title:
            gap = text[previous.end : name.start]
            if (_LINK.fullmatch(gap) and _takes(previous.words, gap.split(), name.words)) or (
                _POSSESSIVE.fullmatch(gap) and _owns(previous.words, name.words)
            ):
                previous.end = name.end
                previous.words = text[previous.start : name.end].split()
                continue
        joined.append(name)
    return joined


def _takes(left: list[str], link: list[str], right: list[str]) -> bool:
    """Whether a small word joins two names into one."""
    organisations, places = gazetteer.words("organisation_starts"), gazetteer.words("location_starts")
    known = gazetteer.known()
    if " ".join([*left, *link, *right]) in known:
        return True
    if link[0] == "and":
        return link == ["and"] and left[0] in _AND_TAKERS and len(left) > 2 and " ".join(right) not in known
    if link[0] in ("for", "on"):
        heads = organisations | gazetteer.words("organisation_heads")
        return left[-1] in heads and len(left) < _LONGEST_RUN and " ".join(right) not in known
    if link[0] == "of" and "for" in left:
        return left[0] in organisations
    if link[0] == "of":
        return left[-1] in organisations or left[-1] in places or left[-1] in gazetteer.words("other_starts")
    return False


def _owns(left: list[str], right: list[str]) -> bool:
    """ "People’s Protection Units", "Workers’ Party": a body of people without a name."""
    return len(left) == 1 and left[0] in _OWNERS and right[-1] in gazetteer.words("organisation_heads")


_OWNERS = frozenset(
    ("People", "Workers", "Women", "Men", "Children", "Farmers", "Nation", "World", "Veterans", "Teachers")
)
