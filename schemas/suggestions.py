"""Suggests the name that was probably meant when somebody mistypes one."""

import difflib
from collections.abc import Iterable


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name most like `name`, or None if none is similar.

    Upper and lower case count as the same, and so do spaces, hyphens and underscores.
    """
    folded = {_fold(each): each for each in known}
    near = difflib.get_close_matches(_fold(name), folded, n=1)
    return folded[near[0]] if near else None


def suggest(name: str, known: Iterable[str]) -> str:
    """Returns `did you mean …?` with the nearest known name, or a list of all names if none is similar."""
    names = list(known)
    near = find_nearest(name, names)
    return f"did you mean {near}?" if near else f"there are {', '.join(names)}"


def hint(name: str, known: Iterable[str]) -> str:
    """Returns the end of a sentence about an unknown name: `: did you mean …?`, or nothing if none is similar."""
    near = find_nearest(name, known)
    return f": did you mean {near}?" if near else ""


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")
