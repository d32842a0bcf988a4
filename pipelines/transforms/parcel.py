"""What travels down the chain: a message with what was made of it so far, or the dead letter that it became."""

from dataclasses import dataclass, replace

from pipelines.io.kafka.record import KafkaRecord
from pipelines.text.watches.matching import Tags
from schemas.records import RawArticle
from schemas.text import ArticleText


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message and what the steps so far made of it. `raw` is there once it is decoded.

    `tags` has one entry for each article once the watches were looked at, and is empty before.
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
        """The same message with these articles."""
        return replace(self, articles=tuple(articles))
