"""Word classes: one character for each word, see `word_classes`."""

import pytest

from pipelines.text.english.quotes import find_quotations
from pipelines.text.english.tagging import tag_text


def tag(text: str) -> str:
    return tag_text(text, 0, len(text), find_quotations(text)).tags


def words(text: str) -> list[str]:
    return tag_text(text, 0, len(text), find_quotations(text)).words


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("They've left, she's ill and we'd go.", "HAE,HAJ&HMB."),
        ("He won't say that I'm here; they'll wait.", "HMRBTHAR.HMB."),
        ("The army's plan cost $40 - 5% of Hale & Orr (a firm): why? – No… yes!", "DNZNNUU-UNPC&C(DN):W.-D.R."),
        ("Some claim that he left.", "DBTHE."),
        ("Those in need say so.", "DPNBR."),
        ("Both reports say that it rained.", "DNBTHE."),
        ("Police claim that it rained.", "NBTHE."),
        ("Crews and guards claim the boat.", "N&NBDN."),
        ("Ostmark claims that it rained.", "CVTHE."),
        ("The claims of the army were old.", "DNPDNAJ."),
        ("Reports said that it rained.", "NETHE."),
        ("The air force calls for boats.", "DNNVPN."),
        ("The boat sank, the army claims.", "DNE,DNV."),
        ("The talks with the union about the harbour claims", "DNPDNPDNN"),
        ("Army reports losses near the river", "CVNPDN"),
        ("The expected vote was late.", "DJNAJ."),
        ("The army's expected vote was late.", "DNZJNAJ."),
        ("An old expected vote was late.", "DJJNAJ."),
        ("Her opening remarks were short.", "DJNAJ."),
        ("The old polls show Ostmark ahead.", "DJNBCR."),
        ("After the letter, the guild claims that it rained.", "PDN,DNVTHE."),
        ("In reply, Quelvister said it rained.", "PN,CEHE."),
        ("The rally on Dec. 12 was late.", "DNPCUAJ."),
        ("“We left,” a voice in the ad states.", "QDNPDNV."),
        ("The building sank.", "DNE."),
        ("He was walking quickly.", "HAGR."),
        ("The miners' union left in May, and it may rain.", "DNZNEPC,&HMN."),
        ("The US navy told us.", "DCNEH."),
        ("Drew said so.", "CER."),
        ("Drew has said so.", "CAER."),
        ("Storm Hits Old Harbour As Crews Leave", "NVJNSNB"),
        ("The many guards claim boats.", "DJNBN."),
        ("The walked-out crew strode proudly on 3,000 steep roads.", "DNNNRPUJN."),
        ("Who claims what they seek?", "WVWHB."),
        ("The guard demands release", "DNVN"),
        ("Guards release the boat to crews.", "NBDNtN."),
        ("Crews claim", "NB"),
        ("The army reports and attacks.", "DNN&N."),
        ("He can claim boats.", "HMBN."),
        ("The club plays.", "DNN."),
        ("Some speak out.", "DBP."),
        ("Ostmark claim it.", "CBH."),
        ("The guard hit the boat.", "DNEDN."),
    ],
)
def test_classes_of_words(text: str, classes: str) -> None:
    assert tag(text) == classes


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Italy says three soldiers were killed.", "CVUNAE."),
        ("Three people were killed, Emily Pier said.", "UNAE,CCE."),
        ("The family said it was late.", "DNEHAJ."),
        ("A US official said 12 had died.", "DCNEUAE."),
        ("Boeing said 300 jobs would go.", "CEUNMB."),
        ("Fire kills 12 in Torvale, police say", "NVUPC,NB"),
    ],
)
def test_endings_do_not_decide(text: str, classes: str) -> None:
    assert tag(text) == classes


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("The army's alleged “sale” sank.", "DNZJQE."),
        ("The club never lost a boat, its website states.", "DNREDN,DNV."),
        ("Ana Rask touts her plans", "CCVDN"),
        ("Farmers in the valley claim that it rained.", "NPDNBTHE."),
        ("The claims in the valley that it rained were old.", "DNPDNTHEAJ."),
        ("The guild said the museum plans to sell boats.", "DNEDNVtBN."),
        ("The ministry has neither confirmed nor denied it.", "DNARE&EH."),
        ("Ana Rask was accused of hitting boats.", "CCAEPGN."),
        ("Ana Rask asked about boats.", "CCEPN."),
        ("Residents left after pleas for boats.", "NEPNPN."),
        ("Her claim that it snowed is old.", "DNTHEAJ."),
        ("Airline Denies Safety Claims After Inspection", "NVNNPN"),
        ("Crews at the port had forecast a smaller step.", "NPDNAEDJN."),
        ("Mill to close", "NtB"),
        ("Poll shows support for bridge", "NVNPN"),
        ("Ferry sinks off Galmouth", "NVPC"),
        ("Ana Rask said most of them left.", "CCENPHE."),
    ],
)
def test_the_words_around_decide(text: str, classes: str) -> None:
    assert tag(text) == classes


def test_a_quotation_is_one_word() -> None:
    text = "“They left. It rained,” Ana Rask said."
    sentence = tag_text(text, 0, len(text), find_quotations(text))
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
