"""`python -m tests.floors`: prints what each quality gate measures, with its mistakes; `--update` writes the floors."""

import argparse
import sys

import yaml

from tests.floors.gates import FILE, GATES, HEAD, digest_files, load_floors, update_gate


def main(arguments: list[str] | None = None) -> int:
    """Measures the gates that are named, or all. Returns 1 when a floor is missed or an update is refused."""
    parser = argparse.ArgumentParser(prog="python -m tests.floors", description=__doc__)
    parser.add_argument("gates", nargs="*", metavar="GATE", help=f"one or more of {', '.join(GATES)}; none means all")
    parser.add_argument("--update", action="store_true", help="write the floors; refuses to lower one without --reason")
    parser.add_argument("--reason", help="why a floor is lowered; it is written into floors.yaml")
    options = parser.parse_args(arguments)
    if unknown := set(options.gates) - set(GATES):
        parser.error(f"unknown gate {', '.join(sorted(unknown))}; the gates are {', '.join(GATES)}")
    floors, failed = load_floors(), False
    for name in options.gates or GATES:
        gate, entry = GATES[name], floors.get(name, {})
        values, mistakes = gate.measure()
        print(f"{name}:")
        for measure, value in values.items():
            floor = entry.get("floors", {}).get(measure, 0.0)
            failed |= value < floor
            print(f"  {measure:24} {value:.4f}  floor {floor:.4f}{'  MISSED' if value < floor else ''}")
        print(*(f"    {mistake}" for mistake in mistakes), sep="\n")
        if options.update:
            try:
                floors[name] = update_gate(entry, digest_files(gate.files), values, options.reason)
            except ValueError as error:
                print(f"{name}: {error}", file=sys.stderr)
                return 1
    if options.update:
        FILE.write_text(HEAD + yaml.safe_dump(floors, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
