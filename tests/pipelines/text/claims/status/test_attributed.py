"""The status of what somebody says, on sentences as news agencies write them."""

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.text.claims.status.attributed import CueUse, attributed_status
from pipelines.text.claims.status.tagged_words import tag_statements
from pipelines.text.english.cues import CueWord, cue_nouns, cue_verbs, phrasal_cues

GOLD = Path(__file__).parents[1] / "gold" / "statuses.txt"
MARKED_CUE = re.compile(r"\[([^|\]]+?)(?: \| (\w+))?\]")
MARKED_CONTENT = re.compile(r"\{(.+)\}")


class Line(NamedTuple):
    status: str
    sentence: str


def lines() -> list[Line]:
    """Returns the sentences of the file; the last comment above each is its status."""
    found, status = [], ""
    for line in GOLD.read_text("utf-8").splitlines():
        if line.startswith("# "):
            status = line[2:]
        elif line:
            found.append(Line(status, line))
    return found


def cue_word(text: str) -> CueWord:
    words = text.lower().split()
    known = cue_nouns() | cue_verbs()
    phrasal = [phrasal_cues()[pair] for pair in pairwise(words) if pair in phrasal_cues()]
    hedge = CueWord("reportedly", frozenset(), "unconfirmed")
    return next(iter([*phrasal, *(known[word] for word in reversed(words) if word in known)]), hedge)


def read(sentence: str) -> CueUse:
    marked, content = MARKED_CUE.search(sentence), MARKED_CONTENT.search(sentence)
    assert marked, sentence
    assert content, sentence
    cue, construction = marked[1], marked[2] or "clause"
    whole = "“{" in sentence
    return CueUse(
        cue=cue_word(cue),
        construction=construction,
        text=cue,
        content=content[1],
        words=tag_statements([content[1]])[0],
        claimant="" if construction == "passive" else sentence[: marked.start()].rpartition("}")[2].strip(" ,”"),
        quote="direct" if whole else "partial" if "“" in content[1] else "none",
    )


@pytest.mark.parametrize(("status", "sentence"), lines(), ids=lambda value: value[:60])
def test_status_of_what_a_sentence_reports(status: str, sentence: str) -> None:
    assert attributed_status(read(sentence)) == status
