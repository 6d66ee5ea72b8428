#!/usr/bin/python3
"""The package in its process: memory, threads, copies of the process, the end of the interpreter:
surroundings_test.py BUILD_DIR."""

import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

from under_test import BUILD, TINY, byzsim, numpy

PAGE = os.sysconf("SC_PAGESIZE")
ONE_STEP = {"/steps": 1, "/workers/batch_size": 1, "/model": "softmax_regression",
            "/data": {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60,
                                                      "test": 30}}}
# AddressSanitizer keeps freed memory, so that resident memory says nothing.
SANITIZED = "libasan" in os.environ.get("LD_PRELOAD", "")


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def script_ends(text, timeout=60):
    """Runs a program of Python; what it printed, after it has ended without an error."""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True,
                          timeout=timeout, check=False,
                          env={**os.environ, "PYTHONPATH": str(BUILD / "python")})
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout + done.stderr


class Memory(unittest.TestCase):
    def grows(self, calls, call):
        """Bytes and objects that `calls` calls leave, after as many for things kept once."""
        for _ in range(calls // 2):
            call()
        gc.collect()
        memory, objects = resident_bytes(), len(gc.get_objects())
        for _ in range(calls):
            call()
        gc.collect()
        return resident_bytes() - memory, len(gc.get_objects()) - objects

    def keeps_nothing(self, calls, call, megabytes):
        memory, objects = self.grows(calls, call)
        self.assertLess(objects, 50)
        if not SANITIZED:
            self.assertLess(memory, megabytes * 1e6)

    def test_ten_thousand_aggregations_keep_nothing(self):
        # 64 kB an answer: 640 MB if they were kept.
        vectors = numpy.random.default_rng(1).normal(size=(5, 8000))
        self.keeps_nothing(10_000, lambda: byzsim.aggregate("median", vectors, f=1), 4)

    def test_ten_thousand_of_every_other_form_keep_nothing(self):
        rows = list(numpy.random.default_rng(1).normal(size=(7, 1000)).astype("float32"))

        def call():
            byzsim.aggregate({"name": "multi_krum", "parameters": {"m": 3}}, rows, f=1,
                             pre=["nnm"], out=numpy.zeros(1000, "float32"))
            byzsim.pre_aggregate("nnm", rows, f=1)
            byzsim.attack("a_little_is_enough", rows, f=1, z=1.5)
        self.keeps_nothing(3_400, call, 4)

    def test_ten_thousand_refusals_keep_nothing(self):
        def call():
            for given in (numpy.zeros((3, 2), "int8"), [numpy.zeros(2), numpy.zeros(3)], "x"):
                try:
                    byzsim.aggregate("median", given, f=1)
                except byzsim.InputError:
                    continue
                raise AssertionError("not refused")
        self.keeps_nothing(3_400, call, 4)

    def test_a_hundred_runs_and_forks_keep_nothing(self):
        def call():
            made = byzsim.run("quickstart", changes=ONE_STEP)
            made.models.clear()
            world = byzsim.World("quickstart", changes=ONE_STEP)
            world.run(until_event=50)
            world.fork().run()
        self.keeps_nothing(100, call, 4)


class Threads(unittest.TestCase):
    def test_ten_threads_at_once_agree(self):
        vectors = numpy.random.default_rng(1).normal(size=(11, 20_000))
        wanted = {rule: byzsim.aggregate(rule, vectors, f=2).tobytes()
                  for rule in ("median", "krum", "geometric_median")}
        different = []

        def work(number):
            for turn in range(12):
                rule = list(wanted)[(turn + number) % 3]
                threads = 1 + (turn + number) % 2
                got = byzsim.aggregate(rule, vectors, f=2, threads=threads)
                if got.tobytes() != wanted[rule]:
                    different.append((number, turn, rule))
        workers = [threading.Thread(target=work, args=(number,)) for number in range(10)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual(different, [])
        self.assertFalse(any(worker.is_alive() for worker in workers))

    def test_runs_at_once_have_the_digest_of_one_alone(self):
        wanted = byzsim.run("quickstart", changes=ONE_STEP).digest
        got = []
        workers = [threading.Thread(target=lambda: got.append(
            byzsim.run("quickstart", changes=ONE_STEP, threads=2).digest)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual(got, [wanted] * 4)


USES_THREADS = """
import byzsim, numpy, multiprocessing, os
vectors = numpy.random.default_rng(1).normal(size=(11, 200_000))
def work(_):
    return (byzsim.aggregate("krum", vectors, f=2, threads=2).tobytes(),
            byzsim.run("quickstart", threads=2, changes={"/steps": 2}).digest)
wanted = work(0)
"""


class Copies(unittest.TestCase):
    def test_copies_of_a_process_with_threads_compute_the_same(self):
        script_ends(USES_THREADS + """
with multiprocessing.get_context("fork").Pool(3) as pool:
    assert pool.map_async(work, range(6)).get(timeout=50) == [wanted] * 6
assert work(0) == wanted
""")

    def test_a_world_with_threads_is_refused_in_a_copy_of_its_process(self):
        self.assertIn("world: its threads are in the process", script_ends(USES_THREADS + """
world = byzsim.World("quickstart", threads=2, changes={"/steps": 2})
alone = byzsim.World("quickstart", changes={"/steps": 2})
world.run(until_event=200)
alone.run(until_event=200)
child = os.fork()
if child == 0:
    try:
        world.run()
    except byzsim.InputError as error:
        print(error, flush=True)
    alone.run()
    del world
    os._exit(0 if alone.digest == wanted[1] else 1)
assert os.waitpid(child, 0)[1] == 0
world.run()
assert world.digest == wanted[1]
"""))

    def test_a_copy_that_is_made_in_a_run_ends(self):
        script_ends("""
import byzsim, os, sys
children = []
def progress(step, steps):
    if not children:
        children.append(os.fork())
        if children == [0]:
            sys.exit(0)
byzsim.run("quickstart", changes={"/steps": 60}, progress=progress)
assert os.waitpid(children[0], 0)[1] == 0
""")


class End(unittest.TestCase):
    def test_python_ends_in_the_midst_of_runs_of_other_threads(self):
        for threads in (1, 2):
            self.assertEqual(script_ends(f"""
import byzsim, threading, time
begun = threading.Event()
def work():
    byzsim.run("quickstart", threads={threads}, progress=lambda *_: begun.set())
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
begun.wait()
"""), "")

    def test_python_ends_in_the_midst_of_aggregations_and_worlds_of_other_threads(self):
        self.assertEqual(script_ends("""
import byzsim, numpy, threading, time
vectors = numpy.random.default_rng(1).normal(size=(11, 50_000))
begun = threading.Event()
def aggregate():
    while True:
        byzsim.aggregate("geometric_median", vectors, f=2)
def step():
    world = byzsim.World("quickstart")
    while True:
        world.run(until_event=world.events + 1)
        begun.set()
for target in (aggregate, step, lambda: byzsim.World("quickstart").run()):
    threading.Thread(target=target, daemon=True).start()
begun.wait()
"""), "")

    def test_python_ends_with_worlds_and_results_that_live(self):
        script_ends("""
import byzsim
world = byzsim.World("quickstart", threads=2)
world.run(until_event=300)
kept = byzsim.run("quickstart", threads=2, changes={"/steps": 2})
model = kept.models[0][1]
""")

    def test_what_runs_at_the_end_may_still_compute(self):
        self.assertIn("[2.0]", script_ends("""
import atexit, numpy
atexit.register(lambda: print(byzsim.aggregate("median", numpy.array([[1.], [2.], [3.]]),
                                               f=1).tolist()))
import byzsim
"""))


class CtrlC(unittest.TestCase):
    """KeyboardInterrupt comes soon, whatever byzsim is at. Times are of the processor, for machines
    that do much else."""

    LONG = {**TINY, "steps": 2500}

    def soon(self, work):
        pressed = []

        def press():
            pressed.append(time.process_time())
            os.kill(os.getpid(), signal.SIGINT)
        threading.Timer(0.1, press).start()
        with self.assertRaises(KeyboardInterrupt):
            work()
        self.assertLess(time.process_time() - pressed[0], 0.2)
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_in_aggregations(self):
        # A minute for all of it: subsets of 27 of 40 vectors of which none is far from the others.
        vectors = numpy.random.default_rng(1).normal(size=(40, 200))
        for threads in (1, 2):
            self.soon(lambda threads=threads: byzsim.aggregate("smea", vectors, f=13,
                                                               threads=threads))
        self.soon(lambda: byzsim.attack("optimal_a_little_is_enough", vectors, f=13,
                                        defence="smea"))

    def test_in_worlds_that_can_go_on(self):
        for threads in (1, 2):
            world = byzsim.World(self.LONG, threads=threads)
            self.soon(world.run)
            world.run()
            self.assertEqual(world.digest, byzsim.run(self.LONG).digest)

    def test_in_verifications(self):
        with tempfile.TemporaryDirectory() as folder:
            byzsim.run(self.LONG).save(folder + "/run")
            self.soon(lambda: byzsim.verify(folder + "/run"))

    def test_another_handler_of_signals_is_left_alone(self):
        def raise_timeout(*_):
            raise TimeoutError("too long")
        before = signal.signal(signal.SIGALRM, raise_timeout)
        self.addCleanup(signal.signal, signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with self.assertRaises(TimeoutError) as raised:
            byzsim.run("quickstart")
        self.assertEqual(raised.exception.run.status, "interrupted")


class Interpreters(unittest.TestCase):
    def test_a_second_interpreter_is_refused(self):
        for first in ("import byzsim", ""):
            self.assertIn("byzsim works in the main interpreter alone",
                          script_ends(f"""
try:
    import _xxsubinterpreters as interpreters
except ImportError:
    import _interpreters as interpreters
{first}
other = interpreters.create()
try:
    print(interpreters.run_string(other, "import byzsim"))
except Exception as error:
    print(error)
"""))

    def test_a_numpy_that_pybind11_misreads_is_refused(self):
        version = tuple(map(int, byzsim._core.pybind11.split(".")))
        told = script_ends("""
import numpy
numpy.__version__ = "2.0.1"
try:
    import byzsim
    print("imported")
except ImportError as error:
    print(error)
""")
        self.assertIn("imported" if version >= (2, 12) else "misreads arrays of numpy 2.0.1", told)

    def test_a_python_without_its_global_lock_is_refused(self):
        self.assertIn("byzsim needs Python's global lock", script_ends("""
import sys
sys._is_gil_enabled = lambda: False
try:
    import byzsim
except ImportError as error:
    print(error)
"""))


if __name__ == "__main__":
    unittest.main()
