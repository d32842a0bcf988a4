"""Document sets as the job makes them, small: shared by the tests of the sink and its benchmark."""

import json
from collections.abc import Sequence

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.kafka.record import KafkaRecord


def article_set(
    owner: str = "a",
    revision: int = 1,
    claims: Sequence[str] = (),
    figures: Sequence[str] = (),
    *,
    scope: str = "full",
    content: str | None = None,
    rules: str = "r1",
    bucket: str = "2024.10",
    offset: int = 7,
) -> DocumentSet:
    """An article with claims and figures of these ids; its content differs with `content`, by default the revision."""
    content = f"revision {revision}" if content is None else content
    common = {"article_id": owner, "revision": revision, "rules_version": rules}
    return DocumentSet(
        owner_id=owner,
        revision=revision,
        rules_version=rules,
        content_scope=scope,
        content_hash=content,
        bucket=bucket,
        documents=(
            Document("articles", owner, json.dumps(common | {"body": content}).encode()),
            *(Document("claims", id, json.dumps(common | {"claim_id": id}).encode()) for id in claims),
            *(Document("figures", id, json.dumps(common | {"figure_id": id}).encode()) for id in figures),
        ),
        origin=KafkaRecord("raw-articles", 0, offset, 0, owner.encode(), b"original \xff bytes"),
    )
