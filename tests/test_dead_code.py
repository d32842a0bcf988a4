"""No function, method, property or class without a use, found by vulture in packages and tests together."""

from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parents[1]
PACKAGES = ("pipelines", "connectors", "schemas", "dashboards", "deploy", "newsclaims.py")
CALLED_BY_OTHERS = {
    "http.server": {"do_GET", "do_POST", "log_message"},
    "urllib3": {"_new_conn"},
    "warcio": {"_decompress"},
    "kafka-python's consumer groups": {"on_partitions_revoked", "on_partitions_assigned", "on_partitions_lost"},
    "Beam's transforms": {"expand", "initial_restriction", "create_tracker", "restriction_size", "restriction_coder"},
    "Beam's coders and watermarks": {
        "is_deterministic", "initial_estimator_state", "create_watermark_estimator", "estimator_state_coder",
    },
    "Beam's pipeline visitor": {"enter_composite_transform", "visit_transform"},
    "PyYAML": {"ignore_aliases"},
    "pyarrow's writers": {"writable"},
    "pytest, in the connectors' own test classes": {"test_*"},
    "typer": {"*_command"},
}  # fmt: skip
"""Names that a library calls, by library."""


def test_nothing_is_unused() -> None:
    finder = Vulture(
        ignore_names=[name for names in CALLED_BY_OTHERS.values() for name in names],
        ignore_decorators=["@*.command*", "@*.callback*"],
    )
    finder.scavenge([str(ROOT / name) for name in (*PACKAGES, "tests")])
    unused = [
        f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: {item.typ} {item.name}"
        for item in finder.get_unused_code(min_confidence=60)
        if item.typ in {"function", "method", "property", "class", "import", "unreachable_code"}
        and Path(item.filename).relative_to(ROOT).parts[0] != "tests"
    ]
    assert unused == []
