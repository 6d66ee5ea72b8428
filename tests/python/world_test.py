"""byzsim.World: the golden digests through Python, forks, decisions, and what can be looked at.

Usage: world_test.py BUILD_DIR
"""

from __future__ import annotations

import gc
import json
import random
import subprocess
import tempfile
import unittest
from typing import Any

from under_test import BUILD, TREE, byzsim, numpy

GOLDEN = TREE / "scenarios" / "golden"
DIGESTS: dict[str, str] = json.loads((GOLDEN / "digests.json").read_text())["digests"]


def golden(name: str) -> byzsim.Scenario:
    return byzsim.Scenario(GOLDEN / f"{name}.json")


class Golden(unittest.TestCase):
    """Digests are those of scenarios/golden/digests.json, which C++ tests pin as well."""

    def test_every_scenario_runs_to_its_digest(self) -> None:
        for name, digest in DIGESTS.items():
            with self.subTest(name):
                self.assertEqual(byzsim.run(golden(name)).digest, digest)

    def test_a_fork_at_any_event_and_its_origin_run_to_the_digest(self) -> None:
        draw = random.Random(20)
        for name, digest in DIGESTS.items():
            whole = byzsim.World(golden(name))
            whole.run()
            for event in sorted(draw.sample(range(whole.events), 2)):
                with self.subTest(name, event=event):
                    world = byzsim.World(golden(name))
                    self.assertTrue(world.run(until_event=event))
                    fork = world.fork()
                    fork.run()
                    world.run()
                    self.assertEqual((world.digest, fork.digest), (digest, digest))

    def test_stepping_and_looking_changes_no_digest(self) -> None:
        for name in ("kept_apart", "learn", "basgd", "replicated_mean", "twins",
                     "async_gossip_regular"):
            with self.subTest(name):
                world = byzsim.World(golden(name))
                while world.step() is not None:
                    world.queue(3)
                    world.transcript(world.steps_done)
                    for node in (*world.servers, *world.workers):
                        self.assertIsNotNone((node.step, node.byzantine))
                self.assertEqual(world.digest, DIGESTS[name])

    def test_a_world_on_a_graph_names_nodes(self) -> None:
        world = byzsim.World(golden("gossip_ring"), record=True)
        self.assertEqual(world.step()["node"][0], "node")
        self.assertEqual({event["node"][0] for event in world.queue(3)}, {"node"})
        world.run(until_step=1)
        self.assertEqual([each.role for each in world.nodes[:2]], ["node", "node"])
        self.assertEqual(len(world.servers), len(world.nodes))
        self.assertEqual(world.workers, [])
        self.assertEqual({role for role, _ in world.nodes[0].quorum.senders}, {"node"})
        world.run()
        receivers = {word["to"].split()[0] for word in world.script().get("words", [])}
        self.assertLessEqual(receivers, {"node", "nodes"})
        with self.assertRaises(byzsim.InputError) as caught:
            byzsim.World(golden("gossip_ring"))._core.step_of("node", 99)
        self.assertIn("there is no node 99", str(caught.exception))

    def test_a_recorded_world_runs_to_the_digest_and_its_script_replays(self) -> None:
        world = byzsim.World(golden("kept_apart"), record=True)
        world.run()
        self.assertEqual(world.digest, DIGESTS["kept_apart"])
        replay = golden("kept_apart").copy({"/adversary/script": world.script(),
                                            "/adversary/scheduler": "random"})
        self.assertEqual(byzsim.run(replay).digest, DIGESTS["kept_apart"])


class Plugins(unittest.TestCase):
    """A plugin that counts its calls is that of the C++ tests."""

    PLUGIN = BUILD / "tests" / "plugins" / "stateful.so"

    @unittest.skipUnless(PLUGIN.exists(), "needs the plugins of the C++ tests")
    def test_a_plugin_with_state_has_one_world_and_no_fork(self) -> None:
        counting = golden("kept_apart").copy({"/plugins": [str(self.PLUGIN)],
                                              "/adversary/workers": "counting"})
        world = byzsim.World(counting, threads=2)
        with self.assertRaisesRegex(byzsim.InputError, "world: a plugin of its scenario keeps"):
            world.fork()
        with self.assertRaisesRegex(byzsim.InputError, "this process has used it in a run before"):
            byzsim.World(counting)


class Decisions(unittest.TestCase):
    """`scripted` has its decisions from the beginning: made while it runs, they count the same."""

    def setUp(self) -> None:
        self.script = golden("scripted")["/adversary/script"]

    def test_decisions_made_while_it_runs_give_the_digest_of_a_script(self) -> None:
        # The move that replays what was sent before is known from the beginning: see below.
        late = [move for move in self.script["moves"] if move["step"] == 4]
        world = byzsim.World(golden("scripted").copy({"/adversary/script": {"moves": late}}))
        for step in (1, 2, 3, 4):
            self.assertTrue(world.run(until_sent=step - 1))
            world.decide(**{ours: [each for each in self.script[theirs] if each["step"] == step]
                            for ours, theirs in (("moves", "moves"), ("deliveries", "deliveries"),
                                                 ("forgeries", "words"))
                            if not (ours == "moves" and step == 4)})
        world.run()
        self.assertEqual(world.digest, "67ca43e5e3ce18fd")

    def test_a_move_counts_from_the_next_open_step(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run(until_step=2)
        step, move = world.next_open_step, {"workers": "sign_flipping", "scheduler": "random"}
        world.decide(moves=[{"step": step, **move}])
        world.run()
        scripted = golden("kept_apart").copy(
            {"/adversary/script": {"moves": [{"step": step, **move}]}})
        self.assertEqual(world.digest, byzsim.run(scripted).digest)
        self.assertNotEqual(world.digest, DIGESTS["kept_apart"])

    def test_a_forged_vector_may_be_an_array(self) -> None:
        vector = numpy.linspace(-1, 1, 39).astype(numpy.float32)
        vector[3], vector[5] = numpy.nan, -numpy.inf
        forgery = {"from": "worker 6", "phase": "gradient", "step": 3}
        world = byzsim.World(golden("kept_apart"))
        world.run(until_sent=2)
        world.decide(forgeries=[{**forgery, "vector": vector}])
        world.fork().run()
        world.run()
        listed = ["nan" if i == 3 else "-inf" if i == 5 else float(value)
                  for i, value in enumerate(vector)]
        scripted = golden("kept_apart").copy(
            {"/adversary/script": {"words": [{**forgery, "vector": listed}]}})
        self.assertEqual(world.digest, byzsim.run(scripted).digest)

    def test_a_fork_decides_for_itself(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run(until_step=2)
        fork = world.fork()
        fork.decide(moves=[{"step": fork.next_open_step, "workers": "silent"}])
        fork.run()
        world.run()
        self.assertEqual(world.digest, DIGESTS["kept_apart"])
        self.assertNotEqual(fork.digest, DIGESTS["kept_apart"])

    def test_a_wrong_decision_is_refused_whole(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        with self.assertRaisesRegex(byzsim.InputError, "did you mean 'split'"):
            world.decide(moves=[{"step": 2, "workers": "silent"}, {"step": 3, "workers": "splitt"}])
        world.run()
        self.assertEqual(world.digest, DIGESTS["kept_apart"])

    def test_what_was_not_remembered_cannot_be_replayed(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        with self.assertRaisesRegex(byzsim.InputError, "this world remembers 0"):
            world.decide(moves=[{"step": 2, "workers": "stale_replay"}])

    def test_a_record_holds_the_halves_that_were_decided(self) -> None:
        world = byzsim.World(golden("kept_apart"), record=True)
        world.decide(moves=[{"step": 0, "workers": "split", "first_servers": [0, 3]}])
        world.run()
        replay = golden("kept_apart").copy({"/adversary/script": world.script(),
                                            "/adversary/scheduler": "random"})
        self.assertEqual(byzsim.run(replay).digest, world.digest)


class Events(unittest.TestCase):
    """What step() returns is what `byzsim events` prints."""

    def test_every_event_is_that_of_the_command_line(self) -> None:
        for name in ("kept_apart", "faulty", "learn"):
            with self.subTest(name):
                world = byzsim.World(golden(name))
                for line in events_of_the_command_line(name):
                    event = world.step()
                    assert event is not None
                    self.assertEqual(as_line(event), without_bits(line))
                self.assertIsNone(world.step())
                self.assertTrue(world.ended)

    def test_the_first_planned_event_is_the_next(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        self.assertEqual(world.queued, 12)  # every node's start: 5 servers, 7 workers
        while world.queued > 0:
            first = world.queue(1)[0]
            event = world.step()
            assert event is not None
            self.assertEqual([first[key] for key in ("time", "node", "kind", "cause")],
                             [event[key] for key in ("time", "node", "kind", "cause")])
        self.assertIsNone(world.step())

    def test_the_queue_is_in_order_and_as_long_as_asked(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run(until_event=200)
        times = [event["time"] for event in world.queue(10**6)]
        self.assertEqual(len(times), world.queued)
        self.assertEqual(times, sorted(times))
        self.assertEqual([event["time"] for event in world.queue(4)], times[:4])


def events_of_the_command_line(name: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        def call(*words: str) -> str:
            return subprocess.run([BUILD / "byzsim", *words], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout
        call("run", str(GOLDEN / f"{name}.json"), "--out", f"{folder}/run", "--quiet")
        lines = call("events", f"{folder}/run", "--quiet").splitlines()
    return [json.loads(line) for line in lines]


def as_line(event: dict[str, Any]) -> dict[str, Any]:
    """An event of step() in the words of the command line."""
    message = event["message"]
    return {"event": event["number"], "time_ns": round(event["time"] * 1e9),
            "node": "{} {}".format(*event["node"]), "kind": event["kind"], "cause": event["cause"],
            "verdict": event["verdict"],
            "message": None if message is None else {
                "from": "{} {}".format(*message["sender"]),
                **{key: message[key] for key in ("phase", "step", "round")}}}


def without_bits(line: dict[str, Any]) -> dict[str, Any]:
    """The same part of a line; digests of vectors are the command line's alone."""
    message = line.get("message")
    return {**{key: line.get(key) for key in ("event", "time_ns", "node", "kind", "cause",
                                              "verdict")},
            "message": message and {key: message[key]
                                    for key in ("from", "phase", "step", "round")}}


class Look(unittest.TestCase):
    """Nodes, transcript and what else a world shows."""

    def test_models_outlive_the_world_and_cannot_be_written(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run(until_step=2)
        model = world.servers[0].model
        before = model.copy()
        world.run()
        self.assertFalse(numpy.array_equal(world.servers[0].model, before))
        gradient = world.workers[0].gradient[1]
        kept = gradient.copy()
        del world
        gc.collect()
        others = [numpy.full(39, 7, numpy.float32) for _ in range(1000)]
        self.assertEqual(len(others), 1000)
        self.assertTrue(numpy.array_equal(model, before))
        self.assertTrue(numpy.array_equal(gradient, kept))
        with self.assertRaises(ValueError):
            model[0] = 1

    def test_the_last_models_are_those_of_the_run(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run()
        run = byzsim.run(golden("kept_apart"))
        self.assertEqual([node.byzantine for node in world.servers], [False] * 4 + [True])
        for server in world.servers:
            self.assertEqual(server.step, 6)
            self.assertTrue(numpy.array_equal(server.model, run.models[server.index][1]))

    def test_quorums_are_those_of_the_events(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        used = 0
        while (event := world.step()) is not None:
            last = {deed["node"]: deed for deed in event["deeds"] if deed["what"] == "quorum"}
            for (role, index), deed in last.items():
                node = (world.servers if role == "server" else world.workers)[index]
                self.assertEqual(node.quorum, (deed["phase"], deed["step"], deed["senders"]))
                used += 1
        self.assertGreater(used, 0)

    def test_the_transcript_is_what_nodes_send(self) -> None:
        world = byzsim.World(golden("kept_apart"))
        world.run(until_sent=3)
        world.run(until=lambda now: len(now.transcript(3)["sent"]) == 4)
        seen = world.transcript(3)
        self.assertTrue(set(seen["sent"]) <= set(seen["honest"]))
        for role, index in seen["sent"]:
            step, vector = world.workers[index].gradient
            self.assertEqual((role, step), ("worker", 3))
            self.assertTrue(numpy.array_equal(vector, seen["honest"][role, index]))
        self.assertTrue(all(index >= 5 for _, index in seen["byzantine"]))
        self.assertEqual(world.transcript(6), {"honest": {}, "byzantine": {}, "sent": []})
        with self.assertRaisesRegex(byzsim.InputError, "unknown phase 'gradients'"):
            world.transcript(3, "gradients")

    def test_a_world_without_numbers_has_no_models(self) -> None:
        world = byzsim.World(golden("without_numbers"))
        world.run()
        self.assertEqual([node.model for node in world.servers], [None] * len(world.servers))
        self.assertIsNone(world.measure("drift"))

    def test_a_run_ends_where_it_is_asked_to(self) -> None:
        def world() -> byzsim.World:
            return byzsim.World(golden("kept_apart"))
        ran = world()
        self.assertTrue(ran.run(until_event=100))
        self.assertEqual(ran.events, 100)
        self.assertTrue(ran.run(until=lambda now: now.events >= 150))
        self.assertEqual(ran.events, 150)
        self.assertTrue(ran.run(until_time=0.05))
        self.assertGreaterEqual(ran.now, 0.05)
        self.assertTrue(ran.run(until_step=4))
        self.assertEqual(ran.steps_done, 4)
        self.assertFalse(ran.run(until_event=10**9))
        self.assertTrue(ran.ended)
        with self.assertRaisesRegex(byzsim.InputError, "more than one end"):
            world().run(until_step=1, until_event=1)


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # golden scenarios have settings without effect
