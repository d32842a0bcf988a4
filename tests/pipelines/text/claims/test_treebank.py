"""The measure of subjects and complements, on a treebank of one sentence."""

import gzip
from pathlib import Path

from pipelines.text.english.tagging import tag_sentences
from pipelines.text.english.training.treebank import align_sentence, read_treebank
from tests.pipelines.text.claims.treebank import Score, measure

TREEBANK = """# newdoc id = one
1\tThe\tthe\tDET\tDT\t_\t2\tdet\t_\t_
2\tcrew\tcrew\tNOUN\tNN\t_\t3\tnsubj\t_\t_
3\twaved\twave\tVERB\tVBD\t_\t0\troot\t_\t_
4\tand\tand\tCCONJ\tCC\t_\t5\tcc\t_\t_
5\tsaid\tsay\tVERB\tVBD\t_\t3\tconj\t_\t_
6\tit\tit\tPRON\tPRP\t_\t7\tnsubj\t_\t_
7\trained\train\tVERB\tVBD\t_\t5\tccomp\t_\tSpaceAfter=No
8\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_
"""


def test_shared_subjects_and_contents_count(tmp_path: Path) -> None:
    path = tmp_path / "small.conllu.gz"
    path.write_bytes(gzip.compress(TREEBANK.encode()))
    sentences = [align_sentence(one, with_quotations=True) for one in read_treebank(path)]
    tag_sentences([one.sentence for one in sentences])
    scores = measure(sentences)
    assert scores == {"subjects": Score(1, 1, 1), "complements": Score(1, 1, 1)}
    assert str(scores["subjects"]) == "precision 1.000, recall 1.000, 1 in the treebank"
