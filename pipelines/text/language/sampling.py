"""What a text is judged by: a sample of it without addresses, and the script of that sample."""

import re

from pipelines.text.language.scripts import LATIN, LETTERS

_SAMPLE = 1200
"""Characters by which a text is judged, taken from `_PLACES` places: more changes no answer."""
_PLACES = 3

_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[@#]\w+")
_NOT_PROSE_SIGNS = ("://", "www.", "@", "#")
"""Looked for first, because that is far faster: each match of the expression above has one of these."""
_LETTERS = re.compile("|".join(f"(?P<{name}>[{ranges}]+)" for name, ranges in LETTERS.items()))
_NOT_LATIN = re.compile(f"[{''.join(LETTERS.values())}]+")
_LATIN = re.compile(f"[{LATIN}]+")


def take_sample(text: str) -> str:
    """Returns the beginning, the middle and the end of a long text, without addresses and hashtags."""
    sample = text
    if len(text) > _SAMPLE:
        length = _SAMPLE // _PLACES
        step = (len(text) - length) // (_PLACES - 1)
        sample = " ".join(text[place * step : place * step + length] for place in range(_PLACES))
    return _NOT_PROSE.sub(" ", sample) if any(sign in sample for sign in _NOT_PROSE_SIGNS) else sample


def find_script(sample: str) -> tuple[str | None, float]:
    """Returns the script of most of the sample, with its share of all letters."""
    others = "" if sample.isascii() else "".join(_NOT_LATIN.findall(sample))
    if not others:
        return ("latin", 1.0) if _LATIN.search(sample) else (None, 0.0)
    counts: dict[str, int] = {}
    for found in _LETTERS.finditer(others):
        name = found.lastgroup or ""
        counts[name] = counts.get(name, 0) + found.end() - found.start()
    latin = sum(map(len, _LATIN.findall(sample)))
    if latin:
        # A syllable or word sign counts for several letters: "BTS, 방탄소년단" is Korean.
        counts["latin"] = latin // 2 if counts.keys() & {"han", "kana", "hangul"} else latin
    # Japanese and Korean are written with Han characters too.
    if counts.get("kana", 0) * 10 >= counts.get("han", 0) and counts.get("kana"):
        counts["kana"] += counts.pop("han", 0)
    if counts.get("hangul") and counts.get("han"):
        counts["hangul"] += counts.pop("han")
    script = max(counts, key=lambda name: counts[name])
    return script, counts[script] / sum(counts.values())
