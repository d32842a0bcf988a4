import gzip
import json
from pathlib import Path

from pipelines.text.entities.classifier.training.corpora import read_docred, read_few, read_gum, read_tagged

GUM = """# newdoc id = GUM_news_invented
# sent_id = 1
1	The	the	DET	DT	_	3	det	_	Entity=(1-organization-new
2-3	Harbour's	_	_	_	_	_	_	_	_
2	Harbour	harbour	PROPN	NNP	_	3	compound	_	_
3	's	's	PROPN	NNP	_	4	nsubj	_	Entity=1)
4	met	meet	VERB	VBD	_	0	root	_	_
5	Jane	Jane	PROPN	NNP	_	4	obj	_	Entity=(2-person-new
6	Doe	Doe	PROPN	NNP	_	5	flat	_	Entity=2)
7	in	in	ADP	IN	_	8	case	_	_
8	Oslo	Oslo	PROPN	NNP	_	4	obl	_	Entity=(3-place-new)|SpaceAfter=No
9	.	.	PUNCT	.	_	4	punct	_	_

"""


def test_tagged_file_gives_a_text_for_each_sentence(tmp_path: Path) -> None:
    path = tmp_path / "some.iob2"
    path.write_text(
        "# text = x\n1\tJane\tB-PER\n2\tDoe\tI-PER\n3\tleft\tO\n4\tOslo\tB-LOC\n5\t.\tO\n\n1\tRain\tO\n",
        encoding="utf-8",
    )
    first, second = read_tagged("uner", path, (1, 2))

    assert (first.text, first.spans) == ("Jane Doe left Oslo.\n", {(0, 8): "PER", (14, 18): "LOC"})
    assert (second.text, second.spans) == ("Rain\n", {})


def test_docred_document_has_its_mentions(tmp_path: Path) -> None:
    path = tmp_path / "dev_revised.json"
    mentions = [[{"sent_id": 1, "pos": [0, 2], "type": "ORG"}, {"sent_id": 0, "pos": [1, 2], "type": "LOC"}]]
    path.write_text(
        json.dumps([{"sents": [["In", "Oslo"], ["Quorr", "AG", "met"]], "vertexSet": mentions}]), encoding="utf-8"
    )
    (document,) = read_docred(path)

    assert document.text == "In Oslo\nQuorr AG met\n"
    assert document.spans == {(3, 7): "LOC", (8, 16): "ORG"}


def test_part_of_few_nerd_has_our_labels_and_plain_marks(tmp_path: Path) -> None:
    path = tmp_path / "dev.txt"
    path.write_text(
        "``\tO\nQuorr\tB-organization_media/newspaper\nPost\tI-organization_media/newspaper\n''\tO\nof\tO\n"
        "Oslo\tB-location_GPE\nwon\tO\nGold\tB-other_award\n",
        encoding="utf-8",
    )
    (text,) = read_few(path)

    assert text.partial
    assert text.text == '" Quorr Post " of Oslo won Gold\n'
    assert text.spans == {(2, 12): "organization", (18, 22): "location", (27, 31): "other_award"}


def test_gum_document_has_the_heads_of_names(tmp_path: Path) -> None:
    path = tmp_path / "gum_news.conllu.gz"
    path.write_bytes(gzip.compress(GUM.encode()))
    (document,) = read_gum(path)

    assert (document.corpus, document.document) == ("gum_news", "GUM_news_invented")
    assert document.text == "The Harbour's met Jane Doe in Oslo.\n"
    assert document.heads == {11: "organization", 18: "person", 30: "place"}
    assert document.ruled[23] == (26, 18)
