#!/usr/bin/python3
"""byzsim.compress gives what `byzsim eval` gives, and refuses what is none: compress_test.py
BUILD_DIR."""

import json
import subprocess
import unittest

from under_test import BUILD, byzsim, numpy

VECTORS = numpy.array([[1.0, -5.0, 2.0, -2.0], [0.25, 0.0, 4.0, 3.0]])
ALL = {"none": {}, "top_k": {"k": 2}, "random_k": {"k": 2, "coins": "shared"},
       "qsgd": {"levels": 3}, "natural": {}, "sign": {}}


def by_eval(name, parameters, seed, precision):
    line = {"compress": {"name": name, "parameters": parameters}, "seed": seed,
            "precision": precision, "vectors": VECTORS.tolist()}
    answer = subprocess.run([BUILD / "byzsim", "eval"], input=json.dumps(line), text=True,
                            capture_output=True, check=True)
    return json.loads(answer.stdout)


class Compress(unittest.TestCase):
    def test_every_compressor_gives_what_eval_gives(self):
        self.assertEqual([each["name"] for each in byzsim.describe("compressors")], list(ALL))
        for name, parameters in ALL.items():
            for precision in ("float32", "float64"):
                with self.subTest(name, precision=precision):
                    expected = by_eval(name, parameters, 7, precision)
                    given, sizes = byzsim.compress(name, VECTORS.astype(precision), seed=7,
                                                   sizes=True, **parameters)
                    self.assertEqual(given.dtype, precision)
                    self.assertEqual(given.tolist(), expected["vectors"])
                    self.assertEqual(sizes, expected["bytes"])

    def test_nodes_and_steps_name_the_draws(self):
        rows = numpy.ones((2, 50))
        first = byzsim.compress("random_k", rows, k=5)
        self.assertEqual(byzsim.compress("random_k", rows[:1], k=5, first_node=1).tolist(),
                         first[1:].tolist())
        self.assertNotEqual(byzsim.compress("random_k", rows, k=5, step=1).tolist(),
                            first.tolist())

    def test_what_is_no_compressor_is_refused_by_name(self):
        for argument, arguments in (("compressor", {"name": "topmost"}),
                                    ("compressor/parameters/k", {"name": "top_k", "k": 0}),
                                    ("first_node", {"name": "none", "first_node": -1}),
                                    ("step", {"name": "none", "step": 0.5}),
                                    ("threads", {"name": "none", "threads": 0})):
            with self.subTest(argument):
                with self.assertRaises(byzsim.InputError) as refused:
                    byzsim.compress(vectors=VECTORS, **arguments)
                self.assertEqual(refused.exception.issues[0].where, argument)


if __name__ == "__main__":
    unittest.main()
