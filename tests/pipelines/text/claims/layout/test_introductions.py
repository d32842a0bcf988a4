"""Paragraphs that introduce a quotation in the next one."""

from tests.pipelines.text.claims.said import list_said


def test_a_colon_introduces_the_next_paragraph() -> None:
    quotation = "“The strike has cost us much.”"
    assert list_said(f"And from the leader, Ruth Quay:\n\n{quotation}") == [("Ruth Quay", quotation)]
    assert list_said(f"Ruth Quay said on Monday:\n{quotation}") == [("Ruth Quay", quotation)]
    assert list_said(f"Ruth Quay said on Monday:\nThe boats left.\n{quotation}") == []
    assert list_said(f"{quotation} The list is this:\n{quotation}") == []
