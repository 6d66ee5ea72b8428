"""Where a rule is among those of the atlas of worst cases (docs/atlas.md).

    python3 -m byzsim atlas my_rule.py --atlas scenarios/atlas

places the rules that the file defines; `byzsim atlas rank` places those that are built in.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import InputError, refuse
from .ranking import rules_defined_in
from .runs import run
from .scenario import ByzsimWarning, Scenario

_Row = dict[str, str]


class Placing:
    """A rule beside those that have a cell in the same settings.

    worst: {setting: accuracy of the rule's worst case}, 0 for a run that diverged.
    places: [(rule, mean accuracy of its worst cases)], the best first; of equals the placed one last.
    """

    def __init__(self, rule: str, worst: dict[str, float],
                 places: list[tuple[str, float]]) -> None:
        self.rule, self.worst, self.places = rule, worst, places

    def __repr__(self) -> str:
        lines = [f"{setting:30}{value:8.4g}" for setting, value in self.worst.items()]
        for place, (rule, mean) in enumerate(self.places, 1):
            lines.append(f"{place:5}  {rule:30}{mean:8.4f}")
        return "\n".join(lines)


def place(rule: Any, atlas: str | os.PathLike[str] = "scenarios/atlas", *, nnm: bool = False,
          settings: Iterable[str] | None = None) -> Placing:
    """Replays every stored attack of the atlas against a rule, in each setting that takes the rule.

    rule: a name, or a function decorated with `byzsim.rule`.
    nnm: whether nearest neighbours are mixed before, for all rules.
    settings: default: all.
    """
    name = str(getattr(rule, "byzsim_name", rule))
    folder = Path(atlas)
    rows = _rows_of(folder)
    worst: dict[str, float] = {}
    for setting in settings if settings is not None else dict.fromkeys(row["setting"]
                                                                       for row in rows):
        own = [row for row in rows if row["setting"] == setting]
        value = _worst_in(folder, setting, own, name, nnm)
        if value is not None:
            worst[setting] = value
    if not worst:
        raise refuse("rule", f"{name} cannot run in any setting of {folder}",
                     "byzsim.describe(\"rules\") has the conditions")
    places = _stored(rows, nnm, set(worst))
    places.append((f"{name} <- placed", sum(worst.values()) / len(worst)))
    return Placing(name, worst, sorted(places, key=lambda each: -each[1]))


def _rows_of(folder: Path) -> list[_Row]:
    try:
        with open(folder / "cells.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise refuse("atlas", f"cannot read {folder}/cells.csv: {error.strerror}",
                     "give the directory of an atlas") from None


def _accuracy(text: str) -> float:
    return 0.0 if text == "diverged" else float(text)


def _worst_in(folder: Path, setting: str, rows: list[_Row], rule: str, nnm: bool) -> float | None:
    """None where a condition refuses the rule."""
    base = json.loads((folder / "settings" / f"{setting}.json").read_text(encoding="utf-8"))
    group = "/nodes" if "nodes" in base else "/workers"
    cell = Scenario(base, {f"{group}/aggregator": rule, f"{group}/pre": ["nnm"] if nnm else []})
    cases = [json.loads((folder / row["file"]).read_text(encoding="utf-8")) for row in rows]
    adversaries = {json.dumps(case["adversary"]): case["adversary"] for case in cases}
    values = []
    for adversary in adversaries.values():
        try:
            # A setting also holds what only some rules use.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ByzsimWarning)
                accuracy = run(cell, changes={"/adversary": adversary}).final["accuracy"]
        except InputError:
            return None
        values.append(0.0 if accuracy is None else float(accuracy))
    return min(values)


def _stored(rows: list[_Row], nnm: bool, settings: set[str]) -> list[tuple[str, float]]:
    found: dict[str, list[float]] = {}
    for row in rows:
        if row["setting"] in settings and (row["pre"] == "nnm") == nnm:
            found.setdefault(row["rule"], []).append(_accuracy(row["accuracy"]))
    return [(rule, sum(values) / len(values)) for rule, values in found.items()
            if len(values) == len(settings)]


def main(arguments: list[str]) -> int:
    """The command line above."""
    parser = argparse.ArgumentParser(prog="python3 -m byzsim atlas",
                                     description="Places the rules of a Python file in the atlas.")
    parser.add_argument("file", help="defines rules with byzsim.rule")
    parser.add_argument("--atlas", default="scenarios/atlas", help="default: scenarios/atlas")
    parser.add_argument("--nnm", action="store_true", help="mix nearest neighbours before")
    parser.add_argument("--setting", action="append", help="one of the settings; default: all")
    given = parser.parse_args(arguments)
    own = rules_defined_in(given.file)
    if not own:
        return 2
    for rule in own:
        print(place(rule, given.atlas, nnm=given.nnm, settings=given.setting))
    return 0
