from pipelines.text.entities.gazetteer import common_words


def test_verbs_and_adjectives_of_the_lexicon_are_common_words() -> None:
    assert {"quarrel", "quarrels", "flattened", "flattening", "stale"} <= common_words()


def test_nouns_of_the_lexicon_may_be_names() -> None:
    assert not {"apple", "banana"} & common_words()
