"""Which indices are dropped, and why the others are kept."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from deploy.retention.ledger import find_left_over
from deploy.retention.plan import Verdict, judge_all
from deploy.retention.stored import StoredIndex
from schemas.elasticsearch.buckets import find_period
from schemas.elasticsearch.indices import FAMILIES

NOW = datetime(2026, 3, 15, tzinfo=UTC)


def stored(family: str, bucket: str, generation: int = 1, policy: str = "") -> StoredIndex:
    period = find_period(bucket)
    assert period is not None
    index = FAMILIES[family].index(bucket, generation)
    return StoredIndex(index, family, generation, bucket, period[1], 10, 1000, policy=policy)


def judge(
    *found: StoredIndex,
    limits: Mapping[str, int | None],
    newest: datetime | None = None,
    marked: Mapping[str, int] | None = None,
) -> dict[str, Verdict]:
    verdicts = judge_all(found, limits, NOW, lambda _: newest, lambda index: (marked or {}).get(index, 0))
    return {each.index: each for each in verdicts}


@pytest.mark.parametrize(
    ("bucket", "days", "action", "reason"),
    [
        ("2025.12", 73, "drop", "its period ended 2026-01-01, more than 73 days ago"),
        ("2025.12", 74, "keep", "until 2026-03-16: 74 days after its period"),
        ("2025.q3", 165, "drop", "its period ended 2025-10-01"),
        ("2025.q4", 165, "keep", "until 2026-06-15"),
        ("2024", 400, "drop", "its period ended 2025-01-01"),
        ("2024", None, "keep", "no limit is set"),
        ("2026.03", 1, "keep", "until 2026-04-02"),
    ],
)
def test_bucket_is_dropped_when_its_newest_possible_document_is_too_old(
    bucket: str, days: int | None, action: str, reason: str
) -> None:
    [verdict] = judge(stored("claims", bucket), limits={"claims": days}).values()
    assert verdict.action == action
    assert verdict.reason.startswith(reason)


def test_families_have_limits_of_their_own() -> None:
    found = [stored(family, "2025.06") for family in ("articles", "claims", "figures", "health")]
    verdicts = judge(*found, limits={"articles": 30, "claims": None, "figures": 365, "health": 1})
    assert [each.action for each in verdicts.values()] == ["drop", "keep", "keep", "drop"]


def test_bucket_with_marked_claims_is_kept_whole_and_says_so() -> None:
    found = [stored(family, "2025.06") for family in ("articles", "claims", "figures", "dead-letters")]
    found += [stored("claims", "2025.05"), stored("claims", "2025.06", generation=2)]
    verdicts = judge(*found, limits=dict.fromkeys(FAMILIES, 30), marked={"claims-g1-2025.06": 1234})
    dropped = {index for index, each in verdicts.items() if each.action == "drop"}
    assert dropped == {"dead-letters-g1-2025.06", "claims-g1-2025.05", "claims-g2-2025.06"}
    reason = verdicts["articles-g1-2025.06"].reason
    assert reason == "1,234 of its claims are marked by analysts; --export-marked writes them to a file first"


def test_marks_do_not_keep_articles_if_the_claims_stay_anyway() -> None:
    found = [stored("articles", "2025.06"), stored("claims", "2025.06")]
    verdicts = judge(*found, limits={"articles": 30, "claims": None}, marked={"claims-g1-2025.06": 1})
    assert verdicts["articles-g1-2025.06"].action == "drop"


def test_article_that_got_a_later_date_keeps_its_bucket() -> None:
    later = datetime(2026, 3, 1, tzinfo=UTC)
    [verdict] = judge(stored("claims", "2025.06"), limits={"claims": 30}, newest=later).values()
    assert (verdict.action, verdict.reason) == ("keep", "something in it was published 2026-03-01")
    [verdict] = judge(stored("claims", "2025.06"), limits={"claims": 5}, newest=later).values()
    assert verdict.action == "drop"


def test_index_with_a_lifecycle_policy_is_left_to_the_server() -> None:
    [verdict] = judge(stored("health", "2020", policy="theirs"), limits={"health": 1}).values()
    assert (verdict.action, verdict.reason) == ("lifecycle", "the lifecycle policy theirs of the server manages it")


def test_ledger_entries_go_only_with_the_last_index_of_their_bucket() -> None:
    entries = {"2024.01": 5, "2024.02": 6, "2026.01": 7}
    found = find_left_over(entries, {"2024.02"}, lambda bucket: bucket.startswith("2024"))
    assert found == {"2024.01": 5}
