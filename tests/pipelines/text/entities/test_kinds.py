from pipelines.text.entities.kinds import judge_names
from pipelines.text.entities.names import find_names


def is_sure(text: str) -> bool:
    return judge_names(text, find_names(text))[0].sure


def test_kind_is_sure_only_where_the_model_is() -> None:
    assert is_sure("They praised the Nordhavn Harbour Authority.")
    assert not is_sure("It was Vessrin again.")
