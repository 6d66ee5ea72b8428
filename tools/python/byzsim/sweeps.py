"""Sweeps: one scenario along axes and seeds, in the directories that `byzsim sweep` makes."""

from __future__ import annotations

import functools
import json
import os
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from . import _core
from .arguments import to_json, whole
from .errors import CallbackError, InputError, refuse
from .runs import Run, load, progress_of
from .scenario import ByzsimWarning, Scenario
from .tables import read_sweep

_MOST_NAMED = 10


class SweepPoint(NamedTuple):
    """One run of a sweep.

    number: among all combinations of the axes; the column `point` of the tables.
    id: of its scenario; points of equal id are one run.
    seed: of its scenario.
    values: {column of the tables: value on that axis}.
    description: "z=0.5, seed 3".
    """

    number: int
    id: str
    seed: int
    values: dict[str, Any]
    description: str


class SweepStatus(NamedTuple):
    """How many runs are done, failed and missing. Points of equal id are one run."""

    done: int
    failed: int
    missing: int

    @property
    def complete(self) -> bool:
        """Whether every run is done."""
        return self.failed == self.missing == 0


class Sweep:
    """The directory of a sweep: what was planned, and what is there of it.

    The command line's commands take the same directory, and may go on in it.

    >>> made = sweep({"scenario": "quickstart", "set": {"/steps": 2}, "repeat": 2},
    ...              directory=folder)                                  # doctest: +SKIP
    >>> made.status                                                     # doctest: +SKIP
    SweepStatus(done=2, failed=0, missing=0)
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Raises InputError for a directory that holds no sweep."""
        self.directory = Path(directory)
        self.points = [SweepPoint(point["number"], point["id"], point["seed"], point["values"],
                                  point["described"])
                       for point in json.loads(_core.sweep_points(os.fspath(directory)))]

    @property
    def status(self) -> SweepStatus:
        """Read from the files, which takes its time in a large sweep."""
        state = _state(self.directory)
        return SweepStatus(len(state["done"]), len(state["failed"]), len(state["missing"]))

    @property
    def failures(self) -> dict[str, str]:
        """{description of a point: why its run failed}."""
        names = self._descriptions()
        return {names[each["number"]]: each["error"] for each in _state(self.directory)["failed"]}

    @property
    def summary(self) -> Any:
        """summary.csv as a table, one row a point: its axes, seed, id, status, digest, totals and
        last metrics. Of a run that is not there the row has a status and no values."""
        return read_sweep(self.directory).summary

    @property
    def curves(self) -> Any:
        """curves.csv as a table, one row a recorded step of every run that is done."""
        return read_sweep(self.directory).curves

    def run(self, point: SweepPoint | int) -> Run:
        """The run of a point or of its number. Raises InputError where it is not there."""
        number = point.number if isinstance(point, SweepPoint) else point
        for each in self.points:
            if each.number == number:
                return load(self.directory / "runs" / each.id)
        raise refuse("point", f"the sweep has no point {number!r}", "points lists them")

    def merge(self) -> None:
        """Writes summary.csv and curves.csv of what is there. Raises InputError for results of
        several profiles or versions."""
        _core.merge_sweep(os.fspath(self.directory))

    def _descriptions(self) -> dict[int, str]:
        return {point.number: point.description for point in self.points}

    def __repr__(self) -> str:
        status = self.status
        return (f"<byzsim.Sweep {os.fspath(self.directory)!r}: {status.done} runs done, "
                f"{status.failed} failed, {status.missing} missing>")


def sweep(source: Any, *, directory: str | os.PathLike[str], executor: Executor | None = None,
          threads: int = 1, progress: Any = None) -> Sweep:
    """Makes what is missing of a sweep, and its tables, in the bytes of `byzsim sweep run` and
    `byzsim sweep merge`.

    source: a shipped sweep or scenario, a file, or a dictionary as sweep files are.
    directory: of the sweep; one that has been begun goes on. Runs that failed are tried again.
    executor: any concurrent.futures.Executor (threads, processes, Dask's client.get_executor(),
        mpi4py's MPIPoolExecutor). Each point is submitted on its own, as a function of the
        directory and a number, and computes on one thread. The workers import byzsim and see the
        directory under the same path. Without one, points run in this process.
    threads: without an executor, how many points run side by side, one thread each.
    progress: True for a bar of tqdm, or a function of (runs that ended, runs in all).

    A run that fails is named in a ByzsimWarning and in `failures`, and stops no other. Ctrl-C
    raises KeyboardInterrupt: runs that ended are kept, the same call goes on. Points that an
    executor has begun by then end by themselves. Raises InputError with all mistakes of all points
    before anything runs, and CallbackError where the executor fails.

    >>> study = {"scenario": "quickstart", "set": {"/steps": 2},
    ...          "axes": [{"pointer": "/workers/aggregator", "values": ["mda", "median"]}]}
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep(study, directory=folder + "/study").status
    SweepStatus(done=2, failed=0, missing=0)
    """
    jobs = whole(threads, "threads", 1, 1024)
    if executor is not None and jobs != 1:
        raise refuse("threads", "is for sweeps without an executor, which has workers of its own",
                     "leave it out, or leave executor out")
    folder = Path(directory).absolute()
    for note in _core.plan_sweep(*_named_or_text(source), os.fspath(folder)):
        warnings.warn(note, ByzsimWarning, stacklevel=2)
    made = Sweep(folder)
    state = _state(folder)
    for damage in state["damage"]:
        warnings.warn(damage, ByzsimWarning, stacklevel=2)
    left: list[int] = state["left"]
    watch = _Watch(progress_of(progress, "run"), len(state["done"]), len(left))
    if executor is None:
        outcome = _opened(folder).run(left, jobs, watch.ended)
    else:
        outcome = _run_on(executor, made, left, watch)
    for pointer, runs in outcome["unused"].items():
        warnings.warn(f"{pointer} had no effect in {runs} of {outcome['made']} runs",
                      ByzsimWarning, stacklevel=2)
    _warn_of_failures(made)
    made.merge()
    return made


def run_point(directory: str, number: int) -> dict[str, Any]:
    """Makes the run of one point, in whatever process; for executors.

    Returns {"found", "made", "failed": 0 or 1, "unused": {pointer: 1}}. Raises InputError where the
    directory holds no such point, or cannot be written.
    """
    made: dict[str, Any] = _opened(Path(directory)).run([number], 1, None)
    return made


class _Watch:
    """Counts runs that ended."""

    def __init__(self, progress: Callable[[int, int], None] | None, done: int, left: int) -> None:
        self._progress = progress
        self._done = done
        self._all = done + left

    def ended(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._all)


def _named_or_text(source: Any) -> tuple[str, str]:
    if isinstance(source, Mapping):
        return "", to_json(_written(source), "sweep")
    if isinstance(source, (str, os.PathLike)) and os.fspath(source) != "-":
        return os.fspath(source), ""
    raise refuse("sweep", f"must be a name, a path or a dictionary, not {source!r}",
                 "byzsim list sweeps shows the shipped ones")


# Scenarios within it as they were written.
def _written(source: Any) -> Any:
    if isinstance(source, Scenario):
        return source.written()
    if isinstance(source, Mapping):
        return {key: _written(value) for key, value in source.items()}
    if isinstance(source, (list, tuple)):
        return [_written(value) for value in source]
    return source


def _state(directory: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(_core.sweep_state(os.fspath(directory)))
    return state


def _opened(directory: Path) -> Any:
    # A file that was written again is another sweep, or the same one begun anew.
    stamp = (directory / "plan.jsonl").stat() if (directory / "plan.jsonl").exists() else None
    return _opened_once(os.fspath(directory), stamp and (stamp.st_ino, stamp.st_mtime_ns))


# A worker makes many points of one sweep, which is read and checked once.
@functools.lru_cache(maxsize=2)
def _opened_once(directory: str, _stamp: Any) -> Any:
    return _core.SweepRuns(directory)


def _run_on(executor: Executor, made: Sweep, left: list[int], watch: _Watch) -> dict[str, Any]:
    futures: dict[Future[dict[str, Any]], int] = {}
    total: dict[str, Any] = {"made": 0, "unused": {}}
    try:
        for number in left:
            futures[_submit(executor, made, number)] = number
        for future in as_completed(futures):
            _add(total, _result_of(future, made, futures[future]))
            watch.ended()
    finally:
        # After an error or Ctrl-C, what has not begun is not to begin.
        for future in futures:
            future.cancel()
    return total


# An executor whose process has died meanwhile refuses already here.
def _submit(executor: Executor, made: Sweep, number: int) -> Future[dict[str, Any]]:
    try:
        return executor.submit(run_point, os.fspath(made.directory), number)
    except Exception as error:
        raise _failure_at(made, number, error) from error


def _result_of(future: Future[dict[str, Any]], made: Sweep, number: int) -> dict[str, Any]:
    try:
        return future.result()
    except InputError:
        raise
    except Exception as error:
        raise _failure_at(made, number, error) from error


def _failure_at(made: Sweep, number: int, error: Exception) -> CallbackError:
    return CallbackError(f"executor: failed at the point {made._descriptions()[number]} with "
                         f"{type(error).__name__}: {error}; runs that ended are kept")


def _add(total: dict[str, Any], more: dict[str, Any]) -> None:
    total["made"] += more["made"]
    for pointer, runs in more["unused"].items():
        total["unused"][pointer] = total["unused"].get(pointer, 0) + runs


def _warn_of_failures(made: Sweep) -> None:
    failures = made.failures
    for name in list(failures)[:_MOST_NAMED]:
        warnings.warn(f"failed: {name}: {failures[name]}", ByzsimWarning, stacklevel=3)
    if len(failures) > _MOST_NAMED:
        warnings.warn(f"failed: and {len(failures) - _MOST_NAMED} more", ByzsimWarning,
                      stacklevel=3)
