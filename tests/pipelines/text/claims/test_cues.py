"""Every row of the table of cues: gold/cues.psv has one cue of each with its constructions and its status."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.text.claims.constructions import read_sentence
from pipelines.text.claims.finding import find_claims
from pipelines.text.claims.sentence_attributions import Attribution
from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import tag_text
from schemas.text import ArticleText

GOLD = Path(__file__).parent / "gold" / "cues.psv"
TEMPLATES = {
    "quote": ("Ana Rask {cue}: “The bridge is closed.”", "quote", "“The bridge is closed.”"),
    "clause": ("Ana Rask {cue} the bridge was closed.", "clause", "the bridge was closed"),
    "that": ("Ana Rask {cue} that the bridge was closed.", "clause", "that the bridge was closed"),
    "after": ("The bridge was closed, Ana Rask {cue}.", "after", "The bridge was closed"),
    "object": ("Ana Rask {cue} the bridge.", "object", "the bridge"),
    "infinitive": ("Ana Rask {cue} to close the bridge.", "infinitive", "to close the bridge"),
    "addressee that": ("Ana Rask {cue} the crew that the bridge was closed.", "clause", "that the bridge was closed"),
    "addressee infinitive": (
        "Ana Rask {cue} the crew to close the bridge.",
        "infinitive",
        "the crew to close the bridge",
    ),
    "addressee clause": ("Ana Rask {cue} us the bridge was closed.", "clause", "the bridge was closed"),
    "addressee on": ("Ana Rask {cue} the fire on the crew.", "on", "the crew"),
    "call on": ("Ana Rask {cue} on the crew to leave.", "on", "on the crew to leave"),
    "addressee of": ("Ana Rask {cue} the crew of burning the bridge.", "of", "the crew of burning the bridge"),
    "as": ("Ana Rask {cue} the bridge as a danger.", "as", "the bridge as a danger"),
    "name": ("Ana Rask {cue} the bridge a danger.", "name", "the bridge a danger"),
    "gerund": ("Ana Rask {cue} closing the bridge.", "gerund", "closing the bridge"),
    "passive": ("The fire was {cue} by the crew that the bridge was closed.", "passive", "that the bridge was closed"),
    "on": ("Ana Rask {cue} on the bridge.", "on", "the bridge"),
    "noun that": ("It was the army's {cue} that the bridge was closed.", "noun", "that the bridge was closed"),
    "noun to": ("The army's {cue} to close the bridge was late.", "noun", "close the bridge"),
    "noun value": ("The army's first {cue} of the loss was 12 boats.", "noun", "12 boats"),
    "anyone": ("Residents left after {cue}s {preposition} the bridge.", "noun", "the bridge"),
}
"""By what follows the cue: a sentence, the construction that is read, and the content."""
PREPOSITIONS = {
    "verb": ("Ana Rask {cue} {preposition} the bridge.", "", "the bridge"),
    "noun": ("The army's {cue} {preposition} the bridge was late.", "noun", "the bridge"),
}
"""For every other preposition; the construction of a verb has the name of its preposition."""


@dataclass(frozen=True)
class Cue:
    kind: str
    form: str
    status: str
    takes: tuple[str, ...]

    def example(self, taken: str) -> tuple[str, str, str]:
        """Returns a sentence with the cue in one of its constructions, the construction, and the content."""
        key = "anyone" if taken.startswith("anyone") else taken if self.kind == "verb" else f"noun {taken}"
        preposition = taken.removeprefix("anyone ")
        template, construction, content = TEMPLATES.get(key, PREPOSITIONS[self.kind])
        return template.format(cue=self.form, preposition=preposition), construction or preposition, content


def cues(*kinds: str) -> list[Cue]:
    lines = [line.split("|") for line in GOLD.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = [[part.strip() for part in line] for line in lines]
    return [Cue(kind, form, status, tuple(takes.split(", "))) for kind, form, status, takes in rows if kind in kinds]


def attributions(text: str) -> list[Attribution]:
    return read_sentence(tag_text(text, 0, len(text), find_quotations(text)), 0)


@pytest.mark.parametrize("cue", cues("verb", "noun"), ids=lambda cue: cue.form)
def test_every_cue_takes_its_constructions(cue: Cue) -> None:
    word = cue.form.split()[0]
    for taken in cue.takes:
        text, construction, content = cue.example(taken)
        found = [one for one in attributions(text) if one.cue and word in text[slice(*one.cue)]]
        read = [(one.construction, text[slice(*one.content[-1])]) for one in found]
        assert (construction, content) in read, text


@pytest.mark.parametrize("cue", cues("verb", "noun"), ids=lambda cue: cue.form)
def test_every_cue_has_its_status(cue: Cue) -> None:
    text, _, _ = cue.example(cue.takes[0])
    claims = find_claims(ArticleText(body=text, language="en"))
    found = [claim.status for claim in claims if claim.cue and cue.form.split()[0] in claim.cue.text]
    assert found == [cue.status], text


@pytest.mark.parametrize("form", ["indicated", "found", "begged", "urged", "praised", "complained"])
def test_another_speaker_ends_what_the_first_says(form: str) -> None:
    text = f"The army said the road was open and Ana Rask {form} that the bridge was closed."
    first = attributions(text)[0]
    assert text[slice(*first.content[0])] == "the road was open"


@pytest.mark.parametrize(
    "text",
    [
        "It was the conclusion that the bridge was closed.",
        "It was an old denial of guilt.",
        "She gave a statement that gave no details.",
        "The toll was 12 boats.",
        "The army's toll was old.",
    ],
)
def test_nouns_without_a_possessor_or_content(text: str) -> None:
    assert [one for one in attributions(text) if one.construction == "noun"] == []
