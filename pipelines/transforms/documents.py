"""Makes the documents of an article: ids, its dimensions on each claim and figure, and what the ledger needs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from pipelines import counters
from pipelines.grouping.claimants.records import make_article_fields, make_claim_fields, make_figure_fields
from pipelines.grouping.disputes.finding import Dispute, find_disputes
from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.elasticsearch.ledger import make_tagged_version
from pipelines.stories.fingerprints import Fingerprint
from pipelines.stories.grouping import Story
from pipelines.text.rules_version import RULES_VERSION
from pipelines.text.watches.matching import Tags
from pipelines.text.watches.parts import find_sentence
from pipelines.transforms.parcel import Parcel
from schemas import identity
from schemas.codec import encode
from schemas.elasticsearch.buckets import ARTICLES, Buckets
from schemas.elasticsearch.takedowns import list_takedown_ids
from schemas.errors import BadRecord, Reason
from schemas.fields import Field
from schemas.records import Article, ArticleDimensions, Claim, Figure, NumberRange, RawArticle
from schemas.text import ArticleText, ClaimText, FigureText
from schemas.urls import parse_host

MOST_CHILDREN = 50_000
"""Claims and figures of one article at most, some 70 MB of documents. A message of 10 MB could have millions of them,
for which no worker has the memory."""


def to_documents(parcel: Parcel, buckets: Buckets = ARTICLES) -> Iterator[DocumentSet]:
    """Yields one set of documents for each article of the page. `buckets` are those of articles.

    Raises `BadRecord` for a page with more claims and figures than a worker can hold: it is data, not news.
    """
    if parcel.article.retraction:
        yield make_retraction(parcel, buckets)
        return
    check_amount(parcel)
    processed_at = datetime.now(UTC)
    none = (None,) * len(parcel.articles)
    found = zip(parcel.articles, parcel.tags or none, parcel.prints or none, parcel.stories or none, strict=True)
    for text, tags, fingerprint, story in found:
        article = add_story(make_article(parcel.article, text, processed_at), fingerprint, story)
        disputes = find_disputes(text)
        claims = make_claims(article, text, disputes)
        figures = make_figures(article, text, claims, disputes)
        article = msgspec.structs.replace(article, claim_count=len(claims), figure_count=len(figures))
        article, claims, figures = add_watches(article, claims, figures, tags)
        counters.add("newsclaims_claims_total", len(claims))
        counters.add("newsclaims_figures_total", len(figures))
        yield DocumentSet(
            owner_id=article.article_id,
            revision=article.revision,
            rules_version=article.rules_version,
            content_scope=article.content_scope,
            content_hash=hash_content(parcel.article, text),
            # The time of the fetch, not the clock: a redelivery years later gives the same bucket.
            bucket=buckets.find_bucket(article.published_at, article.fetched_at),
            documents=(
                Document("articles", article.article_id, encode(article)),
                *(Document("claims", claim.claim_id, encode(claim), claim_id=claim.claim_id) for claim in claims),
                *(
                    Document("figures", figure.figure_id, encode(figure), claim_id=figure.claim_id)
                    for figure in figures
                ),
            ),
            origin=parcel.origin,
            takedown_ids=list_takedown_ids(
                (parcel.article.article_id,), (parcel.article.url, article.url, article.canonical_url)
            ),
        )


def add_story(article: Article, fingerprint: Fingerprint | None, story: Story | None) -> Article:
    """Adds the story, and the fingerprint by which copies that come later are found."""
    if story is None or fingerprint is None:
        return article
    return msgspec.structs.replace(
        article,
        story_id=story.story_id,
        duplicate_of=story.duplicate_of,
        story_keys=fingerprint.keys,
        fingerprint=fingerprint.pack(),
    )


def make_retraction(parcel: Parcel, buckets: Buckets) -> DocumentSet:
    """Makes the set of an article that its publisher took back. The sink adds the documents that are stored."""
    raw = parcel.article
    return DocumentSet(
        owner_id=raw.article_id,
        revision=raw.revision,
        rules_version="",
        content_scope="full",
        # Differs from that of any text: the same text that is published again is written again.
        content_hash=f"retracted: {raw.retraction}",
        bucket=buckets.find_bucket(raw.published_at or raw.fetched_at, raw.fetched_at),
        documents=(),
        origin=parcel.origin,
        takedown_ids=list_takedown_ids((raw.article_id,), (raw.url,)),
        retraction=raw.retraction,
        retracted_at=raw.fetched_at,
    )


def check_amount(parcel: Parcel) -> None:
    """Raises `BadRecord` if the page has more claims and figures than `MOST_CHILDREN`."""
    found = sum(len(text.claims) + len(text.figures) for text in parcel.articles)
    if found > MOST_CHILDREN:
        raise BadRecord(
            Reason.TOO_LARGE, f"the page has {found:,} claims and figures, and at most {MOST_CHILDREN:,} are indexed"
        )


def add_watches(
    article: Article, claims: list[Claim], figures: list[Figure], tags: Tags | None
) -> tuple[Article, list[Claim], list[Figure]]:
    """Adds the names of the watches that each record matches; they become part of its `rules_version`."""
    if tags is None or not tags.article:
        return article, claims, figures
    names = {claim.claim_id: found for claim, found in zip(claims, tags.claims, strict=True)}
    names |= {figure.figure_id: found for figure, found in zip(figures, tags.figures, strict=True)}
    version = make_tagged_version(article.rules_version, {article.article_id: tags.article, **names})
    tagged = msgspec.structs.replace
    return (
        tagged(article, rules_version=version, watches=tags.article),
        [tagged(claim, rules_version=version, watches=names[claim.claim_id]) for claim in claims],
        [tagged(figure, rules_version=version, watches=names[figure.figure_id]) for figure in figures],
    )


def make_article(raw: RawArticle, text: ArticleText, processed_at: datetime) -> Article:
    """Makes the record of the article. An item of a page has an id of its own and names the page."""
    is_item = text.item_position is not None
    return Article(
        article_id=make_article_id(raw, text),
        parent_id=raw.article_id if is_item else None,
        item_position=text.item_position,
        revision=raw.revision,
        rules_version=RULES_VERSION,
        kind=text.kind,
        url=text.item_url or raw.url,
        canonical_url=text.canonical_url or text.item_url or raw.url,
        feed=raw.feed,
        connector=raw.connector,
        publisher=raw.publisher or text.publisher or parse_host(raw.url),
        author=raw.author or text.author,
        title=text.title or "",
        body=text.body,
        language=text.language,
        language_confidence=text.language_confidence,
        content_scope=text.content_scope if raw.content_scope == "full" else raw.content_scope,
        published_at=find_published_at(raw, text),
        published_source="feed" if raw.published_at else text.published_source or "fetched",
        fetched_at=raw.fetched_at,
        processed_at=processed_at,
        word_count=len(text.body.split()),
        removed_share=text.removed_share,
        **make_article_fields(text),
        quality=text.quality,
        ingest_mode=raw.ingest_mode,
    )


def make_article_id(raw: RawArticle, text: ArticleText) -> str:
    """Returns the id of an article: that of the message, or for an item of a page one of its own."""
    if text.item_position is None:
        return raw.article_id
    return identity.item_id(raw.article_id, text.item_url, text.title or text.body[:200])


def find_published_at(raw: RawArticle, text: ArticleText) -> datetime:
    """Returns when the article was published, as far as page, feed and fetch say."""
    return text.published_at or raw.published_at or raw.fetched_at


def hash_content(raw: RawArticle, text: ArticleText) -> str:
    """Returns the hash that changes with the article. An item has its own: its page changes with every new item."""
    if text.item_position is None:
        return raw.content_hash
    return identity.digest("item", text.title or "", text.body, str(raw.published_at))


def copy_dimensions(article: Article) -> dict[str, Any]:
    """Returns the fields that claims and figures take from their article."""
    return {name: getattr(article, name) for name in ArticleDimensions.__struct_fields__}


Disputes = Sequence[Dispute | None]
"""The dispute of each figure of an article."""


def make_claims(article: Article, text: ArticleText, disputes: Disputes) -> list[Claim]:
    """Makes the records of the claims."""
    dimensions = copy_dimensions(article)
    names = {
        (figure.field, figure.start, figure.end): dispute.name
        for figure, dispute in zip(text.figures, disputes, strict=True)
        if dispute
    }
    return [
        Claim(
            **msgspec.structs.asdict(claim) | make_claim_fields(claim, text),
            **dimensions,
            claim_id=make_claim_id(article.article_id, claim),
            figure_count=len(claim.figures),
            unit_classes=tuple(dict.fromkeys(figure.unit_class for figure in claim.figures)),
            disputes=list_names(claim, names),
        )
        for claim in text.claims
    ]


def list_names(claim: ClaimText, names: Mapping[tuple[Field, int, int], str]) -> tuple[str, ...]:
    """Returns the names of the disputes of a claim's figures, each once. `names` has them by the figure's place."""
    found = (names.get((figure.field, figure.start, figure.end)) for figure in claim.figures)
    return tuple(dict.fromkeys(name for name in found if name))


def make_claim_id(article_id: str, claim: ClaimText) -> str:
    """Makes the id of a claim. If two claims share a sentence, their content and cue differ."""
    start, end = claim.content[0] if claim.content else (claim.start, claim.end)
    return identity.claim_id(article_id, claim.field, start, end, claim.cue.start if claim.cue else -1)


def make_figures(article: Article, text: ArticleText, claims: list[Claim], disputes: Disputes) -> list[Figure]:
    """Makes the records of the figures, each with the claim that it belongs to, if any."""
    dimensions = copy_dimensions(article)
    owners = {(figure.field, figure.start, figure.end): claim for claim in claims for figure in claim.figures}
    records = []
    for figure, dispute in zip(text.figures, disputes, strict=True):
        claim = owners.get((figure.field, figure.start, figure.end))
        records.append(
            Figure(
                **msgspec.structs.asdict(figure),
                **dimensions,
                figure_id=identity.figure_id(article.article_id, figure.field, figure.start, figure.end),
                claim_id=claim.claim_id if claim else None,
                range=NumberRange(gte=figure.low, lte=figure.high),
                sentence=claim.text if claim else read_sentence(text, figure),
                **make_figure_fields(claim.claimant if claim else None, claim.entities if claim else ()),
                dispute_id=dispute.id if dispute else None,
                dispute=dispute.name if dispute else None,
                status=claim.status if claim else None,
                event=claim.event if claim else None,
            )
        )
    return records


def read_sentence(text: ArticleText, figure: FigureText) -> str:
    """Returns the sentence of a figure that belongs to no claim."""
    field, start, end = find_sentence(text, figure)
    return ((text.title or "") if field == "title" else text.body)[start:end].strip()
