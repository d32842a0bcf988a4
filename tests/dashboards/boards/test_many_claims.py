"""The generated data that boards are measured with is like real data: valid, in the right indices, unevenly spread."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from schemas.elasticsearch.buckets import ARTICLES
from schemas.elasticsearch.indices import FAMILIES
from tests.dashboards.boards.many_claims import SPAN, everything

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> dict[str, list[tuple[str, Any]]]:
    found = defaultdict(list)
    for index, record in everything(20_000, NOW):
        found[index.partition("-g1")[0]].append((index, record))
    return found


def test_documents_are_valid_records_in_the_index_that_the_sink_would_choose(made: dict[str, Any]) -> None:
    assert made.keys() == {"articles", "claims", "figures", "health", "feeds", "dead-letters"}
    for family, documents in made.items():
        for index, record in documents[:: max(1, len(documents) // 500)]:
            again = msgspec.json.decode(msgspec.json.encode(record), type=FAMILIES[family].record)
            assert again == record
            if family in ("articles", "claims", "figures"):
                assert index == FAMILIES[family].index(ARTICLES.find_bucket(record.published_at, record.fetched_at))
                assert NOW - SPAN <= record.published_at <= record.indexed_at <= NOW


def test_numbers_and_spread_are_those_of_a_busy_installation(made: dict[str, Any]) -> None:
    claims = [record for _, record in made["claims"]]
    assert len(claims) == 20_000 == len({claim.claim_id for claim in claims})
    assert 1_500 < len(made["articles"]) < 2_500
    assert len(made["figures"]) == sum(claim.figure_count for claim in claims)
    assert len({index for index, _ in made["claims"]}) == 25
    names = Counter(claim.claimant.name if claim.claimant else None for claim in claims)
    assert len(names) > 3_000
    assert names.most_common(1)[0][1] > 100 * len(claims) / len(names)
    assert len({claim.status for claim in claims}) == 8
    assert len({claim.publisher for claim in claims}) == 30
    assert len({claim.language for claim in claims}) == 8
    assert len({watch for claim in claims for watch in claim.watches}) == 5
    repeats = Counter(claim.assertion_id for claim in claims)
    assert 0.3 < len(repeats) / len(claims) < 0.6
    assert max(repeats.values()) > 5


def test_same_seed_makes_the_same_documents() -> None:
    first, second = (list(everything(50, NOW))[:60] for _ in range(2))
    assert first == second
