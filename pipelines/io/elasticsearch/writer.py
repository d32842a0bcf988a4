"""Writes a batch of document sets and dead letters: to Elasticsearch, to Kafka, and to the ledger. It needs no Beam."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipelines import counters, lifecycle
from pipelines.io.elasticsearch import ledger, marks, overtaking, retractions, takedowns
from pipelines.io.elasticsearch.actions import (
    BulkAction,
    delete,
    delete_dead_letter,
    make_message_value,
    write_dead_letter,
    write_document,
    write_ledger,
)
from pipelines.io.elasticsearch.bulk import BulkSender
from pipelines.io.elasticsearch.documents import DocumentSet
from pipelines.io.elasticsearch.failures import STEP, DocumentFailure, make_failure, make_stop, shorten
from pipelines.io.elasticsearch.generations import Generations, IndexedGenerations, is_settled
from pipelines.io.elasticsearch.ledger import Child, Periods, WritePlan
from pipelines.io.elasticsearch.marks import Marks
from pipelines.io.kafka.publishing import OutgoingMessage, OversizedMessage, Publisher
from pipelines.io.recent_input import RecentInput
from schemas.elasticsearch.indices import FAMILIES, LEDGER
from schemas.errors import NewsclaimsError, Permanent
from schemas.records import DeadLetter, GenerationState

_log = logging.getLogger(__name__)

Element = DocumentSet | DeadLetter


@dataclass(frozen=True)
class SinkTopics:
    """The topics that the sink publishes to: `families` has a topic for each published family of documents.

    `producer` makes a kafka-python producer that waits for acknowledgements. It is called in each worker, so it must
    pickle: `functools.partial(KafkaProducer, ...)`.
    """

    producer: Callable[[], Any]
    families: Mapping[str, str]
    dead_letters: str


class BatchWriter:
    """Writes one batch: documents and deletions, then messages, then the ledger.

    In this order a death at any point heals when the batch comes again. `generations` says which generations of the
    indices are written, by default what their index says. `periods` says which buckets dead letters have, and which
    buckets are beyond their retention.
    """

    def __init__(
        self,
        sender: BulkSender,
        publisher: Publisher | None = None,
        topics: SinkTopics | None = None,
        generations: Generations | None = None,
        periods: Periods | None = None,
        recent: RecentInput | None = None,
    ) -> None:
        self.sender = sender
        self.publisher = publisher
        self.topics = topics
        self.generations = generations or IndexedGenerations(sender)
        self.periods = periods or Periods()
        self.recent = recent
        self.kept: list[DeadLetter] = []
        self._superseded: list[BulkAction] = []
        self._overtaken: set[str] = set()
        self._begun: list[tuple[list[WritePlan], Publisher | None]] = []

    def write(self, batch: Sequence[Element]) -> None:
        """Returns when the whole batch is written, published and in the ledger, in every generation.

        Raises as the transform does.
        """
        began = time.perf_counter()
        state = self.generations.recall()
        self._begun = []
        try:
            while not self._write_all(batch, state):
                state = self.generations.recall()
        except lifecycle.WriteForbidden:
            self._repair()
            raise
        count_times(batch, time.perf_counter() - began)
        if self.recent:
            messages = [each.origin for each in batch if isinstance(each, DocumentSet) and each.origin]
            self.recent.add(messages, self.kept)
            self.recent.check()

    def _write_all(self, batch: Sequence[Element], state: GenerationState) -> bool:
        """Writes to all generations of the state. Returns False if there is another one by now, or another is live."""
        sets = [element for element in batch if isinstance(element, DocumentSet)]
        try:
            self._write(batch, state.live, is_live=True)
            for other in state.written:
                if other != state.live:
                    self._write(sets, other, is_live=False)
        except Permanent:
            # The indices of a generation that is given up are deleted while we write to them.
            if self.generations.read() == state:
                raise
            return False
        return is_settled(state, self.generations.read())

    def _write(self, batch: Sequence[Element], generation: int, is_live: bool) -> None:
        """Writes to one generation. Only the live one is published and counted."""
        now = datetime.now(UTC)
        plans, letters, known = self._plan(batch, now, generation)
        publisher = self.publisher if is_live else None
        self._superseded, self._overtaken = [], set()
        self._begun.append((plans, publisher))
        failures = self._write_documents(plans, now, publisher, rejected=set())
        failures += self._write_late_marks(plans, known, now, publisher, {failure.child for failure in failures})
        plans, more = self._settle(plans, now, publisher, {failure.child for failure in failures})
        failures += more
        if not is_live:
            self._publish_gone(plans)
        kept = [*letters, *(failure.make_dead_letter() for failure in failures)]
        self._write_dead_letters(kept)
        broken = {failure.owner.owner_id for failure in failures}
        plans = [ledger.mark_incomplete(plan) if plan.owner_id in broken else plan for plan in plans]
        self._write_ledger(plans, now)
        self._clean_up(plans, publisher)
        plans = self._remove_taken_down(plans, kept, is_live)
        if is_live:
            self.kept = kept
            count_outcomes(plans, len(letters), sum(isinstance(each, DeadLetter) for each in batch) - len(letters))

    def _plan(
        self, batch: Sequence[Element], now: datetime, generation: int
    ) -> tuple[list[WritePlan], list[DeadLetter], Marks]:
        """Returns the plans of a batch, its dead letters without those that a takedown covers, and the marks."""
        given = [each for each in batch if isinstance(each, DocumentSet)]
        sets, unknown = retractions.split_unknown(retractions.fill_retractions(self.sender, given, generation))
        index = LEDGER.index("", generation)
        owners = list(dict.fromkeys(each.owner_id for each in sets))
        claims = marks.list_claims(sets)
        found = self.sender.find_all({marks.INDEX: claims, takedowns.INDEX: takedowns.collect_ids(batch)})
        known = marks.read_marks(found[marks.INDEX])
        sets = [marks.set_marks(each, known) for each in sets]
        entries = ledger.read_entries(self.sender.read(index, owners))
        in_force = takedowns.read_takedowns(found[takedowns.INDEX])
        covered = {each.owner_id for each in sets if in_force.cover(each)}
        fresh, expired = self.periods.choose([each for each in sets if each.owner_id not in covered], entries, now)
        plans = [self.periods.restrict(plan, now) for plan in ledger.make_plans(fresh, entries, now, generation)]
        plans += [ledger.skip(each) for each in expired]
        plans += unknown
        plans += takedowns.plan_removals([each for each in sets if each.owner_id in covered], entries, generation)
        letters = [each for each in batch if isinstance(each, DeadLetter) and not in_force.cover(each)]
        return plans, letters, known

    def _remove_taken_down(self, plans: list[WritePlan], letters: list[DeadLetter], is_live: bool) -> list[WritePlan]:
        """Deletes again what was taken down while it was written. Returns the plans as they were carried out."""
        sets = [found for plan in plans if (found := plan.written or plan.announced)]
        ids = takedowns.collect_ids([*sets, *letters])
        in_force = takedowns.read_takedowns(self.sender.find_all({takedowns.INDEX: ids})[takedowns.INDEX])
        if not in_force.ids:
            return plans
        carried_out = [takedowns.revoke(plan, in_force) for plan in plans]
        late = [after for before, after in zip(plans, carried_out, strict=True) if after is not before]
        now = datetime.now(UTC)
        self.sender.send(action for plan in late for action in make_actions(plan, now))
        if is_live:
            self._publish(late, self.publisher, set())
        self._delete_dead_letters([each for each in letters if in_force.cover(each)])
        return carried_out

    def _delete_dead_letters(self, letters: list[DeadLetter]) -> None:
        self.sender.send(delete_dead_letter(each, self.periods.dead_letters) for each in letters)
        if letters and self.publisher and self.topics:
            topic = self.topics.dead_letters
            self.publisher.publish(OutgoingMessage(topic, each.dead_letter_id.encode(), None) for each in letters)

    def _write_documents(
        self, plans: list[WritePlan], now: datetime, publisher: Publisher | None, rejected: set[Child]
    ) -> list[DocumentFailure]:
        """Writes the documents of the plans, then publishes. Returns what was refused; `rejected` was before."""
        actions = (action for plan in plans for action in make_actions(plan, now))
        failures = [make_failure(each) for each in self.sender.send(actions, self._superseded)]
        rejected = rejected | {failure.child for failure in failures}
        return failures + [make_failure(each) for each in self._publish(plans, publisher, rejected)]

    def _write_late_marks(
        self, plans: list[WritePlan], known: Marks, now: datetime, publisher: Publisher | None, rejected: set[Child]
    ) -> list[DocumentFailure]:
        """Writes the documents again whose claim was marked since the marks were read.

        An analyst's mark is stored first, and then written to the claim that is there. So a mark that is not stored yet
        when this looks will be written to the documents that are there now.
        """
        claims = marks.list_claims(found for plan in plans if (found := plan.written or plan.announced))
        failures: list[DocumentFailure] = []
        while claims:
            read = marks.read_marks(self.sender.find_all({marks.INDEX: claims})[marks.INDEX])
            changed = {id for id in claims if read.get(id) != known.get(id)}
            if not changed:
                break
            again = [marks.select_marked(plan, changed, read) for plan in plans]
            failures += self._write_documents(again, now, publisher, rejected)
            known = read
        return failures

    def _publish(
        self, plans: list[WritePlan], publisher: Publisher | None, rejected: set[Child]
    ) -> list[OversizedMessage]:
        if not publisher or not self.topics:
            return []
        return publisher.publish(
            message for plan in plans for message in make_messages(plan, self.topics.families, rejected)
        )

    def _publish_gone(self, plans: list[WritePlan]) -> None:
        """Publishes the deletions of a generation that is not live: the topic may have its claims from before."""
        if self.publisher and self.topics:
            families = self.topics.families
            found = (message for plan in plans for message in make_messages(plan, families))
            self.publisher.publish(message for message in found if message.value is None)

    def _write_dead_letters(self, letters: list[DeadLetter]) -> None:
        # Two documents of one message may be refused, and a batch may hold a message twice: one dead letter.
        unique = list({letter.dead_letter_id: letter for letter in letters}.values())
        refused = self.sender.send(write_dead_letter(letter, self.periods.dead_letters) for letter in unique)
        if still := self.sender.send(write_dead_letter(shorten(each), self.periods.dead_letters) for each in refused):
            raise make_stop(still[0])
        if unique and self.publisher and self.topics:
            self.publisher.publish_dead_letters(self.topics.dead_letters, unique)

    def _write_ledger(self, plans: list[WritePlan], now: datetime) -> None:
        """Writes the ledger. An entry that Elasticsearch refuses makes its message a dead letter."""
        refused = self.sender.send(
            (write_ledger(plan.make_entry(now), plan.written, plan.generation) for plan in plans if plan.written),
            self._superseded,
        )
        self._write_dead_letters([make_failure(each).make_dead_letter() for each in refused])

    def _settle(
        self, plans: list[WritePlan], now: datetime, publisher: Publisher | None, rejected: set[Child]
    ) -> tuple[list[WritePlan], list[DocumentFailure]]:
        """Plans and writes the articles again that another writer has put into the ledger since it was read.

        Two runs of one group may write at the same time: the newer revision then does not know the claims of the older.
        """
        failures: list[DocumentFailure] = []
        while written := [plan for plan in plans if plan.written]:
            index = LEDGER.index("", written[0].generation)
            entries = ledger.read_entries(self.sender.read(index, [plan.owner_id for plan in written]))
            changed = {plan.owner_id for plan in written if entries.get(plan.owner_id) != plan.entry}
            if not changed:
                break
            self._overtaken |= changed
            again = [ledger.plan_again(plan, entries.get(plan.owner_id), now) for plan in written]
            again = [plan for plan in again if plan.owner_id in changed]
            failures += self._write_documents(again, now, publisher, rejected)
            plans = [plan for plan in plans if plan.owner_id not in changed] + again
        return plans, failures

    def _clean_up(self, plans: list[WritePlan], publisher: Publisher | None) -> None:
        """Removes what was written of a revision although a newer one was there, and publishes the newer one again.

        A run that died may have done so before, so that a revision which is older than the ledger's counts, too.
        """
        overtaken = {action.subject[0].owner_id for action in self._superseded if action.subject} | self._overtaken
        suspects = [plan for plan in plans if plan.owner_id in overtaken or plan.is_late]
        if not suspects:
            return
        self._remove_late(suspects, publisher)

    def _remove_late(
        self,
        suspects: list[WritePlan],
        publisher: Publisher | None,
        wait: overtaking.Wait = lifecycle.stop_requested.wait,
    ) -> None:
        """Removes what these plans wrote of revisions that the ledger has overtaken, and publishes the newer ones."""
        late = overtaking.find_late(self.sender, suspects, wait)
        self.sender.send(action for each in late for action in each.list_leftovers())
        if publisher and self.topics:
            for target in self.topics.families.items():
                published = [each.list_published(target[0]) for each in late]
                generation, patience = suspects[0].generation, overtaking.LEDGER_SECONDS
                overtaking.publish_again(self.sender, publisher, target, published, generation, patience, wait)

    def _repair(self) -> None:
        """Removes what was written after the partitions of this process had gone to another one.

        A process may be stopped between the check of its permission and the sending of a request, for any time. The one
        that has the partitions now may have written a newer revision, and has no reason to look at the older one again.
        What is removed is not in the ledger, and what is published is what the index has, so two processes may do it.
        """
        with lifecycle.suspend_write_checks():
            for plans, publisher in self._begun:
                try:
                    if plans:
                        self._remove_late(plans, publisher, overtaking.wait_to_end)
                except NewsclaimsError as error:
                    _log.warning("documents of an older revision may be left, written too late: %s", error)


def make_actions(plan: WritePlan, now: datetime) -> Iterator[BulkAction]:
    """Yields the bulk actions of a plan: its documents, then the deletion of those that are gone."""
    if plan.removal:
        for family, id in plan.gone:
            yield delete(FAMILIES[family].index(*plan.place), id, plan.removal)
    if plan.written is None:
        return
    for document in plan.written.documents:
        yield write_document(document, plan.written, plan.place, now)
    for family, id in plan.gone:
        yield delete(FAMILIES[family].index(*plan.place), id, plan.written.revision, (plan.written, (family, id)))


def make_messages(
    plan: WritePlan, topics: Mapping[str, str], rejected: Container[Child] = ()
) -> Iterator[OutgoingMessage]:
    """Yields the messages of a plan: each document whose family has a topic, and a tombstone for each that is gone."""
    published = plan.written or plan.announced
    for document in published.documents if published else ():
        child = (document.family, document.id)
        if document.family in topics and child not in rejected:
            yield OutgoingMessage(
                topics[document.family], document.id.encode(), make_message_value(document), subject=(published, child)
            )
    for child in plan.gone:
        if child[0] in topics:
            yield OutgoingMessage(topics[child[0]], child[1].encode(), None, subject=(published, child))


def count_outcomes(plans: Iterable[WritePlan], letters: int, taken_down: int = 0) -> None:
    """Counts the outcome of each element: of each revision in the plans, and of dead letters written or taken down."""
    outcomes = Counter(outcome for plan in plans for outcome in plan.list_outcomes())
    outcomes += Counter({"dead_letter": letters, takedowns.TAKEN_DOWN: taken_down})
    for outcome, amount in outcomes.items():
        counters.add("newsclaims_records_total", amount, step=STEP, outcome=outcome)


def count_times(batch: Sequence[Element], seconds: float) -> None:
    """Counts for each element the time that its batch took, and its age now that it is written.

    A dead letter does not carry the time of its record; a message without one has -1.
    """
    now = time.time()
    ages = [
        max(0.0, now - element.origin.timestamp / 1000)
        for element in batch
        if isinstance(element, DocumentSet) and element.origin and element.origin.timestamp > 0
    ]
    counters.observe("newsclaims_step_seconds", [seconds] * len(batch), step=STEP)
    counters.observe("newsclaims_age_at_write_seconds", ages)
