#!/usr/bin/python3
"""Strategies that are functions of Python's: strategy_test.py BUILD_DIR."""

import pickle
import signal
import threading
import traceback
import unittest
import warnings

from under_test import BUILD, TREE, byzsim, numpy

from byzsim.atlas import place  # isort: skip

warnings.simplefilter("ignore", byzsim.ByzsimWarning)
SHORT = {"/steps": 12, "/workers/batch_size": 1, "/model": "softmax_regression",
         "/data": {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60,
                                                   "test": 30}}}


@byzsim.attack
def twin_of_reversed(own, *, factor=byzsim.real(100, 0, 1e12, "how many times longer")):
    """What `reversed` does."""
    return (-factor * own.astype(numpy.float64)).astype(own.dtype)


@byzsim.rule(needs="n >= 2f + 1", growth="sorting")
def twin_of_median(vectors, f):
    """What `median` does."""
    ordered = numpy.sort(vectors, axis=0)
    middle, odd = divmod(len(ordered), 2)
    if odd:
        return ordered[middle]
    return ((ordered[middle - 1].astype(numpy.float64) + ordered[middle]) / 2).astype(
        vectors.dtype)


@byzsim.scheduler
def twin_of_keep_apart(message, drawn_ns):
    """Later where sender and receiver are in different halves."""
    return drawn_ns + (50_000_000 if message.sender_half != message.receiver_half else 0)


@byzsim.delay
def twin_of_uniform(stream, *, low=byzsim.duration_ns(1_000_000, 0, 1e9, "the shortest"),
                    high=byzsim.duration_ns(10_000_000, 0, 1e9, "the longest")):
    """Equally likely between two spans."""
    return low + stream.uniform() * (high - low)


def run(**changes):
    return byzsim.run("quickstart", changes={
        **SHORT, **{"/" + key.replace("__", "/"): value for key, value in changes.items()}})


class Twins(unittest.TestCase):
    """A strategy in Python that computes what a built-in one does gives the same digest."""

    def test_attack(self):
        built_in = run(adversary__workers="reversed", adversary__servers="reversed")
        own = run(adversary__workers="twin_of_reversed", adversary__servers="twin_of_reversed")
        self.assertEqual(own.digest, built_in.digest)
        self.assertNotEqual(own.id, built_in.id)

    def test_rule(self):
        self.assertEqual(run(servers__aggregator="twin_of_median").digest,
                         run(servers__aggregator="median").digest)

    def test_delay(self):
        uniform = {"name": "uniform", "parameters": {"low": "1 ms", "high": "10 ms"}}
        own = {"name": "twin_of_uniform", "parameters": {"low": "1 ms", "high": "10 ms"}}
        self.assertEqual(run(network__delay=own).digest, run(network__delay=uniform).digest)

    def test_a_scheduler_that_delays_nothing_is_the_random_one(self):
        @byzsim.scheduler
        def twin_of_random(drawn_ns):
            return drawn_ns
        self.assertEqual(run(adversary__scheduler="twin_of_random").digest,
                         run(adversary__scheduler="random").digest)

    def test_threads_change_nothing(self):
        changes = {**SHORT, "/servers/aggregator": "twin_of_median"}
        digests = {byzsim.run("quickstart", changes=changes, threads=threads).digest
                   for threads in (1, 2, 3)}
        self.assertEqual(len(digests), 1)


class Libraries(unittest.TestCase):
    """Shared libraries with strategies (byzsim_plugin.h) are those that the tests build."""

    plugin = BUILD / "tests/plugins/data.so"

    @unittest.skipUnless(plugin.exists(), "needs the plugins of the C++ tests")
    def test_a_model_in_c_that_is_a_built_in_one_gives_the_same_digest(self):
        byzsim.load_plugin(self.plugin)
        blobs = {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60,
                                                 "test": 30}}
        self.assertEqual(run(model="least_squares", data=blobs).digest,
                         run(model="linear_regression", data=blobs).digest)


class Tables(unittest.TestCase):
    def test_describe_knows_a_function(self):
        told = byzsim.describe("twin_of_reversed")
        self.assertEqual(told["summary"], "What `reversed` does.")
        self.assertEqual(told["parameters"][0]["default"], 100)
        self.assertEqual(told["plugin"]["file"], "python:twin_of_reversed")

    def test_a_function_is_used_by_itself(self):
        vectors = numpy.array([[1.0], [2.0], [9.0]])
        self.assertEqual(byzsim.aggregate(twin_of_median, vectors, f=1), [2.0])
        self.assertEqual(byzsim.attack(twin_of_reversed, vectors, f=1, factor=2.0), [-2.0])

    def test_a_function_gets_the_own_vector_and_weights(self):
        @byzsim.rule
        def weighted_beside_own(vectors, own, weights):
            return vectors[own] + numpy.asarray(weights) @ vectors
        vectors = numpy.array([[1.0], [2.0], [8.0]])
        self.assertEqual(byzsim.aggregate(weighted_beside_own, vectors, f=0, own=1,
                                          weights=[0.5, 0.25, 0.25]), [5.0])
        self.assertAlmostEqual(
            float(byzsim.aggregate(weighted_beside_own, vectors, f=0, own=0)[0]), 1 + 11 / 3)

    def test_the_profile_says_that_python_took_part(self):
        made = run(servers__aggregator="twin_of_median")
        self.assertEqual(made.values["profile"], "ieee754-fma+foreign")
        self.assertEqual(made.values["foreign"]["numpy"], numpy.__version__)

    def test_another_source_is_another_run(self):
        def scaled(factor):
            namespace = {"byzsim": byzsim}
            exec(f"def scaled(own): return -own * {factor}", namespace)
            byzsim.attack(namespace["scaled"])
            return run(adversary__workers="scaled").id
        self.assertNotEqual(scaled(2.0), scaled(3.0))

    def test_a_function_written_anew_takes_the_place_of_the_first(self):
        for value in (3.0, 4.0):
            @byzsim.rule(name="newest")
            def of_this_round(vectors, value=byzsim.real(value, 0, 9, "the answer")):
                return numpy.full(vectors.shape[1], value)
            self.assertEqual(byzsim.aggregate("newest", numpy.zeros((2, 1)), f=0), [value])

    def test_a_condition_is_checked(self):
        with self.assertRaisesRegex(byzsim.InputError, "needs n >= 2f . 1"):
            byzsim.aggregate("twin_of_median", numpy.zeros((2, 3)), f=1)

    def test_parameters_are_checked(self):
        with self.assertRaisesRegex(byzsim.InputError, "parameters/factor: must be .* in"):
            run(adversary__workers={"name": "twin_of_reversed", "parameters": {"factor": -1}})

    def test_draws_are_named_by_seed_receiver_and_step(self):
        @byzsim.rule
        def any_one(vectors, stream):
            return vectors[stream.below(len(vectors))]
        self.assertEqual(run(servers__aggregator="any_one", unsafe=True).digest,
                         run(servers__aggregator="any_one", unsafe=True).digest)


class Refused(unittest.TestCase):
    """What a function may not do is told with its place."""

    def told(self, answer, **changes):
        @byzsim.rule(name="misbehaves")
        def misbehaves(vectors):
            return answer(vectors)
        with self.assertRaises(byzsim.CallbackError) as caught:
            byzsim.aggregate("misbehaves", numpy.ones((3, 2)), f=0)
        return caught.exception

    def test_nothing(self):
        self.assertIn("rule misbehaves, with 3 vectors: returned nothing",
                      str(self.told(lambda vectors: None)))

    def test_another_shape(self):
        self.assertIn("returned shape (3, 2), not (2,)", str(self.told(lambda vectors: vectors)))

    def test_no_numbers(self):
        self.assertIn("returned str, not an array", str(self.told(lambda vectors: "no")))
        self.assertIn("returned dtype bool, not numbers",
                      str(self.told(lambda vectors: numpy.ones(2, bool))))

    def test_numbers_that_are_not_finite(self):
        self.assertIn("not finite of finite vectors",
                      str(self.told(lambda vectors: vectors[0] * numpy.inf)))

    def test_what_it_raises_is_the_cause(self):
        error = self.told(lambda vectors: vectors[7])
        self.assertIsInstance(error.__cause__, IndexError)
        self.assertIn("strategy_test.py", "".join(traceback.format_exception(error.__cause__)))

    def test_in_a_run_too(self):
        @byzsim.rule(name="fails_late")
        def fails_late(vectors):
            raise RuntimeError("no more")
        with self.assertRaisesRegex(byzsim.CallbackError, "no more"):
            run(servers__aggregator="fails_late", unsafe=True)
        self.assertEqual(run().status, "trained")

    def test_inputs_cannot_be_written_to(self):
        def write(vectors):
            vectors[0, 0] = 7
        self.assertIsInstance(self.told(write).__cause__, ValueError)

    def test_inputs_may_be_kept(self):
        kept = []

        @byzsim.rule(name="keeps")
        def keeps(vectors):
            kept.append(vectors)
            return vectors[0]
        for value in range(50):
            byzsim.aggregate("keeps", numpy.full((2, 1000), float(value)), f=0)
        self.assertEqual([float(each.sum()) for each in kept],
                         [2000.0 * value for value in range(50)])

    def test_delays_below_zero(self):
        @byzsim.scheduler
        def into_the_past(drawn_ns):
            return -1
        with self.assertRaisesRegex(byzsim.CallbackError, r"returned -1 ns, which is not in \[0"):
            run(adversary__scheduler="into_the_past")

    def test_an_attack_may_have_another_name(self):
        @byzsim.attack(name="renamed")
        def of_another_name(own):
            return -own
        self.assertEqual(byzsim.attack("renamed", numpy.ones((2, 1)), f=1), [-1.0])

    def test_unknown_arguments(self):
        with self.assertRaisesRegex(byzsim.InputError, "^vector: .*name some of f, own"):
            byzsim.rule(lambda vector: vector, name="misnamed")

    def test_names_that_are_taken(self):
        with self.assertRaisesRegex(byzsim.InputError, "median: is the name of a strategy"):
            byzsim.rule(lambda vectors: vectors[0], name="median")

    def test_conditions_that_are_none(self):
        for condition in ("", "n > 2", "n >= ", "n >= 2g", "f >= 1"):
            with self.assertRaisesRegex(byzsim.InputError, "needs: must be a condition"):
                byzsim.rule(lambda vectors: vectors[0], name="conditional", needs=condition)

    def test_conditions(self):
        for condition, least in (("n >= 2f + 3", 5), ("n >= f", 1), ("n>=4f", 4), ("n >= 3", 3)):
            @byzsim.rule(name="conditional", needs=condition)
            def conditional(vectors):
                return vectors[0]
            byzsim.aggregate("conditional", numpy.zeros((least, 1)), f=1)
            if least > 1:
                with self.assertRaises(byzsim.InputError):
                    byzsim.aggregate("conditional", numpy.zeros((least - 1, 1)), f=1)


class Threads(unittest.TestCase):
    def test_a_rule_may_call_byzsim(self):
        @byzsim.rule(name="calls_byzsim")
        def calls_byzsim(vectors):
            return byzsim.aggregate("median", vectors, f=1, threads=2)
        for threads in (1, 2):
            self.assertEqual(
                byzsim.run("quickstart", threads=threads,
                           changes={**SHORT, "/servers/aggregator": "calls_byzsim",
                                    "/unsafe": True}).digest,
                run(servers__aggregator="median").digest)

    def test_functions_are_called_in_the_order_of_one_thread(self):
        calls = []

        @byzsim.rule(name="noted_rule")
        def noted_rule(vectors):
            calls.append(("rule", vectors.sum().item()))
            return vectors[0]

        @byzsim.attack(name="noted_attack")
        def noted_attack(own):
            calls.append(("attack", own.sum().item()))
            return -own
        changes = {**SHORT, "/servers/aggregator": "noted_rule", "/workers/aggregator":
                   "noted_rule", "/adversary/workers": "noted_attack", "/unsafe": True}

        def calls_of(work, threads):
            calls.clear()
            work(threads)
            return list(calls)

        def search(threads):
            byzsim.search("quickstart", changes=changes, objective="drift", evaluations=1,
                          strategy="hill_climb", threads=threads)
        for work in (lambda threads: byzsim.run("quickstart", changes=changes, threads=threads),
                     lambda threads: byzsim.World("quickstart", changes=changes,
                                                  threads=threads).run(),
                     search):
            alone = calls_of(work, 1)
            self.assertGreater(len(alone), 60)
            self.assertEqual(calls_of(work, 3), alone)

    def test_runs_on_several_threads_at_once(self):
        digests = []
        threads = [threading.Thread(target=lambda: digests.append(
            run(servers__aggregator="twin_of_median").digest)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual(digests, [run(servers__aggregator="median").digest] * 4)


class Interrupted(unittest.TestCase):
    def test_ctrl_c_within_a_function_ends_the_run_after_it(self):
        calls = []

        @byzsim.rule(name="pressed")
        def pressed(vectors):
            calls.append(len(vectors))
            if len(calls) == 5:
                signal.raise_signal(signal.SIGINT)
            return vectors[0]
        with self.assertRaises(KeyboardInterrupt) as caught:
            byzsim.run("quickstart", changes={**SHORT, "/servers/aggregator": "pressed",
                                              "/unsafe": True})
        self.assertEqual(caught.exception.run.status, "interrupted")
        self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_ctrl_c_within_a_function_leaves_a_world_that_goes_on(self):
        calls = []

        @byzsim.rule(name="pressed_once")
        def pressed_once(vectors):
            calls.append(len(vectors))
            if len(calls) == 5:
                signal.raise_signal(signal.SIGINT)
            return numpy.median(vectors, axis=0)
        changes = {**SHORT, "/servers/aggregator": "pressed_once", "/unsafe": True}
        for go in (byzsim.World.run, byzsim.World.step):
            calls.clear()
            world = byzsim.World("quickstart", changes=changes)
            with self.assertRaises(KeyboardInterrupt):
                while not world.ended:
                    go(world)
            self.assertLess(len(calls), 20)  # one event may call it for several workers
            world.run()
            self.assertGreater(len(calls), 200)
            self.assertEqual(world.digest, byzsim.run("quickstart", changes=changes).digest)

    def test_progress_tells_of_the_last_step(self):
        told = []
        byzsim.run("quickstart", changes=SHORT, progress=lambda *now: told.append(now))
        self.assertEqual(told[-1], (12, 12))

    def test_a_run_goes_through_pickle(self):
        made = run()
        again = pickle.loads(pickle.dumps(made))
        self.assertEqual((again.digest, len(again.models)), (made.digest, 5))


class Ranked(unittest.TestCase):
    def test_rules_against_attacks(self):
        ranking = byzsim.rank(["average", twin_of_median], ["sign_flipping", "nan"],
                              changes={**SHORT, "/steps": 30, "/unsafe": True})
        self.assertEqual(ranking.values.shape, (2, 2))
        # The average of a NaN is one; the median leaves it out.
        self.assertEqual([row[0] for row in ranking.worst()], ["twin_of_median", "average"])

    def test_a_pair_that_is_refused_is_told(self):
        ranking = byzsim.rank(["median", "bulyan"], ["silent"], changes=SHORT)
        self.assertIn("bulyan needs n >= 4f + 3", ranking.refused["bulyan", "silent"])

    def test_a_copy_of_the_median_is_beside_the_median_in_the_atlas(self):
        placing = place(twin_of_median, TREE / "scenarios" / "atlas", settings=["sgd-one"])
        means = dict(placing.places)
        self.assertEqual(means["twin_of_median <- placed"], means["median"])


if __name__ == "__main__":
    unittest.main()
