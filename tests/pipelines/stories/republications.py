"""Makes re-publications of the project's own texts, and texts that only look like them.

A copy is cut, has another headline or other lines around it, has 5 to 30 % of its words changed, has lost its
quotations, is an excerpt in a digest, or is followed by another text. A monthly report with new numbers is not
a copy, and neither is another report of the same week.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations

from deploy.demo.feed import read_sample_articles
from pipelines.stories.fingerprints import Fingerprint, find_words, make_fingerprint
from pipelines.stories.grouping import Original, StoryIndex, choose_story
from pipelines.text.reading.page import read
from schemas.text import Page

COPIES = re.compile(r"-copy|/thread|/category|/comments|/[a-z-]*losses$")
"""Samples that are copies or collections of others: they are not taken as texts of their own."""
FEWEST_WORDS = 40
FILLER_EVERY = 4
"""Each such text follows others, and is not published alone."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
AROUND = (
    "Subscribe to our newsletter for the latest stories from the region. All rights reserved by the publisher.",
    "This report was first carried by our partners. Read our terms before you reuse any part of it.",
    "Stay with us for more coverage through the day and follow our channel for news from our correspondents.",
)
_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n+")
_NUMBER = re.compile(r"\d+(?:,\d{3})*")


@dataclass(frozen=True)
class Publication:
    """One text as published. Publications of one `group` are copies of one text."""

    group: str
    kind: str
    title: str
    body: str


def load_texts() -> list[tuple[str, str]]:
    """Returns title and body of the samples that are not copies of others and have some length.

    Of several revisions under one address, the last counts.
    """
    texts = []
    for sample in {sample["url"]: sample for sample in read_sample_articles()}.values():
        if COPIES.search(sample["url"]):
            continue
        body = {"html" if sample["content_type"] == "text/html" else "text": sample["body"]}
        articles = read(Page(id=sample["url"], title=sample.get("title"), **body))
        texts += [(each.title or "", each.body) for each in articles if len(find_words(each.body)) >= FEWEST_WORDS]
    return texts


def publish_again(texts: list[tuple[str, str]], seed: int) -> list[Publication]:
    """Returns each text, its copies, and what looks like it, in the order of publication."""
    chance = random.Random(seed)
    fillers, own = texts[::FILLER_EVERY], [text for index, text in enumerate(texts) if index % FILLER_EVERY]
    words = sorted({word for _, body in texts for word in body.split() if word.isalpha() and word.islower()})
    return [
        publication
        for index, (title, body) in enumerate(own)
        for publication in _vary(str(index), title, body, chance.choice(fillers)[1], words, chance)
    ]


def _vary(
    group: str, title: str, body: str, filler: str, words: list[str], chance: random.Random
) -> Iterator[Publication]:
    sentences = [sentence for sentence in _SENTENCE.split(body) if sentence.strip()]
    kept = max(2, round(len(sentences) * chance.uniform(0.5, 0.8)))
    bodies = {
        "original": body,
        "cut": " ".join(sentences[:kept]),
        "other lines": f"{chance.choice(AROUND)}\n{body}\n{chance.choice(AROUND)}",
        "no quotations": re.sub(r"[“\"][^”\"]*[”\"]", "", body),
        "excerpt": " ".join(sentences[:2]),
        "merged": f"{body}\n{filler}",
    }
    bodies |= {f"{share:.0%} edited": edit(body, share, words, chance) for share in (0.05, 0.15, 0.3)}
    for kind, text in bodies.items():
        yield Publication(group, kind, title if kind == "original" else f"{chance.choice(words)} {title}", text)
    # One number may be the same by chance, and a text without numbers cannot be a report with new ones.
    if len(find_numbers(body)) > 1:
        for month in (1, 2):
            yield Publication(f"{group} month {month}", "monthly", title, renumber(body, chance))


def edit(text: str, share: float, words: list[str], chance: random.Random) -> str:
    """Returns the text with a share of its words replaced, dropped, or with others added."""
    edited: list[str] = []
    for word in text.split():
        kind = chance.random() / share
        if kind < 0.6:
            edited.append(chance.choice(words))
        elif kind < 0.8:
            continue
        elif kind < 1:
            edited += [word, chance.choice(words)]
        else:
            edited.append(word)
    return " ".join(edited)


def find_numbers(text: str) -> set[str]:
    """Returns the numbers of a text that are not years."""
    return {number for number in _NUMBER.findall(text) if not re.fullmatch(r"(?:19|20)\d\d", number)}


def renumber(text: str, chance: random.Random) -> str:
    """Returns the text of another month: other numbers, and other names of months."""

    def change(found: re.Match[str]) -> str:
        value = int(found.group().replace(",", ""))
        changed = max(1, round(value * chance.uniform(0.5, 1.9)) + 1)
        return f"{changed:,}" if "," in found.group() else str(changed)

    text = _NUMBER.sub(change, text)
    return re.sub(
        "|".join(MONTHS), lambda found: chance.choice([each for each in MONTHS if each != found.group()]), text
    )


def group_in_order(publications: list[Publication], is_probed: bool = False) -> list[str]:
    """Returns the story of each publication, as regrouping finds it; or as a job does by its searches (`is_probed`)."""
    index = StoryIndex()
    stories = []
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for number, publication in enumerate(publications):
        fingerprint: Fingerprint = make_fingerprint(publication.title, publication.body)
        moment = start + timedelta(minutes=number)
        found = index.find(fingerprint.choose_probes(index.is_common) if is_probed else fingerprint.keys)
        original = choose_story(moment, fingerprint, found)
        if original is None:
            original = Original(str(number), moment, fingerprint)
            index.add(original, fingerprint.keys)
        stories.append(original.article_id)
    return stories


def score(publications: list[Publication], stories: list[str]) -> tuple[float, float]:
    """Returns precision and recall over all pairs of publications."""
    right = found = wanted = 0
    for (one, first), (other, second) in combinations(zip(publications, stories, strict=True), 2):
        copies, together = one.group == other.group, first == second
        right += copies and together
        found += together
        wanted += copies
    return right / found, right / wanted
