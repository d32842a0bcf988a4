"""Paragraphs that introduce a quotation in the next one."""

from tests.pipelines.text.claims.said import list_said


def test_a_colon_introduces_the_next_paragraph() -> None:
    quotation = "“The strike has cost us much.”"
    assert list_said(f"And from the leader, Ruth Quay:\n\n{quotation}") == [("Ruth Quay", quotation)]
    assert list_said(f"Ruth Quay said on Monday:\n{quotation}") == [("Ruth Quay", quotation)]
    assert list_said(f"Ruth Quay said on Monday:\nThe boats left.\n{quotation}") == []
    assert list_said(f"{quotation} The list is this:\n{quotation}") == []


SPEECH = "We are going to be a key part of the group that gives this support."


def test_the_paragraph_after_a_verb_of_saying_is_a_quotation() -> None:
    assert list_said(f"After the talks, Ruth Quay said:\n\n{SPEECH}\n\nThe boats then left the port.") == [
        ("Ruth Quay", SPEECH)
    ]
    assert list_said(f"Ruth Quay told reporters on Monday:\n{SPEECH}") == [("Ruth Quay", SPEECH)]


def test_it_goes_on_in_the_first_person() -> None:
    body = f"Ruth Quay said:\n{SPEECH}\n{SPEECH}\nThe boats then left the port and the town without a sound."
    assert list_said(body) == [("Ruth Quay", f"{SPEECH}\n{SPEECH}")]
    assert list_said(f"Ruth Quay said:\n{SPEECH}\n“Boats” are our pride, and the town has many of them.") == [
        ("Ruth Quay", f"{SPEECH}\n“Boats” are our pride, and the town has many of them.")
    ]


def test_paragraphs_between_belong_to_it() -> None:
    between = "The boats then left the port and the town without a sound."
    said = f"{SPEECH}\n{between}\n{SPEECH}"
    assert list_said(f"Ruth Quay said:\n{said}") == [("Ruth Quay", said)]


def test_lists_and_headings_are_not_speech() -> None:
    assert list_said("Ruth Quay said:\nOld boats\nThe boats left the port.") == []
    assert list_said(f"Ruth Quay said:\n- {SPEECH}") == []
    assert list_said(f"Ruth Quay said:\n{SPEECH[:-1]}") == []
    assert list_said(f"Ruth Quay painted the boats:\n{SPEECH}") == []
    assert list_said(f"Ruth Quay said it rained: {SPEECH}\n{SPEECH}") == [("Ruth Quay", f"it rained: {SPEECH[:-1]}")]
