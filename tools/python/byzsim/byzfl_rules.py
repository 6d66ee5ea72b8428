"""The aggregators and pre-aggregators of `byzsim.byzfl`."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy

from .aggregation import aggregate, pre_aggregate
from .arguments import whole
from .arrays import array_of, holds_tensors, is_tensor, like, rows_of
from .errors import refuse

MOST = 10**6


def real(value: Any, argument: str, low: float = -1e12, high: float = 1e12) -> float:
    """A number of Python's or numpy's within [low, high]."""
    number = isinstance(value, (int, float, numpy.integer, numpy.floating))
    if number and not isinstance(value, bool) and low <= value <= high:
        return float(value)
    raise refuse(argument, f"must be a number in [{low:g}, {high:g}], not {value!r}",
                 "give one within these bounds")


def _floats_of(array: Any) -> Any:
    if is_tensor(array):
        torch = sys.modules["torch"]
        kept = array.dtype in (torch.float32, torch.float64) or array.is_complex()
        return array if kept else array.float()
    if isinstance(array, numpy.ndarray) and array.dtype.kind in "bui":
        return array.astype(numpy.float64)
    return array


def floats(vectors: Any) -> Any:
    """The vectors in a type that byzsim computes in, where ByzFL converts them too."""
    if isinstance(vectors, (list, tuple)):
        return [_floats_of(each) for each in vectors]
    return _floats_of(vectors)


def count(vectors: Any) -> int:
    """How many vectors these are; 0 for what is none, which byzsim refuses with a better reason."""
    try:
        return len(vectors)
    except TypeError:
        return 0


# Aggregators --------------------------------------------------------------------------------------

class Rule:
    """A rule of byzsim's; `f` is the number of Byzantine vectors that it is told."""

    f: int = 0
    _name = ""

    def _choice(self, n: int) -> tuple[str, dict[str, Any]]:
        """The rule's name and parameters for n vectors."""
        return self._name, {}

    def __call__(self, vectors: Any) -> Any:
        """The d values that the n vectors are aggregated to. Raises InputError."""
        given = floats(vectors)
        n = count(given)
        if 0 < n <= 2 * self.f:
            raise refuse("f", f"2f = {2 * self.f} must be below the number of vectors, {n}",
                         "give more vectors, or a smaller f")
        name, parameters = self._choice(n)
        return aggregate(name, given, f=self.f, **parameters)


class RuleOfF(Rule):
    """One that is told f when it is made."""

    def __init__(self, f: int = 0) -> None:
        self.f = whole(f, "f", 0, MOST)


class Average(Rule):
    """The mean.

    >>> Average()(numpy.array([[1.0], [3.0]]))
    array([2.])
    """

    _name = "average"


class Median(Rule):
    """The median of every coordinate; of an even number the mean of the two middle values.

    >>> Median()(numpy.array([[1.0], [2.0], [9.0]]))
    array([2.])
    """

    _name = "median"


class TrMean(RuleOfF):
    """The mean of every coordinate without its f lowest and f highest values.

    >>> TrMean(f=1)(numpy.array([[1.0], [2.0], [4.0], [9.0]]))
    array([3.])
    """

    _name = "trimmed_mean"


class GeometricMedian(Rule):
    """T rounds of Weiszfeld's iteration from zero; a weight divides by at least the distance nu.

    >>> GeometricMedian()(numpy.array([[1.0, 2.0], [1.0, 2.0]]))
    array([1., 2.])
    """

    _name = "geometric_median"

    def __init__(self, nu: float = 0.1, T: int = 3) -> None:
        self.nu = real(nu, "nu", 1e-100, 1e100)
        self.T = whole(T, "T", 0, MOST)

    def _choice(self, n: int) -> tuple[str, dict[str, Any]]:
        return self._name, {"nu": self.nu, "iterations": self.T}


class Krum(RuleOfF):
    """The vector with the smallest sum of squared distances to its n-f-1 nearest others.

    >>> Krum(f=1)(numpy.array([[1.0], [2.0], [2.5], [9.0]]))
    array([2.])
    """

    def _choice(self, n: int) -> tuple[str, dict[str, Any]]:
        # One vector has no neighbours, and is the answer.
        return ("krum", {"neighbours": "n-f-1"}) if n != 1 else ("average", {})


class MultiKrum(RuleOfF):
    """The mean of the n-f vectors with the smallest scores of Krum.

    >>> MultiKrum(f=1)(numpy.array([[1.0], [2.0], [3.0], [9.0]]))
    array([2.])
    """

    def _choice(self, n: int) -> tuple[str, dict[str, Any]]:
        many = ("multi_krum", {"neighbours": "n-f-1", "m": "n-f"})
        return many if n != 1 else ("average", {})


class CenteredClipping(Rule):
    """L steps from m by the mean of the differences to it, each clipped to the norm tau.

    m: d values; default: zeros. After a call `m` is its result, from which the next one starts.

    >>> CenteredClipping(tau=1.0)(numpy.array([[0.5], [9.0]]))
    array([0.75])
    """

    def __init__(self, m: Any = None, L: int = 1, tau: float = 100.0) -> None:
        if m is not None and numpy.ndim(array_of(m, "m")) != 1:
            raise refuse("m", "is no vector", "give d values, or None for zeros")
        self.m = m
        self.L = whole(L, "L", 0, MOST)
        self.tau = real(tau, "tau", 0.0, sys.float_info.max)

    def __call__(self, vectors: Any) -> Any:
        self.m = aggregate("centered_clipping", floats(vectors), f=0, previous=self.m,
                           tau=self.tau, iterations=self.L)
        return self.m


class MDA(RuleOfF):
    """The mean of the n-f vectors whose largest pairwise distance is smallest.

    >>> MDA(f=1)(numpy.array([[1.0], [2.0], [9.0]]))
    array([1.5])
    """

    _name = "mda"


class MoNNA(RuleOfF):
    """The mean of the n-f vectors nearest to vector number idx, itself included.

    >>> MoNNA(f=1, idx=1)(numpy.array([[1.0], [2.0], [9.0]]))
    array([1.5])
    """

    def __init__(self, f: int = 0, idx: int = 0) -> None:
        super().__init__(f)
        self.idx = whole(idx, "idx", 0, MOST)

    def _choice(self, n: int) -> tuple[str, dict[str, Any]]:
        if n and self.idx >= n:
            raise refuse("idx", f"must be below the number of vectors, {n}, not {self.idx}",
                         "vectors are counted from 0")
        return "monna", {"pivot": self.idx}


class Meamed(RuleOfF):
    """In every coordinate the mean of the n-f values nearest to the median.

    >>> Meamed(f=1)(numpy.array([[1.0], [2.0], [9.0]]))
    array([1.5])
    """

    _name = "meamed"


class CAF(RuleOfF):
    """The covariance-bound-agnostic filter, with exact eigenvectors.

    >>> CAF(f=1)(numpy.array([[1.0], [2.0], [3.0]]))
    array([2.])
    """

    _name = "caf"


class SMEA(RuleOfF):
    """The mean of the n-f vectors whose covariance has the smallest largest eigenvalue, exactly.

    >>> SMEA(f=1)(numpy.array([[1.0], [2.0], [9.0]]))
    array([1.5])
    """

    _name = "smea"


# Pre-aggregators ----------------------------------------------------------------------------------

class PreAggregator:
    """From n vectors, vectors to aggregate."""

    def __call__(self, vectors: Any) -> Any:
        """An (m, d) array. Raises InputError."""
        raise NotImplementedError


class NNM(PreAggregator):
    """Every vector becomes the mean of the n-f vectors nearest to it: (n, d) values.

    >>> NNM(f=1)(numpy.array([[0.0], [1.0], [50.0]]))
    array([[ 0.5],
           [ 0.5],
           [25.5]])
    """

    def __init__(self, f: int = 0) -> None:
        self.f = whole(f, "f", 0, MOST)

    def __call__(self, vectors: Any) -> Any:
        return pre_aggregate("nnm", floats(vectors), f=self.f)


def _first_of(rows: Any) -> Any:
    """A copy of the first vector. Raises InputError where there is none."""
    several = isinstance(rows, list) or getattr(rows, "ndim", 0) == 2
    return aggregate("average", rows[:1] if several else rows, f=0)


class Bucketing(PreAggregator):
    """The means of groups of s vectors in random order, the last one of what is left.

    The order is `numpy.random.permutation(n)`, for tensors `torch.randperm(n)`.

    >>> Bucketing(s=3)(numpy.array([[1.0], [3.0], [8.0]]))
    array([[4.]])
    """

    def __init__(self, s: int = 1) -> None:
        self.s = whole(s, "s", 1, MOST)

    def __call__(self, vectors: Any) -> Any:
        rows = rows_of(floats(vectors), "vectors")
        first, n, as_tensor = _first_of(rows), len(rows), holds_tensors(vectors)
        order = sys.modules["torch"].randperm(n).tolist() if as_tensor \
            else numpy.random.permutation(n).tolist()
        means = numpy.empty((math.ceil(n / self.s), len(first)), first.dtype)
        for k, mean in enumerate(means):
            aggregate("average", [rows[i] for i in order[k * self.s:(k + 1) * self.s]], f=0,
                      out=mean)
        return like(means, as_tensor)


class Clipping(PreAggregator):
    """Vectors longer than c are scaled down to the Euclidean norm c: (n, d) values.

    >>> Clipping(c=2.0)(numpy.array([[3.0, 4.0], [1.0, 0.0]]))
    array([[1.2, 1.6],
           [1. , 0. ]])
    """

    def __init__(self, c: float = 2.0) -> None:
        self.c = real(c, "c", 0.0, sys.float_info.max)

    def __call__(self, vectors: Any) -> Any:
        return pre_aggregate("clipping", floats(vectors), f=0, threshold=self.c)


class ARC(PreAggregator):
    """The floor(2f(n-f)/n) longest vectors are scaled to the next smaller norm: (n, d) values.

    >>> ARC(f=1)(numpy.array([[1.0], [2.0], [8.0]]))
    array([[1.],
           [2.],
           [2.]])
    """

    def __init__(self, f: int = 0) -> None:
        self.f = whole(f, "f", 0, MOST)

    def __call__(self, vectors: Any) -> Any:
        return pre_aggregate("arc", floats(vectors), f=self.f)


