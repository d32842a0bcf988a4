"""Analysts' marks on claims, as they are stored."""

from typing import Annotated

from schemas.fields import FullText, Id, MarkKind, Record, Text, Timestamp, describe


class ClaimMark(Record, frozen=True, kw_only=True):
    """An analyst's mark on a claim: one document each, by the claim's id. Behind the alias `marks`.

    It is the source of truth: the sink copies `mark` to the claim and its figures whenever it writes them. It stays
    when its claim is gone.
    """

    claim_id: Annotated[Id, describe("Id of the marked claim.")]
    article_id: Annotated[Id, describe("Id of the article that the claim is in.")]
    mark: Annotated[MarkKind, describe("`wrong` (not what the article says) or `duplicate` (of another claim).")]
    duplicate_of: Annotated[Id | None, describe("Id of the claim that it repeats.")] = None
    note: Annotated[Text | None, describe("The analyst's reason.")] = None
    by: Annotated[str | None, describe("Who marked it.")] = None
    at: Annotated[Timestamp, describe("When it was marked.")]
    text: Annotated[FullText, describe("The sentence of the claim when it was marked.")] = ""
