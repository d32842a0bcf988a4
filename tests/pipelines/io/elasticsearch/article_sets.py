"""Small document sets like those of the job, for the tests of the sink and its benchmark."""

import json
from collections.abc import Sequence
from typing import Any

from pipelines.io.elasticsearch.documents import Document, DocumentSet
from pipelines.io.kafka.record import KafkaRecord


def article_set(
    owner: str = "a",
    revision: int = 1,
    claims: Sequence[str] = (),
    figures: Sequence[str] = (),
    **options: Any,
) -> DocumentSet:
    """An article with claims and figures of these ids. Its content differs with `content`, by default the revision.

    Other options are `scope`, `rules`, `bucket`, `takedown_ids`, and the `offset` of its message.
    """
    given: dict[str, Any] = {
        "scope": "full",
        "content": f"revision {revision}",
        "rules": "r1",
        "bucket": "2024.10",
        "offset": 7,
        "takedown_ids": (),
    }
    assert options.keys() <= given.keys()
    given |= options
    content = given["content"]
    common = {"article_id": owner, "revision": revision, "rules_version": given["rules"]}
    return DocumentSet(
        owner_id=owner,
        revision=revision,
        rules_version=given["rules"],
        content_scope=given["scope"],
        content_hash=content,
        bucket=given["bucket"],
        documents=(
            Document("articles", owner, json.dumps(common | {"body": content}).encode()),
            *(Document("claims", id, json.dumps(common | {"claim_id": id}).encode(), claim_id=id) for id in claims),
            *(Document("figures", id, json.dumps(common | {"figure_id": id}).encode()) for id in figures),
        ),
        origin=KafkaRecord("raw-articles", 0, given["offset"], 0, owner.encode(), b"original \xff bytes"),
        takedown_ids=given["takedown_ids"],
    )
