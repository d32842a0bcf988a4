"""Names that a spaCy model marks: an optional addition to the rules."""

import importlib
import re
from collections.abc import Iterator

from pipelines.text.entities.finding import Tagger
from pipelines.text.reading.lines import MAX_CHARACTERS
from schemas.errors import Permanent
from schemas.fields import EntityKind

# Labels of the English models (OntoNotes) and of those for other languages (WikiNER); the others are not entities here.
_KINDS: dict[str, EntityKind] = {
    "PERSON": "person",
    "PER": "person",
    "ORG": "organisation",
    "GPE": "location",
    "LOC": "location",
    "FAC": "location",
    "NORP": "nationality",
}
_UNNEEDED = ("parser", "lemmatizer")
_NAME = re.compile(r"(?:the\s+)?(\S.*?)(?:['’]s?)?\s*", re.IGNORECASE | re.DOTALL)


def load_tagger(model: str) -> Tagger:
    """Loads the spaCy model of this name or path as a `Tagger`. This takes a second or more.

    Raises `Permanent` if spaCy or the model is not installed.
    """
    try:
        pipeline = importlib.import_module("spacy").load(model, exclude=_UNNEEDED)
    except ImportError as error:
        raise Permanent(
            f"NEWSCLAIMS_SPACY_MODEL is {model}, but spaCy is not installed: install newsclaims[spacy], or unset it"
        ) from error
    except OSError as error:
        raise Permanent(
            f"NEWSCLAIMS_SPACY_MODEL is {model}, which spaCy cannot load: run `python -m spacy download {model}`, "
            "or unset it"
        ) from error
    pipeline.max_length = MAX_CHARACTERS

    def find_names(text: str) -> Iterator[tuple[int, int, EntityKind]]:
        for found in pipeline(text[:MAX_CHARACTERS]).ents:
            kind = _KINDS.get(found.label_)
            name = _NAME.fullmatch(text, found.start_char, found.end_char)
            if kind and name:
                yield name.start(1), name.end(1), kind

    return find_names
