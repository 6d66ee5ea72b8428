"""Your own training: a model that byzsim asks for gradients, in event time, under its adversaries."""

from __future__ import annotations

import inspect
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy

from . import _core
from .errors import refuse
from .scenario import Scenario
from .strategies import source_of

_GIVEN = {"worker", "step", "parameters", "stream", "rows", "labels"}


class Workload:
    """What is trained: flat float32 vectors of `dimension` values.

    A class of yours defines `dimension` and three methods; byzsim draws the examples of a batch where
    `labels` are there, and everything else (who computes when, aggregation, attacks, delays) is a
    scenario's.

    name: in scenarios; default: the name of the class.
    labels: one class for each training example, numbered from 0, by which byzsim shares them out and
        which label flipping flips; None: the workload draws its own examples by worker and step.

    >>> class Bowl(Workload):
    ...     dimension = 3
    ...     def initial(self, stream): return numpy.zeros(3)
    ...     def gradient(self, worker, step, parameters, stream):
    ...         return parameters - 1 + 0.01 * numpy.array([stream.normal() for _ in range(3)])
    ...     def evaluate(self, parameters): return float(((parameters - 1) ** 2).sum() / 2)
    >>> import byzsim
    >>> run = byzsim.run({"steps": 50}, workload=Bowl())
    >>> run.final["loss"] < 0.01
    True
    """

    dimension: int = 0
    labels: Any = None
    name: str = ""

    def initial(self, stream: Any) -> Any:
        """The first model: `dimension` finite values. `stream` holds draws named by the seed."""
        raise NotImplementedError

    def gradient(self, **given: Any) -> Any:
        """`dimension` values: the gradient of the mean loss of one batch. Its arguments, each only
        where it names it: `worker`, `step`, `parameters` (read-only), `stream` (draws of this worker
        and step), `rows` (numbers of the examples of the batch) and `labels` (theirs, flipped where
        an attack does so)."""
        raise NotImplementedError

    def evaluate(self, parameters: Any) -> Any:
        """The loss on test data, or (loss, correct, total)."""
        raise NotImplementedError

    def source(self) -> str:
        """What the digest of the workload covers; by default the file of its class."""
        return source_of(type(self))

    def changes(self) -> dict[str, Any]:
        """What else it wants of a scenario, by JSON pointer: {"/workers/batch_size": 32}."""
        return {}


class _Asked:
    """A workload as the module asks it."""

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self._wanted = wanted_of(workload.gradient)

    def initial(self, stream: Any) -> Any:
        return self._workload.initial(stream)

    def gradient(self, **given: Any) -> Any:
        return self._workload.gradient(**{key: given[key] for key in self._wanted})

    def evaluate(self, parameters: Any) -> Any:
        return self._workload.evaluate(parameters)


def wanted_of(gradient: Callable[..., Any]) -> set[str]:
    """Which of the arguments that a gradient may have this one names. Raises InputError."""
    arguments = inspect.signature(gradient).parameters
    if any(each.kind is each.VAR_KEYWORD for each in arguments.values()):
        return _GIVEN
    unknown = [key for key in arguments if key not in _GIVEN]
    if unknown:
        raise refuse(f"gradient({unknown[0]})", "is an argument that byzsim does not know",
                     f"name some of {', '.join(sorted(_GIVEN))}")
    return set(arguments)


def name_of(workload: Workload) -> str:
    """Its name in scenarios."""
    return workload.name or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(workload).__name__).lower()


def digest_of(workload: Workload) -> str:
    """16 hex digits of its source."""
    return str(_core.digest_of(workload.source()))


def scenario_of(scenario: Any, changes: Mapping[str, Any] | None, workload: Any) -> Scenario:
    """The scenario with the workload for its model and data."""
    asked = Scenario(scenario, changes)
    if workload is None:
        return asked
    if not isinstance(workload, Workload):
        raise refuse("workload", f"must be a byzsim.Workload, not {workload!r}",
                     "derive your class from it, or use byzsim.torch.Workload")
    name = _register(workload)
    asked = asked.copy({"/model": name, "/data": name, **workload.changes()})
    # The caller's changes count more than what the workload asks for.
    return asked.copy(changes) if changes else asked


# The examples of a workload that draws its own are numbers that nobody looks at.
_NO_LABELS = numpy.zeros(1 << 12, dtype=numpy.int32)


def _register(workload: Workload) -> str:
    name = name_of(workload)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        raise refuse("name", f"must be of a-z, 0-9 and _ and begin with a letter, not {name!r}",
                     "set the attribute name")
    labels = _NO_LABELS if workload.labels is None else numpy.asarray(workload.labels)
    if labels.dtype.kind not in "iu":
        raise refuse("labels", f"have dtype {labels.dtype}", "give whole numbers, one an example")
    declared = {"name": name, "summary": (inspect.getdoc(workload) or name).splitlines()[0],
                "source": "", "parameters": [], "digest": digest_of(workload)}
    _core.add_dataset(declared, labels.astype(numpy.int32), int(labels.max(initial=0)) + 1)
    _core.add_model(declared, int(workload.dimension), _Asked(workload))
    return name


def surroundings(scenario: Scenario) -> dict[str, Any] | None:
    """What run.json reports of the functions of Python's that take part; None where none does."""
    plugins = scenario.to_dict().get("plugins", [])
    functions = {each["file"]: each["digest"] for each in plugins
                 if each["file"].startswith("python:")}
    if not functions:
        return None
    told: dict[str, Any] = {"python": platform.python_version(), "numpy": numpy.__version__,
                            "functions": functions, "cores": os.cpu_count()}
    torch = sys.modules.get("torch")
    if torch is not None:
        told["torch"] = {"version": str(torch.__version__), "threads": torch.get_num_threads()}
    return told
