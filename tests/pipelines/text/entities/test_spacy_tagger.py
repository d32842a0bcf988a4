"""A configured spaCy model. spaCy is not a dependency of the tests, so a fake module replaces it."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

from pipelines.text.extraction import add_findings, load_configured_tagger
from schemas.errors import Permanent
from schemas.text import ArticleText

BODY = "It was the Xylo Band’s first night in quorr, and zed was new."
MARKED = (("the Xylo Band’s", "ORG"), ("quorr", "GPE"), ("first", "ORDINAL"))


def load(model: str, exclude: tuple[str, ...]) -> object:
    assert exclude == ("parser", "lemmatizer")
    if model != "en_small":
        raise OSError(f"[E050] Can't find model {model!r}.")

    def pipeline(text: str) -> SimpleNamespace:
        marked = [(text.find(words), words, label) for words, label in MARKED]
        return SimpleNamespace(
            ents=[
                SimpleNamespace(start_char=at, end_char=at + len(words), label_=label)
                for at, words, label in marked
                if at >= 0
            ]
        )

    return pipeline


@pytest.fixture(autouse=True)
def spacy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("spacy")
    module.load = load  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    load_configured_tagger.cache_clear()
    yield
    load_configured_tagger.cache_clear()


def entities() -> list[tuple[str, str]]:
    return [(entity.name, entity.kind) for entity in add_findings(ArticleText(body=BODY, language="en")).entities]


def test_the_model_that_is_configured_adds_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SPACY_MODEL", "en_small")
    assert {("Xylo Band", "organisation"), ("quorr", "location")} <= set(entities())


def test_no_model_is_loaded_if_none_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSCLAIMS_SPACY_MODEL", raising=False)
    assert "quorr" not in dict(entities())


def test_a_missing_model_is_reported_with_the_command_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SPACY_MODEL", "en_other")
    with pytest.raises(Permanent, match="spacy download en_other"):
        entities()


def test_missing_spacy_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCLAIMS_SPACY_MODEL", "en_small")
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(Permanent, match="spaCy is not installed"):
        entities()
