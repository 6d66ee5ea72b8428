#!/usr/bin/python3
"""byzsim.read_run and its kin read what the program writes, bit for bit: tables_test.py BUILD_DIR.

Exits with 77 without pandas.
"""

import csv
import io
import json
import math
import shutil
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

from under_test import BUILD, byzsim, needed

needed("pandas", "tools/install_packages python3-pandas")
PROGRAM = BUILD / "byzsim"

SCENARIO = {
    "name": "tiny", "seed": "0xfedcba9876543210", "steps": 40,
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}},
    "workers": {"count": 7, "byzantine": {"declared": 2, "actual": 2}, "batch_size": 4},
    "model": "softmax_regression",
    "data": {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60,
                                             "test": 30}},
    "metrics": {"every": 1},
}

NO_NUMBERS = {"numbers": "none", "dimension": 10}

SUMMARY = '''\
point,"/a,b",/rate,/steps,seed,id,status,digest,steps,messages,diverged_at_step,accuracy,loss
0,mda,0.10,6,1,0000000000000001,trained,1e23456789012345,6,18446744073,,0.1,4.9406564584124654e-324
1,"x ""y""",0.2,12,0xfedcba9876543210,12345678901234567890123456789012,missing,,,,,,
'''
CURVES = '''\
point,"/a,b",/rate,/steps,seed,step,loss
0,mda,0.10,6,1,0,0.30000000000000004
'''


def bits(value):
    return struct.pack("<d", value)


class PandasReader(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="byzsim-pandas-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_program(self, **changes):
        done = subprocess.run([PROGRAM, "run", "-", "--quiet", "--out", self.folder / "run"],
                              input=json.dumps({**SCENARIO, **changes}), capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return byzsim.read_run(self.folder / "run")

    def sweep(self, summary=SUMMARY):
        (self.folder / "plan.jsonl").write_text(
            '{"index":0,"id":"1","seed":1,"axes":{"/a,b":"mda","/rate":"0.10","/steps":6}}\n')
        (self.folder / "summary.csv").write_text(summary)
        (self.folder / "curves.csv").write_text(CURVES)
        return byzsim.read_sweep(self.folder)

    def test_every_number_of_a_run_is_the_double_that_its_text_says(self):
        metrics = self.run_program().metrics
        text = (self.folder / "run/metrics.csv").read_text()
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(len(metrics), 41)
        self.assertEqual(list(metrics.columns), list(rows[0]))
        long_numbers = 0
        for i, row in enumerate(rows):
            for name, field in row.items():
                value = metrics[name][i]
                if field == "":
                    self.assertTrue(math.isnan(value))
                elif metrics[name].dtype == "Int64":
                    self.assertEqual(value, int(field))
                else:
                    self.assertEqual(bits(value), bits(float(field)), (name, field))
                    long_numbers += len(field) > 17
        self.assertGreater(long_numbers, 100)

    def test_what_is_read_is_written_back_as_the_same_text(self):
        for changes in ({}, NO_NUMBERS):
            metrics = self.run_program(**changes).metrics
            self.assertEqual(byzsim.write_csv(metrics),
                             (self.folder / "run/metrics.csv").read_text())
            shutil.rmtree(self.folder / "run")

    def test_the_gathers_of_a_run_are_read_and_written_back_as_well(self):
        self.run_program()
        gathers = byzsim.read_gathers(self.folder / "run")
        self.assertGreater(len(gathers), 1)
        self.assertEqual(byzsim.write_csv(gathers),
                         (self.folder / "run/gathers.csv").read_text())
        self.assertTrue(byzsim.read_gathers(self.folder).empty)

    def test_counts_are_whole_and_everything_else_is_double(self):
        metrics = self.run_program().metrics
        for name in metrics.columns:
            whole = name in ("step", "messages", "bytes")
            self.assertEqual(metrics[name].dtype, "Int64" if whole else "float64", name)

    def test_what_is_undefined_is_nan(self):
        metrics = self.run_program(**NO_NUMBERS).metrics
        self.assertTrue(metrics["accuracy"].isna().all())
        self.assertEqual(metrics["accuracy"].dtype, "float64")

    def test_run_json_is_a_dict_with_its_digests_and_its_seed_whole(self):
        run = self.run_program().run
        self.assertEqual(run, json.loads((self.folder / "run/run.json").read_text()))
        self.assertEqual(len(run["digest"]["run"]), 16)
        self.assertEqual(int(run["seed"], 16), 0xfedcba9876543210)

    def test_ids_digests_and_seeds_of_a_sweep_are_text(self):
        summary, curves = self.sweep()
        self.assertEqual(list(summary["seed"]), ["1", "0xfedcba9876543210"])
        self.assertEqual(summary["id"][1], "12345678901234567890123456789012")
        self.assertEqual(list(summary["digest"]), ["1e23456789012345", ""])
        self.assertEqual(bits(curves["loss"][0]), bits(0.1 + 0.2))

    def test_axes_are_numbers_where_that_loses_nothing(self):
        summary = self.sweep().summary
        self.assertEqual(list(summary["/a,b"]), ["mda", 'x "y"'])
        self.assertEqual(list(summary["/rate"]), ["0.10", "0.2"])  # 0.10 would become 0.1
        self.assertEqual(summary["/steps"].dtype, "Int64")

    def test_a_point_without_a_result_has_a_status_and_no_numbers(self):
        summary = self.sweep().summary
        self.assertEqual(summary["status"][1], "missing")
        self.assertTrue(summary.loc[1, ["steps", "messages", "accuracy", "loss"]].isna().all())

    def test_the_tables_of_a_sweep_are_written_back_as_the_same_text(self):
        text = SUMMARY.replace("4.9406564584124654e-324", "5e-324")  # the shortest
        summary, curves = self.sweep(text)
        self.assertEqual(byzsim.write_csv(summary), text)
        self.assertEqual(byzsim.write_csv(curves), CURVES)

    def test_a_sweep_that_is_not_merged_says_what_to_do(self):
        self.sweep()
        (self.folder / "curves.csv").unlink()
        with self.assertRaisesRegex(FileNotFoundError, "run byzsim sweep merge"):
            byzsim.read_sweep(self.folder)


if __name__ == "__main__":
    unittest.main()
