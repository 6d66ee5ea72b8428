"""Rules, pre-aggregators, compressors and attacks as functions of arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy

from . import _core, bound
from .arguments import to_json, whole
from .arrays import array_of, holds_tensors, items_of, like, rows_of, target_of
from .errors import InputError, refuse, shown
from .strategies import attack_strategy

MOST = 1_000_000  # vectors
_MISSING: Any = object()


def _choice(name: Any, parameters: dict[str, Any], argument: str) -> Any:
    if not parameters:
        return name
    known = getattr(name, "byzsim_name", name)
    if isinstance(known, str):
        return {"name": known, "parameters": parameters}
    if isinstance(name, dict):
        raise refuse(argument, "has its parameters within, and others beside it",
                     f"write them in one place: {sorted(parameters)}")
    return name


def _choice_to_json(name: Any, parameters: dict[str, Any], argument: str) -> str:
    try:
        return to_json(_choice(name, parameters, argument), argument)
    except InputError:
        for parameter, value in parameters.items():
            to_json(value, parameter)  # which names it where it is the one
        raise


def _chain(pre: Any) -> list[Any]:
    if pre is None:
        return []
    if isinstance(pre, (list, tuple)):
        return items_of(pre)
    if isinstance(pre, (str, dict)) or hasattr(pre, "byzsim_name"):
        return [pre]
    raise refuse("pre", f"must be a name or a list of names, not {shown(pre)}",
                 'give for example ["nnm"]')


def _bound(rule: Any, f: Any, pre: Any, parameters: dict[str, Any], argument: str) -> Any:
    if (type(rule) is str and type(f) is int and 0 <= f <= MOST and argument == "rule"
            and type(pre) is tuple and not (pre or parameters)):
        return bound.plain_aggregation(rule, f)
    declared = whole(f, "f", 0, MOST)
    return bound.aggregation(_choice_to_json(rule, parameters, argument),
                             to_json(_chain(pre), "pre"), declared, argument)


def _seed(value: Any) -> int:
    return 1 if type(value) is int and value == 1 else whole(value, "seed", 0, 2**64 - 1)


def _threads(value: Any) -> int:
    return 1 if type(value) is int and value == 1 else whole(value, "threads", 1, 1024)


def _weights(value: Any) -> list[float]:
    try:
        array = numpy.asarray(array_of(value, "weights"), dtype=numpy.float64)
    except Exception as error:  # what converting raises is a hostile object's own
        raise refuse("weights", f"must be a list of numbers, not {shown(value)}",
                     "give one number for each vector") from error
    if array.ndim != 1 or array.size == 0:
        raise refuse("weights", f"has shape {array.shape}", "give one number for each vector")
    return [float(each) for each in array]


def aggregate(rule: Any, vectors: Any, *, f: int, pre: Sequence[Any] | str = (),
              previous: Any = None, own: Any = None, weights: Any = None, reference: Any = None,
              out: Any = None, counts: bool = False, seed: int = 1, threads: int = 1,
              **parameters: Any) -> Any:
    """One vector out of n, at most `f` of which are Byzantine.

    rule: a name ("median", "krum": `byzsim.describe("rules")`), {"name": ..., "parameters": ...},
        or a function decorated with `byzsim.rule`.
    vectors: an (n, d) array, or n arrays of d values; float32 or float64, numpy or PyTorch (on the
        processor). Not copied where the values of a vector lie side by side.
    pre: pre-aggregators that go before the rule, in order: ["nnm"].
    previous: d values: what the same receiver's last aggregation gave, for rules that build on it.
    own: the index of the receiver's own vector among them, for rules that build on it ("gts").
    weights: n numbers of at least 0: the gossip weight of each vector, the own one's among them,
        for rules that weigh neighbours; default: all equal.
    reference: d values: the receiver's own gradient, for rules that compare with it ("fltrust").
    out: an array of d values for the answer, of the vectors' type.
    counts: whether to return (answer, counts), a dictionary of how many vectors the rule clipped
        ("clipped") or gave no weight ("removed"), where it counts them.
    seed: names the draws of rules that draw.
    threads: how many threads compute; the bits are the same.
    parameters: of the rule, by name: `neighbours="n-f-1"`.

    Returns d values of the vectors' kind and type. Raises InputError for anything that cannot be
    computed. Sources of the rules: `byzsim.describe("krum")`.

    >>> import numpy
    >>> aggregate("median", numpy.array([[1.0, 5.0], [2.0, 6.0], [90.0, -70.0]]), f=1)
    array([2., 5.])
    >>> aggregate("gts", numpy.array([[1.0], [2.0], [90.0]]), f=1, own=0, counts=True)
    (array([1.33333333]), {'removed': 1})
    """
    asked = _bound(rule, f, pre, parameters, "rule")
    as_tensor = holds_tensors(vectors)
    if previous is not None:
        previous = array_of(previous, "previous")
    if reference is not None:
        reference = array_of(reference, "reference")
    target = None if out is None else target_of(out)
    answer, counted = asked.aggregate(
        rows_of(vectors, "vectors"), previous, target,
        None if own is None else whole(own, "own", 0, MOST - 1),
        [] if weights is None else _weights(weights), reference, _seed(seed), _threads(threads))
    given = out if out is not None else like(answer, as_tensor)
    return (given, counted) if counts else given


def pre_aggregate(pre: Sequence[Any] | str, vectors: Any, *, f: int, seed: int = 1,
                  threads: int = 1, **parameters: Any) -> Any:
    """The vectors that a chain of pre-aggregators makes of n, as an (m, d) array.

    Arguments as of `aggregate`; `parameters` are those of the pre-aggregator where `pre` is one
    name. Sources: `byzsim.describe("nnm")`.

    >>> import numpy
    >>> pre_aggregate("nnm", numpy.array([[0.0], [1.0], [50.0]]), f=1)
    array([[ 0.5],
           [ 0.5],
           [25.5]])
    """
    as_tensor = holds_tensors(vectors)
    chain = _choice(pre, parameters, "pre")
    asked = _bound("average", f, chain, {}, "rule")
    answer = asked.pre_aggregate(rows_of(vectors, "vectors"), _seed(seed), _threads(threads))
    return like(answer, as_tensor)


def compress(name: Any, vectors: Any, *, first_node: int = 0, step: int = 0,
             sizes: bool = False, seed: int = 1, threads: int = 1, **parameters: Any) -> Any:
    """The vectors as their receivers read them after a compressor, as an (n, d) array.

    vectors: as of `aggregate`; vector i is the message of node `first_node` + i in `step`, which
        name its draws.
    sizes: whether to return (vectors, bytes), the latter a list of the bytes of each message.
    parameters: of the compressor, by name: `k=3`.

    Sources: `byzsim.describe("top_k")`.

    >>> import numpy
    >>> compress("top_k", numpy.array([[1.0, -5.0, 2.0]]), k=2, sizes=True)
    (array([[ 0., -5.,  2.]]), [16])
    """
    as_tensor = holds_tensors(vectors)
    asked = bound.compressor(_choice_to_json(name, parameters, "compressor"))
    answer, counted = asked.compress(
        rows_of(vectors, "vectors"), whole(first_node, "first_node", 0, MOST),
        whole(step, "step", 0, 2**30), _seed(seed), _threads(threads))
    given = like(answer, as_tensor)
    return (given, counted) if sizes else given


def attack(name: Any = None, honest: Any = _MISSING, *, f: int = 0, own: Any = None,
           defence: Any = "average", pre: Sequence[Any] | str = (), half: int = 0, seed: int = 1,
           threads: int = 1, **parameters: Any) -> Any:
    """What a Byzantine node sends that knows these honest vectors; None where it is silent. Without
    vectors it is the decorator that makes an attack of a function (`attack_strategy`).

    honest: as `vectors` of `aggregate`: those of the n - f honest nodes.
    f: how many nodes are Byzantine.
    own: d values that an honest node would send in the attacker's place; default: the first honest
        vector.
    defence, pre: how receivers aggregate, for attacks that search for the worst vector.
    half: 0 or 1, the half of the nodes that the receiver belongs to, for attacks that send the two
        different vectors.
    parameters: of the attack, by name: `z=1.5`.

    Returns d values of the vectors' kind and type. Raises InputError. Sources:
    `byzsim.describe("a_little_is_enough")`.

    >>> import numpy
    >>> attack("sign_flipping", numpy.array([[1.0, -2.0], [3.0, 0.0]]), f=1)
    array([-2.,  1.])
    """
    if honest is _MISSING:
        return _attack_decorator(name, parameters)
    as_tensor = holds_tensors(honest)
    asked = bound.attack(_choice_to_json(name, parameters, "attack"), whole(f, "f", 0, MOST))
    receivers = _bound(defence, f, pre, {}, "defence")
    answer = asked.craft(rows_of(honest, "honest"),
                         None if own is None else array_of(own, "own"), receivers, _seed(seed),
                         whole(half, "half", 0, 1), _threads(threads))
    return None if answer is None else like(answer, as_tensor)


def _attack_decorator(name: Any, parameters: dict[str, Any]) -> Any:
    if name is None or callable(name):
        return attack_strategy(name, **parameters)
    if isinstance(name, str) and set(parameters) <= {"source"}:
        return attack_strategy(name=name, **parameters)
    raise refuse("honest", "is missing", "give the vectors of the honest nodes")


def describe(name: str | None = None) -> Any:
    """What byzsim knows of a name: a dictionary with "kind", "summary", "source", "parameters" and
    more. Of a kind ("rules", "attacks"), or without a name of everything, a list of these.

    >>> describe("median")["kind"]
    'rules'
    """
    entries = json.loads(_core.catalogue())
    if name is None:
        return entries
    if not isinstance(name, str):
        raise refuse("name", f"must be a name, not {shown(name)}",
                     "byzsim.describe() lists everything")
    of_kind = [each for each in entries if each["kind"] == name]
    if of_kind:
        return of_kind
    named = [each for each in entries if name in (each["name"], *each.get("aliases", ()))]
    if not named:
        raise refuse("name", f"there is no {shown(name)}", "byzsim.describe() lists everything")
    return named[0] if len(named) == 1 else named
