"""watches.yaml: valid watches are read, and problems are reported with line, field and a suggestion."""

from pathlib import Path

import pytest

import deploy
from pipelines.text.figures.units import standard_units
from schemas.errors import Permanent
from schemas.watches import load_watches, read_watches

CLASSES = standard_units().classes


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "watches.yaml"
    file.write_text(text, "utf-8")
    return file


def test_lists_are_read_each_entry_once_and_a_title_is_there(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "watches:\n  pier: {words: [pier, pier, 'sea  wall*'], languages: [en, pt-BR, haw, und]}\n"
        "  losses:\n    title: Losses at sea\n    entities: [Ines Okafor]\n    statuses: [denied]\n"
        "    unit_classes: [casualties]\n",
    )
    pier, losses = load_watches(file, CLASSES)
    assert (pier.name, pier.title, pier.words) == ("pier", "pier", ("pier", "sea wall*"))
    assert pier.languages == ("en", "pt-BR", "haw", "und")
    assert (losses.title, losses.entities, losses.statuses) == ("Losses at sea", ("Ines Okafor",), ("denied",))
    assert losses.unit_classes == ("casualties",)


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("    word: [sea]", 4, "watches.pier.word: unknown field; did you mean words?"),
        ("    words: sea", 4, "watches.pier.words: Expected `array`, got `str`"),
        ("    languages:\n      - en\n      - no", 6, "watches.pier.languages.1: YAML reads this as False"),
        ("    words: [42]", 4, "watches.pier.words.0: YAML reads this as 42: put the text in quotes"),
        ("    words: ['  ']", 4, "has no letter or digit to search for"),
        ("    words: ['*pier']", 4, "has a `*` before its end"),
        ("    words: ['p*']", 4, "would match too much"),
        ("    words: ['C++']", 4, "must begin and end with a letter or digit"),
        ("    entities: ['#sea']", 4, "watches.pier.entities.0: '#sea' must begin and end"),
        (
            "    unit_classes: [money, militry_personnel]",
            4,
            "1: 'militry_personnel' is not a unit class; did you mean mil",
        ),
        ("    unit_classes: [Military Personnel]", 4, "did you mean military_personnel?"),
        ("    statuses: [denyed]", 4, "watches.pier.statuses.0: 'denyed' is not a status; did you mean denied?"),
        ("    languages: [English]", 4, "'English' is not a language; did you mean en?"),
        ("    languages: [eng]", 4, "'eng' is not a language; did you mean en?"),
        ("    languages: [xx]", 4, "'xx' is not a language: write its code, such as en"),
        ("  empty: {}", 4, "watches.empty: would match everything: give at least one of entities"),
        ("  empty: {words: []}", 4, "watches.empty: would match everything"),
        ("  empty:", 4, "watches.empty: must be a mapping with at least one of"),
        ("  Bad Name: {words: [sea]}", 4, "the name of a watch must have 1 to 100 lower-case letters"),
        ("  pier: {words: [sea]}", 4, "watches.pier: the name is repeated"),
        ("    words: [sea]\n    words: [land]", 5, "watches.pier.words: is repeated"),
        ("watch: {}", 4, "watch: unknown; did you mean watches?"),
        ("   - [", 4, "the file: not YAML"),
    ],
)
def test_problems_name_line_and_field(tmp_path: Path, entry: str, line: int, said: str) -> None:
    base = "words: [pier]" if "entities" in entry else "entities: [Pier]"
    file = written(tmp_path, f"watches:\n  pier:\n    {base}\n{entry}\n")
    problems = [str(problem) for problem in read_watches(file, CLASSES)[1]]
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{file}, line {line}, ")
    assert said in problems[0]


def test_right_watches_are_read_beside_wrong_ones_and_all_problems_counted(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "watches:\n  a.b: {words: [one], statuses: [denid, confirmd]}\n  a: {words: [two]}\n  c: {x: 1}\n",
    )
    watches, problems = read_watches(file, CLASSES)
    assert [watch.name for watch in watches] == ["a"]
    assert [problem.line for problem in problems] == [2, 2, 4]
    with pytest.raises(Permanent, match="and 2 more: `newsclaims watches check` reports all"):
        load_watches(file, CLASSES)


@pytest.mark.parametrize("text", ["- a", "watches: [a]", "5"])
def test_other_shapes(tmp_path: Path, text: str) -> None:
    assert "a mapping" in str(read_watches(written(tmp_path, text), CLASSES)[1][0])


def test_empty_file_is_a_problem_and_no_watches_are_none(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match=r"is empty; for a file without watches, write `watches: \{\}`"):
        load_watches(written(tmp_path, "# nothing yet\n"), CLASSES)
    assert load_watches(written(tmp_path, "watches: {}\n"), CLASSES) == []
    with pytest.raises(Permanent, match=r"does not exist: copy deploy/config/watches\.yaml"):
        load_watches(tmp_path / "none.yaml", CLASSES)


def test_the_sample_is_right_and_has_three_watches() -> None:
    watches = load_watches(Path(deploy.__file__).parent / "config" / "watches.yaml", CLASSES)
    assert len(watches) == 3
    assert all(watch.title != watch.name for watch in watches)
