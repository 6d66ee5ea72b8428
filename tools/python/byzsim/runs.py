"""Runs, and what they leave: values, tables, models, files."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from . import _core
from .aggregation import whole
from .errors import refuse
from .scenario import ByzsimWarning, Scenario
from .tables import table_of_text


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

    def save(self, directory: str | os.PathLike[str], replace: bool = False) -> Path:
        """Writes the files that `byzsim run` writes, whole or not at all."""
        _core.save_run(os.fspath(directory), self._files, replace)
        return Path(directory)

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


def _short(value: Any) -> str:
    return "undefined" if value is None else f"{value:.4g}"


def _summary(final: Mapping[str, Any]) -> str:
    accuracy = final.get("accuracy")
    return "" if accuracy is None else f"accuracy {100 * accuracy:.2f} %, "


def progress_of(progress: Any, unit: str) -> Callable[[int, int], None] | None:
    """For the other files of this package: the function to call, if any, of (done, all)."""
    if progress is None or callable(progress):
        return progress
    if progress is not True:
        return None
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
        changes: Mapping[str, Any] | None = None) -> Run:
    """Runs a scenario to its end.

    scenario: a shipped name, a file, a dictionary or a Scenario, with `changes` by JSON pointer.
    threads: how many threads compute; the bits are the same.
    progress: True for a bar of tqdm, or a function of (step, steps).

    Ctrl-C raises KeyboardInterrupt, whose attribute `run` holds what was recorded until then.
    Raises InputError with all mistakes of the scenario.

    >>> run("quickstart", changes={"/steps": 5}).status
    'trained'
    """
    asked = Scenario(scenario, changes)
    finished = _core.run(asked.resolved(), whole(threads, "threads", 1, 1024),
                         progress_of(progress, "step"))
    for note in finished.notes:
        warnings.warn(note, ByzsimWarning, stacklevel=2)
    made = Run(finished.files, finished.models)
    if finished.interrupted:
        interrupt = KeyboardInterrupt("the run was interrupted; its attribute run holds the rest")
        interrupt.run = made  # type: ignore[attr-defined]
        raise interrupt
    return made


def load(directory: str | os.PathLike[str]) -> Run:
    """A run that `byzsim run` or `Run.save` has written. Raises InputError where there is none."""
    folder = Path(directory)

    def text(name: str) -> str:
        path = folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""
    if not (folder / "run.json").exists():
        raise refuse(str(folder), "holds no run", "give a directory with a run.json")
    run_json = text("run.json")
    return Run(_core.RunFiles(run_json, text("metrics.csv"), text("gathers.csv"),
                              text("digests.csv"), json.loads(run_json)["id"]), {})


def verify(directory: str | os.PathLike[str], *, threads: int = 1) -> list[str]:
    """Makes a stored run again; a sentence for each thing that differs, none where all is equal."""
    return list(_core.verify_run(os.fspath(directory), whole(threads, "threads", 1, 1024)))
