"""Regenerates lock.json after a version was changed in pom.xml: `python -m deploy.flink.relock`.

It needs `mvn` and the network, and records the digest of every jar. Review the difference before you commit it.
"""

import sys
from pathlib import Path

import msgspec

from deploy.local.relock import pin_jars


def main() -> None:
    """Writes lock.json next to this module."""
    pinned = pin_jars("flink", Path(__file__).with_name("pom.xml"), "beam-runners-flink-1.19")
    text = msgspec.json.format(msgspec.json.encode([pinned]), indent=1)
    Path(__file__).with_name("lock.json").write_bytes(text + b"\n")
    print("lock.json is written: review the difference before you commit it.", file=sys.stderr)


if __name__ == "__main__":
    main()
