"""Damages are what they claim to be: each changes one value and leaves a file that can still be read."""

import ast
from pathlib import Path

import yaml

from tests.checkout import ROOT
from tests.mutants.__main__ import PACKAGE, PER_GROUP, SAMPLE, SEED, TESTS, choose_sample, load_accepted, run_tests
from tests.mutants.damages import Damage, damage_constants, damage_table, find_damages

TABLE = """# A table.
words: >
  one two
  three
# About numbers.
limits: {least: 2, most: 0.5}
rows:
  - {name: metre, words: [metre]}
  # The second.
  - {name: mile, words: [mile]}
list: [a, b]
"""


def damaged(text: str, damage: Damage) -> str:
    return text[: damage.start] + damage.replacement + text[damage.end :]


def test_each_group_and_row_of_a_table_is_damaged_once() -> None:
    found = {damage.name: yaml.safe_load(damaged(TABLE, damage)) for damage in damage_table("t.yaml", TABLE)}

    whole = yaml.safe_load(TABLE)
    metre, mile = whole["rows"]
    assert found == {
        "words": whole | {"words": ""},
        "limits.least": whole | {"limits": {"least": 21, "most": 0.5}},
        "limits.most": whole | {"limits": {"least": 2, "most": 6.0}},
        "rows.metre": whole | {"rows": [mile, mile]},
        "rows.mile": whole | {"rows": [metre, metre]},
        "list": whole | {"list": []},
    }


def test_constants_are_damaged_by_their_type() -> None:
    lines = ["é = 1", "_A = 2", "B: float = -0.5", 'C = frozenset({"é"})', 'D = re.compile(r"é")', "E = f(1)"]
    lines += ['F = ("x", "y")', "G = True"]
    source = "\n".join(lines) + "\n"
    found = {damage.name: damaged(source, damage).splitlines() for damage in damage_constants("m.py", source)}

    assert found == {
        "_A": [lines[0], "_A = 21", *lines[2:]],
        "B": [*lines[:2], "B: float = 6.0", *lines[3:]],
        "C": [*lines[:3], "C = frozenset()", *lines[4:]],
        "D": [*lines[:4], 'D = re.compile(r"(?!)")', *lines[5:]],
        "F": [*lines[:6], "F = ()", lines[7]],
        "G": [*lines[:7], "G = False"],
    }


def test_every_damage_leaves_files_that_can_be_read() -> None:
    damages = find_damages(ROOT, PACKAGE)
    assert len(damages) > 300
    groups = {(damage.path, damage.name.partition(".")[0]): damage for damage in damages}
    for damage in groups.values():
        before = (ROOT / damage.path).read_text(encoding="utf-8")
        after = damaged(before, damage)
        assert after != before, damage.id
        if damage.path.endswith(".py"):
            ast.parse(after)
        elif damage.path.endswith(".yaml"):
            assert isinstance(yaml.safe_load(after), dict), damage.id


def test_the_sample_is_large_the_same_each_time_and_spread_over_groups() -> None:
    damages = find_damages(ROOT, PACKAGE)
    sample = choose_sample(damages, SAMPLE, SEED)

    assert sample == choose_sample(damages, SAMPLE, SEED)
    assert len(sample) == SAMPLE >= 60
    rows = [damage for damage in sample if "tables/units.yaml:nouns." in damage.id]
    assert len(rows) <= PER_GROUP


def test_a_new_rule_changes_the_sample_by_one_damage() -> None:
    damages = find_damages(ROOT, PACKAGE)
    before = set(choose_sample(damages, SAMPLE, SEED))
    for number in range(40):
        added = Damage("pipelines/text/new.py", f"_RULE_{number}", 0, 1, "2")
        after = set(choose_sample([*damages, added], SAMPLE, SEED))
        assert len(after - before) <= 1


def test_accepted_damages_exist_and_have_reasons() -> None:
    known = {damage.id for damage in find_damages(ROOT, PACKAGE)}
    accepted = load_accepted()
    assert set(accepted) <= known
    assert all(len(reason) > 20 for reason in accepted.values())


def test_a_damage_is_written_below_its_root(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("limit: 2\n", encoding="utf-8")
    [damage] = damage_table("t.yaml", "limit: 2\n")
    damage.apply(tmp_path)
    assert (tmp_path / "t.yaml").read_text(encoding="utf-8") == "limit: 21\n"


def test_scripts_that_train_are_left_alone(tmp_path: Path) -> None:
    for folder in ("tagger", "training"):
        (tmp_path / "text" / folder).mkdir(parents=True)
        (tmp_path / "text" / folder / "module.py").write_text("SIZE = 3\n")
    assert [damage.path for damage in find_damages(tmp_path, "text")] == ["text/tagger/module.py"]


def test_the_tests_of_the_text_side_start_as_they_are_started_for_a_damage() -> None:
    assert run_tests(ROOT, "--collect-only", f"{TESTS}/language") == ""
    assert "not found" in run_tests(ROOT, "--collect-only", "tests/no_such_folder")
