"""Worlds that are saved and loaded, and runs at a moment.

Usage: saved_world_test.py BUILD_DIR
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

BUILD = Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build").resolve()
sys.path.insert(0, str(BUILD / "python"))
try:
    import numpy
except ImportError:
    print("skipped: numpy is not installed")
    sys.exit(77)
import byzsim  # noqa: E402

GOLDEN = Path(__file__).resolve().parents[2] / "scenarios" / "golden"
DIGESTS: dict[str, str] = json.loads((GOLDEN / "digests.json").read_text())["digests"]

OTHER_PROCESS = """
import sys
sys.path.insert(0, sys.argv[1])
import byzsim
world = byzsim.World.load(sys.argv[2], threads=2)
world.run()
print(world.digest)
"""


class Saved(unittest.TestCase):
    """Digests are those of scenarios/golden/digests.json."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "world.byz"

    def loaded(self, world: byzsim.World, **more: Any) -> byzsim.World:
        world.save(self.file)
        return byzsim.World.load(self.file, **more)

    def test_a_world_goes_on_from_its_file_to_the_digest(self) -> None:
        draw = random.Random(21)
        for name in ("byzsgd_mda", "kardam", "consensus", "scripted", "without_numbers", "twins"):
            world = byzsim.World(GOLDEN / f"{name}.json")
            world.run(until_event=draw.randrange(200))
            with self.subTest(name, event=world.events):
                other = self.loaded(world)
                self.assertEqual((other.events, other.now, other.digest),
                                 (world.events, world.now, world.digest))
                other.run()
                world.run()
                self.assertEqual((world.digest, other.digest), (DIGESTS[name], DIGESTS[name]))

    def test_it_goes_on_in_another_process_with_other_threads(self) -> None:
        world = byzsim.World(GOLDEN / "byzsgd_mda.json")
        world.run(until_event=150)
        world.save(self.file)
        run = subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(BUILD / "python"),
                              str(self.file)], capture_output=True, text=True, check=True)
        self.assertEqual(run.stdout.strip(), DIGESTS["byzsgd_mda"])

    def test_what_nodes_did_last_is_known_at_once(self) -> None:
        world = byzsim.World("quickstart", changes={"/steps": 4})
        world.run(until_step=2)
        other = self.loaded(world)
        for one, two in zip(world.servers, other.servers):
            numpy.testing.assert_array_equal(one.model, two.model)
            self.assertEqual(one.quorum, two.quorum)
        for first, second in zip(world.workers, other.workers):
            assert first.gradient and second.gradient
            self.assertEqual(first.gradient[0], second.gradient[0])
            numpy.testing.assert_array_equal(first.gradient[1], second.gradient[1])

    def test_decisions_and_a_record_are_saved_too(self) -> None:
        world = byzsim.World("quickstart", changes={"/steps": 6}, record=True)
        world.run(until_step=2)
        world.decide(moves=[{"step": world.next_open_step, "workers": "zero"}])
        other = self.loaded(world)
        self.assertEqual(other.decisions["moves"],
                         [{"step": 3, "workers": {"name": "zero", "parameters": {}}}])
        world.run()
        other.run()
        self.assertEqual(other.digest, world.digest)
        self.assertEqual(other.script(), world.script())

    def test_an_ended_world_stays_so(self) -> None:
        world = byzsim.World("quickstart", changes={"/steps": 2})
        world.run()
        self.assertTrue(self.loaded(world).ended)

    def test_files_that_are_none_are_refused(self) -> None:
        world = byzsim.World("quickstart", changes={"/steps": 2})
        world.save(self.file)
        whole = self.file.read_bytes()
        for name, bytes_ in {"half": whole[:len(whole) // 2], "empty": b"", "text": b"world",
                             "altered": whole[:900] + bytes([whole[900] ^ 1]) + whole[901:]}.items():
            with self.subTest(name), self.assertRaisesRegex(byzsim.InputError, "no whole snapshot"):
                self.file.write_bytes(bytes_)
                byzsim.World.load(self.file)
        with self.assertRaisesRegex(byzsim.InputError, "cannot be read"):
            byzsim.World.load(self.file.parent / "absent.byz")

    def test_a_file_that_cannot_be_written_is_an_error(self) -> None:
        world = byzsim.World("quickstart", changes={"/steps": 2})
        with self.assertRaisesRegex(byzsim.InputError, "cannot write"):
            world.save(self.file.parent / "absent" / "world.byz")


class Moments(unittest.TestCase):
    def test_a_run_can_be_looked_at_at_any_moment(self) -> None:
        run = byzsim.run("quickstart", changes={"/steps": 4})
        self.assertEqual(run.at(step=2).steps_done, 2)
        self.assertEqual(run.at(event=100).events, 100)
        self.assertGreaterEqual(run.at(time=0.01).now, 0.01)
        world = run.at(step=2)
        world.run()
        self.assertEqual(world.digest, run.digest)

    def test_a_moment_must_be_one_and_be_there(self) -> None:
        run = byzsim.run("quickstart", changes={"/steps": 2})
        with self.assertRaisesRegex(byzsim.InputError, "given 0 moments"):
            run.at()
        with self.assertRaisesRegex(byzsim.InputError, "given 2 moments"):
            run.at(step=1, event=3)
        with self.assertRaisesRegex(byzsim.InputError, "the run ends before: at step 2"):
            run.at(step=3)


if __name__ == "__main__":
    unittest.main()
