"""Decisions about the names of claimants and entities, as they are stored."""

from typing import Annotated, Literal

from schemas.fields import Count, Id, Record, Text, Timestamp, describe

AliasDecision = Literal["merge", "split"]
AliasOrigin = Literal["person", "learned"]


class ClaimantAlias(Record, frozen=True, kw_only=True):
    """A decision that two claimants are one, or that a form names somebody of its own. Behind the alias `aliases`.

    It is the source of truth: the job names claimants and entities by these decisions, after its own rules. Its
    id follows from what it decides, so that a second decision about the same claimant or form replaces the first.
    """

    alias_id: Annotated[Id, describe("Id of the decision: `merge` or `split`, and what is merged or split off.")]
    decision: Annotated[
        AliasDecision,
        describe("`merge`: claimant `from_id` is claimant `to_id`. `split`: `form` is somebody of its own."),
    ]
    from_id: Annotated[str | None, describe("Of a merge: id of the claimant that gets the other name.")] = None
    to_id: Annotated[str | None, describe("Of a merge: id of the claimant that both are.")] = None
    to_name: Annotated[Text | None, describe("Of a merge: name of that claimant.")] = None
    form: Annotated[Text | None, describe("The written form: of a split the one that is split off.")] = None
    origin: Annotated[AliasOrigin, describe("`person`, or `learned` from articles.")] = "person"
    evidence: Annotated[tuple[str, ...], describe("Ids of articles that show it, at most twenty.")] = ()
    evidence_count: Annotated[Count, describe("Number of stories that show it.")] = 0
    sentence: Annotated[
        Text | None, describe("Of a learned merge: the words that show it, from the first article of `evidence`.")
    ] = None
    note: Annotated[Text | None, describe("The reason that a person gave.")] = None
    by: Annotated[str | None, describe("Who decided it; null if it was learned.")] = None
    at: Annotated[Timestamp, describe("When it was decided.")]
