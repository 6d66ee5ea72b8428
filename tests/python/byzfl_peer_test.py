#!/usr/bin/python3
"""byzsim.byzfl gives the results of ByzFL's own code: byzfl_peer_test.py BUILD_DIR.

Exits with 77 where ByzFL (peer_byzfl.py), PyTorch or numpy is missing.
"""

import inspect
import unittest

from peer_byzfl import load_byzfl
from under_test import needed, skip
from under_test import numpy as np

import byzsim.byzfl as ours  # isort: skip

torch = needed("torch", "tools/install_packages python3-torch")
try:
    theirs = load_byzfl()
except ImportError as missing:
    skip(str(missing))


class BesideByzFL(unittest.TestCase):
    """Results on random vectors, on which no two distances are equal."""

    SIZES = ((5, 1, 3), (6, 2, 40), (11, 4, 1000), (12, 3, 257))

    def vectors(self, n, d, seed=1):
        """Those of a training run: close to each other, far from zero."""
        generator = np.random.default_rng(seed)
        return generator.normal(size=d) + 0.3 * generator.normal(size=(n, d))

    def equal(self, make, n, f, d, forms=("float64", "float32", "tensor", "list")):
        vectors = self.vectors(n, d)
        given = {"float64": vectors, "float32": vectors.astype(np.float32),
                 "tensor": torch.tensor(vectors, dtype=torch.float32),
                 "list": [torch.tensor(each, dtype=torch.float32) for each in vectors]}
        for form in forms:
            with self.subTest(n=n, f=f, d=d, form=form):
                # ByzFL's clipping writes to what it is given.
                copy = list(given[form]) if form == "list" else given[form] + 0
                np.testing.assert_allclose(
                    np.asarray(make(ours, f)(given[form])), np.asarray(make(theirs, f)(copy)),
                    rtol=1e-12 if form == "float64" else 3e-5,
                    atol=1e-13 if form == "float64" else 1e-6)

    def test_aggregators(self):
        for make in (lambda m, f: m.Average(), lambda m, f: m.Median(), lambda m, f: m.TrMean(f),
                     lambda m, f: m.TrMean(), lambda m, f: m.GeometricMedian(),
                     lambda m, f: m.GeometricMedian(nu=20.0, T=7), lambda m, f: m.Krum(f),
                     lambda m, f: m.MultiKrum(f), lambda m, f: m.CenteredClipping(),
                     lambda m, f: m.CenteredClipping(L=3, tau=2.0), lambda m, f: m.MDA(f),
                     lambda m, f: m.MoNNA(f, 2), lambda m, f: m.Meamed(f)):
            for n, f, d in self.SIZES:
                self.equal(make, n, f, d)

    def test_pre_aggregators(self):
        for make in (lambda m, f: m.NNM(f), lambda m, f: m.NNM(), lambda m, f: m.Clipping(),
                     lambda m, f: m.Clipping(100.0), lambda m, f: m.ARC(f)):
            for n, f, d in self.SIZES:
                self.equal(make, n, f, d)

    def test_attacks(self):
        for make in (lambda m, f: m.SignFlipping(), lambda m, f: m.InnerProductManipulation(0.3),
                     lambda m, f: m.ALittleIsEnough(), lambda m, f: m.ALittleIsEnough(-0.7),
                     lambda m, f: m.Mimic(f), lambda m, f: m.Inf(), lambda m, f: m.LabelFlipping()):
            for n, f, d in self.SIZES:
                self.equal(make, n, f, d)

    def optimal(self, module, attack, rule, pre):
        """One against a rule after pre-aggregators, at f = 3."""
        defence = getattr(module, rule)
        return getattr(module, attack)(
            defence() if rule == "GeometricMedian" else defence(3),
            [getattr(module, each)(3) for each in pre], 3)

    def test_optimal_attacks(self):
        for attack in ("Optimal_ALittleIsEnough", "Optimal_InnerProductManipulation"):
            for rule in ("TrMean", "Meamed", "Krum", "MDA", "GeometricMedian"):
                def make(module, _):
                    return self.optimal(module, attack, rule, [])
                with self.subTest(attack, rule=rule):
                    self.equal(make, 11, 3, 50, ("float64", "float32"))

    def test_optimal_attacks_do_the_same_damage_after_nnm(self):
        # Where NNM leaves them out, rounding alone decides between the factors.
        vectors = self.vectors(11, 50)
        for attack in ("Optimal_ALittleIsEnough", "Optimal_InnerProductManipulation"):
            for rule in ("TrMean", "Meamed", "GeometricMedian"):
                damages = []
                for module in (ours, theirs):
                    sent = self.optimal(module, attack, rule, ["NNM"])(vectors)
                    received = theirs.NNM(3)(np.vstack([vectors, [sent] * 3]))
                    defence = getattr(theirs, rule)
                    defence = defence() if rule == "GeometricMedian" else defence(3)
                    damages.append(np.linalg.norm(defence(received) - vectors.mean(axis=0)))
                with self.subTest(attack, rule=rule):
                    self.assertAlmostEqual(*damages, delta=1e-9 * max(1, damages[0]))

    def test_a_centered_clipping_that_goes_on(self):
        mine, other = ours.CenteredClipping(tau=1.0), theirs.CenteredClipping(tau=1.0)
        for step in range(5):
            vectors = self.vectors(7, 30, seed=step)
            np.testing.assert_allclose(mine(vectors), other(vectors), rtol=1e-11)

    def test_bucketing_after_the_same_seed(self):
        for vectors in (self.vectors(11, 30), torch.tensor(self.vectors(11, 30)).float()):
            found = []
            for module in (ours, theirs):
                np.random.seed(5), torch.manual_seed(5)
                found.append(np.asarray(module.Bucketing(3)(vectors)))
            np.testing.assert_allclose(found[0], found[1], rtol=1e-5)

    def test_gaussian_after_the_same_seed(self):
        for vectors in (self.vectors(11, 30), torch.tensor(self.vectors(11, 30)).float()):
            found = []
            for module in (ours, theirs):
                np.random.seed(5), torch.manual_seed(5)
                found.append(np.asarray(module.Gaussian(0.5, 2.0)(vectors)))
            np.testing.assert_allclose(found[0], found[1], rtol=1e-6)

    def test_a_mixed_defence(self):
        vectors = self.vectors(9, 20)
        mine = ours.Optimal_ALittleIsEnough(theirs.TrMean(2), [theirs.NNM(2)], 2)
        other = theirs.Optimal_ALittleIsEnough(theirs.TrMean(2), [theirs.NNM(2)], 2)
        np.testing.assert_allclose(mine(vectors), other(vectors), rtol=1e-11)

    def test_every_signature(self):
        for name in ours.__all__:
            if name in ("RobustAggregator", "ByzantineClient"):
                continue  # of a part of ByzFL that is not loaded
            with self.subTest(name):
                mine, other = ({each.name: each.default for each in
                                inspect.signature(getattr(module, name)).parameters.values()
                                if each.name not in ("agg", "pre_agg_list")}  # objects
                               for module in (ours, theirs))
                self.assertEqual(mine, other)


if __name__ == "__main__":
    unittest.main()
