#!/usr/bin/python3
"""Runs the examples of docs/python.md and compares what they print with the page.

    tests/python/docs_test.py BUILD_DIR [--update]

The ```python blocks run in order, in one namespace and one scratch directory. What a block prints
on standard output must be the ```text block that follows it; a block without one prints nothing.

A comment directly before a block skips it: "<!-- not run: REASON -->" always,
"<!-- needs: MODULE -->" where the module is missing. --update writes what was printed into the page
instead of failing.
"""
from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
import unittest
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any, NamedTuple

from under_test import TREE

UPDATE = "--update" in sys.argv
if UPDATE:
    sys.argv.remove("--update")
PAGE = TREE / "docs" / "python.md"

BLOCK = re.compile(r"(?:^<!-- (not run|needs): ([^\n]+) -->\n)?^```python\n(.*?)^```$"
                   r"(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code, and what the page shows below it."""

    line: int
    skipped: str  # the reason, or empty
    code: str
    shown: str
    span: tuple[int, int]  # of what is shown, in the page; (-1, -1) where nothing is


def skip_reason(word: str | None, argument: str) -> str:
    if word == "not run":
        return argument
    return f"needs {argument}" if word == "needs" and find_spec(argument) is None else ""


def blocks(page: str) -> Iterator[Block]:
    for found in BLOCK.finditer(page):
        yield Block(page.count("\n", 0, found.start(3)), skip_reason(found[1], found[2]),
                    found[3], found[4] or "", found.span(4))


def printed_by(block: Block, namespace: dict[str, Any]) -> str:
    out = io.StringIO()
    # As many lines above as on the page, so that a traceback has its line numbers.
    code = compile("\n" * block.line + block.code, "<docs/python.md>", "exec")
    with contextlib.redirect_stdout(out):
        exec(code, namespace)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def updated(page: str, printed: list[tuple[Block, str]]) -> str:
    for block, text in reversed(printed):
        if block.span != (-1, -1):
            page = page[:block.span[0]] + text + page[block.span[1]:]
    return page


class DocsTest(unittest.TestCase):
    maxDiff = None

    def test_examples_print_what_the_page_shows(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        namespace: dict[str, Any] = {"__name__": "docs"}
        printed, here = [], os.getcwd()
        with tempfile.TemporaryDirectory(prefix="byzsim-docs-") as folder:
            os.chdir(folder)
            try:
                for block in blocks(page):
                    if block.skipped:
                        print(f"skipped  line {block.line}: {block.skipped}")
                        continue
                    text = printed_by(block, namespace)
                    printed.append((block, text))
                    if not UPDATE:
                        with self.subTest(line=block.line):
                            self.assertEqual(block.shown, text)
            finally:
                os.chdir(here)
        self.assertGreater(len(printed), 10)
        if UPDATE:
            PAGE.write_text(updated(page, printed), encoding="utf-8")

    def test_every_example_shows_its_output(self) -> None:
        without = [block.line for block in blocks(PAGE.read_text(encoding="utf-8"))
                   if "print(" in block.code and not block.shown]
        self.assertEqual([], without)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    unittest.main(verbosity=2)
