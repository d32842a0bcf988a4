"""The grammar of times finds every text of its forms, although only a few words start any matching."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipelines.text.dates.grammar import _FORMS, _STARTS, find_matches


@pytest.mark.parametrize("form", _FORMS)
@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # making an example smaller takes minutes
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_every_text_of_a_form_starts_a_match(form: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(_FORMS[form], re.ASCII), fullmatch=True))
    first = re.match(r"[a-z]+|\d|.", text.lower())
    assert first is not None
    forms = _STARTS.get("0" if first[0].isdigit() else first[0])
    if forms is not None and (found := forms.match(text)) and found.lastgroup not in ("month", "year"):
        assert [match.group() for match in find_matches(text)][:1] == [found.group()]
