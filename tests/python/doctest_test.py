#!/usr/bin/python3
"""The examples in docstrings give what stands below them: doctest_test.py BUILD_DIR."""

import doctest
import importlib
import pkgutil
import sys
import unittest

from under_test import byzsim


def modules():
    """All files of the package; those that need a package that is missing are left out."""
    yield byzsim
    for found in pkgutil.iter_modules(byzsim.__path__, "byzsim."):
        if found.name == "byzsim._core":
            continue
        try:
            yield importlib.import_module(found.name)
        except ModuleNotFoundError as missing:
            print(f"without {found.name}: {missing}", file=sys.stderr)


class Examples(unittest.TestCase):
    def test_every_example_gives_what_stands_below_it(self):
        examples = 0
        for module in modules():
            failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
            self.assertEqual(failed, 0, module.__name__)
            examples += tried
        self.assertGreaterEqual(examples, 14)

    def test_every_public_function_says_what_it_does(self):
        for name in byzsim.__all__:
            with self.subTest(name):
                self.assertGreater(len(getattr(byzsim, name).__doc__ or ""), 20)


if __name__ == "__main__":
    unittest.main()
