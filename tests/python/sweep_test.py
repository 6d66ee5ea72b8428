#!/usr/bin/python3
"""byzsim.sweep leaves the bytes of `byzsim sweep`, on whatever executor: sweep_test.py BUILD_DIR.

Exits with 77 where the package was not built.
"""

import concurrent.futures
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

from under_test import BUILD, TINY, byzsim

# Workers that begin as new processes find the package the same way.
os.environ["PYTHONPATH"] = os.pathsep.join([str(BUILD / "python"),
                                            *filter(None, [os.environ.get("PYTHONPATH")])])
STUDY = {
    "name": "study", "scenario": TINY, "repeat": 2,
    "axes": [{"name": "z", "pointer": "/adversary/workers/parameters/z", "values": [0.5, 1.5]},
             {"name": "mean", "pointer": "/network/delay/parameters/mean",
              "values": ["1 ms", "20 ms"]}],
}
# The second point's data fit into no memory.
ONE_FAILS = {
    "name": "study", "scenario": TINY,
    "axes": [{"name": "data", "variants": {
        "small": {},
        "huge": {"set": {"/data/parameters/dimension": 1000000,
                         "/data/parameters/train": 10000000}}}}],
}


def bytes_of(directory):
    """{path: bytes} of a sweep; of run.json all but how this machine went about it."""
    found = {}
    for path in sorted(directory.rglob("*")):
        # It has the checksum of run.json in it.
        if not path.is_file() or path.name == "checksums.xxh3":
            continue
        text = path.read_bytes()
        if path.name == "run.json":
            run = json.loads(text)
            del run["machine"]
            text = json.dumps(run)
        found[str(path.relative_to(directory))] = text
    return found


def children():
    """The processes that this one has begun and that are there yet, the ended among them."""
    return {int(child) for file in Path("/proc/self/task").glob("*/children")
            for child in file.read_text().split()}


class Sandbox(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="byzsim-sweep-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def by_command_line(self, study=STUDY):
        (self.folder / "study.json").write_text(json.dumps(study), encoding="utf-8")
        for command in (["run", "study.json", "--jobs", "1"], ["merge", "study.json"]):
            subprocess.run([BUILD / "byzsim", "sweep", *command, "--quiet", "--out", "expected"],
                           check=True, cwd=self.folder, stdout=subprocess.DEVNULL)
        return bytes_of(self.folder / "expected")


class Sweeps(Sandbox):
    def test_a_dictionary_gives_the_bytes_of_the_command_line(self):
        made = byzsim.sweep(STUDY, directory=self.folder / "made")
        self.assertEqual(bytes_of(made.directory), self.by_command_line())

    def test_a_file_gives_the_bytes_of_the_command_line(self):
        expected = self.by_command_line()
        made = byzsim.sweep(self.folder / "study.json", directory=self.folder / "made", threads=2)
        self.assertEqual(bytes_of(made.directory), expected)

    def test_threads_give_the_bytes_of_the_command_line(self):
        with concurrent.futures.ThreadPoolExecutor(3) as executor:
            made = byzsim.sweep(STUDY, directory=self.folder / "made", executor=executor)
        self.assertEqual(bytes_of(made.directory), self.by_command_line())

    def test_processes_give_the_bytes_of_the_command_line(self):
        expected = self.by_command_line()
        byzsim.run(TINY, threads=2)  # forked processes have none of the threads that this leaves
        for method in ("spawn", "fork", "forkserver"):
            with self.subTest(method), concurrent.futures.ProcessPoolExecutor(
                    2, mp_context=multiprocessing.get_context(method)) as executor:
                made = byzsim.sweep(STUDY, directory=self.folder / method, executor=executor)
                self.assertEqual(bytes_of(made.directory), expected)

    def test_dask_gives_the_bytes_of_the_command_line(self):
        try:
            import distributed
        except ImportError as missing:
            self.skipTest(f"{missing} (python package distributed)")
        expected = self.by_command_line()
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1",
                                      dashboard_address=None, local_directory=str(self.folder),
                                      protocol="tcp://") as cluster, \
                distributed.Client(cluster) as client:
            made = byzsim.sweep(STUDY, directory=self.folder / "made",
                                executor=client.get_executor())
        self.assertEqual(bytes_of(made.directory), expected)

    def test_the_tables_have_a_row_a_point(self):
        made = byzsim.sweep(STUDY, directory=self.folder / "made")
        self.assertEqual(list(made.summary["point"]), [0, 1, 2, 3, 4, 5, 6, 7])
        self.assertEqual(list(made.summary["z"]), [0.5] * 4 + [1.5] * 4)
        self.assertEqual(list(made.summary["mean"]), ["1 ms", "1 ms", "20 ms", "20 ms"] * 2)
        self.assertEqual(max(made.curves["step"]), 12)

    def test_a_point_is_the_run_of_its_scenario(self):
        made = byzsim.sweep(STUDY, directory=self.folder / "made")
        point = made.points[3]
        self.assertEqual((point.number, point.seed, point.values, point.description),
                         (3, 4, {"z": 0.5, "mean": "20 ms"}, "z=0.5, mean=20 ms, seed 4"))
        changes = {"/seed": 4, "/adversary/workers/parameters/z": 0.5,
                   "/network/delay/parameters/mean": "20 ms"}
        self.assertEqual(made.run(point).digest, byzsim.run(TINY, changes=changes).digest)

    def test_a_shipped_sweep_is_planned_by_its_name(self):
        # scenarios/sweeps/gather-period.json: four periods, two seeds.
        byzsim._core.plan_sweep("gather-period", "", str(self.folder / "made"))
        planned = byzsim.Sweep(self.folder / "made")
        self.assertEqual(planned.status, byzsim.SweepStatus(done=0, failed=0, missing=8))

    def test_a_scenario_within_is_taken_as_it_was_written(self):
        study = {"name": "study", "scenario": byzsim.Scenario(TINY), "repeat": 2}
        made = byzsim.sweep(study, directory=self.folder / "made")
        self.assertEqual(list(made.summary["seed"]), ["3", "4"])

    def test_what_is_there_is_not_made_again(self):
        made = byzsim.sweep(STUDY, directory=self.folder / "made")
        files = list(made.directory.glob("runs/*/run.json"))
        before = [file.stat().st_mtime_ns for file in files]
        byzsim.sweep(STUDY, directory=self.folder / "made")
        self.assertEqual([file.stat().st_mtime_ns for file in files], before)

    def test_progress_counts_runs(self):
        for executor in (None, concurrent.futures.ThreadPoolExecutor(1)):
            shown = []
            byzsim.sweep(STUDY, directory=self.folder / str(executor is None), executor=executor,
                         progress=lambda done, all: shown.append((done, all)))
            self.assertEqual(shown, [(i, 8) for i in range(1, 9)])

    def test_what_progress_raises_passes(self):
        def refuse(done, all):
            raise OSError("no terminal")
        with self.assertRaisesRegex(OSError, "no terminal"):
            byzsim.sweep(STUDY, directory=self.folder / "made", progress=refuse)


class Plugins(Sandbox):
    """Each run has a copy of the process, in which the plugin was never called: it counts calls."""

    PLUGIN = BUILD / "tests" / "plugins" / "stateful.so"
    SCENARIO = {**TINY, "plugins": [str(PLUGIN)], "adversary": {"workers": "counting"}}

    def setUp(self):
        super().setUp()
        if not self.PLUGIN.exists():
            self.skipTest(f"{self.PLUGIN} is missing (build byzsim_tests)")

    def test_a_plugin_with_state_gives_the_bytes_of_the_command_line(self):
        study = {"name": "study", "scenario": self.SCENARIO, "repeat": 4}
        expected = self.by_command_line(study)
        with concurrent.futures.ThreadPoolExecutor(2) as threads, \
                concurrent.futures.ProcessPoolExecutor(2) as processes:
            for executor in (None, threads, processes):
                made = byzsim.sweep(study, directory=self.folder / str(type(executor).__name__),
                                    executor=executor)
                self.assertEqual(bytes_of(made.directory), expected)

    def test_ctrl_c_ends_the_copies(self):
        study = {"name": "study", "scenario": {**self.SCENARIO, "steps": 1000000}}
        before, begun = children(), time.monotonic()
        threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        with self.assertRaises(KeyboardInterrupt):
            byzsim.sweep(study, directory=self.folder / "made")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(children(), before)

    def test_standard_output_stays_where_it_is(self):
        before = os.fstat(1)
        byzsim.sweep({"name": "study", "scenario": self.SCENARIO}, directory=self.folder / "made")
        self.assertEqual(os.fstat(1), before)


class Failures(Sandbox):
    def expect_one_failure(self, executor):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            made = byzsim.sweep(ONE_FAILS, directory=self.folder / "made", executor=executor)
        self.assertEqual(made.status, byzsim.SweepStatus(done=1, failed=1, missing=0))
        self.assertEqual(list(made.failures), ["data=huge, seed 3"])
        self.assertEqual(list(made.summary["status"]), ["trained", "failed"])
        told = [str(each.message) for each in caught if each.category is byzsim.ByzsimWarning]
        self.assertTrue(any(text.startswith("failed: data=huge, seed 3: ") for text in told), told)
        with self.assertRaisesRegex(byzsim.InputError, "holds no run"):
            made.run(1)

    def test_a_point_that_fails_is_named_and_stops_no_other(self):
        self.expect_one_failure(None)

    def test_a_point_that_fails_in_a_process_is_named(self):
        with concurrent.futures.ProcessPoolExecutor(1) as executor:
            self.expect_one_failure(executor)

    def test_a_process_that_dies_is_an_error_that_names_a_point(self):
        class Dying(concurrent.futures.ProcessPoolExecutor):
            def submit(self, function, *arguments):
                return super().submit(os._exit, 3)
        with Dying(1) as executor, \
                self.assertRaisesRegex(byzsim.CallbackError, "at the point z=.*BrokenProcess"):
            byzsim.sweep(STUDY, directory=self.folder / "made", executor=executor)

    def test_a_worker_that_does_not_see_the_directory_says_so(self):
        with self.assertRaisesRegex(byzsim.InputError, "contains no sweep"):
            byzsim.sweeps.run_point(str(self.folder / "elsewhere"), 0)

    def test_all_mistakes_are_found_before_anything_runs(self):
        wrong = {**STUDY, "axes": [{"pointer": "/steps", "values": [-1, -2]}]}
        with self.assertRaises(byzsim.InputError) as refused:
            byzsim.sweep(wrong, directory=self.folder / "made")
        self.assertEqual([issue.where for issue in refused.exception.issues][:2],
                         ["/steps (/steps=-1)", "/steps (/steps=-2)"])
        self.assertFalse((self.folder / "made").exists())

    def test_another_sweep_in_the_directory_is_refused(self):
        byzsim.sweep(STUDY, directory=self.folder / "made")
        with self.assertRaisesRegex(byzsim.InputError, "contains another sweep"):
            byzsim.sweep(ONE_FAILS, directory=self.folder / "made")

    def test_what_is_no_sweep_is_refused(self):
        for source in (3, None, [STUDY], "-", {"scenario": object()}):
            with self.subTest(source), self.assertRaises(byzsim.InputError):
                byzsim.sweep(source, directory=self.folder / "made")

    def test_threads_belong_to_sweeps_without_an_executor(self):
        with concurrent.futures.ThreadPoolExecutor(1) as executor, \
                self.assertRaisesRegex(byzsim.InputError, "threads: is for sweeps without"):
            byzsim.sweep(STUDY, directory=self.folder / "made", executor=executor, threads=2)


class Interruptions(Sandbox):
    LONG = {"name": "long", "scenario": {**TINY, "steps": 3000}, "repeat": 200}

    def interrupted(self, threads):
        """Seconds of the processor from Ctrl-C to KeyboardInterrupt, in a sweep of a few that are done."""
        pressed = []

        def press():
            pressed.append(time.process_time())
            os.kill(os.getpid(), signal.SIGINT)

        def progress(done, all):
            if done == 3:
                threading.Timer(0.05, press).start()
        with self.assertRaises(KeyboardInterrupt):
            byzsim.sweep(self.LONG, directory=self.folder / "made", threads=threads,
                         progress=progress)
        return time.process_time() - pressed[0]

    def test_ctrl_c_ends_a_sweep_within_a_tenth_of_a_second_and_keeps_what_is_done(self):
        for threads in (1, 2):
            with self.subTest(threads):
                self.assertLess(self.interrupted(threads), 0.1 * threads)
                status = byzsim.Sweep(self.folder / "made").status
                self.assertGreaterEqual(status.done, 3)
                self.assertGreater(status.missing, 0)
                self.assertFalse(list((self.folder / "made").glob("runs/*.tmp-*")))
                shutil.rmtree(self.folder / "made")

    def test_an_interrupted_sweep_goes_on(self):
        def stop(done, all):
            if done == 2:
                raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            byzsim.sweep(STUDY, directory=self.folder / "made", progress=stop)
        # The third may have been made while the files of the second were written.
        status = byzsim.Sweep(self.folder / "made").status
        self.assertIn(status.done, (2, 3))
        self.assertGreater(status.missing, 0)
        made = byzsim.sweep(STUDY, directory=self.folder / "made")
        self.assertEqual(bytes_of(made.directory), self.by_command_line())


if __name__ == "__main__":
    unittest.main()
