"""The class names and signatures of ByzFL 0.0.11 for byzsim's rules and attacks.

One import line moves a script over:

    from byzsim.byzfl import NNM, SignFlipping, TrMean     # before: from byzfl import ...
    update = TrMean(f=2)(NNM(f=2)(gradients))

Vectors are an (n, d) array or a list of n arrays of d values, numpy or PyTorch on the processor;
integers become floating-point numbers. The answer is of their kind and type. Results equal ByzFL's
to rounding, but for these:

- Equal distances: the lowest index counts, in Meamed the lower value. ByzFL takes what numpy's
  partition leaves, and its distances of more than 25 tensors have few digits. NNM makes vectors
  that are equal but for rounding: Krum, MultiKrum and MDA after it may choose others.
- CAF and SMEA use exact eigenvectors; ByzFL's are one step from a random start, so that no two
  calls of it agree.
- The Optimal attacks may find another factor where two do the same damage but for rounding, as
  where the defence leaves all of them out.
- Values that are not finite: byzsim's rules leave such vectors out where f allows it, and clipping
  makes zeros of them; in ByzFL most of these results are NaN.
- Clipping and ARC return new vectors; ByzFL's overwrite an array that they are given.
- The type: ByzFL makes float32 of every tensor, and float64 of what Inf and Gaussian send.

Bucketing and Gaussian draw from the global generator of numpy, or of PyTorch for tensors, as ByzFL
does: after the same seed they draw the same. Mistakes are byzsim.InputError, a ValueError.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from .arguments import whole
from .byzfl_attacks import (ALittleIsEnough, Gaussian, Inf, InnerProductManipulation, LabelFlipping,
                            Mimic, Optimal_ALittleIsEnough, Optimal_InnerProductManipulation,
                            SignFlipping)
from .byzfl_rules import (ARC, CAF, MDA, NNM, SMEA, Average, Bucketing, CenteredClipping, Clipping,
                          GeometricMedian, Krum, Meamed, Median, MoNNA, MultiKrum, TrMean)
from .errors import refuse

_AGGREGATORS = (Average, CAF, CenteredClipping, GeometricMedian, Krum, MDA, Meamed, Median, MoNNA,
                MultiKrum, SMEA, TrMean)
_PRE_AGGREGATORS = (ARC, Bucketing, Clipping, NNM)
_ATTACKS = (ALittleIsEnough, Gaussian, Inf, InnerProductManipulation, LabelFlipping, Mimic,
            Optimal_ALittleIsEnough, Optimal_InnerProductManipulation, SignFlipping)

__all__ = ["ALittleIsEnough", "ARC", "Average", "Bucketing", "ByzantineClient", "CAF",
           "CenteredClipping", "Clipping", "Gaussian", "GeometricMedian", "Inf",
           "InnerProductManipulation", "Krum", "LabelFlipping", "MDA", "Meamed", "Median", "Mimic",
           "MoNNA", "MultiKrum", "NNM", "Optimal_ALittleIsEnough",
           "Optimal_InnerProductManipulation", "RobustAggregator", "SMEA", "SignFlipping", "TrMean"]


def _made(info: Any, among: Sequence[Any], argument: str) -> Any:
    """The object that {"name": ..., "parameters": {...}} stands for."""
    if not isinstance(info, Mapping) or not isinstance(info.get("parameters", {}), Mapping):
        raise refuse(argument, f"must be a dictionary, not {info!r}",
                     'give {"name": ..., "parameters": {...}}')
    classes = {each.__name__: each for each in among}
    made = classes.get(str(info.get("name")))
    if made is None:
        raise refuse(argument, f"there is no {info.get('name')!r}",
                     f"name one of: {', '.join(sorted(classes))}")
    known, given = inspect.signature(made).parameters, info.get("parameters", {})
    # ByzFL's benchmark gives f to all of them.
    for name in set(given) - set(known) - {"f"}:
        raise refuse(argument, f"{made.__name__} has no parameter {name!r}",
                     f"it has: {', '.join(known) or 'none'}")
    return made(**{name: value for name, value in given.items() if name in known})


class RobustAggregator:
    """A chain of pre-aggregators and an aggregator, by names and parameters.

    >>> import numpy
    >>> robust = RobustAggregator({"name": "TrMean", "parameters": {"f": 1}},
    ...                           [{"name": "NNM", "parameters": {"f": 1}}])
    >>> robust.aggregate_vectors(numpy.array([[1.0], [2.0], [9.0]]))
    array([1.5])
    """

    def __init__(self, aggregator_info: Any, pre_agg_list: Any = ()) -> None:
        self.aggregator = _made(aggregator_info, _AGGREGATORS, "aggregator_info")
        self.pre_agg_list = [_made(each, _PRE_AGGREGATORS, f"pre_agg_list[{i}]")
                             for i, each in enumerate(pre_agg_list)]

    def aggregate_vectors(self, vectors: Any) -> Any:
        """The d values that the n vectors are aggregated to. Raises InputError."""
        for pre in self.pre_agg_list:
            vectors = pre(vectors)
        return self.aggregator(vectors)


class ByzantineClient:
    """f Byzantine nodes that send the same vector, by the attack's name and parameters.

    The defence of an Optimal attack is given as "aggregator_info" and "pre_agg_list", as to
    `RobustAggregator`. The attack "NoAttack" is for f = 0.

    >>> import numpy
    >>> byzantine = ByzantineClient({"name": "SignFlipping", "f": 2, "parameters": {}})
    >>> byzantine.apply_attack(numpy.array([[1.0], [3.0]]))
    [array([-2.]), array([-2.])]
    """

    def __init__(self, params: Any) -> None:
        if not isinstance(params, Mapping):
            raise refuse("params", f"must be a dictionary, not {params!r}",
                         'give {"name": ..., "f": ..., "parameters": {...}}')
        self.f = whole(params.get("f"), "f", 0, 10**6)
        if params.get("name") == "NoAttack":
            if self.f > 0:
                raise refuse("f", f"is {self.f}, and no attack is named", "name one, or give 0")
            return
        given = dict(params.get("parameters", {}))
        if "aggregator_info" in given:
            given["agg"] = _made(given.pop("aggregator_info"), _AGGREGATORS, "aggregator_info")
        if "pre_agg_list" in given:
            given["pre_agg_list"] = [_made(each, _PRE_AGGREGATORS, f"pre_agg_list[{i}]")
                                     for i, each in enumerate(given["pre_agg_list"])]
        self.attack = _made({"name": params.get("name"), "parameters": given}, _ATTACKS, "params")

    def apply_attack(self, honest_vectors: Any) -> list[Any]:
        """A list of f vectors of d values. Raises InputError."""
        if self.f == 0:
            return []
        return [self.attack(honest_vectors)] * self.f
