#!/usr/bin/python3
"""Training that is Python's own, and recordings of it: workload_test.py BUILD_DIR."""

import gzip
import os
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

from under_test import BUILD, byzsim, long, module_if_there, numpy

torch = module_if_there("torch")
if torch:
    import byzsim.torch

warnings.simplefilter("ignore", byzsim.ByzsimWarning)
DATA = Path(os.environ.get("BYZSIM_DATA", "/nowhere")) / "mnist"


class Bowl(byzsim.Workload):
    """A quadratic with its least value at 1, and gradients with noise."""

    dimension = 4

    def initial(self, stream):
        return numpy.zeros(4)

    def gradient(self, worker, step, parameters, stream):
        return parameters - 1 + 0.1 * numpy.array([stream.normal() for _ in range(4)])

    def evaluate(self, parameters):
        return float(((parameters - 1) ** 2).sum() / 2)


class Labelled(Bowl):
    """The same, which tells what examples it was given."""

    labels = numpy.arange(300) % 3

    def __init__(self):
        self.given = []

    def gradient(self, worker, parameters, rows, labels):
        self.given.append((worker, rows, labels))
        return parameters - 1


SMALL = {"steps": 40, "workers": {"count": 7, "byzantine": 2}, "servers": {"count": 5,
         "byzantine": 1}, "optimizer": {"rate": 0.2}}


class Workloads(unittest.TestCase):
    def test_it_is_trained_under_attack(self):
        run = byzsim.run(SMALL, workload=Bowl())
        # Rate 0.2 for 40 steps leaves 0.8^40 = 0.0001 of the way; the rest is noise.
        self.assertLess(run.final["loss"], 0.02)
        self.assertEqual(run.values["profile"], "ieee754-fma+foreign")

    def test_threads_change_nothing(self):
        digests = {byzsim.run(SMALL, workload=Bowl(), threads=threads).digest
                   for threads in (1, 2, 4)}
        self.assertEqual(len(digests), 1)

    def test_batches_come_from_the_worker_s_share(self):
        labelled = Labelled()
        byzsim.run({**SMALL, "partition": "extreme_niid"}, workload=labelled,
                   changes={"/workers/batch_size": 6})
        of_first = {label for worker, _, labels in labelled.given if worker == 0
                    for label in labels.tolist()}
        self.assertEqual(len({len(rows) for _, rows, _ in labelled.given}), 1)
        self.assertLess(len(of_first), 3)  # a share sorted by label
        for _, rows, labels in labelled.given:
            self.assertEqual((rows % 3).tolist(), labels.tolist())

    def test_flipped_labels_are_those_of_byzantine_workers(self):
        labelled = Labelled()
        byzsim.run({**SMALL, "adversary": {"workers": "label_flipping"}}, workload=labelled)
        for worker, rows, labels in labelled.given:
            wanted = rows % 3 if worker < 5 else 2 - rows % 3
            self.assertEqual(labels.tolist(), wanted.tolist())

    def test_a_world_takes_one_too(self):
        world = byzsim.World(SMALL, workload=Bowl())
        world.run(until_step=10)
        fork = world.fork()
        world.run()
        fork.run()
        self.assertEqual(world.digest, fork.digest)
        self.assertEqual(world.digest, byzsim.run(SMALL, workload=Bowl()).digest)

    def test_what_it_raises_names_worker_and_step(self):
        class Fails(Bowl):
            def gradient(self, worker, step):
                raise ZeroDivisionError("here")
        with self.assertRaisesRegex(byzsim.CallbackError,
                                    r"model fails, in gradient of worker \d+ at step 0: raised"):
            byzsim.run(SMALL, workload=Fails())

    def test_what_it_may_not_return(self):
        for answer, told in ((None, "returned nothing"), (numpy.zeros(3), r"shape \(3,\)"),
                             ("no", "returned str, not an array")):
            class Wrong(Bowl):
                def gradient(self, parameters):
                    return answer
            with self.assertRaisesRegex(byzsim.CallbackError, told):
                byzsim.run(SMALL, workload=Wrong())

    def test_gradients_that_are_not_finite_make_the_run_diverge(self):
        class Overflows(Bowl):
            def gradient(self, parameters):
                return numpy.full(4, numpy.nan)
        run = byzsim.run(SMALL, workload=Overflows(), changes={"/workers/aggregator": "average",
                                                               "/unsafe": True})
        self.assertEqual(run.status, "diverged")

    def test_methods_that_were_executed_count_in_the_id(self):
        def id_of(least):
            names = {"byzsim": byzsim, "numpy": numpy, "Bowl": Bowl, "__name__": "executed"}
            exec(compile(f"class Moved(Bowl):\n    def gradient(self, parameters):\n"
                         f"        return parameters - {least}\n", "<text>", "exec"), names)
            return byzsim.run(SMALL, workload=names["Moved"]()).id
        self.assertNotEqual(id_of(1), id_of(2))

    def test_what_is_no_workload(self):
        with self.assertRaisesRegex(byzsim.InputError, "workload: must be a byzsim.Workload"):
            byzsim.run(SMALL, workload=object())
        with self.assertRaisesRegex(byzsim.InputError, "dimension: must be in"):
            byzsim.run(SMALL, workload=byzsim.Workload())


def replayed_without_torch(scenario, file):
    """The digest of the recording's run in a process of its own, which has no torch."""
    code = (f"import sys, warnings; sys.path.insert(0, {str(BUILD / 'python')!r})\n"
            "sys.modules['torch'] = None; warnings.simplefilter('ignore')\n"
            "import byzsim\n"
            f"print(byzsim.run({scenario!r}, workload=byzsim.Recording({str(file)!r})).digest)")
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True).stdout.strip()


class Recorded(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="byzsim-recordings-")
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "bowl.zip"

    def test_a_recording_has_the_digest_and_the_id(self):
        run = byzsim.run(SMALL, workload=Bowl(), record_gradients=self.file)
        again = byzsim.run(SMALL, workload=byzsim.Recording(self.file))
        self.assertEqual((again.digest, again.id), (run.digest, run.id))

    def test_in_another_process(self):
        run = byzsim.run(SMALL, workload=Bowl(), record_gradients=self.file)
        self.assertEqual(replayed_without_torch(SMALL, self.file), run.digest)

    def test_what_was_not_recorded_is_named(self):
        byzsim.run(SMALL, workload=Bowl(), record_gradients=self.file)
        changes = {"/adversary/workers": "zero"}
        with self.assertRaisesRegex(byzsim.CallbackError,
                                    r"the gradient of worker \d+ at step \d+ was not recorded"):
            byzsim.run(SMALL, workload=byzsim.Recording(self.file), changes=changes)
        other = byzsim.run(SMALL, changes=changes,
                           workload=byzsim.Recording(self.file, otherwise=Bowl()))
        self.assertEqual(other.digest, byzsim.run(SMALL, workload=Bowl(), changes=changes).digest)

    def test_bisect_names_the_first_gradient_that_differs(self):
        class Drifting(Bowl):
            name = "bowl"

            def gradient(self, worker, step, parameters, stream):
                exact = super().gradient(worker, step, parameters, stream)
                return numpy.nextafter(exact, 9, dtype=numpy.float32) \
                    if (worker, step) == (3, 17) else exact
        second = self.file.with_name("drifting.zip")
        byzsim.run(SMALL, workload=Bowl(), record_gradients=self.file)
        byzsim.run(SMALL, workload=Drifting(), record_gradients=second)
        told = byzsim.bisect(byzsim.Recording(self.file), byzsim.Recording(second))
        self.assertIn("the gradient of worker 3 at step 17 differs, first in coordinate 0", told)
        self.assertIsNone(byzsim.bisect(byzsim.Recording(second), byzsim.Recording(second)))

    def test_files_that_are_none(self):
        self.file.write_bytes(b"PK\x03\x04 nothing")
        with self.assertRaisesRegex(byzsim.InputError, "is no recording of byzsim"):
            byzsim.Recording(self.file)
        with self.assertRaisesRegex(byzsim.InputError, "no such directory"):
            byzsim.run(SMALL, workload=Bowl(), record_gradients="/nowhere/at/all.zip")


def mnist(part, count):
    def read(kind, header):
        with gzip.open(DATA / f"{part}-{kind}-ubyte.gz") as file:
            return numpy.frombuffer(file.read(), numpy.uint8, offset=header)
    pixels = read("images-idx3", 16).reshape(-1, 1, 28, 28)[:count].astype(numpy.float32) / 255
    labels = read("labels-idx1", 8)[:count].astype(numpy.int64)
    return torch.utils.data.TensorDataset(torch.from_numpy(pixels), torch.from_numpy(labels))


def like_mnist_cnn():
    """The layers of byzsim's mnist_cnn: 107,786 parameters."""
    nn = torch.nn
    torch.manual_seed(1)
    module = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(784, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    # As byzsim begins; torch's own first parameters are smaller, and learn later.
    for each in module:
        if hasattr(each, "weight"):
            nn.init.xavier_uniform_(each.weight)
            nn.init.zeros_(each.bias)
    return module


@unittest.skipIf(torch is None, "needs torch")
class Torch(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)

    def workload(self, module, count=60):
        inputs = torch.arange(count * 2, dtype=torch.float32).reshape(count, 2) / count
        data = torch.utils.data.TensorDataset(inputs, torch.arange(count) % 2)
        return byzsim.torch.Workload(module, torch.nn.CrossEntropyLoss(), data, data, batch_size=4,
                                     name="small")

    def test_dropout_draws_by_worker_and_step(self):
        nn = torch.nn
        digests = set()
        for _ in range(2):
            torch.manual_seed(3)
            module = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 2))
            digests.add(byzsim.run(SMALL, workload=self.workload(module)).digest)
        self.assertEqual(len(digests), 1)

    def test_other_parameters_are_another_run(self):
        ids = set()
        for seed in range(2):
            torch.manual_seed(seed)
            workload = self.workload(torch.nn.Linear(2, 2))
            ids.add(byzsim.run(SMALL, workload=workload).id)
        self.assertEqual(len(ids), 2)

    def test_modules_without_parameters_are_refused(self):
        with self.assertRaisesRegex(byzsim.InputError, "model: has no parameters"):
            self.workload(torch.nn.ReLU())

    def test_the_recording_of_a_cnn_replays_without_torch(self):
        images = torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(2))
        data = torch.utils.data.TensorDataset(images, torch.arange(40) % 10)
        workload = byzsim.torch.Workload(like_mnist_cnn(), torch.nn.CrossEntropyLoss(), data, data,
                                         batch_size=4, name="recorded_cnn")
        scenario = {**SMALL, "steps": 4}
        with tempfile.TemporaryDirectory(prefix="byzsim-recordings-") as folder:
            file = Path(folder) / "cnn.zip"
            run = byzsim.run(scenario, workload=workload, record_gradients=file)
            self.assertEqual(replayed_without_torch(scenario, file), run.digest)

    @long
    @unittest.skipUnless(DATA.is_dir(), "needs MNIST's files in BYZSIM_DATA")
    def test_a_cnn_learns_mnist_under_byzantine_workers_and_servers(self):
        scenario = {
            "steps": 150, "servers": {"count": 5, "byzantine": 1},
            "workers": {"count": 11, "byzantine": 3, "aggregator": "mda", "batch_size": 25},
            "adversary": {"workers": "a_little_is_enough", "servers": "reversed"},
            "optimizer": {"rate": 0.1}, "metrics": {"every": 150}}
        module = like_mnist_cnn()
        workload = byzsim.torch.Workload(module, torch.nn.CrossEntropyLoss(),
                                         mnist("train", 60000), mnist("t10k", 2000),
                                         name="like_mnist_cnn")
        self.assertEqual(workload.dimension, 107_786)
        own = byzsim.run(scenario, workload=workload)
        built_in = byzsim.run(scenario, changes={"/model": "mnist_cnn", "/data": "mnist"})
        print(f"accuracy on MNIST: {own.final['accuracy']:.4f} (torch), "
              f"{built_in.final['accuracy']:.4f} (mnist_cnn)")
        # Other first models and other test images: not the same, but alike.
        self.assertGreater(own.final["accuracy"], 0.85)
        self.assertGreater(built_in.final["accuracy"], 0.85)


if __name__ == "__main__":
    unittest.main()
