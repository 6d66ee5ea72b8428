#!/usr/bin/python3
"""Runs the notebooks of docs/notebooks and compares what their cells print with expected/*.txt.

    tests/python/notebooks_test.py BUILD_DIR [NOTEBOOK...] [--update]

The code cells of a notebook run in order, in one namespace and one scratch directory, without
Jupyter. A notebook names the packages that it needs in its metadata ("needs"); where one is missing
it is skipped. --update writes what was printed into the expected texts instead of failing.
"""
from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
import unittest
import warnings
from importlib.util import find_spec
from typing import Any

from under_test import TREE

UPDATE = "--update" in sys.argv
NAMED = [argument for argument in sys.argv[1:] if argument != "--update"]
FOLDER = TREE / "docs" / "notebooks"
ALL = ["aggregate", "fork_the_world", "own_rule", "torch_cnn"]
os.environ["MPLBACKEND"] = "Agg"


def read(name: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return notebook


def printed_by(name: str, notebook: dict[str, Any]) -> str:
    """What the cells print, each below its number."""
    namespace: dict[str, Any] = {"__name__": name}
    parts = []
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        out = io.StringIO()
        code = compile("".join(cell["source"]), f"<{name}, cell {number}>", "exec")
        with contextlib.redirect_stdout(out):
            exec(code, namespace)
        if out.getvalue():
            lines = "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
            parts.append(f"[cell {number}]\n{lines}")
    return "\n".join(parts)


def run_in_scratch_directory(name: str, notebook: dict[str, Any]) -> str:
    here = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="byzsim-notebook-") as folder:
        os.chdir(folder)
        try:
            return printed_by(name, notebook)
        finally:
            os.chdir(here)


class NotebooksTest(unittest.TestCase):
    maxDiff = None

    def test_all_notebooks_are_listed_here(self) -> None:
        self.assertEqual(ALL, sorted(file.stem for file in FOLDER.glob("*.ipynb")))

    def test_cells_are_valid_and_hold_no_output(self) -> None:
        for name in ALL:
            notebook = read(name)
            self.assertEqual((4, 5), (notebook["nbformat"], notebook["nbformat_minor"]))
            identifiers = [cell["id"] for cell in notebook["cells"]]
            self.assertEqual(len(identifiers), len(set(identifiers)), name)
            for cell in notebook["cells"]:
                if cell["cell_type"] == "code":
                    self.assertEqual(([], None), (cell["outputs"], cell["execution_count"]), name)

    def test_cells_print_what_is_expected(self) -> None:
        for name in NAMED or ALL:
            notebook = read(name)
            missing = [each for each in notebook["metadata"]["needs"] if find_spec(each) is None]
            if missing:
                print(f"skipped  {name}: needs {', '.join(missing)}")
                continue
            begin = time.monotonic()
            printed = run_in_scratch_directory(name, notebook)
            print(f"ran      {name} ({time.monotonic() - begin:.1f} s)", flush=True)
            expected = FOLDER / "expected" / f"{name}.txt"
            if UPDATE:
                expected.write_text(printed, encoding="utf-8")
            with self.subTest(notebook=name):
                self.assertEqual(expected.read_text(encoding="utf-8"), printed)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    unittest.main(argv=sys.argv[:1], verbosity=2)
