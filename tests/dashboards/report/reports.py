"""Reports of the demo's data, and claims with hostile texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from tests.conftest import Stack
from tests.pipelines.run.running import command

HARM = "<script>hacked = true</script><img src=x onerror='hacked = true'>"
LOUD = 40
"""Claims of the hostile claimant: enough to be among the most frequent in charts and selectors."""


def report_of(stack: Stack, path: Path, *arguments: object) -> Path:
    """Writes a report."""
    run = command(stack, "report", "--output", path, *arguments)
    assert run.returncode == 0, run.stderr
    return path


@contextmanager
def indexed(stack: Stack, *changes: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Indexes copies of a claim with these changes until the end of the block."""
    with Elasticsearch(stack.elasticsearch_url, request_timeout=60) as client:
        hit = client.search(index="claims", q="_exists_:claimant.name", size=1, sort="published_at:desc")["hits"][
            "hits"
        ][0]
        made = [hit["_source"] | {"claim_id": f"report-test-{place}"} | change for place, change in enumerate(changes)]
        actions = [{"_index": hit["_index"], "_id": each["claim_id"], "_source": each} for each in made]
        bulk(client, actions, refresh=True)
        try:
            yield made
        finally:
            bulk(client, [{"_op_type": "delete", "_index": each["_index"], "_id": each["_id"]} for each in actions],
                 refresh=True)  # fmt: skip


@contextmanager
def hostile(stack: Stack) -> Iterator[dict[str, Any]]:
    """Indexes claims in which every text is a script; yields the first."""
    with Elasticsearch(stack.elasticsearch_url) as client:
        claimant = client.search(index="claims", q="_exists_:claimant.name", size=1)["hits"]["hits"][0]["_source"][
            "claimant"
        ]
    change = {
        "text": f"{HARM}</script><b>bold", "claimant": claimant | {"name": HARM}, "publisher": HARM, "title": HARM,
        "url": "javascript:hacked=true", "language": "en",
    }  # fmt: skip
    with indexed(stack, *[change] * LOUD) as claims:
        yield claims[0]
