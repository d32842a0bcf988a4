"""What the steps pass on: a message with the results so far. A failed message is passed on as its dead letter."""

from dataclasses import dataclass, replace

from pipelines.io.kafka.record import KafkaRecord
from pipelines.text.watches.matching import Tags
from schemas.records import RawArticle
from schemas.text import ArticleText


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message with the results of the steps so far. `raw` is set once it is decoded.

    `tags` has one entry for each article after the step `watches`, and is empty before.
    """

    origin: KafkaRecord
    raw: RawArticle | None = None
    articles: tuple[ArticleText, ...] = ()
    tags: tuple[Tags, ...] = ()

    @property
    def article(self) -> RawArticle:
        """The decoded message. Raises `ValueError` before the step `decode`."""
        if self.raw is None:
            raise ValueError("this parcel is not decoded yet")
        return self.raw

    def with_articles(self, articles: list[ArticleText]) -> "Parcel":
        """Returns the same message with these articles."""
        return replace(self, articles=tuple(articles))
