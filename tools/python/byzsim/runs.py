"""Runs, and what they leave: values, tables, models, files."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core
from .arguments import path_of, to_json, whole
from .errors import interrupted_with, refuse, shown
from .scenario import ByzsimWarning, Scenario
from .tables import table_of_text
from .workload import Workload, scenario_of, surroundings

if TYPE_CHECKING:
    from .world import World


class Run:
    """A run that was made or loaded.

    values: everything of run.json, as a dictionary.
    models: {server: (step, d values)}: the last model of each server, as read-only arrays; of a run
        that was loaded none.
    """

    def __init__(self, files: Any, models: dict[int, tuple[int, Any]]) -> None:
        self._files = files
        self.values: dict[str, Any] = json.loads(files.run_json)
        self.models = models

    @property
    def id(self) -> str:
        """Of its scenario."""
        return str(self.values["id"])

    @property
    def digest(self) -> str:
        """16 hex digits of everything that happened."""
        return str(self.values["digest"]["run"])

    @property
    def status(self) -> str:
        """"trained", "diverged", "stalled", "out_of_time" or "interrupted"."""
        return str(self.values["status"])

    @property
    def final(self) -> dict[str, Any]:
        """The last value of every metric; None where it is undefined."""
        made: dict[str, Any] = self.values["final"]
        return made

    @property
    def metrics(self) -> Any:
        """One row a recorded step: a pandas frame where pandas is, otherwise {name: array}."""
        return table_of_text(self._files.metrics_csv)

    @property
    def gathers(self) -> Any:
        """The same with one row a gather; empty without any."""
        return table_of_text(self._files.gathers_csv)

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return Scenario(self.values["scenario"])

    def at(self, *, step: int | None = None, event: int | None = None, time: float | None = None,
           threads: int = 1) -> World:
        """The world at a moment of this run: once every honest server has reached a step, after so
        many events, or at a simulated time in seconds. It is run from its beginning to there.

        >>> run("quickstart", changes={"/steps": 5}).at(step=3).steps_done
        3
        """
        from .world import World
        world = World(self.scenario, threads=threads)
        asked = {"until_step": step, "until_event": event, "until_time": time}
        given = {name: value for name, value in asked.items() if value is not None}
        if len(given) != 1:
            raise refuse("at", f"was given {len(given)} moments", "give a step, an event or a time")
        if not world.run(**given):  # type: ignore[arg-type]
            raise refuse("at", f"the run ends before: at step {world.steps_done}, after "
                               f"{world.events} events", "name an earlier moment")
        return world

    def save(self, directory: str | os.PathLike[str], replace: bool = False) -> Path:
        """Writes the files that `byzsim run` writes, whole or not at all."""
        _core.save_run(path_of(directory, "directory"), self._files, bool(replace))
        return Path(directory)

    def __reduce__(self) -> tuple[Any, ...]:
        files = self._files
        return _restored, (files.run_json, files.metrics_csv, files.gathers_csv, files.digests_csv,
                           files.id, self.models)

    def __repr__(self) -> str:
        return (f"<byzsim.Run {self.values['name']!r}: {self.status} after {self.values['steps']} "
                f"steps, {_summary(self.final)}digest {self.digest}>")

    def _repr_html_(self) -> str:
        rows = {"status": self.status, "steps": self.values["steps"],
                "simulated seconds": f"{self.values['simulated_seconds']:.3f}",
                "messages": self.values["messages"],
                **{name: _short(self.final.get(name)) for name in ("accuracy", "loss", "drift")},
                "digest": self.digest}
        cells = "".join(f"<tr><th>{escape(str(key))}</th><td>{escape(str(value))}</td></tr>"
                        for key, value in rows.items())
        return f"<table><caption>{escape(str(self.values['name']))}</caption>{cells}</table>"


def _restored(run_json: str, metrics: str, gathers: str, digests: str, id_: str,
              models: dict[int, tuple[int, Any]]) -> Run:
    return Run(_core.RunFiles(run_json, metrics, gathers, digests, id_), models)


def _short(value: Any) -> str:
    return "undefined" if value is None else f"{value:.4g}"


def _summary(final: Mapping[str, Any]) -> str:
    accuracy = final.get("accuracy")
    return "" if accuracy is None else f"accuracy {100 * accuracy:.2f} %, "


def progress_of(progress: Any, unit: str) -> Callable[[int, int], None] | None:
    """For the other files of this package: the function to call, if any, of (done, all)."""
    if progress is None or progress is False:
        return None
    if progress is not True:
        if not callable(progress):
            raise refuse("progress", f"must be True or a function of (step, steps), not "
                         f"{shown(progress)}", "give one of them, or leave it out")
        called: Callable[[int, int], None] = progress
        return called
    try:
        from tqdm.auto import tqdm
    except ImportError:
        raise refuse("progress", "True needs tqdm, which is not installed",
                     "install it, or give a function of two numbers") from None
    bar = tqdm(unit=unit)

    def show(step: int, steps: int) -> None:
        bar.total = steps
        bar.update(step - bar.n)
    return show


def run(scenario: Any, *, threads: int = 1, progress: Any = None,
        changes: Mapping[str, Any] | None = None, workload: Workload | None = None,
        record_gradients: str | os.PathLike[str] | None = None) -> Run:
    """Runs a scenario to its end.

    scenario: a shipped name, a file, a dictionary or a Scenario, with `changes` by JSON pointer.
    threads: how many threads compute; the bits are the same.
    progress: True for a bar of tqdm, or a function of (step, steps).
    workload: what is trained, in place of the scenario's model and data.
    record_gradients: a file for everything that the workload answers; `byzsim.Recording` replays it.

    Ctrl-C raises KeyboardInterrupt, whose attribute `run` holds what was recorded until then.
    Raises InputError with all mistakes of the scenario.

    >>> run("quickstart", changes={"/steps": 5}).status
    'trained'
    """
    recorder = _recorder_of(workload, record_gradients)
    asked = scenario_of(scenario, changes, recorder or workload)
    finished = _core.run(asked.resolved(), whole(threads, "threads", 1, 1024),
                         progress_of(progress, "step"), to_json(surroundings(asked), "foreign"))
    if recorder is not None and record_gradients is not None:
        recorder.write(record_gradients)
    for note in finished.notes:
        warnings.warn(note, ByzsimWarning, stacklevel=2)
    made = Run(finished.files, finished.models)
    if finished.interrupted is not None:
        raise interrupted_with(finished.interrupted, "run", made)
    return made


def _recorder_of(workload: Workload | None, file: Any) -> Any:
    from .recordings import Recorder
    if file is None:
        return None
    if not isinstance(workload, Workload):
        raise refuse("record_gradients", "needs a workload whose gradients are recorded",
                     "give workload=...; byzsim's own models need no recording")
    folder = Path(file).absolute().parent
    if not folder.is_dir():
        raise refuse(os.fspath(file), "cannot be written: there is no such directory",
                     "name a file in a directory that exists")
    return Recorder(workload)


def load(directory: str | os.PathLike[str]) -> Run:
    """A run that `byzsim run` or `Run.save` has written. Raises InputError where there is none."""
    folder = Path(path_of(directory, "directory"))
    if not (folder / "run.json").is_file():
        raise refuse(str(folder), "holds no run", "give a directory with a run.json")

    def text(name: str) -> str:
        path = folder / name
        try:
            return path.read_text(encoding="utf-8") if path.exists() else ""
        except UnicodeDecodeError as error:
            raise refuse(str(path), f"is no text: {error}", "make the run again") from error
    run_json = text("run.json")
    return Run(_core.RunFiles(run_json, text("metrics.csv"), text("gathers.csv"),
                              text("digests.csv"), _id_of(run_json, folder / "run.json")), {})


# What Run reads of run.json.
_KINDS = {"id": str, "name": str, "status": str, "steps": int, "messages": int, "final": dict,
          "digest": dict, "scenario": dict}


def _id_of(run_json: str, path: Path) -> str:
    try:
        values = json.loads(run_json)
    except (ValueError, RecursionError) as error:
        raise refuse(str(path), f"is no JSON: {error}", "make the run again") from error
    if not isinstance(values, dict) or not all(isinstance(values.get(name), kind)
                                               for name, kind in _KINDS.items()):
        raise refuse(str(path), "is no run.json of byzsim", "make the run again")
    return str(values["id"])


def verify(directory: str | os.PathLike[str], *, threads: int = 1) -> list[str]:
    """Makes a stored run again; a sentence for each thing that differs, none where all is equal."""
    return list(_core.verify_run(path_of(directory, "directory"),
                                 whole(threads, "threads", 1, 1024)))
