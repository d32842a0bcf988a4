"""`newsclaims aliases learn`: stores the short forms that articles define as merges, and names claimants by them.

A learned merge is a decision like that of a person, with its evidence. It is stored as long as articles show it, and is
removed once they do not, or no longer agree. What a person has decided about a claimant or a form is never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from deploy.settings import Settings
from pipelines.grouping.acronyms import MOST_EVIDENCE, DefiningArticle, LearnedForm, collect, name_body
from pipelines.grouping.claimants.aliases import make_form_key
from pipelines.grouping.claimants.bodies import read_form
from pipelines.grouping.claimants.naming import name_unlisted
from pipelines.grouping.renaming import Renamer, RenamingResult, connect, select_ids
from pipelines.grouping.stored_aliases import read_decisions
from schemas.elasticsearch.aliases import ClaimantAlias

PAGE = 500
"""Articles in one answer."""


@dataclass
class LearningResult:
    """What was learned, by `alias_id`, and what is no longer true; and the articles that were named again."""

    learned: tuple[str, ...]
    removed: tuple[str, ...]
    renaming: RenamingResult
    dry_run: bool = False

    def describe(self) -> str:
        """Returns it in words."""
        verb = "would be " if self.dry_run else ""
        names = f" ({', '.join(self.learned)})" if self.learned else ""
        return f"{len(self.learned):,} merges {verb}learned{names}, {len(self.removed):,} {verb}removed" + (
            "" if self.dry_run else f"; {self.renaming.describe()}"
        )


def learn(settings: Settings, dry_run: bool) -> LearningResult:
    """Learns from all indexed articles. Safe to repeat. Raises `Retryable` if a server does not answer."""
    with connect(settings) as renamer:
        renamer.client.indices.refresh(index="aliases,articles")
        stored = {each["alias_id"]: each for each in read_decisions(renamer.sender)}
        found = {
            alias.alias_id: alias
            for form in collect(read_articles(renamer.client)).values()
            if (alias := make_alias(form)) and not is_decided(alias, stored)
        }
        before = {id: each for id, each in stored.items() if each["origin"] == "learned"}
        new = [each for id, each in found.items() if id not in before or is_other(each, before[id])]
        gone = sorted(before.keys() - found.keys())
        result = LearningResult(tuple(each.alias_id for each in new), tuple(gone), RenamingResult(), dry_run)
        if not dry_run:
            result.renaming = store(renamer, new, [before[id] for id in gone])
        return result


def read_articles(client: Elasticsearch) -> Iterator[tuple[DefiningArticle, str]]:
    """Yields the texts of all articles, each with its source."""
    fields = ["article_id", "publisher", "story_id", "published_at", "title", "body"]
    for hit in scan(client, index="articles", query={"_source": fields}, size=PAGE):
        found = hit["_source"]
        source = DefiningArticle(
            found["article_id"], found.get("publisher", ""), found.get("story_id") or found["article_id"],
            found["published_at"],
        )  # fmt: skip
        yield source, f"{found.get('title') or ''}\n{found['body']}"


def make_alias(form: LearnedForm) -> ClaimantAlias | None:
    """Returns the merge of a short form with the body that it means, if enough articles agree; else None."""
    target = form.find_meaning()
    if target is None:
        return None
    # The earliest article first, and the spelling that it uses: the same from any order of the articles.
    found = sorted(form.meanings[target], key=lambda each: (each[0].published_at, each[0].article_id))
    body = name_body(found[0][1].long)
    own = name_unlisted(form.short, read_form(form.short, "organisation"))
    if body is None or own.id == target:
        return None
    articles = tuple(dict.fromkeys(source.article_id for source, _ in found))
    return ClaimantAlias(
        alias_id=f"merge/{own.id}", decision="merge", from_id=own.id, to_id=target, to_name=body.name,
        form=form.short, origin="learned", evidence=articles[:MOST_EVIDENCE],
        evidence_count=len({source.story for source, _ in found}), sentence=found[0][1].words, at=datetime.now(UTC),
    )  # fmt: skip


def is_decided(alias: ClaimantAlias, stored: dict[str, dict[str, Any]]) -> bool:
    """Returns whether a person has decided about this claimant or form, so that nothing is learned about it."""
    own = stored.get(alias.alias_id)
    return f"split/{make_form_key(alias.form or '')}" in stored or bool(own and own["origin"] == "person")


def is_other(alias: ClaimantAlias, before: dict[str, Any]) -> bool:
    """Returns whether a learned merge says something else than the stored one, or has other evidence."""
    return (alias.to_id, alias.to_name, alias.evidence, alias.evidence_count) != (
        before["to_id"], before["to_name"], tuple(before["evidence"]), before["evidence_count"],
    )  # fmt: skip


def store(renamer: Renamer, new: list[ClaimantAlias], gone: list[dict[str, Any]]) -> RenamingResult:
    """Stores what was learned, removes what is no longer true, and names the claimants of both again."""
    for alias in new:
        renamer.store(alias)
    for each in gone:
        renamer.remove(each["alias_id"])
    ids = [each.from_id for each in new] + [each["to_id"] for each in gone]
    return renamer.apply(select_ids(ids)) if ids else RenamingResult()
