"""Words of a sentence with a coarse word class each: enough grammar to find who says what, at the cost of a look-up."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from pipelines.text.english.cues import cue_lemmas, cue_verbs
from pipelines.text.english.inflection import grammar, inflections
from pipelines.text.english.quotes import Quotation

# The first form is that of most words; the rest are for what is joined, shortened or no word.
_TOKEN = re.compile(
    r"[^\W\d]\w*+(?=[\s,])|(?:[A-Z]\.){2,}"
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Jr|Sr|Inc|Corp|Co|Ltd|St|Gens|Sens|Reps)\.(?=\s|,)"
    r"|\d[\d,.]*\d|\w+(?:[-&.]\w+)*?(?=(?:n['’]t|['’](?:s|re|ve|ll|d|m))\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b"
    r"|\w+(?:[-&]\w+|['’](?=\w)\w+)*|--|\.\.\.|[^\w\s]",
    re.UNICODE,
)

# One letter a word class, so that a sentence's classes are a string that regular expressions read:
# D determiner or possessive, P preposition, H pronoun, W wh-word, T that, S subordinator, & conjunction, M modal,
# A auxiliary, V finite verb form, B base form, G -ing form, E -ed or irregular participle that may be finite too,
# R adverb, J adjective, N noun or unknown, C capitalised word, U number, Z possessive 's, t to, Q quotation,
# and the signs , . : - ( ) as themselves.
_SIGNS = {
    ",": ",",
    ";": ".",
    ":": ":",
    "(": "(",
    ")": ")",
    "[": "(",
    "]": ")",
    ".": ".",
    "!": ".",
    "?": ".",
    "…": ".",
    "...": ".",
}
_SIGNS |= dict.fromkeys(("-", "–", "—", "--"), "-")


class Sentence:
    """A sentence's words: `words` as written, `lower`, `starts`, `ends` in the field, `tags` one letter each.

    A quotation is one word with the tag Q.
    """

    __slots__ = ("end", "ends", "lower", "start", "starts", "tags", "words")

    def __init__(self, text: str, start: int, end: int, quotations: Sequence[Quotation]) -> None:
        self.start, self.end = start, end
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        position = start
        for quotation in quotations:
            self._read(text, position, quotation.start)
            self._add("“", quotation.start, min(quotation.end, end))
            position = quotation.end
        self._read(text, position, end)
        self.lower = [word.lower().replace("’", "'") for word in self.words]
        self.tags = _tags(self.words, self.lower)

    def _read(self, text: str, start: int, end: int) -> None:
        spans = [match.span() for match in _TOKEN.finditer(text, start, end)]
        self.words += [text[first:last] for first, last in spans]
        self.starts += [first for first, _ in spans]
        self.ends += [last for _, last in spans]

    def _add(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)


@cache
def lexicon() -> dict[str, str]:
    """Class of each known word. Later classes win: a closed class over a verb."""
    table, classes = grammar(), {}
    for verb in [*table["verbs"].split(), *table["irregular"], *cue_lemmas()]:
        for form, kind in inflections(verb).items():
            if kind != "B" or form not in classes:
                classes[form] = kind
    rows: Iterable[tuple[str, str]] = (
        ("adjectives", "J"),
        ("adverbs", "R"),
        ("subordinators", "S"),
        ("determiners", "D"),
        ("possessives", "D"),
        ("relatives", "W"),
        ("prepositions", "P"),
        ("pronouns", "H"),
        ("conjunctions", "&"),
        ("auxiliaries", "A"),
        ("modals", "M"),
    )
    for name, kind in rows:
        classes.update(dict.fromkeys(table[name].split(), kind))
    classes |= {"that": "T", "to": "t", "'s": "Z", "'re": "A", "'ve": "A", "'d": "M", "'ll": "M", "'m": "A", "n't": "R"}
    classes |= {"wo": "M", "ca": "M", "“": "Q", "$": "U", "€": "U", "£": "U", "%": "N", "&": "N", "/": "N"}
    return classes | _SIGNS


_ADJECTIVE_END = ("ous", "ful", "ive", "able", "ible", "ical", "less", "ary", "ish")
_NOMINAL_BEFORE = frozenset("DJZPU")
_MANY = frozenset(("some", "many", "most", "few", "both", "all", "several", "those", "others", "more"))
_PLURAL = frozenset(
    ("people", "police", "women", "men", "media", "voters", "they", "we", "i", "you", "who", "that", "which")
)
_AFTER_NOUN = frozenset("MAVEP.,&S)")
"""What follows a noun before it and not a verb: "reports said", "claims of"."""


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(
        form for verb in grammar()["nouns_too"].split() for form, kind in inflections(verb).items() if kind in "VB"
    )


def _tags(words: list[str], lower: list[str]) -> str:
    classes = lexicon()
    headline = bool(words) and words[-1] != "." and _is_headline(words)
    tags: list[str] = []
    before = "."
    for index, word in enumerate(lower):
        kind = classes.get(word) or _unknown(word)
        capital = words[index][0].isupper()
        if capital and kind in "NJVBGE" and not (headline and kind in "VBGEJ"):
            if index or kind in "NV":
                kind = "C"
        elif words[index] == "US":
            kind = "C"
        elif kind in "VB":
            kind = _verb_or_noun(kind, index, lower, tags, classes)
        elif kind == "E":
            kind = "J" if before in "ZJ" or (before == "D" and lower[index - 1] not in _MANY) else "E"
        elif kind == "G" and before in "DZJ":
            kind = "N"
        elif kind == "Z" and before in "H,T":
            kind = "A"
        elif word == "'" and index and lower[index - 1].endswith("s") and before in "NC":
            kind = "Z"
        elif word == "may" and capital and index and not headline:
            kind = "C"
        tags.append(kind)
        before = kind
    if len(tags) > 1 and tags[0] in "BGJE" and tags[1] in "RVMA" and words[0][0].isupper():
        tags[0] = "C"
    return "".join(tags)


def _is_headline(words: list[str]) -> bool:
    """Most words begin with a capital."""
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= 3 and capitals > 0.6 * sum(word[0].isalpha() for word in words)


def _verb_or_noun(kind: str, index: int, lower: list[str], tags: list[str], classes: dict[str, str]) -> str:
    """Class of a base or -s form: its own, or N where the words around make it a noun."""
    back = index - 1
    while back >= 0 and tags[back] == "R":
        back -= 1
    before = tags[back] if back >= 0 else "."
    left = lower[back] if back >= 0 else ""
    ambiguous = lower[index] in _ambiguous()
    if before in _NOMINAL_BEFORE and left not in ("to",):
        many = before == "D" and left in _MANY
        following = classes.get(lower[index + 1], "N") if index + 1 < len(lower) else "."
        clause = following in "THM" or lower[index + 1 : index + 2] == ["out"]
        return (
            kind if (many and (clause or not ambiguous)) or (before == "P" and kind == "V" and not ambiguous) else "N"
        )
    if before == "t" and kind == "V":
        return "N"
    following = classes.get(lower[index + 1], "N") if index + 1 < len(lower) else "."
    if kind == "B" and before in "CNJ" and following in "EVAM":
        return "N"
    if not ambiguous or before in "tMAHWT":
        return kind
    if kind == "V" and before in "EVBG":
        return "N"
    if kind == "V" and following in ".," and before in "CN":
        first = back
        while first >= 0 and tags[first] in "DNCJUZ":
            first -= 1
        return kind if first >= 0 and tags[first] in ",Q" else "N"
    if kind == "V" and before in "CN" and not left.endswith("s") and _calls_for(lower, index):
        return kind
    if kind == "V" and following == "P" and before in "CN" and not any(tag in "VMAE" for tag in tags):
        rest = lower[index + 1 : index + 20]
        return kind if not any(classes.get(word, "N") in "VMAE" or word.endswith("ed") for word in rest) else "N"
    if kind == "V":
        return "N" if following in _AFTER_NOUN and not (following == "P" and before == "C") else kind
    if not any(tag in "VMAEB" for tag in tags) and following not in "MAV.&" and _plural_head(tags, lower):
        return kind
    plural = left.endswith("s") or left in _PLURAL or before == "&" or (before == "C" and following in "TDHtWQ")
    return kind if plural and following not in "MAV.&" else "N"


def _calls_for(lower: list[str], index: int) -> bool:
    """A cue with its own preposition after a singular noun: "the air force calls for"."""
    cue = cue_verbs().get(lower[index])
    after = lower[index + 1] if index + 1 < len(lower) else ""
    return cue is not None and after in ("for", "on") and after in cue.takes


def _plural_head(tags: list[str], lower: list[str]) -> bool:
    """ "Farmers in the valley claim …": the noun before the first preposition is plural."""
    first = next((index for index, tag in enumerate(tags) if tag == "P"), 0)
    return first > 0 and lower[first - 1].endswith("s")


@lru_cache(maxsize=16_384)
def _unknown(word: str) -> str:
    first = word[0]
    if first.isdigit():
        return "U"
    if not first.isalpha():
        return "."
    if word.endswith("ly") and len(word) > 4:
        return "R"
    if word.endswith("ed") and len(word) > 4:
        return "E"
    if word.endswith("ing") and len(word) > 5:
        return "G"
    return "J" if word.endswith(_ADJECTIVE_END) else "N"
