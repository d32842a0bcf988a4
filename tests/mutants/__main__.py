"""`python -m tests.mutants`: damages the text rules one at a time and counts how many damages a test notices.

Each damage is made in a copy of the project, where the tests of the text side then run until one fails. The sample is
nearly the same for the same seed: a new rule changes it by one damage. The share that is noticed has a floor. A damage
that no test notices is printed; it needs a test, or a line in `accepted.yaml` with the reason why the rule stays.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import yaml

from schemas.identity import digest
from tests.checkout import ROOT, list_files
from tests.mutants.damages import Damage, find_damages

PACKAGE = "pipelines/text"
TESTS = "tests/pipelines/text"
FLOOR = 0.80
"""Least share of the sample that tests must notice."""
SAMPLE = 80
PER_GROUP = 2
SEED = 11
LONGEST_TEST = 60
"""Seconds after which a test has failed: a damaged rule may never end."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the sample and prints what was not noticed. Returns 1 below the floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=SAMPLE, help="size of the sample; 0 takes all damages")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the sample")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="damages tried at the same time")
    parser.add_argument("--only", default="", help="damages whose id contains this text")
    parser.add_argument("--list", action="store_true", help="print the ids of the sample and end")
    options = parser.parse_args(arguments)
    damages = [one for one in find_damages(ROOT, PACKAGE) if options.only in one.id]
    sample = choose_sample(damages, options.number, options.seed) if options.number else damages
    if options.list:
        print(*(damage.id for damage in sorted(sample)), sep="\n")
        return 0
    accepted = load_accepted()
    survivors = find_survivors(sample, options.processes)
    return report(sample, survivors, accepted, {damage.id for damage in find_damages(ROOT, PACKAGE)})


def choose_sample(damages: list[Damage], number: int, seed: int) -> list[Damage]:
    """Returns `number` damages, at most `PER_GROUP` of one group of a table: long lists weigh no more.

    The order is that of a digest of the id, so that a new or removed rule changes the sample by about one damage.
    """
    groups: Counter[str] = Counter()
    chosen = []
    for damage in sorted(damages, key=lambda one: digest(str(seed), one.id)):
        group = damage.id.partition(".yaml:")[0] + damage.name.partition(".")[0]
        groups[group] += 1
        if groups[group] <= PER_GROUP:
            chosen.append(damage)
    return chosen[:number]


def load_accepted() -> dict[str, str]:
    """Returns the reasons of `accepted.yaml`, by the id of the damage."""
    return yaml.safe_load((Path(__file__).parent / "accepted.yaml").read_text(encoding="utf-8")) or {}


def find_survivors(sample: list[Damage], processes: int) -> list[Damage]:
    """Tries all damages of the sample and returns those that no test notices."""
    started = time.monotonic()
    with ThreadPoolExecutor(processes) as pool, project_copies(processes) as copies:
        # Twice, because some tests have time limits that a busy machine may miss.
        if try_damage(None, copies) and (output := try_damage(None, copies)):
            raise SystemExit(
                f"{output[-3000:]}\nThe tests of the text side fail without any damage: repair them first."
            )
        noticed = list(pool.map(lambda damage: bool(try_damage(damage, copies)), sample))
    print(f"{len(sample)} damages in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return [damage for damage, was_noticed in zip(sample, noticed, strict=True) if not was_noticed]


@contextmanager
def project_copies(number: int) -> Iterator["SimpleQueue[Path]"]:
    """Makes copies of the project's tracked files, gone afterwards."""
    files = list_files()
    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="newsclaims-mutants-") as folder:
        for index in range(number):
            copy = Path(folder) / str(index)
            for name in files:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
            copies.put(copy)
        yield copies


def try_damage(damage: Damage | None, copies: "SimpleQueue[Path]") -> str:
    """Returns what pytest printed if a test fails with this damage, or an empty text if no test notices it."""
    copy = copies.get()
    try:
        if damage:
            damage.apply(copy)
        return run_tests(copy, *order_folders(damage))
    finally:
        if damage:
            shutil.copyfile(ROOT / damage.path, copy / damage.path)
        copies.put(copy)


def run_tests(root: Path, *arguments: str) -> str:
    """Runs tests of a copy of the project. Returns what pytest printed, or an empty text if all passed."""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         f"--timeout={LONGEST_TEST}", "-m", "not integration", *arguments],
        cwd=root, capture_output=True, check=False, encoding="utf-8", errors="replace",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    printed = result.stdout + result.stderr or f"nothing was printed, exit code {result.returncode}"
    return printed if result.returncode else ""


def order_folders(damage: Damage | None) -> list[str]:
    """Returns the folders of tests: the damaged package's own first, which fail soonest."""
    own = f"{TESTS}/{Path(damage.path).relative_to(PACKAGE).parts[0]}" if damage else TESTS
    others = sorted(str(path.relative_to(ROOT)) for path in (ROOT / TESTS).iterdir() if path.is_dir())
    folders = [folder for folder in others if "__" not in folder]
    return [own, *(folder for folder in folders if folder != own)] if own in folders else folders


def report(sample: list[Damage], survivors: list[Damage], accepted: dict[str, str], known: set[str]) -> int:
    """Prints the share that was noticed and what was not. Returns the exit code."""
    share = 1 - len(survivors) / len(sample)
    print(f"{len(sample) - len(survivors)} of {len(sample)} damages noticed: {share:.1%} (floor {FLOOR:.0%})")
    for damage in sorted(survivors):
        reason = accepted.get(damage.id)
        print(f"  not noticed: {damage.id} ({reason or 'not in accepted.yaml: add a test, or remove the rule'})")
    stale = sorted(set(accepted) - known)
    for name in stale:
        print(f"  accepted.yaml names {name}, which does not exist: remove the line")
    return int(share < FLOOR or bool(stale))


if __name__ == "__main__":
    sys.exit(main())
