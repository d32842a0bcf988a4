"""Measures and currencies from CLDR."""

from pipelines.text.figures.cldr import complete_table
from pipelines.text.tables import load_typed_table

SETTINGS = {"classes": {"distance": "length-kilometer length-inch", "time": "duration-hour"}, "not_signs": ["in"]}
INCH = {"id": "length-inch", "name": "inch", "symbols": ["″"]}
TEU = {"name": "teu", "class": "volume", "words": ["teu"]}
CROWN = {"name": "crown", "code": "NOK", "words": ["norwegian crown"]}
CENT = {"name": "cent", "code": "", "words": ["cent"]}
OWN = {"cldr": SETTINGS, "measures": [INCH, TEU], "money": [CROWN, CENT]}


def test_measures_have_british_and_american_names() -> None:
    rows = {row["name"]: row for row in complete_table(OWN)["measures"]}
    assert rows["kilometre"]["words"] == ["kilometre", "kilometres", "kilometer", "kilometers"]
    assert (rows["kilometre"]["symbols"], rows["kilometre"]["class"], rows["kilometre"]["kind"]) == (
        ["km"],
        "distance",
        "measure",
    )
    assert rows["hour"]["kind"] == "duration"


def test_a_row_of_the_table_adds_to_that_of_cldr_without_its_ambiguous_signs() -> None:
    rows = {row["name"]: row for row in complete_table(OWN)["measures"]}
    assert rows["inch"]["words"] == ["inch", "inches", "inch", "inches"]
    assert rows["inch"]["symbols"] == ["″"]
    assert rows["teu"]["words"] == ["teu"]


def test_currencies_have_their_names_and_the_table_renames_them() -> None:
    rows = {row["code"]: row for row in complete_table(OWN)["money"]}
    assert rows["NOK"]["name"] == "crown"
    assert rows["NOK"]["words"] == ["norwegian krone", "norwegian kroner", "norwegian crown"]
    assert rows["KES"]["words"] == ["kenyan shilling", "kenyan shillings"]
    assert not any("(" in row["name"] for row in rows.values())


def test_every_id_of_the_table_is_one_of_cldr() -> None:
    table = load_typed_table("pipelines.text.figures", "units.yaml")
    ids = {one for ids in table["cldr"]["classes"].values() for one in ids.split()}
    assert {row["id"] for row in table["measures"] if "id" in row} <= ids
