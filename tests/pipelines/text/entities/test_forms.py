"""The entities of the text, read back from those that were named."""

from pipelines.text.entities.forms import list_found, list_parts
from schemas.text import Entity, NamedEntity

FIRST = Entity(name="Sergei Belov", kind="person", mentions=((0, 12),), role="minister", country="NL")
TOWN = Entity(name="Varnholm", kind="location", mentions=((20, 28),))
SECOND = Entity(name="Sergey Belov", kind="person", mentions=((30, 42),))
TITLE = Entity(name="Nordmark", kind="location", title_mentions=((0, 8),))
BELOV = NamedEntity(
    name="Sergey Belov", kind="person", id="person/sergey-belov", written=("Sergei Belov", "Sergey Belov"),
    mentions=((0, 12), (30, 42)), parts=(FIRST, SECOND),
)  # fmt: skip


def test_parts_come_back_in_the_order_of_first_mention_with_the_title_last() -> None:
    others = (
        NamedEntity(
            name="Nordmark", kind="location", title_mentions=((0, 8),), id="name/nordmark", written=("Nordmark",)
        ),
        NamedEntity(name="The Town", kind="location", mentions=((20, 28),), id="name/town", written=("Varnholm",)),
    )
    assert list_found((BELOV, *others)) == [FIRST, TOWN, SECOND, TITLE]


def test_entities_without_ids_are_found_as_they_are() -> None:
    assert list_found((SECOND, FIRST)) == [SECOND, FIRST]
    assert list_found((NamedEntity(name="Varnholm", kind="location", mentions=((20, 28),)),)) == [TOWN]
    assert list_parts(TOWN) == (TOWN,)


def test_mentions_of_one_name_that_are_of_two_come_together_again() -> None:
    parts = [
        NamedEntity(name=f"{country}'s Foreign Ministry", kind="organisation", id=f"{country}/foreign-ministry",
                    written=("Foreign Ministry",), mentions=mentions, title_mentions=title)
        for country, mentions, title in (("Russia", ((0, 16), (40, 56)), ()), ("Ukraine", ((20, 36),), ((0, 16),)))
    ]  # fmt: skip
    assert list_found(parts) == [
        Entity(name="Foreign Ministry", kind="organisation", mentions=((0, 16), (20, 36), (40, 56)),
               title_mentions=((0, 16),))
    ]  # fmt: skip
