"""Which documents of the treebanks are held out: nothing learns from them, measurements use them."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.text.english.training.treebank import TreebankSentence, read_treebank

HELD_OUT = {"gum_news": 5, "gum_interview": 5, "ewt_newsgroup": 10, "ewt_weblog": 10}
"""Of these treebanks each n-th document is held out."""
TREEBANKS = (
    *HELD_OUT,
    "gum_speech", "gum_court", "gum_bio", "gum_academic", "gum_textbook", "gum_voyage",
    "ewt_answers", "ewt_email", "ewt_reviews",
)  # fmt: skip
_PLACE = 2
"""Which of n documents is held out, counted from 0."""


def read_sentences(folder: Path, name: str) -> Iterator[tuple[TreebankSentence, bool]]:
    """Returns each sentence of a treebank, and whether it is held out.

    Raises `TreebankError` for a line that is not CoNLL-U and `OSError` if NAME.conllu.gz cannot be read.
    """
    documents: dict[str, int] = {}
    for sentence in read_treebank(folder / f"{name}.conllu.gz"):
        number = documents.setdefault(sentence.document, len(documents))
        yield sentence, name in HELD_OUT and number % HELD_OUT[name] == _PLACE
