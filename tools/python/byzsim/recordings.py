"""What a workload computed, in a file: replayed anywhere to the bit, without the workload."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from typing import Any, NamedTuple

import numpy

from .errors import refuse
from .workload import Workload, digest_of, name_of, wanted_of

_VERSION = 1


class Call(NamedTuple):
    """One answer of a workload, in the order in which they were used."""

    kind: str  # "gradient" or "evaluation"
    worker: int  # -1 of an evaluation
    step: int
    asked: str  # names what it was asked: parameters, examples, worker and step
    answer: str  # names what it answered


def _name_of_bytes(*parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


def _asked(worker: int, step: int, parameters: Any, rows: Any, labels: Any) -> str:
    return _name_of_bytes(f"{worker} {step}".encode(), parameters.tobytes(), rows.tobytes(),
                          labels.tobytes())


class Recorder(Workload):
    """Asks another workload and keeps what it answers; `byzsim.run(..., record_gradients=FILE)`."""

    def __init__(self, workload: Workload) -> None:
        self._workload = workload
        self.dimension, self.labels = workload.dimension, workload.labels
        self.name = name_of(workload)
        self._digest_source = workload.source()
        self._calls: list[Call] = []
        self._vectors: dict[str, Any] = {}
        self._evaluations: dict[str, list[Any]] = {}
        self._initial: Any = None
        self._wanted = wanted_of(workload.gradient)

    def source(self) -> str:
        return self._digest_source

    def changes(self) -> dict[str, Any]:
        return self._workload.changes()

    def initial(self, stream: Any) -> Any:
        self._initial = numpy.asarray(self._workload.initial(stream), dtype=numpy.float32)
        return self._initial

    def gradient(self, **given: Any) -> Any:
        answer = self._workload.gradient(**{key: given[key] for key in self._wanted})
        vector = numpy.array(answer, dtype=numpy.float32)
        asked = _asked(given["worker"], given["step"], given["parameters"], given["rows"],
                       given["labels"])
        name = _name_of_bytes(vector.tobytes())
        self._vectors[name] = vector
        self._calls.append(Call("gradient", given["worker"], given["step"], asked, name))
        return vector

    def evaluate(self, parameters: Any) -> Any:
        answer = self._workload.evaluate(parameters)
        asked = _name_of_bytes(parameters.tobytes())
        told = list(answer) if isinstance(answer, tuple) else [answer, 0, 0]
        self._evaluations[asked] = [float(told[0]).hex(), int(told[1]), int(told[2])]
        self._calls.append(Call("evaluation", -1, -1, asked,
                                _name_of_bytes(repr(self._evaluations[asked]).encode())))
        return answer

    def write(self, path: str | os.PathLike[str]) -> None:
        """Writes the file, whole or not at all; each vector once, however often it was given."""
        told = {"version": _VERSION, "name": self.name, "dimension": self.dimension,
                "source": self._digest_source, "digest": digest_of(self),
                "changes": self.changes(), "calls": self._calls,
                "evaluations": self._evaluations}
        partial = f"{os.fspath(path)}.partial"
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            file.writestr("recording.json", json.dumps(told))
            _write_array(file, "initial", self._initial)
            if self.labels is not None:
                _write_array(file, "labels", numpy.asarray(self.labels, dtype=numpy.int32))
            for name, vector in self._vectors.items():
                _write_array(file, f"vectors/{name}", vector)
        os.replace(partial, path)


class Recording(Workload):
    """A file of recorded gradients as a workload: `byzsim.run(scenario, workload=Recording(FILE))`
    has the digest of the run that was recorded, wherever it runs.

    A gradient that was not recorded (the scenario differs) stops the run and is named, unless there
    is a workload to ask `otherwise`.
    """

    def __init__(self, path: str | os.PathLike[str], otherwise: Workload | None = None) -> None:
        self.path = os.fspath(path)
        try:
            self._file = zipfile.ZipFile(self.path)
            told = json.loads(self._file.read("recording.json"))
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise refuse(self.path, f"is no recording of byzsim: {error}",
                         "give a file that record_gradients has written") from error
        if told["version"] != _VERSION:
            raise refuse(self.path, f"is of version {told['version']}, not {_VERSION}",
                         "record it again")
        self.dimension, self.name = int(told["dimension"]), str(told["name"])
        self.calls = [Call(*each) for each in told["calls"]]
        self._source, self._changes = str(told["source"]), dict(told["changes"])
        self._answers = {each.asked: each.answer for each in self.calls if each.kind == "gradient"}
        self._evaluations = told["evaluations"]
        self._otherwise = otherwise
        if "labels.npy" in self._file.namelist():
            self.labels = self._array("labels")

    def source(self) -> str:
        return self._source

    def changes(self) -> dict[str, Any]:
        return dict(self._changes)

    def initial(self, stream: Any) -> Any:
        return self._array("initial")

    def gradient(self, **given: Any) -> Any:
        name = self._answers.get(_asked(given["worker"], given["step"], given["parameters"],
                                        given["rows"], given["labels"]))
        if name is not None:
            return self.vector(name)
        if self._otherwise is None:
            raise LookupError(f"the gradient of worker {given['worker']} at step {given['step']} was "
                              f"not recorded at these parameters in {self.path}; run the scenario "
                              "that was recorded, or name a workload with otherwise=")
        return self._otherwise.gradient(
            **{key: given[key] for key in wanted_of(self._otherwise.gradient)})

    def evaluate(self, parameters: Any) -> Any:
        told = self._evaluations.get(_name_of_bytes(parameters.tobytes()))
        if told is not None:
            return float.fromhex(told[0]), told[1], told[2]
        if self._otherwise is None:
            raise LookupError(f"no evaluation of these parameters was recorded in {self.path}")
        return self._otherwise.evaluate(parameters)

    def vector(self, name: str) -> Any:
        """The values of an answer."""
        return self._array(f"vectors/{name}")

    def _array(self, name: str) -> Any:
        return numpy.load(io.BytesIO(self._file.read(f"{name}.npy")), allow_pickle=False)


def _write_array(file: zipfile.ZipFile, name: str, array: Any) -> None:
    bytes_of = io.BytesIO()
    numpy.save(bytes_of, array, allow_pickle=False)
    file.writestr(f"{name}.npy", bytes_of.getvalue())


def bisect(one: Recording, other: Recording) -> str | None:
    """The first answer in which two recordings differ, as a sentence; None where none does."""
    for i, (a, b) in enumerate(zip(one.calls, other.calls, strict=False)):
        where = f"gradient of worker {a.worker} at step {a.step}" if a.kind == "gradient" \
            else "evaluation"
        if a[:3] != b[:3]:
            return f"answer {i + 1}: {where} in one, {b.kind} of worker {b.worker} at step " \
                   f"{b.step} in the other"
        if a.asked != b.asked:
            return f"answer {i + 1}: the {where} was asked at other parameters or examples"
        if a.answer == b.answer:
            continue
        if a.kind != "gradient":
            return f"answer {i + 1}: the {where} differs"
        left, right = one.vector(a.answer), other.vector(b.answer)
        at = int(numpy.flatnonzero(left.view(numpy.uint32) != right.view(numpy.uint32))[0])
        return f"answer {i + 1}: the {where} differs, first in coordinate {at}: " \
               f"{left[at]!s} and {right[at]!s}"
    if len(one.calls) != len(other.calls):
        return f"one has {len(one.calls)} answers, the other {len(other.calls)}"
    return None
