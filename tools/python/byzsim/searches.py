"""Searches for the worst case: by byzsim's strategies, or by any optimiser of yours.

An objective is what is made worse for the defenders: a metric by its name ("drift:max",
"accuracy:min"), or a function of a Run that returns a number, the larger the worse.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from . import _core
from .arguments import to_json, whole
from .errors import CallbackError, interrupted_with, refuse
from .runs import Run, progress_of
from .scenario import Scenario
from .tables import table_of_text, write_csv


class SearchResult:
    """What a search has found.

    values: everything of search.json, as a dictionary.
    worst: the worst scenario, which expects 90 % of the damage again where a metric was asked for.
    """

    def __init__(self, files: Any) -> None:
        self._files = files
        self.values: dict[str, Any] = json.loads(files.search_json)
        self.worst = Scenario(json.loads(files.worst_json))

    @property
    def value(self) -> float | None:
        """Of the objective in the worst run; None where that diverged or was infinitely bad."""
        found: float | None = self.values["worst"]["value"]
        return found

    @property
    def chosen(self) -> dict[str, Any]:
        """What the search chose: {JSON pointer: value}; of decisions a description."""
        made: dict[str, Any] = self.values["worst"]["chosen"]
        return made

    @property
    def digest(self) -> str:
        """Of the worst run."""
        return str(self.values["worst"]["digest"])

    @property
    def evaluated(self) -> int:
        """How many evaluations there were."""
        return int(self.values["evaluated"])

    @property
    def reference(self) -> float | None:
        """The objective with random scheduling, or of the scenario as given where it has that."""
        found: float | None = self.values["random_scheduling"]["value"]
        return found

    @property
    def trials(self) -> Any:
        """search.csv as a table, one row an evaluation: what was chosen, the objective, the worst
        so far, the digest. NaN where a run diverged."""
        return _table(self._files.search_csv)

    def save(self, directory: str | os.PathLike[str], replace: bool = False) -> Path:
        """Writes worst.json, search.csv and search.json as `byzsim search` does. Raises InputError
        where something is there already, unless `replace`."""
        _core.save_search(os.fspath(directory), self._files, replace)
        return Path(directory)

    def __repr__(self) -> str:
        return f"<byzsim.SearchResult: {self.values['sentence']}, digest {self.digest}>"


def search(scenario: Any, *, objective: str | Callable[[Run], float],
           strategy: str | Mapping[str, Any] = "random", evaluations: int = 100,
           variables: Any = None, seed: int | None = None, threads: int = 1, progress: Any = None,
           changes: Mapping[str, Any] | None = None) -> SearchResult:
    """Searches for the worst case as `byzsim search` does, with the same outcome.

    scenario: a shipped name, a file, a dictionary or a Scenario, with `changes` by JSON pointer.
    objective: a metric ("drift:max"), or a function of a Run that returns a number, the larger the
        worse for the defenders, infinity at most. It is called under Python's lock, with several
        threads on any of them. A run that diverged is the worst there is, and no function is asked.
        With "look_ahead" it is asked of runs that were followed some steps only, without models.
    strategy: "random", "grid", "nlopt", "hill_climb", "look_ahead", "exhaustive", or a dictionary
        {"name": ..., "parameters": {...}}; byzsim.describe(name) shows its parameters.
    evaluations: runs at most.
    variables: what may vary: a list of JSON pointers, of numbers or of all below, or {pointer:
        range}. A range is (low, high), (low, high, "logarithmic") or None for the number's own,
        with ends as the scenario would have them ("1 ms"). By default the parameters of the attacks
        and of the scheduler.
    seed: of the scenario and of the strategy's draws; by default the scenario's.
    threads: how many evaluations run side by side; the outcome is the same.
    progress: True for a bar of tqdm, or a function of (evaluations done, evaluations).

    Ctrl-C raises KeyboardInterrupt, whose attribute `search` holds what was found until then, None
    without any evaluation. Raises InputError for what cannot be searched, and CallbackError for an
    objective that raises or returns no number.

    >>> search("quickstart", changes={"/steps": 5}, objective="drift", evaluations=2,
    ...        variables={"/network/delay": None}).evaluated
    2
    """
    asked = Scenario(scenario, changes)
    if seed is not None:
        asked["/seed"] = seed
    count = whole(evaluations, "evaluations", 1, 1_000_000)
    name, function = _objective(objective)
    files, interrupted = _core.search(
        asked.resolved(), to_json(strategy, "strategy"), name, function, _overs(variables), count,
        whole(threads, "threads", 1, 1024), _counter(progress_of(progress, "evaluation"), count))
    made = SearchResult(files) if files.search_json else None
    if interrupted is not None:
        raise interrupted_with(interrupted, "search", made)
    assert made is not None  # a search that was not interrupted has tried something
    return made


class SearchVariable(NamedTuple):
    """A number that may vary.

    name: its JSON pointer in the scenario.
    low, high: its range, both ends included.
    logarithmic: whether equal ratios are equally far apart.
    integer: whether it takes whole numbers only.
    unit: "s" for durations, "bit/s" for rates, "" for everything else.
    now: the scenario's value; None where that is a keyword ("auto").
    """

    name: str
    low: float
    high: float
    logarithmic: bool
    integer: bool
    unit: str
    now: float | None


class Asked(NamedTuple):
    """One evaluation to be made: its number from 0, {name: value as in the scenario}, and the
    scenario with them."""

    number: int
    values: dict[str, Any]
    scenario: Scenario


class SearchSpace:
    """What an adversary may choose in a scenario, for an optimiser of yours.

    The optimiser chooses numbers by name, in the variables' units, or shares of the ranges in
    [0, 1], which are rounded as byzsim's own strategies do. Then either `damage` evaluates them, or
    `ask` gives the scenario and `tell` takes what came out.

    >>> space = SearchSpace("quickstart", ["/network/delay/parameters/mean"],
    ...                     changes={"/steps": 5})
    >>> [variable.unit for variable in space.variables]
    ['s']
    >>> scenario = space.scenario_at({"/network/delay/parameters/mean": 0.002})
    >>> scenario["/network/delay/parameters/mean"]
    '2 ms'
    >>> asked = space.ask(shares=[0.5])
    >>> space.tell(asked, 1.5)
    >>> space.worst == asked
    True
    """

    def __init__(self, scenario: Any, variables: Any = None,
                 changes: Mapping[str, Any] | None = None) -> None:
        """As for `search`. Raises InputError for a scenario without such numbers."""
        self.scenario = Scenario(scenario, changes)
        self._space = _core.SearchSpace(self.scenario.resolved(), _overs(variables))
        self.variables = [SearchVariable(*each) for each in self._space.variables()]
        if not self.variables:
            raise refuse("variables",
                         "the attacks and the scheduler have no numbers to search over",
                         'give some, for example ["/network/delay"]')
        self._asked = 0
        self._objectives: dict[Any, Any] = {}
        self._told: list[tuple[Asked, float, str]] = []

    @property
    def names(self) -> list[str]:
        """The JSON pointers of the variables."""
        return [variable.name for variable in self.variables]

    def values_at(self, shares: Sequence[float]) -> dict[str, Any]:
        """{name: value as in the scenario} at these shares of the ranges, one a variable."""
        made: dict[str, Any] = json.loads(
            self._space.values_at([_real(share, "shares") for share in shares]))
        return made

    def scenario_at(self, values: Mapping[str, Any]) -> Scenario:
        """The scenario with these values: {name: number in the variable's unit, or what the
        scenario would have}. Whole numbers are rounded to. What is not named stays as it is."""
        return self.scenario.copy(self._written(values))

    def ask(self, values: Mapping[str, Any] | None = None, *,
            shares: Sequence[float] | None = None) -> Asked:
        """The next evaluation: at values as for `scenario_at`, at shares of the ranges, or without
        either at the next draw of the strategy "random"."""
        if values is not None and shares is not None:
            raise refuse("shares", "cannot be given together with values", "give one of them")
        if values is None:
            chosen = self.values_at(shares if shares is not None
                                    else self._space.drawn(self._asked))
        else:
            chosen = self._written(values)
        asked = Asked(self._asked, chosen, self.scenario.copy(chosen))
        self._asked += 1
        return asked

    def tell(self, asked: Asked, damage: float, digest: str = "") -> None:
        """What came out: the larger, the worse for the defenders; infinity at most."""
        number = _real(damage, "damage")
        if math.isnan(number) or number == -math.inf:
            raise refuse("damage", f"is {number} for {asked.values}",
                         "give a number, infinity for a run that is as bad as can be")
        self._told.append((asked, number, digest))

    def damage(self, values: Mapping[str, Any] | None = None, *,
               objective: str | Callable[[Run], float], shares: Sequence[float] | None = None,
               threads: int = 1) -> float:
        """Asks, runs and tells: how bad these values are for the defenders, by an objective as for
        `search`. Accuracies and cosines are negative then; infinity where the run diverged."""
        asked = self.ask(values, shares=shares)
        name, function = _objective(objective)
        if objective not in self._objectives:
            self._objectives[objective] = _core.Objective(name, function)
        _, harm, digest, _ = self._objectives[objective].of(
            self.scenario.resolved(), asked.scenario.resolved(), whole(threads, "threads", 1, 1024))
        self.tell(asked, harm, digest)
        return float(harm)

    @property
    def worst(self) -> Asked | None:
        """The evaluation of the largest damage, the earliest of equals; None before the first."""
        if not self._told:
            return None
        return max(self._told, key=lambda told: told[1])[0]

    @property
    def trials(self) -> Any:
        """A table, one row an evaluation that was told: its number from 1, the values, the damage,
        the worst so far, the digest where `damage` ran it."""
        names = list(dict.fromkeys(name for asked, _, _ in self._told for name in asked.values))
        columns: dict[str, list[Any]] = {
            "evaluation": [asked.number + 1 for asked, _, _ in self._told],
            **{name: [asked.values.get(name, "") for asked, _, _ in self._told] for name in names},
            "damage": [damage for _, damage, _ in self._told],
            "worst_so_far": [max(damage for _, damage, _ in self._told[:end + 1])
                             for end in range(len(self._told))],
            "digest": [digest for _, _, digest in self._told]}
        return _table(write_csv(columns))

    def _written(self, values: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(values, Mapping):
            raise refuse("values", f"must be a dictionary, not {values!r}", "{name: number}")
        return {name: value if isinstance(value, str)
                else json.loads(self._space.value_of_number(name, _real(value, name)))
                for name, value in values.items()}

    def __repr__(self) -> str:
        return f"<byzsim.SearchSpace of {self.names}, {len(self._told)} evaluations>"


def _objective(objective: Any) -> tuple[str, Any]:
    if isinstance(objective, str):
        return objective, None
    if not callable(objective):
        raise refuse("objective", f"must be a metric's name or a function, not {objective!r}",
                     'for example "drift:max", or lambda run: run.final["drift"]')
    name = getattr(objective, "__name__", "objective")
    # It heads a column of search.csv.
    name = name if name.isidentifier() and name not in ("digest", "evaluation", "worst_so_far") \
        else "objective"

    def measured(files: Any, models: dict[int, tuple[int, Any]]) -> float:
        run = Run(files, models)
        try:
            damage = objective(run)
        except Exception as error:
            raise CallbackError(f"objective: {name} raised {type(error).__name__} for the run "
                                f"{run.id}: {error}") from error
        return _damage(damage, name, run)
    return name, measured


def _damage(value: Any, name: str, run: Run) -> float:
    try:
        damage = float(value)
    except (TypeError, ValueError) as error:
        raise CallbackError(f"objective: {name} returned {value!r} for the run {run.id}; return a "
                            "number, the larger the worse") from error
    if math.isnan(damage) or damage == -math.inf:
        raise CallbackError(f"objective: {name} returned {damage} for the run {run.id}; return a "
                            'number, float("inf") for a run that is as bad as can be')
    return damage


def _real(value: Any, argument: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise refuse(argument, f"must be a number, not {value!r}", "give a float") from None


def _counter(progress: Callable[[int, int], None] | None,
             count: int) -> Callable[[], None] | None:
    if progress is None:
        return None
    show, done = progress, iter(range(1, count + 1))
    return lambda: show(next(done, count), count)


# What byzsim reads: a list of pointers, each with its range where it has one.
def _overs(variables: Any) -> str:
    if variables is None:
        return "[]"
    if isinstance(variables, str):
        variables = [variables]
    if isinstance(variables, Mapping):
        overs = [_over(pointer, ends) for pointer, ends in variables.items()]
    elif isinstance(variables, Iterable):
        overs = [_over(pointer, None) for pointer in variables]
    else:
        raise refuse("variables", f"must be a list or a dictionary, not {variables!r}",
                     'for example {"/adversary/workers/parameters/z": (0, 4)}')
    if not overs:
        raise refuse("variables", "is empty", "name a number, or leave it out")
    return to_json(overs, "variables")


def _over(pointer: Any, ends: Any) -> dict[str, Any]:
    if not isinstance(pointer, str):
        raise refuse("variables", f"must be JSON pointers, not {pointer!r}",
                     'for example "/adversary/workers/parameters/z"')
    if ends is None:
        return {"pointer": pointer}
    if isinstance(ends, str) or not isinstance(ends, Sequence) or len(ends) not in (2, 3) \
            or (len(ends) == 3 and ends[2] not in ("linear", "logarithmic")):
        raise refuse(f"variables: {pointer}", f"{ends!r} is not a range",
                     'write (low, high) or (low, high, "logarithmic")')
    return {"pointer": pointer, "low": ends[0], "high": ends[1],
            "logarithmic": len(ends) == 3 and ends[2] == "logarithmic"}


# What was chosen may be durations, or sentences about decisions; columns of numbers become such.
def _table(text: str) -> Any:
    return table_of_text(text, next(csv.reader(io.StringIO(text, newline="")))[:-3])
