#!/usr/bin/python3
"""byzsim.byzfl gives values computed by hand, and ByzFL's examples: byzfl_test.py BUILD_DIR.

The examples of ByzFL's documentation lie in $BYZSIM_SHARED; byzfl_peer_test.py runs ByzFL itself.
Exits with 77 without numpy; what needs PyTorch is left out without it.
"""

import json
import os
import unittest
from pathlib import Path

from under_test import byzsim, module_if_there
from under_test import numpy as np

import byzsim.byzfl as ours  # isort: skip

torch = module_if_there("torch")


def column(*values):
    """One vector of one coordinate for each value."""
    return np.array(values)[:, None]


FIVE = column(1.0, 2.0, 4.0, 8.0, 100.0)


class Aggregators(unittest.TestCase):
    def gives(self, aggregator, expected, vectors=FIVE):
        np.testing.assert_allclose(aggregator(vectors), [expected], rtol=1e-14)

    def test_average_is_the_mean(self):
        self.gives(ours.Average(), 115 / 5)

    def test_median_takes_the_middle_value(self):
        self.gives(ours.Median(), 4)

    def test_median_of_an_even_number_is_the_mean_of_the_middle_values(self):
        self.gives(ours.Median(), 3, FIVE[:4])

    def test_trmean_leaves_f_values_out_at_each_end(self):
        self.gives(ours.TrMean(1), (2 + 4 + 8) / 3)

    def test_trmean_of_no_byzantine_vectors_is_the_mean(self):
        self.gives(ours.TrMean(), 115 / 5)

    def test_krum_sums_the_squares_to_n_f_1_others(self):
        self.gives(ours.Krum(f=1), 4)  # 4 + 9 + 16 = 29; 2: 41, 1: 59, 8: 101

    def test_krum_of_one_vector_is_that_vector(self):
        self.gives(ours.Krum(), 8, column(8.0))

    def test_multi_krum_averages_n_f_vectors(self):
        self.gives(ours.MultiKrum(f=1), (1 + 2 + 4 + 8) / 4)

    def test_mda_averages_the_closest_n_f_vectors(self):
        self.gives(ours.MDA(f=2), (1 + 2 + 4) / 3)

    def test_mda_takes_the_first_of_equal_diameters(self):
        self.gives(ours.MDA(f=1), (0 + 1 + 10) / 3, column(0.0, 1.0, 10.0, 11.0))

    def test_monna_averages_the_n_f_nearest_to_a_vector(self):
        self.gives(ours.MoNNA(f=2, idx=3), (8 + 4 + 2) / 3)

    def test_meamed_averages_the_n_f_values_nearest_to_the_median(self):
        self.gives(ours.Meamed(f=2), (4 + 2 + 1) / 3)

    def test_geometric_median_weighs_by_inverse_distances(self):
        # From zero, 1 / |x|: five times 1 over 1 + 1/2 + 1/4 + 1/8 + 1/100.
        self.gives(ours.GeometricMedian(T=1), 5 / 1.885)

    def test_geometric_median_divides_by_nu_at_least(self):
        # 1 and 2 have the weight 1/4: 1/4 + 2/4 + 1 + 1 + 1 over 1/4 + 1/4 + 1/4 + 1/8 + 1/100.
        self.gives(ours.GeometricMedian(nu=4.0, T=1), 3.75 / 0.885)

    def test_centered_clipping_starts_at_zero(self):
        self.gives(ours.CenteredClipping(tau=4.0), (1 + 2 + 4 + 4 + 4) / 5)

    def test_centered_clipping_goes_on_from_its_last_result(self):
        clipping = ours.CenteredClipping(tau=4.0)
        clipping(FIVE)
        self.gives(clipping, 3 + (-2 - 1 + 1 + 4 + 4) / 5)

    def test_centered_clipping_takes_a_start(self):
        self.gives(ours.CenteredClipping(m=np.array([3.0]), L=1, tau=4.0), 4.2)

    def test_caf_leaves_out_what_lies_far_along_the_widest_direction(self):
        self.gives(ours.CAF(f=1), 2, column(1.0, 2.0, 3.0))

    def test_smea_averages_the_n_f_vectors_of_least_variance(self):
        self.gives(ours.SMEA(f=1), (1 + 2 + 4 + 8) / 4)


class PreAggregators(unittest.TestCase):
    def gives(self, pre, *expected):
        np.testing.assert_allclose(pre(FIVE), column(*expected), rtol=1e-14)

    def test_nnm_averages_the_n_f_nearest_of_every_vector(self):
        near, far = (1 + 2 + 4 + 8) / 4, (2 + 4 + 8 + 100) / 4
        self.gives(ours.NNM(f=1), near, near, near, near, far)

    def test_clipping_shortens_to_c(self):
        self.gives(ours.Clipping(c=4.0), 1, 2, 4, 4, 4)

    def test_arc_shortens_the_floor_of_2f_n_f_by_n_longest(self):
        self.gives(ours.ARC(f=2), 1, 2, 4, 4, 4)  # floor(12 / 5) = 2

    def test_clipping_leaves_its_argument_alone(self):
        given = FIVE.copy()
        ours.Clipping()(given)
        np.testing.assert_array_equal(given, FIVE)

    def test_bucketing_shuffles_by_numpys_generator(self):
        np.random.seed(0)  # its permutation of 5: 2, 0, 1, 3, 4
        self.gives(ours.Bucketing(s=2), (4 + 1) / 2, (2 + 8) / 2, 100)


class Attacks(unittest.TestCase):
    def gives(self, attack, *expected, honest=column(1.0, 2.0, 3.0)):
        np.testing.assert_allclose(attack(honest), expected, rtol=1e-14)

    def test_sign_flipping_sends_minus_the_mean(self):
        self.gives(ours.SignFlipping(), -2)

    def test_inner_product_manipulation_scales_it(self):
        self.gives(ours.InnerProductManipulation(0.5), -1)

    def test_inner_product_manipulation_takes_a_negative_tau(self):
        self.gives(ours.InnerProductManipulation(-3.0), 6)

    def test_a_little_is_enough_adds_deviations_of_n_1_degrees(self):
        self.gives(ours.ALittleIsEnough(2.0), 2 + 2 * 1)

    def test_a_little_is_enough_takes_a_negative_tau(self):
        self.gives(ours.ALittleIsEnough(-2.0), 2 - 2 * 1)

    def test_mimic_copies_a_vector(self):
        self.gives(ours.Mimic(2), 3)

    def test_inf_sends_infinity(self):
        self.gives(ours.Inf(), np.inf)

    def test_gaussian_draws_from_numpys_generator(self):
        np.random.seed(0)  # its first normal values: 1.764..., 0.400...
        sent = ours.Gaussian(mu=1.0, sigma=2.0)(np.zeros((3, 2)))
        np.testing.assert_allclose(sent, [1 + 2 * 1.764052345968, 1 + 2 * 0.400157208367], 1e-11)

    def test_label_flipping_sends_the_mean(self):
        self.gives(ours.LabelFlipping(), 2)

    def test_an_optimal_attack_doubles_its_step_while_the_damage_grows(self):
        # Factors 0, 0 + 10, 10 + 20: the average follows the attack.
        self.gives(ours.Optimal_InnerProductManipulation(pre_agg_list=[], evals=3), -30 * 2)

    def test_an_optimal_attack_stays_where_the_damage_grows_no_more(self):
        # Any value above 3 leaves the trimmed mean at 2.5; the first of them is 10 deviations off.
        self.gives(ours.Optimal_ALittleIsEnough(ours.TrMean(1), []), 2 + 10 * 1)

    def test_an_optimal_attack_meets_clipping_and_the_average_by_default(self):
        self.gives(ours.Optimal_InnerProductManipulation(), -10 * 2)  # clipped to -2, as all beyond

    def test_an_optimal_attack_shortens_its_step_where_the_damage_shrinks(self):
        # The receiver takes values up to 11 alone: 2 + 10 is too far, 2 + 8 is not.
        def defence(vectors):
            return vectors[-1] if vectors[-1, 0] <= 11 else vectors[0] + 1
        self.gives(ours.Optimal_ALittleIsEnough(defence, [], evals=3), 2 + 8)

    def test_the_defence_cannot_change_the_honest_vectors(self):
        honest = column(1.0, 2.0, 3.0)
        ours.Optimal_ALittleIsEnough(pre_agg_list=[lambda vectors: vectors.__imul__(0)])(honest)
        np.testing.assert_array_equal(honest, column(1.0, 2.0, 3.0))


class Named(unittest.TestCase):
    """Objects that are made from names and parameters."""

    def test_robust_aggregator_applies_its_chain_in_order(self):
        robust = ours.RobustAggregator(
            {"name": "Average", "parameters": {}}, [{"name": "NNM", "parameters": {"f": 1}},
                                                    {"name": "Clipping", "parameters": {"c": 3.0}}])
        np.testing.assert_allclose(robust.aggregate_vectors(FIVE), [3])

    def test_byzantine_client_sends_its_vector_f_times(self):
        client = ours.ByzantineClient(
            {"name": "InnerProductManipulation", "f": 2, "parameters": {"tau": 3.0}})
        np.testing.assert_allclose(client.apply_attack(column(1.0, 2.0, 3.0)), [[-6], [-6]])

    def test_byzantine_client_knows_the_defence(self):
        client = ours.ByzantineClient({"name": "Optimal_ALittleIsEnough", "f": 1, "parameters": {
            "aggregator_info": {"name": "TrMean", "parameters": {"f": 1}}, "pre_agg_list": []}})
        np.testing.assert_allclose(client.apply_attack(column(1.0, 2.0, 3.0)), [[12]])

    def test_no_attack_sends_nothing(self):
        client = ours.ByzantineClient({"name": "NoAttack", "f": 0, "parameters": {}})
        self.assertEqual(client.apply_attack(FIVE), [])


class Types(unittest.TestCase):
    def test_a_list_of_arrays_is_as_good_as_a_matrix(self):
        np.testing.assert_array_equal(ours.MultiKrum(1)(list(FIVE)), ours.MultiKrum(1)(FIVE))

    def test_float32_stays(self):
        for each in (ours.TrMean(1), ours.NNM(1), ours.Bucketing(2), ours.ALittleIsEnough(),
                     ours.Inf(), ours.Gaussian(), ours.Optimal_ALittleIsEnough()):
            with self.subTest(type(each).__name__):
                self.assertEqual(each(FIVE.astype(np.float32)).dtype, np.float32)

    def test_integers_become_float64(self):
        found = ours.Average()(np.array([[1], [2]]))
        self.assertEqual((found.dtype, found[0]), (np.float64, 1.5))

    def test_numpys_numbers_are_parameters(self):
        np.testing.assert_allclose(ours.MoNNA(np.int64(2), np.int32(3))(FIVE), [14 / 3])

    @unittest.skipUnless(torch, "without PyTorch")
    def test_tensors_give_tensors_of_their_type(self):
        for each in (ours.TrMean(1), ours.NNM(1), ours.Bucketing(2), ours.ALittleIsEnough(),
                     ours.Inf(), ours.Gaussian(), ours.Optimal_InnerProductManipulation()):
            for dtype in (torch.float32, torch.float64):
                matrix = torch.tensor(FIVE, dtype=dtype)
                for given in (matrix, list(matrix)):
                    with self.subTest(type(each).__name__, dtype=dtype):
                        self.assertEqual(each(given).dtype, dtype)

    @unittest.skipUnless(torch, "without PyTorch")
    def test_other_tensors_become_float32(self):
        self.assertEqual(ours.Average()(torch.tensor([[1], [2]])).dtype, torch.float32)


class BadInput(unittest.TestCase):
    CASES = {
        "f": [lambda: ours.TrMean(-1), lambda: ours.Krum(1.0), lambda: ours.NNM(True),
              lambda: ours.TrMean(3)(FIVE), lambda: ours.MDA(5)(FIVE), lambda: ours.NNM(5)(FIVE),
              lambda: ours.ByzantineClient({"name": "NoAttack", "f": 1})],
        "nu": [lambda: ours.GeometricMedian(nu=0), lambda: ours.GeometricMedian(nu="1")],
        "T": [lambda: ours.GeometricMedian(T=1.5)],
        "L": [lambda: ours.CenteredClipping(L=-1)],
        "tau": [lambda: ours.CenteredClipping(tau=-1.0), lambda: ours.ALittleIsEnough(np.nan),
                lambda: ours.InnerProductManipulation("2")],
        "idx": [lambda: ours.MoNNA(idx=-1), lambda: ours.MoNNA(idx=5)(FIVE)],
        "s": [lambda: ours.Bucketing(0)],
        "c": [lambda: ours.Clipping(np.inf)],
        "epsilon": [lambda: ours.Mimic(5)(FIVE)],
        "sigma": [lambda: ours.Gaussian(sigma=-1)],
        "evals": [lambda: ours.Optimal_ALittleIsEnough(evals=0)],
        "delta": [lambda: ours.Optimal_ALittleIsEnough(delta=0)],
        "ratio": [lambda: ours.Optimal_ALittleIsEnough(ratio=0.5)],
        "m": [lambda: ours.CenteredClipping("zero"), lambda: ours.CenteredClipping(FIVE)],
        "agg": [lambda: ours.Optimal_ALittleIsEnough(lambda vectors: None)(FIVE),
                lambda: ours.Optimal_ALittleIsEnough(lambda vectors: vectors)(FIVE)],
        "previous": [lambda: ours.CenteredClipping(np.zeros(2))(FIVE)],
        "vectors": [lambda: ours.TrMean()([]), lambda: ours.Average()(5), lambda: ours.NNM()("ab"),
                    lambda: ours.Median()(np.ones(3)), lambda: ours.Bucketing(2)(np.ones(3)),
                    lambda: ours.Bucketing()(None), lambda: ours.Inf()(FIVE + 0j)],
        "aggregator_info": [lambda: ours.RobustAggregator("TrMean"),
                            lambda: ours.RobustAggregator({"name": "TrMin"}),
                            lambda: ours.RobustAggregator(
                                {"name": "TrMean", "parameters": {"g": 1}})],
        "params": [lambda: ours.ByzantineClient(None),
                   lambda: ours.ByzantineClient({"name": "Nope", "f": 1, "parameters": {}})],
    }

    def test_every_mistake_names_its_argument(self):
        for argument, mistakes in self.CASES.items():
            for number, mistake in enumerate(mistakes):
                with self.subTest(argument, number=number):
                    with self.assertRaises(byzsim.InputError) as caught:
                        mistake()
                    where = caught.exception.issues[0].where
                    self.assertIn(where.split("[")[0], {argument, "honest"}
                                  if argument == "vectors" else {argument})


# What the Optimal attacks of ByzFL's documentation are against.
DEFENCE = {"agg": ours.TrMean(1), "pre_agg_list": [ours.NNM(1), ours.Clipping()]}


class DocumentedExamples(unittest.TestCase):
    def compared(self, group):
        folder = os.environ.get("BYZSIM_SHARED")
        if not folder:
            self.skipTest("BYZSIM_SHARED does not name the folder that holds the examples")
        examples = json.loads(Path(folder, "golden", "peer_examples.json").read_text())[group]
        count = 0
        for example in examples:
            tensors = example["backend"].startswith("torch")
            if example.get("random") or tensors and not torch:
                continue
            parameters = {name: DEFENCE.get(name, value)
                          for name, value in example["parameters"].items()
                          if value != "zeros"}  # the default start of CenteredClipping
            vectors = np.array(example["input"])
            if tensors:
                vectors = torch.tensor(vectors, dtype=torch.float32)
            if example.get("input_form") == "list":
                vectors = list(vectors)
            with self.subTest(example["id"]):
                found = getattr(ours, example["rule"])(**parameters)(vectors)
                expected = np.array(example["expected"], dtype=float)
                # Tensors are printed with four digits after the point, arrays with eight.
                np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-6,
                                           atol=6e-5 if tensors else 6e-9)
                count += 1
        return count

    def test_of_the_documentation(self):
        # 24 classes in four forms, but for the random ones: CAF, SMEA, Bucketing, Gaussian.
        self.assertEqual(self.compared("byzfl_doc"), 80 if torch else 40)

    def test_of_its_unit_tests(self):
        self.assertEqual(self.compared("byzfl_unit_tests"), 20)


if __name__ == "__main__":
    unittest.main()
