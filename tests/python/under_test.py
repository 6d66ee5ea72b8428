"""What every test of the Python package begins with.

A test is called as FILE BUILD_DIR (default: build) and takes the package of that build from here.
It ends with 77, saying why, where a package that it needs is missing.
"""

from __future__ import annotations

import importlib
import os
import sys
import unittest
from pathlib import Path
from typing import Any, NoReturn

# Not of the command line's arguments any more, which are unittest's from here on.
BUILD = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build").resolve()
TREE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(BUILD / "python"))
sys.dont_write_bytecode = True


def skip(reason: str) -> NoReturn:
    print(f"skipped: {reason}")
    sys.exit(77)


def needed(name: str, how: str) -> Any:
    """The module of that name."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        skip(f"{missing} ({how})")


def module_if_there(name: str) -> Any:
    """The module of that name, or None."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        return None


# Of tests that train for long; tests/all sets it.
long = unittest.skipUnless(os.environ.get("BYZSIM_LONG"), "trains long; BYZSIM_LONG=1 runs it")

numpy = needed("numpy", "tools/install_packages python3-numpy")
byzsim = needed("byzsim", "configure with -DBYZSIM_PYTHON=ON")

# A run of a few milliseconds.
TINY: dict[str, Any] = {
    "name": "tiny", "seed": 3, "steps": 12,
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}},
    "workers": {"count": 7, "byzantine": {"declared": 2, "actual": 2}, "batch_size": 4},
    "model": "softmax_regression",
    "data": {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60,
                                             "test": 30}},
    "adversary": {"workers": {"name": "a_little_is_enough", "parameters": {"z": 1.5}}},
}
