"""What the steps pass on: a message with the results so far. A failed message is passed on as its dead letter."""

import msgspec
from msgspec.structs import replace

from pipelines.io.kafka.record import KafkaRecord
from pipelines.stories.fingerprints import Fingerprint
from pipelines.stories.grouping import Story
from pipelines.text.watches.matching import Tags
from schemas.records import RawArticle
from schemas.text import ArticleText


class Parcel(msgspec.Struct, frozen=True):
    """One message with the results of the steps so far. `raw` is set once it is decoded.

    `tags` has one entry for each article after the step `watches`, `prints` after the step `fingerprints` and `stories`
    after the step `stories`; before, they are empty.
    """

    origin: KafkaRecord
    raw: RawArticle | None = None
    articles: tuple[ArticleText, ...] = ()
    tags: tuple[Tags, ...] = ()
    prints: tuple[Fingerprint, ...] = ()
    stories: tuple[Story, ...] = ()

    @property
    def article(self) -> RawArticle:
        """The decoded message. Raises `ValueError` before the step `decode`."""
        if self.raw is None:
            raise ValueError("this parcel is not decoded yet")
        return self.raw

    def with_articles(self, articles: list[ArticleText]) -> "Parcel":
        """Returns the same message with these articles."""
        return replace(self, articles=tuple(articles))
