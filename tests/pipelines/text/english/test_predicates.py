"""The finite verb of a clause behind all that can follow its subject."""

import pytest

from pipelines.text.english.predicates import Predicates
from pipelines.text.english.tagging import tag_text


def find(text: str) -> str | None:
    sentence = tag_text(text, 0, len(text), ())
    found = Predicates(sentence, len(sentence.tags.rstrip("."))).find(0)
    return None if found is None else sentence.words[found]


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("The boat sank.", "sank"),
        ("40 ships, twelve of them foreign, had been seized.", "had"),
        ("The plant, which employs 300 people, would close.", "would"),
        ("The plant – the largest in town – would close.", "would"),
        ("The plant (the largest in town) would close.", "would"),
        ("The men held in Delport have left.", "have"),
        ("The study on the salt in schools has shown it.", "has"),
        ("The boats, ferries and tugs had left.", "had"),
        ("The offer to close the plant was rejected.", "was"),
        ("The people who live there will leave.", "will"),
        ("The boats from the north and the south are late.", "are"),
        ("Ostmark to send boats", "send"),
        ("The crew of the boat and left", None),
        ("The crew, the mayor left.", None),
        ("The old boat of the crew.", None),
        ("The crew: they left.", None),
    ],
)
def test_predicates(text: str, verb: str | None) -> None:
    assert find(text) == verb
