"""The attacks of `byzsim.byzfl`: the vector that every Byzantine node sends which knows the honest
ones."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy

from .aggregation import aggregate, attack
from .arguments import whole
from .arrays import array_of, is_tensor, like, rows_of
from .byzfl_rules import MOST, Average, Clipping, PreAggregator, Rule, count, floats, real
from .errors import refuse


class SignFlipping:
    """Minus the mean.

    >>> SignFlipping()(numpy.array([[1.0], [3.0]]))
    array([-2.])
    """

    def __call__(self, honest_vectors: Any) -> Any:
        return attack("sign_flipping", floats(honest_vectors), f=1)


class InnerProductManipulation:
    """-tau times the mean.

    >>> InnerProductManipulation(tau=3.0)(numpy.array([[1.0], [3.0]]))
    array([-6.])
    """

    def __init__(self, tau: float = 2.0) -> None:
        self.tau = real(tau, "tau")

    def __call__(self, honest_vectors: Any) -> Any:
        sent = attack("inner_product_manipulation", floats(honest_vectors), f=1,
                      tau=abs(self.tau))
        return sent if self.tau >= 0 else -sent


class ALittleIsEnough:
    """The mean plus tau standard deviations (of n - 1 degrees of freedom) in every coordinate.

    >>> ALittleIsEnough(tau=2.0)(numpy.array([[1.0], [2.0], [3.0]]))
    array([4.])
    """

    def __init__(self, tau: float = 1.5) -> None:
        self.tau = real(tau, "tau")

    def __call__(self, honest_vectors: Any) -> Any:
        return attack("a_little_is_enough", floats(honest_vectors), f=1, z=abs(self.tau),
                      sign=1 if self.tau >= 0 else -1)


class _Optimal:
    """An attack that searches a line of vectors for the one which does most damage."""

    def __init__(self, agg: Any = None, pre_agg_list: Any = None, f: int = 1, evals: int = 20,
                 start: float = 0.0, delta: float = 10.0, ratio: float = 0.8) -> None:
        """agg, pre_agg_list: how receivers aggregate: objects of this module, or any functions of
            vectors; default: Average() after Clipping().
        f: how many Byzantine vectors they get.
        evals: how often the defence is computed.
        start: the first factor tried.
        delta: the first step, which doubles while the damage grows.
        ratio: in (0.5, 1): every step after that is this times the one before.
        """
        self.agg = Average() if agg is None else agg
        self.pre_agg_list = [Clipping()] if pre_agg_list is None else pre_agg_list
        self.f = whole(f, "f", 0, MOST)
        self.evals = whole(evals, "evals", 1, MOST)
        self.start = real(start, "start")
        self.delta = real(delta, "delta")
        if self.delta == 0:
            raise refuse("delta", "is 0", "give the first step of the search")
        self.ratio = real(ratio, "ratio")
        if not 0.5 < self.ratio < 1:
            raise refuse("ratio", f"must be between 0.5 and 1, not {ratio!r}",
                         "give one within these bounds")

    def _line(self, rows: Any, mean: Any) -> tuple[Any, Any]:
        """The origin of the line and its direction."""
        raise NotImplementedError

    def _received(self, rows: Any, forged: Any, as_tensor: bool) -> Any:
        vectors = [like(row, as_tensor) for row in [*rows, *[forged] * self.f]]
        first = [*self.pre_agg_list, self.agg][0]
        if isinstance(first, (PreAggregator, Rule)):
            return vectors
        # Functions of other modules may want a matrix, and write to it.
        return sys.modules["torch"].stack(vectors) if as_tensor else numpy.stack(vectors)

    def _damage(self, received: Any, mean: Any) -> float:
        """How far the defence is led from the honest mean."""
        for pre in self.pre_agg_list:
            received = pre(received)
        result = array_of(self.agg(received), "agg")
        if numpy.shape(result) != numpy.shape(mean) or numpy.asarray(result).dtype.kind not in "fui":
            raise refuse("agg", f"returned a {type(result).__name__} of shape {numpy.shape(result)}",
                         f"return one vector of {len(mean)} coordinates")
        difference = numpy.asarray(result, numpy.float64) - mean
        return math.sqrt(numpy.dot(difference, difference))

    def __call__(self, honest_vectors: Any) -> Any:
        given = floats(honest_vectors)
        kind = aggregate("average", given, f=0)  # refuses what is not n vectors
        rows = rows_of(given, "honest_vectors")
        mean = numpy.mean(rows, axis=0, dtype=numpy.float64)
        origin, direction = self._line(rows, mean)
        dtype, as_tensor = array_of(kind, "honest_vectors").dtype, is_tensor(kind)

        def forged(factor: float) -> Any:
            return (origin + factor * direction).astype(dtype)

        def damage(factor: float) -> float:
            return self._damage(self._received(rows, forged(factor), as_tensor), mean)

        best, highest, step, growing = self.start, damage(self.start), self.delta, True
        for _ in range(self.evals - 1):
            value = damage(best + step)
            better = value > highest
            if better:
                best, highest = best + step, value
            growing = growing and better
            step *= 2 if growing else self.ratio
        return like(forged(best), as_tensor)


class Optimal_InnerProductManipulation(_Optimal):
    """-tau times the mean, with the tau that a search finds to do most damage.

    >>> Optimal_InnerProductManipulation(pre_agg_list=[], evals=2)(numpy.array([[1.0], [3.0]]))
    array([-20.])
    """

    def _line(self, rows: Any, mean: Any) -> tuple[Any, Any]:
        return numpy.zeros_like(mean), -mean


class Optimal_ALittleIsEnough(_Optimal):
    """The mean plus tau standard deviations, with the tau that a search finds to do most damage.

    >>> Optimal_ALittleIsEnough(pre_agg_list=[], evals=2)(numpy.array([[1.0], [2.0], [3.0]]))
    array([12.])
    """

    def _line(self, rows: Any, mean: Any) -> tuple[Any, Any]:
        # One vector deviates from nothing.
        spread = numpy.std(rows, axis=0, ddof=min(1, len(rows) - 1), dtype=numpy.float64)
        return mean, spread


class Mimic:
    """A copy of honest vector number epsilon.

    >>> Mimic(epsilon=1)(numpy.array([[1.0], [3.0]]))
    array([3.])
    """

    def __init__(self, epsilon: int = 0) -> None:
        self.epsilon = whole(epsilon, "epsilon", 0, MOST)

    def __call__(self, honest_vectors: Any) -> Any:
        n = count(honest_vectors)
        if 0 < n <= self.epsilon:
            raise refuse("epsilon", f"must be below the number of vectors, {n}, not "
                         f"{self.epsilon}", "vectors are counted from 0")
        return attack("mimic", floats(honest_vectors), f=1, index=self.epsilon)


class Inf:
    """Infinity in every coordinate.

    >>> Inf()(numpy.array([[1.0, 2.0]]))
    array([inf, inf])
    """

    def __call__(self, honest_vectors: Any) -> Any:
        return attack("infinity", floats(honest_vectors), f=1)


class Gaussian:
    """Independent normal values of mean mu and standard deviation sigma.

    Drawn by `numpy.random.normal`, for tensors by `torch.randn`.

    >>> Gaussian(mu=3.0, sigma=0.0)(numpy.array([[1.0, 2.0]]))
    array([3., 3.])
    """

    def __init__(self, mu: float = 0.0, sigma: float = 1.0) -> None:
        self.mu = real(mu, "mu")
        self.sigma = real(sigma, "sigma", 0.0)

    def __call__(self, honest_vectors: Any) -> Any:
        sent = attack("zero", floats(honest_vectors), f=1)
        if is_tensor(sent):
            sent[:] = sys.modules["torch"].randn(len(sent)) * self.sigma + self.mu
        else:
            sent[:] = numpy.random.normal(self.mu, self.sigma, len(sent))
        return sent


class LabelFlipping:
    """The mean of the vectors, which are gradients on flipped labels.

    >>> LabelFlipping()(numpy.array([[1.0], [3.0]]))
    array([2.])
    """

    def __call__(self, vectors: Any) -> Any:
        return aggregate("average", floats(vectors), f=0)
