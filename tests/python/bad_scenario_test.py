#!/usr/bin/python3
"""Hostile scenarios, and worlds and runs that are asked what they cannot do: each is refused by an
error that names its place: bad_scenario_test.py BUILD_DIR."""

import json
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path

from under_test import TINY, byzsim, numpy


class Bad(Mapping):
    """A mapping that raises when it is read."""

    def __getitem__(self, _):
        raise OSError("gone")

    def __iter__(self):
        raise OSError("gone")

    def __len__(self):
        return 1


class BadPath:
    def __fspath__(self):
        raise OSError("gone")


class BadScenario(unittest.TestCase):
    def refused(self, where, call):
        """InputError whose first issue is about `where`, a regular expression."""
        with self.assertRaises(byzsim.InputError) as caught:
            call()
        issue = caught.exception.issues[0]
        self.assertRegex(issue.where, where)
        self.assertGreater(len(issue.problem + issue.remedy), 10)

    def refused_all(self, where, values, call):
        for value in values:
            with self.subTest(value=type(value)):
                self.refused(where, lambda value=value: call(value))

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="byzsim-bad-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, text, name="bad.json"):
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    # What a scenario is made of.

    def test_what_is_no_scenario_is_refused(self):
        cyclic = dict(TINY)
        cyclic["servers"] = cyclic
        deep = []
        for _ in range(10**5):
            deep = [deep]
        self.refused_all("^scenario", [
            None, 5, [], [TINY], object(), b"\xff", {1, 2}, Bad(), cyclic, BadPath(),
            {**TINY, "steps": float("nan")}, {**TINY, "steps": {1, 2}}, {(1, 2): 3},
            {**TINY, "servers": deep}, {**TINY, "name": b"x"}], byzsim.Scenario)

    def test_names_and_files_that_are_not_there_are_refused(self):
        self.refused_all(".", ["", "quikstart", "\0", "quickstart\0", "\ud800", "x" * 10**5, "/",
                               ".", "/dev/null", "-", Path("nowhere.json"), str(self.folder)],
                         byzsim.Scenario)

    def test_files_that_are_no_json_are_refused(self):
        for text in ("", "{", "[]", "5", '"x"', "nul", '{"steps": 1,}', '{"a": 1, "a": 2}',
                     '{"steps": 1e999}', '{"steps": 1} x', b"\xff\xfe", b"{\"name\": \"\xff\"}",
                     "[" * 10**5, '{"a":' * 10**5, "{\"name\": \"\\ud800\"}", "\0" * 100):
            with self.subTest(text[:9]):
                with self.assertRaises(byzsim.InputError):
                    byzsim.Scenario(self.file(text)).resolved()

    def test_values_of_the_wrong_kind_are_refused_at_their_place(self):
        for pointer in ("/steps", "/servers/count", "/servers", "/workers/batch_size", "/model",
                        "/data", "/adversary", "/network", "/rate", "/metrics", "/protocol"):
            for value in ([], [1], "\0", -1, 1e300, 2**70, True, None, {"x": 1}, [[]], 0.5):
                with self.subTest(pointer=pointer, value=value):
                    scenario = byzsim.Scenario(TINY, {pointer: value})
                    issues = scenario.check()
                    if issues:  # some are good: 0.5 is a rate
                        self.assertTrue(any(each.where.startswith(pointer) for each in issues),
                                        issues)
                        self.assertRaises(byzsim.InputError, lambda: byzsim.run(scenario))

    def test_all_mistakes_are_told_at_once(self):
        issues = byzsim.Scenario(TINY, {"/steps": -1, "/model": "modle", "/setps": 1}).check()
        self.assertEqual(sorted(each.where for each in issues), ["/model", "/setps", "/steps"])

    def test_pointers_that_lead_nowhere_are_refused(self):
        scenario = byzsim.Scenario(TINY)
        for pointer in ("steps", 5, None, b"/steps", ("/steps",), numpy.zeros(2), "#/steps"):
            with self.subTest(pointer=type(pointer)):
                self.refused(".", lambda pointer=pointer: scenario[pointer])
                with self.assertRaises(byzsim.InputError):
                    scenario[pointer] = 1
        with self.assertRaises(byzsim.InputError):
            scenario[""] = 1
        for pointer in ("/", "/steps/0", "/nothing", "/servers/", "/servers/count/x", "/~2",
                        "//", "/servers/0", "/\0", "/servers/-1"):
            with self.subTest(pointer=pointer), self.assertRaises(KeyError):
                scenario[pointer]
        self.assertEqual(scenario["/steps"], 12)

    def test_writing_below_a_number_is_refused(self):
        for pointer in ("/steps/0", "/steps/x", "/\ud800", "/~2", "/servers/count/-"):
            with self.subTest(pointer=pointer), self.assertRaises(byzsim.InputError):
                byzsim.Scenario(TINY, {pointer: 1}).resolved()

    def test_changes_that_are_no_mapping_are_refused(self):
        self.refused_all("changes", [5, "x", [("/steps", 1)], ["/steps"], Bad(), object()],
                         lambda changes: byzsim.Scenario(TINY, changes))

    def test_a_scenario_that_was_refused_can_be_mended(self):
        scenario = byzsim.Scenario(TINY, {"/steps": -1})
        self.refused("/steps", lambda: byzsim.run(scenario))
        scenario["/steps"] = 1
        self.assertEqual(byzsim.run(scenario).status, "trained")

    # Runs.

    def test_threads_of_a_run_are_whole_numbers(self):
        for threads in (0, -1, 1025, 2**70, 1.5, "2", None, True, [2]):
            with self.subTest(threads=threads):
                self.refused("threads", lambda threads=threads: byzsim.run(TINY, threads=threads))
                self.refused("threads", lambda threads=threads: byzsim.World(TINY, threads=threads))

    def test_a_progress_that_cannot_be_called_is_refused(self):
        self.refused_all("progress", [5, "x", [], {}], lambda progress: byzsim.run(
            TINY, progress=progress))

    def test_what_progress_raises_ends_the_run(self):
        def progress(step, steps):
            raise OSError(f"{step} of {steps}")
        with self.assertRaisesRegex(OSError, " of 100000"):
            byzsim.run(TINY, progress=progress, changes={"/steps": 100000})

        def quits(_):
            raise OSError("wrong number of arguments")
        with self.assertRaises(TypeError):
            byzsim.run(TINY, progress=quits, changes={"/steps": 100000})

    def test_a_directory_without_a_run_is_refused(self):
        for call in (byzsim.load, byzsim.verify):
            self.refused_all(".", [self.folder, self.folder / "nowhere", "", "\0", "/dev/null", 5,
                                  None, BadPath()], call)

    def test_stored_runs_that_are_damaged_are_refused(self):
        stored = byzsim.run(TINY).save(self.folder / "run")
        text = (stored / "run.json").read_text()
        for damaged in ("", "{", "[]", "5", "{}", text[:-20], text.replace('"id"', '"di"'),
                        "\0", '{"id": 5, "digest": 7}', "[" * 10**5):
            (stored / "run.json").write_text(damaged)
            with self.subTest(damaged[:9]):
                self.refused("run.json", lambda: byzsim.load(stored))
        (stored / "run.json").write_bytes(b"\xff\xfe")
        self.refused("run.json", lambda: byzsim.load(stored))

    def test_a_run_is_never_written_over_something_else(self):
        self.file("mine", "mine.txt")
        self.refused("directory", lambda: byzsim.run(TINY).save(self.folder))
        for directory in ("", "\0", 5, None, "/dev/null/x", "/proc/byzsim"):
            with self.subTest(directory=directory):
                self.assertRaises((byzsim.InputError, OSError),
                                  lambda: byzsim.run(TINY).save(directory))

    # Worlds.

    def test_a_world_has_one_end_that_is_asked_for(self):
        world = byzsim.World(TINY)
        for name, bad in (("until_step", (-1, 1.5, "1", True, 2**70, [])),
                          ("until_event", (-1, 1.5, "1", True, 2**70)),
                          ("until_sent", (-1, 1.5, "1", 2**70)),
                          ("until_time", (-1, float("nan"), float("inf"), "1", [], 1j, True)),
                          ("until", (5, "x", [1]))):
            for value in bad:
                with self.subTest(name=name, value=value):
                    self.refused(name, lambda name=name, value=value: world.run(**{name: value}))
        self.refused("run", lambda: world.run(until_step=1, until_time=1.0))
        self.assertEqual(world.events, 0)

    def test_what_a_predicate_raises_stops_the_world_where_it_is(self):
        world = byzsim.World(TINY)

        def raises(world):
            raise OSError(world.events)
        with self.assertRaisesRegex(OSError, "^0$"):
            world.run(until=raises)
        self.assertTrue(world.run())
        self.assertEqual(world.digest, byzsim.run(TINY).digest)

    def test_a_world_at_its_end_stays_there(self):
        world = byzsim.World(TINY)
        self.assertTrue(world.run())
        digest = world.digest
        for _ in range(3):
            self.assertIsNone(world.step())
            self.assertTrue(world.run())
            self.assertFalse(world.run(until_event=10**9))
            self.assertFalse(world.run(until=lambda _: False))
            self.assertTrue(world.fork().ended)
        self.assertEqual(world.digest, digest)
        self.assertEqual(world.result().status, "trained")

    def test_a_world_that_has_not_begun_has_no_models(self):
        world = byzsim.World(TINY)
        self.assertEqual((world.now, world.events, world.steps_done), (0.0, 0, 0))
        self.assertIsNone(world.servers[0].model)
        self.assertRaises(IndexError, lambda: world.servers[5])

    def test_models_are_read_only_and_stay_as_they_are(self):
        world = byzsim.World(TINY)
        world.run(until_step=1)
        model = world.servers[0].model
        before = model.copy()
        with self.assertRaises(ValueError):
            model[0] = 1
        with self.assertRaises(ValueError):
            model.flags.writeable = True
        world.run()
        del world
        self.assertEqual(model.tolist(), before.tolist())

    def test_objectives_that_nothing_measures_are_refused(self):
        world = byzsim.World(TINY)
        self.refused_all("objective", ["", "drfit", "drift:median", "\0", 5, None, b"drift", [],
                                       "gathers.x", ":"], world.measure)

    def test_records_that_are_none_are_refused(self):
        self.refused_all("record", [5, "vale", None, [], {}, numpy.zeros(2), 2],
                         lambda record: byzsim.World(TINY, record=record))
        self.refused("script", lambda: byzsim.World(TINY).script())

    def test_bad_scripts_are_refused_and_nothing_is_decided(self):
        world = byzsim.World(TINY)
        cyclic = {}
        cyclic["x"] = cyclic
        for name in ("moves", "deliveries", "forgeries"):
            for bad in (5, "x", [5], [None], ["x"], {"a": 1}, [[]], [{"x": 1}], [cyclic],
                        [Bad()], [{"step": float("nan")}], [{"step": -1}], [object()],
                        [{"step": 1, "attack": "no_such"}], [{1: 2}]):
                with self.subTest(name=name, bad=repr(bad)[:20]):
                    self.refused(f"{name}|/adversary/script", lambda name=name, bad=bad:
                                 world.decide(**{name: bad}))
        world.run()
        self.assertEqual(world.digest, byzsim.run(TINY).digest)

    def test_copying_by_pickle_is_of_scenarios_alone(self):
        import pickle
        scenario = byzsim.Scenario(TINY)
        self.assertEqual(pickle.loads(pickle.dumps(scenario)), scenario)
        self.assertRaises(TypeError, lambda: pickle.dumps(byzsim.World(TINY)))
        error = pickle.loads(pickle.dumps(byzsim.InputError([byzsim.Issue("a", "b", "c")])))
        self.assertEqual(str(error), "a: b; c")

    def test_a_scenario_keeps_nothing_of_what_it_was_made_from(self):
        given = json.loads(json.dumps(TINY))
        scenario = byzsim.Scenario(given)
        given["servers"]["count"] = -1
        scenario.to_dict()["steps"] = -1
        self.assertEqual(scenario.check(), [])


if __name__ == "__main__":
    unittest.main()
