"""The steps between source and sink, with valid messages, broken ones, and a step with a bug."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipelines import counters
from pipelines.io.dead_letters import ATTEMPTS_HEADER
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.kafka.record import KafkaRecord
from pipelines.transforms import documents
from pipelines.transforms.articles import Normalize, decode, detect_language, find_claims, find_mentions
from pipelines.transforms.documents import to_documents
from pipelines.transforms.parcel import Parcel
from pipelines.transforms.step import LIMIT, WINDOW, Step
from pipelines.transforms.watches import TagWatches, WatchesFile
from schemas.errors import BadRecord, Permanent, Reason
from schemas.records import Article, Claim, DeadLetter, Figure
from tests.pipelines.messages import BROKEN, fields, message, record

STEPS = {
    "decode": decode,
    "normalize": Normalize(),
    "language": detect_language,
    "mentions": find_mentions,
    "claims": find_claims,
    "watches": TagWatches(WatchesFile(Path("no-watches.yaml"))),
    "documents": to_documents,
}


def run(*messages: KafkaRecord) -> list[Any]:
    """Returns the results of the whole chain of steps, in the order of the job."""
    elements: list[Any] = [Parcel(origin) for origin in messages]
    for name, rule in STEPS.items():
        step = Step(name, rule)
        elements = [result for element in elements for result in step.process(element)]
    return elements


def sources(documents: DocumentSet, family: str) -> list[dict[str, Any]]:
    return [json.loads(document.source) for document in documents.documents if document.family == family]


def all_sources(documents: DocumentSet) -> list[dict[str, Any]]:
    return [source for family in ("articles", "claims", "figures") for source in sources(documents, family)]


def test_good_message_becomes_article_claims_and_figures() -> None:
    (written,) = run(record(message(1)))
    (article,) = sources(written, "articles")
    assert article["title"] == "Port authority counts 4 volunteers"
    assert article["language"] == "en"
    assert article["publisher"] == "harbour-post.example"
    assert article["published_source"] == "feed"
    assert written.bucket == "2024.11"
    claims = sources(written, "claims")
    assert article["claim_count"] == len(claims) > 0
    assert {"denied"} <= {claim["status"] for claim in claims}
    claimants = {claim["claimant"]["name"].lower() for claim in claims if claim["claimant"]}
    assert any("port authority" in name for name in claimants)
    figures = sources(written, "figures")
    assert {4.0, 41.0} <= {figure["value"] for figure in figures}
    assert article["figure_count"] == len(figures)
    boats = next(figure for figure in figures if figure["value"] == 41)
    assert boats["range"] == {"lte": 41.0}
    assert boats["claim_id"] in {claim["claim_id"] for claim in claims}


def test_documents_fit_their_records_and_ids_are_stable() -> None:
    import msgspec

    (first,), (again,) = run(record(message(1), offset=1)), run(record(message(1), offset=9))
    assert [document.id for document in first.documents] == [document.id for document in again.documents]
    assert len({(document.family, document.id) for document in first.documents}) == len(first.documents)
    records = {"articles": Article, "claims": Claim, "figures": Figure}
    for document in first.documents:
        decoded = msgspec.json.decode(document.source, type=records[document.family])
        assert decoded.article_id == first.owner_id


@pytest.mark.parametrize("name", BROKEN)
def test_broken_message_becomes_a_dead_letter_with_reason_and_bytes(name: str) -> None:
    value, reason = BROKEN[name]
    (letter,) = run(record(value, offset=7))
    assert isinstance(letter, DeadLetter)
    assert (letter.reason, letter.step, letter.original) == (reason, "decode", value)
    assert (letter.topic, letter.partition, letter.offset, letter.key) == ("raw-articles", 0, 7, "key")
    assert letter.headers == {"trace": "t-1"}
    assert letter.size == len(value)
    assert letter.error


def test_redelivery_repeats_the_dead_letter_and_a_replay_counts_attempts() -> None:
    value, _ = BROKEN["no body"]
    (one,), (two,) = run(record(value, offset=7)), run(record(value, offset=7))
    assert one.dead_letter_id == two.dead_letter_id
    replayed = KafkaRecord("raw-articles", 0, 8, 0, None, value, ((ATTEMPTS_HEADER, b"2"),))
    (letter,) = run(replayed)
    assert letter.attempts == 3


def test_dead_letter_says_the_feed_of_its_message_and_how_it_came() -> None:
    (letter,) = run(record(message(1, body=" ", feed="tides", ingest_mode="backfill")))
    assert (letter.reason, letter.feed, letter.ingest_mode) == (Reason.EMPTY_BODY, "tides", "backfill")
    assert letter.published_at
    assert letter.fetched_at
    (letter,) = run(record(b"nothing"))
    assert letter.feed is letter.ingest_mode is letter.published_at is None


@pytest.mark.parametrize(("mode", "then"), [("live", "replay"), ("backfill", "backfill"), ("replay", "replay")])
def test_message_that_comes_back_from_the_dead_letters_is_no_news(mode: str, then: str) -> None:
    def came(value: bytes, *headers: tuple[str, bytes]) -> Any:
        (found,) = run(KafkaRecord("raw-articles", 0, 8, 0, None, value, headers))
        return found

    value, broken = message(1, ingest_mode=mode), message(1, ingest_mode=mode, body=7)
    attempts = (ATTEMPTS_HEADER, b"1")
    assert {source["ingest_mode"] for source in all_sources(came(value))} == {mode}
    assert {source["ingest_mode"] for source in all_sources(came(value, attempts))} == {then}
    assert came(broken).ingest_mode == mode
    assert came(broken, attempts).ingest_mode == then


def test_page_of_only_markup_and_boilerplate_is_an_empty_body() -> None:
    (letter,) = run(
        record(message(1, body="<nav>Home</nav><script>x()</script>", content_type="text/html", title=None))
    )
    assert letter.reason is Reason.EMPTY_BODY


def test_page_with_more_claims_and_figures_than_fit_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "The port authority said that 12 boats were lost, and that 40 people were missing."
    monkeypatch.setattr(documents, "MOST_CHILDREN", 3)
    (found,) = run(record(message(1, body=body, title=None)))
    assert isinstance(found, DocumentSet)
    monkeypatch.setattr(documents, "MOST_CHILDREN", 2)
    (letter,) = run(record(message(1, body=body, title=None)))
    assert (letter.reason, letter.step) == (Reason.TOO_LARGE, "documents")
    assert letter.error == "the page has 3 claims and figures, and at most 2 are indexed"


def test_dead_letter_passes_every_step_unchanged() -> None:
    (letter,) = run(record(b"nothing"))
    assert list(Step("any", to_documents).process(letter)) == [letter]


def test_bug_in_a_step_keeps_its_input_and_the_next_record_goes_on() -> None:
    def rule(parcel: Parcel) -> Iterable[str]:
        if parcel.origin.offset == 1:
            raise ZeroDivisionError("no words")
        return ["fine"]

    step = Step("normalize", rule)
    (letter,) = step.process(Parcel(record(b"kept", offset=1)))
    assert (letter.reason, letter.step, letter.original) == (Reason.STEP_FAILED, "normalize", b"kept")
    assert letter.error == "ZeroDivisionError: no words"
    assert list(step.process(Parcel(record(b"", offset=2)))) == ["fine"]


def test_release_that_fails_on_most_records_stops_with_a_sentence() -> None:
    def rule(_parcel: Parcel) -> Iterable[str]:
        raise KeyError("units")

    step = Step("mentions", rule)
    for offset in range(WINDOW - 1):
        list(step.process(Parcel(record(b"", offset=offset))))
    with pytest.raises(Permanent, match=f"mentions failed for {WINDOW} of the last {WINDOW}"):
        list(step.process(Parcel(record(b""))))


def test_bad_records_never_stop_the_job() -> None:
    def rule(_parcel: Parcel) -> Iterable[str]:
        raise BadRecord(Reason.NOT_JSON, "prose")

    step = Step("decode", rule)
    letters = [letter for offset in range(3 * WINDOW) for letter in step.process(Parcel(record(b"", offset=offset)))]
    assert len(letters) == 3 * WINDOW
    assert 0 < LIMIT < 1


def test_each_record_is_counted_once_in_each_step_under_one_outcome() -> None:
    counters.reset()
    run(record(message(1)), record(message(2)), record(b"prose"))
    counted = {
        labels: value for (name, labels), value in counters.snapshot().items() if name == "newsclaims_records_total"
    }
    assert counted[("decode", "ok")] == 2
    assert counted[("decode", "failed")] == 1
    assert {labels[0] for labels in counted} == set(STEPS)
    assert all(counted[(step, "ok")] == 2 for step in STEPS)
    assert counters.snapshot()[("newsclaims_dead_letters_total", ("decode", "not_json"))] == 1


def test_undeclared_metric_is_refused() -> None:
    with pytest.raises(KeyError):
        counters.add("newsclaims_invented_total")


BOILERPLATE = "The Harbour Post has been printed in the old rope works on the quay since 1911."


def bodies(step: Step, numbers: Iterable[int], text: str | None = None) -> list[str]:
    """The bodies that the step reads from pages of one feed, all with the same line below their text."""
    found = []
    for number in numbers:
        body = text or f"{fields(number)['body']}\n\n{BOILERPLATE}"
        (parcel,) = decode(Parcel(record(message(number, body=body))))
        found += [result.articles[0].body for result in step.process(parcel)]
    return found


def test_lines_that_recur_on_a_feed_are_learned_dropped_and_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "new" / "recurring.bin"
    step = Step("normalize", Normalize(memory))
    read = bodies(step, range(12))
    assert BOILERPLATE in read[0]
    assert BOILERPLATE not in read[-1]
    step.teardown()
    (restarted,) = bodies(Step("normalize", Normalize(memory)), [100])
    assert BOILERPLATE not in restarted
    memory.write_bytes(b"not ours")
    (forgotten,) = bodies(Step("normalize", Normalize(memory)), [100])
    assert BOILERPLATE in forgotten


def test_one_text_under_many_addresses_is_an_article_each_time() -> None:
    text = fields(7)["body"].replace("\n", " ")
    assert bodies(Step("normalize", Normalize()), range(12), text) == [text] * 12
