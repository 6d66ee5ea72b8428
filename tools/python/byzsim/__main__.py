"""python3 -m byzsim rank|atlas FILE: what the package does as a command."""

from __future__ import annotations

import sys

from .atlas import main as atlas
from .ranking import main as rank


def main(arguments: list[str]) -> int:
    """The command line."""
    if arguments[:1] == ["rank"]:
        return rank(arguments[1:])
    if arguments[:1] == ["atlas"]:
        return atlas(arguments[1:])
    print("usage: python3 -m byzsim rank FILE [--out MAP], or atlas FILE (--help tells more)\n"
          "The command `byzsim` does everything else.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
