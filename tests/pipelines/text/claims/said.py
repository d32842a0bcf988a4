"""What the claims of a text say, in a form that tests compare."""

from pipelines.text.claims.finding import find_claims
from schemas.text import ArticleText


def list_said(body: str, title: str = "") -> list[tuple[str | None, str]]:
    """Returns claimant and content of each attributed claim; pieces of a content are joined with " ~ "."""
    claims = find_claims(ArticleText(title=title, body=body, language="en", author="Ida Rask"))
    return [
        (
            claim.claimant.name if claim.claimant else None,
            " ~ ".join((title if claim.field == "title" else body)[start:end] for start, end in claim.content),
        )
        for claim in claims
        if claim.claimant or claim.cue
    ]
