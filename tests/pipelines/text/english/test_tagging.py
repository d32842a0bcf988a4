"""Word classes: one character for each word, see `word_classes`."""

import pytest

from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import Sentence


def tag(text: str) -> str:
    return Sentence(text, 0, len(text), find_quotations(text)).tags


def words(text: str) -> list[str]:
    return Sentence(text, 0, len(text), find_quotations(text)).words


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("They've left, she's ill and we'd go.", "HAE,HAN&HMB."),
        ("He won't say that I'm here; they'll wait.", "HMRBTHAR.HMB."),
        ("The army's plan cost $40 - 5% of Hale & Orr (a firm): why? – No… yes!", "DNZNNUU-UNPCNC(DN):W.-D.N."),
        ("Hazardous careful massive notable edible musical harmless military foolish boats sank.", "JJJJJJJJJNE."),
        ("Some claim that he left.", "DBTHE."),
        ("Those in need say so.", "DPNBS."),
        ("Both reports say that it rained.", "DNBTHE."),
        ("Police claim that it rained.", "CBTHE."),
        ("Farmers in the valley claim that it rained.", "CPDNBTHE."),
        ("Crews and guards claim the boat.", "C&NBDN."),
        ("Ostmark claims that it rained.", "CVTHE."),
        ("The claims of the army were old.", "DNPDNAJ."),
        ("Reports said that it rained.", "CETHE."),
        ("The air force calls for boats.", "DNNVPN."),
        ("The boat sank, the army claims.", "DNE,DNV."),
        ("The talks with the union about the harbour claims", "DNPDNPDNN"),
        ("Army reports losses near the river", "CVNPDN"),
        ("The expected vote was late.", "DJNAJ."),
        ("Some expected rain.", "DEB."),
        ("The army's expected vote was late.", "DNZJNAJ."),
        ("An old expected vote was late.", "DJJNAJ."),
        ("The police claim boats.", "DNBN."),
        ("The building sank.", "DNE."),
        ("Old building work ended.", "JNNE."),
        ("He was walking quickly.", "HAGR."),
        ("The miners' union left in May, and it may rain.", "DNZNEPC,&HMB."),
        ("It's late; that's late.", "HAJ.TAJ."),
        ("The US navy told us.", "DCNEH."),
        ("Drew said so.", "EES."),
        ("Drew has said so.", "CAES."),
        ("Storm Hits Old Harbour As Crews Leave", "CVJCSCB"),
        ("The many guards claim boats.", "DDNBN."),
        ("The walked-out crew strode proudly on 3,000 steep roads.", "DNNNRPUNN."),
        ("Who claims what they seek?", "WVWHB."),
        ("The guard demands release", "DNVN"),
        ("Guards release the boat to crews.", "CBDNtN."),
        ("Crews claim", "CN"),
        ("The army reports and attacks.", "DNN&N."),
        ("He can claim boats.", "HMBN."),
        ("The club plays.", "DNN."),
        ("The clubs play out there.", "DNBPH."),
        ("Some speak out.", "DBP."),
        ("Ostmark claim it.", "CBH."),
        ("The guard hit the boat.", "DNBDN."),
    ],
)
def test_classes_of_words(text: str, classes: str) -> None:
    assert tag(text) == classes


@pytest.mark.parametrize(
    "word", ["hazardous", "careful", "massive", "notable", "edible", "musical", "harmless", "unitary", "reddish"]
)
def test_endings_of_adjectives(word: str) -> None:
    assert tag(f"A {word} boat sank.") == "DJNE."


@pytest.mark.parametrize(
    ("word", "kind"), [("zzzly", "R"), ("zly", "N"), ("zzzed", "E"), ("zzed", "N"), ("zzzing", "G")]
)
def test_endings_of_unknown_words(word: str, kind: str) -> None:
    assert tag(f"boats {word}") == f"N{kind}"


def test_a_short_word_in_ing_is_not_a_verb_form() -> None:
    assert tag("boats zzing") == "NN"


def test_a_quotation_is_one_word() -> None:
    text = "“They left. It rained,” Ana Rask said."
    sentence = Sentence(text, 0, len(text), find_quotations(text))
    assert sentence.tags == "QCCE."
    assert (sentence.starts[0], sentence.ends[0]) == (0, text.index(" Ana"))


@pytest.mark.parametrize(
    "word", ["Mr.", "Reps.", "Jr.", "Inc.", "Mt.", "J.R.", "3,000.5", "co-op", "R&D", "o'clock", "..."]
)
def test_a_word_with_inner_characters_is_one_word(word: str) -> None:
    assert word in words(f"See {word} boats")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("isn't it Ostmark's", ["is", "n't", "it", "Ostmark", "'s"]),
        ("they’ve we'll", ["they", "’ve", "we", "'ll"]),
        ("U.S.-led", ["U.S.", "-", "led"]),
        ("40%", ["40", "%"]),
    ],
)
def test_words_are_split(text: str, split: list[str]) -> None:
    assert words(text) == split
