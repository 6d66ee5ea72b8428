"""Rules against attacks: one run for each pair, as a table and a heat map.

    python3 -m byzsim rank my_rule.py --out ranking.svg

ranks the rules that the file defines beside the median and the trimmed mean.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy

from .aggregation import describe
from .errors import InputError, refuse
from .runs import run
from .scenario import Scenario


class Ranking:
    """What each rule came to under each attack.

    values: (rules, attacks), the mean over the seeds; NaN where the metric is undefined (a run that
        diverged) or the scenario refuses the pair.
    refused: {(rule, attack): why}.
    """

    def __init__(self, metric: str, rules: list[str], attacks: list[str], values: Any,
                 refused: dict[tuple[str, str], str]) -> None:
        self.metric, self.rules, self.attacks = metric, rules, attacks
        self.values, self.refused = values, refused

    def worst(self) -> list[tuple[str, str, float]]:
        """(rule, the attack that harms it most, the value), the best rule first. A run that diverged
        is the worst there is."""
        sign = 1 if self.metric.startswith("accuracy") else -1
        rows = []
        for rule, values in zip(self.rules, self.values, strict=True):
            harm = numpy.where(numpy.isnan(values), -numpy.inf, sign * values)
            harm[[(rule, each) in self.refused for each in self.attacks]] = numpy.inf
            at = int(harm.argmin())
            rows.append((float(harm[at]), rule, self.attacks[at], float(values[at])))
        return [row[1:] for row in sorted(rows, key=lambda row: (-row[0], row[1]))]

    def draw(self, path: str | os.PathLike[str]) -> None:
        """A heat map as SVG, PNG or PDF, by the file's ending. Needs matplotlib."""
        try:
            from matplotlib.figure import Figure
        except ImportError:
            raise refuse("draw", "needs matplotlib, which is not installed", "install it") from None
        percent = self.metric.startswith("accuracy")
        shown = self.values * (100 if percent else 1)
        figure = Figure(figsize=(1.9 + 0.42 * len(self.attacks), 2.6 + 0.34 * len(self.rules)),
                        layout="constrained")
        axes = figure.add_subplot()
        image = axes.imshow(shown, aspect="auto", cmap="viridis")
        axes.set_xticks(range(len(self.attacks)), [_words(each) for each in self.attacks],
                        rotation=55, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(self.rules)), [_words(each) for each in self.rules])
        middle = numpy.nanmean([numpy.nanmin(shown), numpy.nanmax(shown)])
        for row, values in enumerate(shown):
            for column, value in enumerate(values):
                text = "–" if numpy.isnan(value) else f"{value:.0f}" if percent else f"{value:.2g}"
                axes.text(column, row, text, ha="center", va="center", fontsize=8,
                          color="black" if numpy.isnan(value) or value > middle else "white")
        figure.colorbar(image, label=_words(self.metric) + (" (%)" if percent else ""))
        figure.savefig(path)

    def __repr__(self) -> str:
        lines = [f"{'rule':24}{'worst ' + self.metric:>18}  under"]
        for rule, attack, value in self.worst():
            lines.append(f"{rule:24}{value:18.4g}  {attack}")
        return "\n".join(lines)


def _words(name: str) -> str:
    return name.replace("_", " ")


def rank(rules: Iterable[Any], attacks: Iterable[str] | None = None, *,
         scenario: Any = "quickstart", changes: Mapping[str, Any] | None = None,
         metric: str = "accuracy", seeds: Iterable[int] = (1,), threads: int = 1,
         progress: Callable[[str, str], None] | None = None) -> Ranking:
    """Runs a scenario with every rule for the gradients under every attack of the workers.

    rules: names, or functions decorated with `byzsim.rule`.
    attacks: default: all that byzsim knows and that need no graph.
    metric: a name of the last values: "accuracy", "loss", "drift".
    seeds: each pair is run once for each; their mean counts.
    progress: a function of (rule, attack), called before each pair.
    """
    names = [str(getattr(each, "byzsim_name", each)) for each in rules]
    against = list(attacks) if attacks is not None else [each["name"] for each in
                                                         describe("attacks") if "needs" not in each]
    drawn = list(seeds)
    for what, given in (("rules", names), ("attacks", against), ("seeds", drawn)):
        if not given:
            raise refuse(what, "are none", "name at least one")
    base = Scenario(scenario, changes)
    values = numpy.full((len(names), len(against)), numpy.nan)
    refused: dict[tuple[str, str], str] = {}
    for row, rule in enumerate(names):
        for column, attack in enumerate(against):
            if progress is not None:
                progress(rule, attack)
            try:
                values[row, column] = _mean_of(base, rule, attack, metric, drawn, threads)
            except InputError as error:
                refused[rule, attack] = str(error)
    if len(refused) == values.size:
        raise refuse("scenario", f"refuses every pair: {next(iter(refused.values()))}",
                     "change the scenario, or name other rules or attacks")
    return Ranking(metric, names, against, values, refused)


def _mean_of(base: Scenario, rule: str, attack: str, metric: str, seeds: list[int],
             threads: int) -> float:
    measured = []
    for seed in seeds:
        made = run(base, threads=threads,
                   changes={"/workers/aggregator": rule, "/adversary/workers": attack,
                            "/seed": seed})
        if metric not in made.final:
            raise refuse("metric", f"must be one of {', '.join(made.final)}, not {metric!r}",
                         "byzsim.describe(\"metrics\") tells of each")
        value = made.final[metric]
        measured.append(numpy.nan if value is None else float(value))
    return float(numpy.mean(measured))


def rules_defined_in(file: str) -> list[str]:
    """Runs a Python file; the names of the rules that it defines, in its order. Where there are
    none, that is printed as an error."""
    before = {each["name"] for each in describe("rules")}
    found = runpy.run_path(file)
    own = [each.byzsim_name for each in found.values() if hasattr(each, "byzsim_name")]
    own = [each for each in dict.fromkeys(own) if each not in before]
    if not own:
        print(f"error: {file} defines no rule; decorate a function with byzsim.rule",
              file=sys.stderr)
    return own


def main(arguments: list[str]) -> int:
    """The command line above."""
    parser = argparse.ArgumentParser(prog="python3 -m byzsim rank",
                                     description="Ranks the rules of a Python file.")
    parser.add_argument("file", help="defines rules with byzsim.rule")
    parser.add_argument("--out", help="a heat map (.svg, .png or .pdf)")
    parser.add_argument("--scenario", default="quickstart", help="default: quickstart")
    parser.add_argument("--steps", type=int, default=100, help="of every run; default: 100")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each pair; default: 1")
    given = parser.parse_args(arguments)
    own = rules_defined_in(given.file)
    if not own:
        return 2
    ranking = rank([*own, "median", "trimmed_mean"], scenario=given.scenario,
                   changes={"/steps": given.steps}, seeds=range(1, given.seeds + 1),
                   progress=lambda rule, attack: print(f"{rule} under {attack}", file=sys.stderr))
    print(ranking)
    if given.out:
        ranking.draw(given.out)
        print(f"heat map in {given.out}")
    return 0
