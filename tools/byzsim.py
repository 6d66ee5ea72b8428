"""Runs and sweeps of byzsim as pandas data frames, without losing a bit.

    import sys; sys.path.insert(0, "tools")
    import byzsim
    run = byzsim.read_run("results/quickstart/0d3723a5e4a89de0")
    run.metrics.plot(x="step", y="accuracy")
    summary, curves = byzsim.read_sweep("sweeps/attacks")

Every number is the double that its text denotes, and writing a frame back with
`write_csv` gives the same text. What is undefined in a file is NaN. Digests, ids and seeds are
text: they have more bits than a float keeps. Works with Debian 12's python3-pandas.
"""

import csv
import json
from collections import namedtuple
from pathlib import Path

import pandas

Run = namedtuple("Run", ["metrics", "run"])
Sweep = namedtuple("Sweep", ["summary", "curves"])

# Whole numbers; absent where a point of a sweep has no result.
COUNTS = ["point", "step", "steps", "messages", "bytes", "diverged_at_step", "expectations",
          "expectations_held"]
TEXTS = ["id", "seed", "status", "digest"]


def read_run(directory):
    """(metrics, run): metrics.csv as a frame, one row a recorded step, and run.json as a dict.

    Counts are Int64, everything else float64. Raises FileNotFoundError for a directory that holds
    no run.
    """
    directory = Path(directory)
    with open(directory / "run.json", encoding="utf-8") as file:
        run = json.load(file)
    return Run(_read_csv(directory / "metrics.csv"), run)


def read_gathers(directory):
    """gathers.csv as a frame, one row a gather; empty for a run without any."""
    path = Path(directory) / "gathers.csv"
    return _read_csv(path) if path.exists() else pandas.DataFrame()


def read_sweep(directory):
    """(summary, curves): summary.csv, one row a point, and curves.csv, one row a recorded step.

    An axis of numbers is float64, or Int64 if all are whole; any other axis is text, as the file
    has it. Raises FileNotFoundError for a sweep that is not merged yet.
    """
    directory = Path(directory)
    for name in ("summary.csv", "curves.csv"):
        if not (directory / name).exists():
            raise FileNotFoundError(f"{directory / name}: run byzsim sweep merge {directory} first")
    with open(directory / "plan.jsonl", encoding="utf-8") as plan:
        axes = list(json.loads(plan.readline() or '{"axes": {}}')["axes"])
    return Sweep(*(_read_csv(directory / name, axes) for name in ("summary.csv", "curves.csv")))


def write_csv(frame):
    """The text of a frame as byzsim writes it: shortest numbers that read back to the same bits."""
    lines = [",".join(_quoted(name) for name in frame.columns)]
    columns = [[_field(value) for value in frame[name]] for name in frame.columns]
    lines.extend(",".join(fields) for fields in zip(*columns))
    return "\n".join(lines) + "\n"


def _read_csv(path, axes=()):
    with open(path, newline="", encoding="utf-8") as file:
        names = next(csv.reader(file))
    kinds = {name: _kind_of(name, axes) for name in names}
    absent = {name: [""] for name in names if kinds[name] != str}
    frame = pandas.read_csv(path, dtype=kinds, float_precision="round_trip", encoding="utf-8",
                            keep_default_na=False, na_values=absent)
    for name in axes:
        frame[name] = _as_numbers(frame[name])
    return frame


def _kind_of(name, axes):
    if name in TEXTS or name in axes:
        return str
    return "Int64" if name in COUNTS else "float64"


# An axis as numbers where every value is one and would be written the same way again.
def _as_numbers(axis):
    for kind in ("Int64", "float64"):
        try:
            numbers = axis.map(int if kind == "Int64" else float).astype(kind)
        except (ValueError, OverflowError):
            continue
        if [_field(value) for value in numbers] == list(axis):
            return numbers
    return axis


def _field(value):
    if isinstance(value, str):
        return _quoted(value)
    if value is pandas.NA or value != value:
        return ""
    if isinstance(value, float):
        return _shortest(value)
    return str(value)


# Python's digits are the shortest too, with the same exponents; byzsim writes no ".0".
def _shortest(value):
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def _quoted(text):
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text
