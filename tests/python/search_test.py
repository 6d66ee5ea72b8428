#!/usr/bin/python3
"""byzsim.search finds what `byzsim search` finds, and SearchSpace serves any optimiser:
search_test.py BUILD_DIR.

Exits with 77 where the package was not built.
"""

import json
import math
import os
import signal
import subprocess
import tempfile
import threading
import time
import traceback
import unittest
import warnings
from pathlib import Path

from under_test import BUILD, TINY, byzsim

Z = "/adversary/workers/parameters/z"
MEAN = "/network/delay/parameters/mean"
TINY = {**TINY, "protocol": {"name": "byzsgd", "parameters": {"gather_period": 1}},
        "metrics": {"every": 1}}
# Strategies with what each needs.
STRATEGIES = {
    "random": (["/adversary/workers/parameters/z=0..4"], {Z: (0, 4)}),
    "grid": (["/adversary/workers/parameters/z=0..4"], {Z: (0, 4)}),
    "nlopt": (["/adversary/workers/parameters/z=0.1..4:log", MEAN + "=1 ms..50 ms"],
              {Z: (0.1, 4, "logarithmic"), MEAN: ("1 ms", "50 ms")}),
    "hill_climb": ([], None),
    "look_ahead": ([], None),
}


def evaluations(strategy):
    return 50 if strategy == "look_ahead" else 20  # it begins with a run of every move


def largest_drift(run):
    return max(run.metrics["drift"])


class Sandbox(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="byzsim-search-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def by_command_line(self, strategy, over, objective):
        (self.folder / "tiny.json").write_text(json.dumps(TINY), encoding="utf-8")
        overs = [word for each in over for word in ("--over", each)]
        subprocess.run([BUILD / "byzsim", "search", "tiny.json", "--quiet", "--strategy", strategy,
                        "--objective", objective, "--evaluations", str(evaluations(strategy)),
                        "--out", strategy, *overs],
                       check=True, cwd=self.folder, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        return self.folder / strategy


class Searches(Sandbox):
    def test_every_strategy_leaves_the_bytes_of_the_command_line(self):
        for strategy, (over, variables) in STRATEGIES.items():
            with self.subTest(strategy):
                expected = self.by_command_line(strategy, over, "drift:max")
                found = byzsim.search(TINY, objective="drift:max", strategy=strategy, threads=2,
                                      evaluations=evaluations(strategy), variables=variables)
                made = found.save(self.folder / (strategy + "-python"))
                for name in ("worst.json", "search.csv"):
                    self.assertEqual((made / name).read_bytes(), (expected / name).read_bytes())
                ours, theirs = (json.loads((place / "search.json").read_bytes())
                                for place in (made, expected))
                del ours["machine"], theirs["machine"]
                self.assertEqual(ours, theirs)

    def test_the_worst_scenario_runs_to_its_digest(self):
        found = byzsim.search(TINY, objective="drift", evaluations=5, variables={Z: (0, 4)})
        run = byzsim.run(found.worst)
        self.assertEqual(run.digest, found.digest)
        self.assertEqual(run.final["drift"], found.value)
        self.assertEqual(found.worst[Z], found.chosen[Z])

    def test_the_trials_are_a_table(self):
        found = byzsim.search(TINY, objective="drift", evaluations=5, variables=[Z, MEAN])
        trials = found.trials
        self.assertEqual(list(trials), ["evaluation", Z, MEAN, "drift", "worst_so_far", "digest"])
        self.assertEqual(list(trials["evaluation"]), [1, 2, 3, 4, 5])
        self.assertEqual(max(trials["drift"]), found.value)
        self.assertIn(found.digest, list(trials["digest"]))

    def test_a_function_finds_what_the_metric_of_the_same_meaning_finds(self):
        for strategy, (_, variables) in STRATEGIES.items():
            asked = {"strategy": strategy, "evaluations": evaluations(strategy),
                     "variables": variables}
            named = byzsim.search(TINY, objective="drift:max", threads=2, **asked)
            for threads in (1, 2) if strategy == "random" else (2,):
                with self.subTest(strategy, threads=threads):
                    own = byzsim.search(TINY, objective=largest_drift, threads=threads, **asked)
                    self.assertEqual(list(own.trials["digest"].astype(str)),
                                     list(named.trials["digest"].astype(str)))
                    self.assertEqual((own.digest, own.value, own.chosen),
                                     (named.digest, named.value, named.chosen))

    def test_a_function_gets_the_run_with_its_models(self):
        seen = []
        byzsim.search(TINY, objective=lambda run: seen.append(run) or 0.0, evaluations=1,
                      variables={Z: (0, 4)})
        # The reference and one evaluation; three parameters and a bias for each of three classes.
        self.assertEqual([run.status for run in seen], ["trained", "trained"])
        self.assertEqual(sorted(seen[1].models), [0, 1, 2, 3, 4])
        step, model = seen[1].models[0]
        self.assertEqual((step, model.shape), (12, (12,)))
        self.assertEqual(seen[1].digest, byzsim.run(seen[1].scenario).digest)

    def test_a_function_may_use_byzsim_itself(self):
        def objective(run):
            return byzsim.run(run.scenario, threads=2).final["drift"]
        own = byzsim.search(TINY, objective=objective, evaluations=4, variables={Z: (0, 4)},
                            threads=2)
        named = byzsim.search(TINY, objective="drift", evaluations=4, variables={Z: (0, 4)})
        self.assertEqual((own.digest, own.value), (named.digest, named.value))

    def test_the_seed_is_the_scenarios(self):
        asked = {"objective": "drift", "evaluations": 3, "variables": {Z: (0, 4)}}
        self.assertEqual(byzsim.search(TINY, seed=9, **asked).digest,
                         byzsim.search(TINY, changes={"/seed": 9}, **asked).digest)

    def test_progress_counts_evaluations(self):
        shown = []
        byzsim.search(TINY, objective="drift", evaluations=3, variables={Z: (0, 4)},
                      progress=lambda done, all: shown.append((done, all)))
        self.assertEqual(shown, [(1, 3), (2, 3), (3, 3)])

    def test_a_run_that_diverges_is_the_worst_and_no_function_is_asked(self):
        asked = []
        found = byzsim.search(TINY, changes={"/servers/aggregator": "average",
                                             "/adversary/servers": "infinity"},
                              objective=lambda run: asked.append(run) or 0.0, evaluations=2,
                              variables={Z: (0, 4)})
        self.assertEqual(asked, [])
        self.assertIsNone(found.value)
        self.assertTrue(found.values["worst"]["diverged"])


class Mistakes(unittest.TestCase):
    def search(self, **changes):
        asked = {"objective": "drift", "evaluations": 3, "variables": {Z: (0, 4)}, **changes}
        return byzsim.search(TINY, **asked)

    def test_an_objective_that_raises_stops_the_search_with_its_traceback(self):
        def broken(run):
            raise ZeroDivisionError("in my objective")
        for threads in (1, 2):
            for strategy in ("random", "nlopt"):
                with self.subTest(strategy, threads=threads), \
                        self.assertRaises(byzsim.CallbackError) as raised:
                    self.search(objective=broken, threads=threads, strategy=strategy)
                self.assertRegex(str(raised.exception),
                                 "objective: broken raised ZeroDivisionError for the run "
                                 "[0-9a-f]{16}: in my objective")
                self.assertIsInstance(raised.exception.__cause__, ZeroDivisionError)
                self.assertIn("in broken", "".join(
                    traceback.format_exception(raised.exception.__cause__)))

    def test_what_is_no_damage_is_named(self):
        for value in (float("nan"), -math.inf, None, "much", [1.0, 2.0]):
            with self.subTest(value), self.assertRaisesRegex(
                    byzsim.CallbackError, "objective returned .* for the run [0-9a-f]{16}"):
                self.search(objective=lambda run, value=value: value)

    def test_infinity_is_as_bad_as_can_be(self):
        found = self.search(objective=lambda run: math.inf)
        self.assertIsNone(found.value)
        self.assertEqual(found.trials["objective"].isna().tolist(), [True, True, True])

    def test_what_cannot_be_searched_is_refused(self):
        for changes, told in [
                ({"objective": "drifd"}, "did you mean 'drift'"),
                ({"objective": 3}, "objective: must be a metric's name or a function, not 3"),
                ({"strategy": "randon"}, "strategy: .*did you mean 'random'"),
                ({"strategy": "hill_climb"}, "variables: the strategy hill_climb does not search"),
                ({"evaluations": 0}, "evaluations: must be an integer in"),
                ({"threads": 0}, "threads: must be an integer in"),
                ({"variables": {Z: (4, 0)}}, "variables: /adversary.*the upper end must be above"),
                ({"variables": {Z: (0, 4, "log")}}, "is not a range; write"),
                ({"variables": {Z: 4}}, "4 is not a range; write"),
                ({"variables": ["z"]}, "variables: z: must be a JSON pointer, which begins with"),
                ({"variables": ["/nowhere"]}, "no number at /nowhere or below it"),
                ({"variables": [Z, Z]}, "is given twice"),
                ({"variables": []}, "variables: is empty"),
                ({"variables": 7}, "variables: must be a list or a dictionary")]:
            with self.subTest(changes), self.assertRaisesRegex(byzsim.InputError, told):
                self.search(**changes)

    def test_exhaustive_takes_no_function_whatever_its_name(self):
        def drift(run):
            return 0.0
        with self.assertRaisesRegex(byzsim.InputError, "exhaustive has one objective"):
            self.search(strategy="exhaustive", objective=drift, variables=None)

    def test_a_result_is_not_overwritten(self):
        with tempfile.TemporaryDirectory() as folder:
            found = self.search()
            found.save(folder + "/found")
            with self.assertRaises(byzsim.InputError):
                found.save(folder + "/found")
            found.save(folder + "/found", replace=True)


class Interruptions(unittest.TestCase):
    def interrupted(self, threads, objective="drift"):
        pressed = []

        def press():
            pressed.append(time.process_time())  # a machine that does much else is not punctual
            os.kill(os.getpid(), signal.SIGINT)

        def progress(done, all):
            if done == 3:
                threading.Timer(0.05, press).start()
        with self.assertRaises(KeyboardInterrupt) as raised:
            byzsim.search(TINY, changes={"/steps": 1000}, objective=objective, evaluations=1000,
                          variables={Z: (0, 4)}, threads=threads, progress=progress)
        self.assertLess(time.process_time() - pressed[0], 0.1 * threads)
        return raised.exception.search

    def test_ctrl_c_ends_a_search_within_a_tenth_of_a_second_and_keeps_what_was_found(self):
        for threads in (1, 2):
            with self.subTest(threads):
                # A whole beginning: what another thread was at is missing, and what came after.
                self.assertGreaterEqual(self.interrupted(threads).evaluated, 4 - threads)

    def test_ctrl_c_in_a_function_keeps_what_was_found_before(self):
        calls = []

        def objective(run):
            calls.append(run)
            if len(calls) == 4:  # the reference and two evaluations before
                raise KeyboardInterrupt
            return 1.0
        with self.assertRaises(KeyboardInterrupt) as raised:
            byzsim.search(TINY, objective=objective, evaluations=10, variables={Z: (0, 4)})
        self.assertEqual(raised.exception.search.evaluated, 2)


class Spaces(unittest.TestCase):
    def setUp(self):
        self.space = byzsim.SearchSpace(TINY, {Z: (0, 4), MEAN: ("1 ms", "50 ms", "logarithmic")})

    def test_variables_have_ranges_in_units(self):
        self.assertEqual(self.space.variables, [
            byzsim.SearchVariable(Z, 0, 4, False, False, "", 1.5),
            byzsim.SearchVariable(MEAN, 0.001, 0.05, True, False, "s",
                                  self.space.variables[1].now)])
        self.assertEqual(self.space.names, [Z, MEAN])

    def test_a_scenario_has_the_values_that_were_chosen(self):
        scenario = self.space.scenario_at({Z: 2.25, MEAN: 0.05})
        self.assertEqual((scenario[Z], scenario[MEAN]), (2.25, "50 ms"))

    def test_what_is_not_named_stays_as_it_is(self):
        self.assertEqual(self.space.scenario_at({MEAN: "2 ms"})[Z], 1.5)

    def test_whole_numbers_are_rounded_to(self):
        space = byzsim.SearchSpace(TINY, {"/protocol/parameters/gather_period": (1, 10)})
        chosen = space.ask({"/protocol/parameters/gather_period": 3.6}).values
        self.assertEqual(chosen, {"/protocol/parameters/gather_period": 4})

    def test_shares_are_rounded_as_the_strategies_do(self):
        # A third of the way from 0 to 4, to six digits.
        self.assertEqual(self.space.values_at([1 / 3, 0]), {Z: 1.33333, MEAN: "1 ms"})

    def test_draws_are_those_of_the_random_strategy(self):
        found = byzsim.search(TINY, objective="drift", evaluations=3,
                              variables={Z: (0, 4), MEAN: ("1 ms", "50 ms", "logarithmic")})
        drawn = [self.space.ask().values for _ in range(3)]
        self.assertEqual([each[Z] for each in drawn], list(found.trials[Z]))
        self.assertEqual([each[MEAN] for each in drawn], list(found.trials[MEAN]))

    def test_damage_is_what_the_strategies_see(self):
        # Accuracies are worse when less.
        run = byzsim.run(self.space.scenario_at({Z: 3}))
        self.assertEqual(self.space.damage({Z: 3}, objective="accuracy"), -run.final["accuracy"])
        self.assertEqual(self.space.damage({Z: 3}, objective=largest_drift),
                         max(run.metrics["drift"]))
        self.assertEqual(list(self.space.trials["digest"]), [run.digest, run.digest])

    def test_accuracy_lost_is_measured_against_the_run_without_byzantine_nodes(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", byzsim.ByzsimWarning)  # of the attack without effect
            peace = byzsim.run(TINY, changes={"/workers/byzantine/actual": 0,
                                              "/servers/byzantine/actual": 0})
        run = byzsim.run(self.space.scenario_at({Z: 3}))
        for _ in range(2):
            self.assertEqual(self.space.damage({Z: 3}, objective="accuracy_lost"),
                             peace.final["accuracy"] - run.final["accuracy"])

    def test_the_worst_is_the_earliest_of_the_largest_damage(self):
        asked = [self.space.ask({Z: z}) for z in (1, 2, 3)]
        for each, damage in zip(asked, (5, 7, 7)):
            self.space.tell(each, damage)
        self.assertEqual(self.space.worst, asked[1])
        self.assertEqual(list(self.space.trials["worst_so_far"]), [5, 7, 7])

    def test_an_optimiser_of_a_few_lines_finds_more_damage_than_the_scenario_has(self):
        # Evolution of one by one, whose step grows by success and shrinks by failure.
        here, step = [0.1, 0.1], 0.3
        first = best = self.space.damage(shares=here, objective=largest_drift)
        for i in range(25):
            there = [min(1.0, max(0.0, x + step * (1 if (i >> j) % 2 else -1)))
                     for j, x in enumerate(here)]
            damage = self.space.damage(shares=there, objective=largest_drift)
            step *= 1.5 if damage > best else 0.8
            here, best = (there, damage) if damage > best else (here, best)
        self.assertGreater(best, first)
        worst = self.space.worst
        self.assertEqual(largest_drift(byzsim.run(worst.scenario)), best)
        self.assertEqual(len(self.space.trials["damage"]), 26)

    def test_optuna_drives_it(self):
        try:
            import optuna
        except ImportError as missing:
            self.skipTest(f"{missing} (python package optuna)")
        optuna.logging.set_verbosity(optuna.logging.WARNING)

        def objective(trial):
            values = {each.name: trial.suggest_float(each.name, each.low, each.high,
                                                     log=each.logarithmic)
                      for each in self.space.variables}
            return self.space.damage(values, objective="drift:max")
        study = optuna.create_study(direction="maximize",
                                    sampler=optuna.samplers.TPESampler(seed=1))
        study.optimize(objective, n_trials=15)
        self.assertEqual(study.best_value, max(self.space.trials["damage"]))
        self.assertEqual(largest_drift(byzsim.run(self.space.worst.scenario)), study.best_value)

    def test_mistakes_are_named(self):
        asked = self.space.ask({Z: 1})
        for call, told in [
                (lambda: self.space.scenario_at({Z: 5}), r"z: must be in \[0.0, 4.0\], not 5.0"),
                (lambda: self.space.scenario_at({Z: float("nan")}), "z: must be in"),
                (lambda: self.space.scenario_at({Z: []}), r"z: must be a number, not \[\]"),
                (lambda: self.space.scenario_at({Z + "z": 1}), "is not among the variables"),
                (lambda: self.space.scenario_at([1]), "values: must be a dictionary"),
                (lambda: self.space.values_at([0.5]), "shares: must be 2 numbers"),
                (lambda: self.space.values_at([0.5, 1.5]), r"shares: must be in \[0, 1\]"),
                (lambda: self.space.ask({Z: 1}, shares=[0, 0]), "cannot be given together"),
                (lambda: self.space.tell(asked, float("nan")), "damage: is nan for {.*'.*z': 1.0}"),
                (lambda: byzsim.SearchSpace(TINY, ["/name"]), "no number at /name")]:
            with self.subTest(told), self.assertRaisesRegex(byzsim.InputError, told):
                call()


if __name__ == "__main__":
    unittest.main()
