"""The tables of runs and sweeps, without losing a bit.

Every number is the double that its text denotes, and writing a frame back with `write_csv` gives
the same text. What is undefined in a file is NaN. Digests, ids and seeds are text: they have more
bits than a float keeps. Where pandas is installed a table is a frame; otherwise {column: array}.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy

# Whole numbers; absent where a point of a sweep has no result.
COUNTS = ["point", "step", "steps", "messages", "bytes", "diverged_at_step", "expectations",
          "expectations_held"]
TEXTS = ["id", "seed", "status", "digest"]


class StoredRun(NamedTuple):
    """metrics.csv as a table, and run.json as a dictionary."""

    metrics: Any
    run: dict[str, Any]


class StoredSweep(NamedTuple):
    """summary.csv, one row a point, and curves.csv, one row a recorded step."""

    summary: Any
    curves: Any


def read_run(directory: str | os.PathLike[str]) -> StoredRun:
    """metrics.csv, one row a recorded step, and run.json of a run.

    Counts are Int64, everything else float64. Raises FileNotFoundError for a directory that holds
    no run.
    """
    folder = Path(directory)
    with open(folder / "run.json", encoding="utf-8") as file:
        run = json.load(file)
    return StoredRun(_read_csv(folder / "metrics.csv"), run)


def read_gathers(directory: str | os.PathLike[str]) -> Any:
    """gathers.csv, one row a gather; empty for a run without any."""
    path = Path(directory) / "gathers.csv"
    return _read_csv(path) if path.exists() else table_of_text("")


def read_sweep(directory: str | os.PathLike[str]) -> StoredSweep:
    """summary.csv and curves.csv of a sweep.

    An axis of numbers is float64, or Int64 if all are whole; any other axis is text, as the file
    has it. Raises FileNotFoundError for a sweep that is not merged yet.
    """
    folder = Path(directory)
    for name in ("summary.csv", "curves.csv"):
        if not (folder / name).exists():
            raise FileNotFoundError(f"{folder / name}: run byzsim sweep merge {folder} first")
    with open(folder / "plan.jsonl", encoding="utf-8") as plan:
        axes = list(json.loads(plan.readline() or '{"axes": {}}')["axes"])
    return StoredSweep(_read_csv(folder / "summary.csv", axes),
                       _read_csv(folder / "curves.csv", axes))


def write_csv(frame: Any) -> str:
    """The text of a table as byzsim writes it: shortest numbers that read back to the same bits."""
    names = list(frame.columns) if hasattr(frame, "columns") else list(frame)
    lines = [",".join(_quoted(name) for name in names)]
    columns = [[_field(value) for value in frame[name]] for name in names]
    lines.extend(",".join(fields) for fields in zip(*columns, strict=True))
    return "\n".join(lines) + "\n"


def table_of_text(text: str, axes: Iterable[str] = ()) -> Any:
    """A table of what stands in a CSV file of byzsim; an empty one of an empty text."""
    try:
        import pandas
    except ImportError:
        return _arrays_of(text, list(axes))
    if not text:
        return pandas.DataFrame()
    names = next(csv.reader(io.StringIO(text, newline="")))
    kinds = {name: _kind_of(name, axes) for name in names}
    absent = {name: [""] for name in names if kinds[name] != "str"}
    frame = pandas.read_csv(io.StringIO(text, newline=""), dtype=kinds,
                            float_precision="round_trip", keep_default_na=False, na_values=absent)
    for name in axes:
        frame[name] = _as_numbers(frame[name])
    return frame


def _read_csv(path: Path, axes: Iterable[str] = ()) -> Any:
    return table_of_text(path.read_bytes().decode("utf-8"), axes)


def _arrays_of(text: str, axes: list[str]) -> dict[str, Any]:
    lines = list(csv.reader(io.StringIO(text, newline="")))
    if not lines:
        return {}
    columns = zip(*lines[1:], strict=True) if len(lines) > 1 else ([] for _ in lines[0])
    made = {}
    for name, column in zip(lines[0], columns, strict=True):
        if _kind_of(name, axes) == "str":
            made[name] = numpy.array(column, dtype=str)
        elif "" not in column and name in COUNTS:
            made[name] = numpy.array([int(field) for field in column], dtype=numpy.int64)
        else:
            made[name] = numpy.array([float(field or "nan") for field in column])
    return made


def _kind_of(name: str, axes: Iterable[str]) -> str:
    if name in TEXTS or name in axes:
        return "str"
    return "Int64" if name in COUNTS else "float64"


# An axis as numbers where every value is one and would be written the same way again.
def _as_numbers(axis: Any) -> Any:
    for kind, convert in (("Int64", int), ("float64", float)):
        try:
            numbers = axis.map(convert).astype(kind)
        except (ValueError, OverflowError):
            continue
        if [_field(value) for value in numbers] == list(axis):
            return numbers
    return axis


def _field(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if type(value).__name__ == "NAType" or value != value:
        return ""
    if isinstance(value, float):
        return _shortest(value)
    return str(value)


# Python's digits are the shortest too, with the same exponents; byzsim writes no ".0".
def _shortest(value: float) -> str:
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
