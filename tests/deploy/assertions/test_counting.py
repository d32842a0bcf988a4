"""Counting the claims of assertions: what is first, what is distinct, and that order plays no part."""

import random
from datetime import UTC, datetime
from typing import Any

import msgspec

from deploy.assertions.counting import ClaimRow, count_rows, make_assertion
from deploy.assertions.refreshing import split_ids
from schemas.elasticsearch.assertions import Assertion

ROWS = (
    ClaimRow("a", 2_000, False, "c1", "x1", "Courier", "s1", "harbour", False, "claims-g1-2024.10", 4),
    ClaimRow("a", 1_000, True, "c0", "x2", "Post", "s1", "harbour", False, "claims-g1-2024.10", 5),
    ClaimRow("a", 1_000, False, "c2", "x3", "Post", "s2", "", True, "claims-g1-2024.10", 6),
    ClaimRow("a", 3_000, False, "c3", "x3", "Post", "s2", "port", False, "claims-g1-2024.11", 1),
    ClaimRow("b", 500, False, "c4", "x4", "Post", "s3", "port", False, "claims-g1-2024.10", 7),
)
AT = datetime(2024, 11, 5, tzinfo=UTC)
CLAIM: dict[str, Any] = {
    "text": "41 boats were lost.",
    "status": "asserted",
    "feed": "f",
    "language": "en",
    "mark": "x",
}


def test_first_is_the_earliest_and_an_original_before_a_copy() -> None:
    first, second = count_rows(ROWS)
    assert (first.first.claim_id, first.last_seen, first.claims) == ("c2", 3_000, 4)
    assert (first.articles, first.publishers, first.stories) == (("x1", "x2", "x3"), 2, 2)
    assert (first.claimants, first.retracted) == (2, 1)
    assert (second.assertion_id, second.claims) == ("b", 1)


def test_marked_claims_count_for_the_choices_that_want_them() -> None:
    marked = [row._replace(marked=row.claim_id in ("c0", "c2")) for row in ROWS]
    found = {each.marked: each for each in count_rows(marked) if each.assertion_id == "a"}
    assert {choices: (each.id, each.first.claim_id, each.claims) for choices, each in found.items()} == {
        ("out",): ("a", "c1", 2), ("also",): ("a-all", "c2", 4), ("only",): ("a-marked", "c2", 2),
    }  # fmt: skip
    assert len({each.digest for each in found.values()}) == 3
    assert make_assertion(found["also",], CLAIM, AT)["marked"] == ("also",)


def test_without_marks_or_with_only_marked_claims_one_document_is_enough() -> None:
    assert [(each.id, each.marked) for each in count_rows(ROWS)] == [("a", ("out", "also")), ("b", ("out", "also"))]
    [only] = count_rows([row._replace(marked=True) for row in ROWS[4:]])
    assert (only.id, only.marked, only.claims) == ("b-marked", ("also", "only"), 1)


def test_order_and_repetition_of_a_pass_change_nothing() -> None:
    for seed in range(20):
        shuffled = random.Random(seed).sample(ROWS, len(ROWS))
        assert count_rows(shuffled) == count_rows(ROWS)
        assert [each.digest for each in count_rows(shuffled)] == [each.digest for each in count_rows(ROWS)]


def test_digest_changes_with_what_is_counted_and_with_the_first_claim() -> None:
    (whole, _) = count_rows(ROWS)
    assert count_rows(ROWS[1:])[0].digest != whole.digest
    again = [row._replace(written=9) if row.claim_id == "c2" else row for row in ROWS]
    assert count_rows(again)[0].digest != whole.digest
    other = [row._replace(written=9) if row.claim_id == "c1" else row for row in ROWS]
    assert count_rows(other)[0].digest == whole.digest


def test_document_is_a_valid_record() -> None:
    found = msgspec.convert(make_assertion(count_rows(ROWS)[0], CLAIM, AT), Assertion)
    assert (found.first_seen_at.timestamp(), found.last_seen_at.timestamp()) == (1, 3)
    assert (found.claims, found.repeats, found.articles, found.text) == (4, 3, 3, "41 boats were lost.")


def test_parts_cover_every_id_once() -> None:
    assert list(split_ids(0)) == [{"match_all": {}}]
    clauses = [clause["range"]["assertion_id"] for clause in split_ids(17)]
    assert len(clauses) == 256
    for id in ("", "0", "00", "0f", "7fff", "ff", "ffff", "zz"):
        assert sum(limits.get("gte", "") <= id and ("lt" not in limits or id < limits["lt"]) for limits in clauses) == 1
