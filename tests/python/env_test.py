"""byzsim.AdversaryEnv: Gymnasium's own checker, actions, rewards, forks, refusals; the example.

Usage: env_test.py BUILD_DIR
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any

from under_test import BUILD, TREE, byzsim, long, module_if_there, numpy

gymnasium = module_if_there("gymnasium")
if gymnasium:
    from gymnasium.utils.env_checker import check_env

EXAMPLE = TREE / "tools/python/examples/learn_to_attack.py"
SMALL: dict[str, Any] = {
    "seed": 21, "steps": 20,
    "protocol": {"name": "byzsgd", "parameters": {"gather_period": 1}},
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}, "aggregator": "median"},
    "workers": {"count": 7, "byzantine": {"declared": 2, "actual": 2}, "aggregator": "mda",
                "batch_size": 4},
    "model": "softmax_regression",
    "data": {"name": "blobs", "parameters": {"dimension": 12, "classes": 3, "train": 240,
                                             "test": 60}},
    "adversary": {"workers": {"name": "equivocation", "parameters": {"magnitude": 0.1}},
                  "servers": "split", "scheduler": "keep_apart"}}
MOVES = [{"workers": "split"}, {"workers": "reversed", "scheduler": "random"},
         {"workers": "a_little_is_enough", "first_servers": [0, 3]}]
MAGNITUDE = "/adversary/workers/parameters/magnitude"


def made(**arguments: Any) -> Any:
    return byzsim.AdversaryEnv(SMALL, every=5, **arguments)


class WithoutGymnasium(unittest.TestCase):
    def test_the_package_imports_and_the_environment_names_what_is_missing(self) -> None:
        code = ("import sys; sys.modules['gymnasium'] = None; import byzsim\n"
                "try: byzsim.AdversaryEnv('quickstart')\n"
                "except byzsim.InputError as error: print(error)")
        told = subprocess.run([sys.executable, "-c", code], check=True, text=True,
                              stdout=subprocess.PIPE, env={"PYTHONPATH": str(BUILD / "python")})
        self.assertEqual(told.stdout, "AdversaryEnv: needs gymnasium, which is not installed; "
                                      "install it: pip install gymnasium\n")

    def test_importing_the_package_does_not_import_gymnasium(self) -> None:
        code = "import sys, byzsim; print('gymnasium' in sys.modules)"
        told = subprocess.run([sys.executable, "-c", code], check=True, text=True,
                              stdout=subprocess.PIPE, env={"PYTHONPATH": str(BUILD / "python")})
        self.assertEqual(told.stdout, "False\n")


class Checker(unittest.TestCase):
    def test_gymnasium_finds_nothing_wrong(self) -> None:
        for actions in ("moves", "numbers", MOVES, [f"{MAGNITUDE}=0.01..1:log"]):
            with self.subTest(actions=actions), warnings.catch_warnings():
                warnings.simplefilter("error")
                # Made by a class rather than by a name: there is no specification to make it by.
                warnings.filterwarnings("ignore", message=".*spec.*")
                check_env(made(actions=actions, render_mode="ansi"))

    def test_so_for_a_world_without_numbers(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", message=".*spec.*")
            check_env(byzsim.AdversaryEnv(TREE / "scenarios/golden/without_numbers.json"))


class Actions(unittest.TestCase):
    def test_moves_are_those_of_look_ahead(self) -> None:
        # Four honest servers form halves in three ways. Of 3 x 3 attacks and 3 schedulers,
        # keep_apart (9 pairs) and pairs with split or equivocation (7 of 9, twice) tell them apart:
        # (9 + 14) x 3 + 4 = 73.
        env = byzsim.AdversaryEnv("quickstart")
        self.assertEqual(env.action_space.n, 73)
        self.assertEqual(env.moves[0]["workers"]["name"], "reversed")
        self.assertEqual(env.moves[0]["first_servers"], [0, 1])
        self.assertEqual(byzsim.AdversaryEnv("quickstart", halves=1).action_space.n, 27)

    def test_numbers_go_through_their_ranges(self) -> None:
        env = made(actions=[f"{MAGNITUDE}=0.01..1:log"])

        def at(share: float) -> float:
            move = env.move_of(numpy.array([share], dtype=numpy.float32))
            self.assertEqual(move["workers"]["name"], "equivocation")
            return float(move["workers"]["parameters"]["magnitude"])
        self.assertEqual([at(0), at(0.5), at(1)], [0.01, 0.1, 1])

    def test_numbers_are_those_of_the_adversary(self) -> None:
        env = made(actions="numbers")
        # Of keep_apart near and far, of equivocation magnitude, of split push.
        self.assertEqual(env.action_space.shape, (4,))
        move = env.move_of(numpy.zeros(4, dtype=numpy.float32))
        self.assertEqual(sorted(move), ["scheduler", "servers", "workers"])

    def test_decisions_alone_run_to_the_same_digest(self) -> None:
        for actions in ("moves", MOVES, "numbers"):
            with self.subTest(actions=actions):
                env = made(actions=actions)
                env.action_space.seed(3)
                play(env, 5, lambda _: env.action_space.sample())
                self.assertEqual(byzsim.run(env.decided()).digest, env.world.digest)


class Episodes(unittest.TestCase):
    def test_rewards_add_up_to_the_growth_of_the_objective(self) -> None:
        env = made(actions=MOVES)
        _, first = env.reset(seed=4)
        rewards, last = play(env, 4, lambda step: step % 3)
        self.assertEqual(first["objective"], 0)  # all servers begin with one model
        self.assertAlmostEqual(sum(rewards), last["objective"])
        self.assertEqual(last["objective"], env.world.measure("drift"))
        self.assertEqual(len(rewards), 4)  # 20 steps, a decision every 5

    def test_an_accuracy_is_worse_when_it_falls(self) -> None:
        env = made(actions=MOVES, objective="accuracy")
        _, first = env.reset(seed=4)
        rewards, last = play(env, 4, lambda _: 1)
        self.assertAlmostEqual(sum(rewards), first["objective"] - last["objective"])

    def test_the_seed_is_that_of_the_scenario(self) -> None:
        env = made(actions=MOVES)
        self.assertEqual(env.reset()[1]["seed"], 21)  # the scenario's own at first
        rewards, _ = play(env, 8, lambda _: 0)
        self.assertEqual(env.scenario["/seed"], 8)
        self.assertEqual(play(env, 8, lambda _: 0)[0], rewards)
        self.assertNotEqual(play(env, 9, lambda _: 0)[0], rewards)
        drawn = env.reset()[1]["seed"]
        env.reset(seed=9)
        self.assertEqual(env.reset()[1]["seed"], drawn)

    def test_a_fork_goes_its_own_way(self) -> None:
        env = made(actions=MOVES)
        env.reset(seed=4)
        env.step(0)
        plan = env.fork()
        while not plan.step(2)[2]:
            pass
        self.assertEqual(env.world.steps_done, 5)
        again, there = env.fork(), env.step(1)
        here = again.step(1)
        self.assertTrue(numpy.array_equal(here[0], there[0]))
        self.assertEqual(here[1:], there[1:])
        self.assertEqual(again.world.digest, env.world.digest)
        self.assertEqual(again.np_random.integers(10**9), env.np_random.integers(10**9))

    def test_an_observation_is_what_it_says(self) -> None:
        env = made(actions=MOVES)
        first = env.reset(seed=4)[0]
        self.assertEqual(first.tolist(), [0, 0, -20, -20, -20, 0])  # nothing has been sent
        seen, _, _, _, info = env.step(0)
        self.assertEqual(seen[0], 0.25)
        self.assertAlmostEqual(float(seen[1]), math.log10(1 + info["objective"]), places=5)
        self.assertTrue(env.observation_space.contains(seen))

    def test_divergence_ends_the_episode(self) -> None:
        env = made(actions=[{"workers": "nan"}],
                   changes={"/workers/aggregator": "average", "/unsafe": True},
                   divergence_reward=7)
        env.reset(seed=1)
        _, reward, ended, _, info = env.step(0)
        self.assertEqual((reward, ended, info["diverged"]), (7, True, True))

    def test_it_renders_a_sentence(self) -> None:
        env = made(actions=MOVES, render_mode="ansi")
        env.reset(seed=4)
        env.step(0)
        self.assertRegex(env.render(), r"^step 5 of 20, drift [0-9.]+, last move {'workers'")


class Refusals(unittest.TestCase):
    def refused(self, sentence: str, **arguments: Any) -> None:
        with self.assertRaisesRegex(byzsim.InputError, sentence):
            made(**arguments)

    def test_what_makes_no_environment(self) -> None:
        self.refused("unknown objective 'drif'", objective="drif")
        self.refused("has a step", actions=[{"step": 3, "workers": "split"}])
        self.refused(r"actions\[1\]: .*did you mean 'split'",
                     actions=[MOVES[0], {"workers": "splt"}])
        self.refused("decides nothing", actions=[{}])
        self.refused('give "moves", "numbers"', actions="everything")
        self.refused("is no parameter of an attack", actions=["/workers/count"])
        self.refused("upper end must be above", actions=[f"{MAGNITUDE}=1..0.1"])
        self.refused("an AdversaryEnv makes the moves itself",
                     changes={"/adversary/script": {"moves": [{"step": 1, "workers": "split"}]}})
        with self.assertRaisesRegex(byzsim.InputError, "every: must be an integer"):
            byzsim.AdversaryEnv(SMALL, every=0)
        self.refused("must be a finite number", divergence_reward=math.inf)

    def test_what_is_no_action(self) -> None:
        env = made(actions=MOVES)
        with self.assertRaisesRegex(byzsim.InputError, r"call reset\(\) first"):
            env.step(0)
        env.reset(seed=1)
        with self.assertRaisesRegex(byzsim.InputError, r"3 is not in Discrete\(3\)"):
            env.step(3)


class Example(unittest.TestCase):
    @long
    def test_the_learner_beats_the_fixed_adversary_on_other_seeds(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            figure = Path(folder) / "drift.svg"
            told = subprocess.run([sys.executable, EXAMPLE, "--short", "--figure", figure],
                                  check=True, text=True, stdout=subprocess.PIPE,
                                  env={"PYTHONPATH": ":".join(sys.path)}).stdout
            self.assertGreater(float(told.split("mean ratio")[1].split()[0]), 1)
            try:
                import matplotlib  # noqa: F401
            except ImportError:
                return
            self.assertIn("<svg", figure.read_text())


def play(env: Any, seed: int, choose: Any) -> tuple[list[float], dict[str, Any]]:
    """One episode: its rewards, and the information after the last step."""
    env.reset(seed=seed)
    rewards: list[float] = []
    while True:
        _, reward, ended, _, info = env.step(choose(len(rewards)))
        rewards.append(reward)
        if ended:
            return rewards, info


if __name__ == "__main__":
    if gymnasium is None:
        alone = unittest.defaultTestLoader.loadTestsFromTestCase(WithoutGymnasium)
        ran = unittest.TextTestRunner().run(alone)
        print("skipped: gymnasium is not installed; the package without it was tested")
        sys.exit(77 if ran.wasSuccessful() else 1)
    unittest.main()
