#!/usr/bin/python3
"""The package's types: its stub names what the module has, and mypy, where it is installed, finds
nothing: types_test.py BUILD_DIR."""

import ast
import importlib.util
import subprocess
import sys
import unittest

from under_test import BUILD, TREE, byzsim

_core = byzsim._core
PACKAGE = TREE / "tools/python/byzsim"


def names_in(body):
    """{name: names in it} of a stub's statements, classes with those of their methods."""
    found = {}
    for node in body:
        if isinstance(node, ast.ClassDef):
            found[node.name] = set(names_in(node.body))
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = set()
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = set()
    return found


class Types(unittest.TestCase):
    def test_the_stub_names_what_the_module_has(self):
        stub = names_in(ast.parse((PACKAGE / "_core.pyi").read_text()).body)
        module = {name: set() for name in dir(_core) if not name.startswith("_")}
        for name in module:
            if isinstance(getattr(_core, name), type):
                module[name] = {each for each in vars(getattr(_core, name))
                                if not each.startswith("_")} | {"__init__"}
        for name in stub:
            if stub[name]:
                stub[name].add("__init__")  # also of what Python code never makes
        self.assertEqual(stub, module)

    def test_the_package_is_marked_as_typed(self):
        self.assertTrue((PACKAGE / "py.typed").exists())

    @unittest.skipIf(importlib.util.find_spec("mypy") is None,
                     "needs mypy (tools/install_packages mypy)")
    def test_mypy_finds_nothing(self):
        done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file",
                               TREE / "pyproject.toml", "--cache-dir", BUILD / "mypy", PACKAGE],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
