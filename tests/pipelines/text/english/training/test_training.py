"""Training of the tagger: reading treebanks, classes, gradients, and that it learns."""

import gzip
import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from pipelines.text.english.tagger.features import build_lexicon, find_features, is_title_case
from pipelines.text.english.tagger.model import Tagger, load_weights, save_weights
from pipelines.text.english.training.__main__ import make_variants, measure, train
from pipelines.text.english.training.classes import find_class
from pipelines.text.english.training.network import Example, Network, join_examples
from pipelines.text.english.training.treebank import TaggedSentence, TreebankError, read_treebank, tag_sentence

TREEBANK = """# newdoc id = one
# text = Rask's crew said "all is well".
1\tRask\tRask\tPROPN\tNNP\t_\t3\tnmod:poss\t_\tSpaceAfter=No
2\t's\t's\tPART\tPOS\t_\t1\tcase\t_\t_
3\tcrew\tcrew\tNOUN\tNN\t_\t4\tnsubj\t_\t_
4\tsaid\tsay\tVERB\tVBD\t_\t0\troot\t_\t_
5\t"\t"\tPUNCT\t``\t_\t8\tpunct\t_\tSpaceAfter=No
6\tall\tall\tDET\tDT\t_\t8\tnsubj\t_\t_
7\tis\tbe\tAUX\tVBZ\t_\t8\tcop\t_\t_
8\twell\twell\tADJ\tJJ\t_\t4\tccomp\t_\tSpaceAfter=No
9\t"\t"\tPUNCT\t''\t_\t8\tpunct\t_\tSpaceAfter=No
10\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newdoc id = two
1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tdo\tdo\tAUX\tVBP\t_\t3\taux\t_\tSpaceAfter=No
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tleave\tleave\tVERB\tVB\t_\t0\troot\t_\t_
"""


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    path = tmp_path / "small.conllu.gz"
    path.write_bytes(gzip.compress(TREEBANK.encode()))
    return path


def test_a_treebank_is_read_in_the_words_of_the_product(treebank: Path) -> None:
    first, second = read_treebank(treebank)
    assert (first.document, second.document) == ("# newdoc id = one", "# newdoc id = two")
    assert tag_sentence(first, with_quotations=False) == TaggedSentence(
        ["Rask", "'s", "crew", "said", '"', "all", "is", "well", '"', "."], "CZNE.DAJ.."
    )
    assert tag_sentence(first, with_quotations=True) == TaggedSentence(
        ["Rask", "'s", "crew", "said", "“", "."], "CZNEQ."
    )
    assert tag_sentence(second, with_quotations=False) == TaggedSentence(["do", "n't", "leave"], "ARB")


def test_a_line_that_is_not_conllu_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.conllu.gz"
    path.write_bytes(gzip.compress(b"# newdoc\n1\tRask\n"))
    with pytest.raises(TreebankError, match=r"bad\.conllu\.gz, line 2: 2 columns instead of 10"):
        list(read_treebank(path))


@pytest.mark.parametrize(
    ("word", "coarse", "fine", "relation", "kind"),
    [
        ("To", "PART", "TO", "mark", "t"),
        ("that", "SCONJ", "IN", "mark", "T"),
        ("that", "PRON", "WDT", "nsubj", "T"),
        ("that", "DET", "DT", "det", "D"),
        ("that", "PRON", "DT", "nsubj", "H"),
        ("has", "AUX", "VBZ", "aux", "A"),
        ("has", "VERB", "VBZ", "root", "V"),
        ("may", "AUX", "MD", "aux", "M"),
        ("after", "SCONJ", "IN", "mark", "S"),
        ("after", "ADP", "IN", "mark", "P"),
        ("out", "ADP", "RP", "compound", "P"),
        ("held", "VERB", "VBN", "acl", "E"),
        ("going", "VERB", "VBG", "advcl", "G"),
        ("building", "NOUN", "VBG", "obj", "N"),
        ("say", "VERB", "VBP", "root", "B"),
        ("Ostian", "ADJ", "JJ", "amod", "C"),
        ("late", "ADJ", "JJ", "amod", "J"),
        ("'s", "PART", "POS", "case", "Z"),
        ("whose", "PRON", "WP$", "nmod:poss", "W"),
        ("12", "NUM", "CD", "nummod", "U"),
        ("$", "SYM", "$", "nmod", "U"),
        ("zounds", "X", "FW", "dep", "N"),
    ],
)
def test_classes_of_treebank_tags(word: str, coarse: str, fine: str, relation: str, kind: str) -> None:
    assert find_class(word, coarse, fine, relation) == kind


def test_features_of_a_word() -> None:
    lexicon = build_lexicon(["verb sink", "noun sink", "adjective late"])
    assert find_features("Sank", lexicon) == ("w=sank", "s=ank", "e=nk", "p=san", "c=Xx", "l=E")
    assert find_features("sinks", lexicon)[-1] == "l=NV"
    assert find_features("late", lexicon)[-1] == "l=J"
    assert find_features("U.S.", lexicon)[4] == "c=X."
    assert find_features("1,250", lexicon)[:1] == ("w=0,000",)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Storm Hits Old Harbour", True), ("Storm Hits Old Harbour .", False), ("Storm hits the harbour", False)],
)
def test_headlines_in_title_case(words: str, expected: bool) -> None:
    assert is_title_case(words.split()) == expected


def test_variants_of_a_sentence() -> None:
    sentence = TaggedSentence(["The", "crew", "of", "Rask", "left", "."], "DNPCE.")
    found = {tuple(one.words) for seed in range(200) for one in make_variants(sentence, random.Random(seed))}
    assert found == {
        ("The", "crew", "of", "Rask", "left", "."),
        ("The", "crew", "of", "Rask", "left"),
        ("The", "Crew", "of", "Rask", "Left"),
        ("THE", "CREW", "OF", "RASK", "LEFT"),
    }


def test_gradients_are_those_of_the_loss() -> None:
    network = Network(np.zeros(9, np.float32), classes=3, size=4, seed=1)
    network.arrays = {name: array.astype(np.float64) for name, array in network.arrays.items()}  # type: ignore[misc]
    chance = np.random.default_rng(2)
    examples = [
        Example(chance.integers(2, 9, (size, 6)), chance.integers(0, 3, size), title)
        for size, title in ((3, True), (5, False))
    ]
    batch = join_examples(examples)
    ones = np.ones((len(batch.classes), 4), np.float32)
    _, gradients = network.find_gradients(batch, batch.features, ones, ones)
    for name in ("window", "bias", "title", "out", "out_bias"):
        array = network.arrays[name]
        place = tuple(chance.integers(0, size) for size in array.shape)
        before, losses = array[place], []
        for step in (1e-5, -1e-5):
            array[place] = before + step
            losses.append(network.find_gradients(batch, batch.features, ones, ones)[0])
        array[place] = before
        assert gradients[name][place] == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-3, abs=1e-6), name
    row = int(batch.features[3, 0])
    places = (batch.features == row).sum(1)
    before, losses = network.arrays["vectors"][row, 1], []
    for step in (1e-5, -1e-5):
        network.arrays["vectors"][row, 1] = before + step
        losses.append(network.find_gradients(batch, batch.features, ones, ones)[0])
    expected = (losses[0] - losses[1]) / 2e-5
    assert (gradients["vectors"][:, 1] * places).sum() == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_training_learns_and_is_reproducible() -> None:
    chance = random.Random(3)
    names, verbs = ["Rask", "Kull", "Orr", "Lee"], ["said", "left", "saw", "hit"]
    sentences = [
        TaggedSentence(
            [chance.choice(names), chance.choice(verbs), "the", chance.choice(["boat", "crew"]), "."], "CEDN."
        )
        for _ in range(60)
    ]
    files = []
    for _ in range(2):
        weights = train(sentences, ["verb say", "noun boat"], epochs=150, size=8)
        files.append(BytesIO())
        save_weights(files[-1], weights)
    assert files[0].getvalue() == files[1].getvalue()
    tagger = Tagger(load_weights(BytesIO(files[0].getvalue())))
    assert measure(tagger, sentences) == (240, 240)
    assert tagger.tag([["Orr", "hit", "the", "crew", "."], ["Lee", "saw", "the", "boat"]]) == ["CEDN.", "CEDN"]
