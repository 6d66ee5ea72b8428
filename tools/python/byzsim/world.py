"""A run as a value: stepped, looked at, forked in time, told what to decide."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any

from . import _core
from .arguments import mapping_of, text_of, to_json, whole
from .arrays import items_of
from .errors import InputError, Issue, refuse, shown
from .runs import Run
from .scenario import Scenario
from .workload import Workload, scenario_of


class Server:
    """One server of a world, as it is now."""

    def __init__(self, world: World, index: int) -> None:
        self._world, self.index = world, index

    @property
    def step(self) -> int:
        """As many steps as it has finished."""
        return int(self._world._core.step_of("server", self.index))

    @property
    def model(self) -> Any:
        """Its latest model: d float32 values, read-only, which stay as they are. A Byzantine server
        has the one that an honest one in its place would have. None before the first event."""
        held = self._world._core.models.get(self.index)
        return None if held is None else held[1]

    @property
    def byzantine(self) -> bool:
        """Whether it is Byzantine."""
        role = self._world.scenario["/servers"]
        return bool(self.index >= role["count"] - role["byzantine"]["actual"])


class Worker:
    """One worker of a world, as it is now."""

    def __init__(self, world: World, index: int) -> None:
        self._world, self.index = world, index

    @property
    def step(self) -> int:
        """As many steps as it has finished."""
        return int(self._world._core.step_of("worker", self.index))

    @property
    def byzantine(self) -> bool:
        """Whether it is Byzantine."""
        role = self._world.scenario["/workers"]
        return bool(self.index >= role["count"] - role["byzantine"]["actual"])


def _decisions(more: Any, name: str) -> list[Any]:
    if not isinstance(more, (list, tuple)):
        raise refuse(name, f"must be a list of decisions, not {shown(more)}",
                     "give dictionaries as below /adversary/script")
    return [json.loads(to_json(mapping_of(each, f"{name}[{i}]"), f"{name}[{i}]"))
            for i, each in enumerate(items_of(more))]


class World:
    """One run, as far as it has come.

    scenario: as of `byzsim.run`.
    record: whether `script()` can tell every decision of the adversary; "value" with the forged
        vectors themselves.

    >>> world = World("quickstart", changes={"/steps": 20})
    >>> world.run(until_step=10)
    True
    >>> other = world.fork()
    >>> world.run(), other.run(), world.digest == other.digest
    (True, True, True)
    """

    def __init__(self, scenario: Any, *, threads: int = 1, record: bool | str = False,
                 changes: Mapping[str, Any] | None = None,
                 workload: Workload | None = None) -> None:
        self.scenario = scenario_of(scenario, changes, workload)
        known = {False: "", True: "reference", "value": "value"}
        how = known.get(record) if isinstance(record, (bool, str)) else None
        if how is None:
            raise refuse("record", f"must be False, True or \"value\", not {shown(record)}",
                         "give one of them")
        self._core = _core.World(self.scenario.resolved(), whole(threads, "threads", 1, 1024), how)
        self._script: dict[str, Any] = self.scenario["/adversary"].get("script", {})

    def fork(self) -> World:
        """A copy that goes its own way from here; what never changes is shared."""
        other = World.__new__(World)
        other.scenario = self.scenario
        other._core = self._core.fork()
        other._script = json.loads(json.dumps(self._script))
        return other

    def step(self) -> dict[str, Any] | None:
        """Runs the next event and tells what happened: {"number", "time" (seconds), "node", "kind",
        "message", "verdict", "deeds"}. None once the run has ended."""
        event: dict[str, Any] | None = self._core.step()
        return event

    def run(self, *, until_step: int | None = None, until_event: int | None = None,
            until_time: float | None = None, until_sent: int | None = None,
            until: Callable[[World], bool] | None = None) -> bool:
        """Runs to the end, or until one of these holds; whether that came to be.

        until_step: every honest server has reached the step.
        until_event: that many events have happened.
        until_time: simulated seconds.
        until_sent: somebody has sent something of the step.
        until: a function of this world, asked after every event.
        """
        asked = [each for each in (until_step, until_event, until_time, until_sent, until)
                 if each is not None]
        if len(asked) > 1:
            raise refuse("run", "was given more than one end", "give one")
        if until is not None:
            if not callable(until):
                raise refuse("until", f"must be a function of a world, not {shown(until)}",
                             "give one, or until_step")
            while not until(self):
                if self._core.step() is None:
                    return False
            return True
        if until_step is not None:
            return bool(self._core.run_to_step(whole(until_step, "until_step", 0, 2**53)))
        if until_event is not None:
            return bool(self._core.run_to_event(whole(until_event, "until_event", 0, 2**53)))
        if until_sent is not None:
            return bool(self._core.run_to_sent(whole(until_sent, "until_sent", 0, 2**53)))
        if until_time is not None:
            if (not isinstance(until_time, Real) or isinstance(until_time, bool)
                    or not 0 <= until_time < math.inf):
                raise refuse("until_time", f"must be seconds from 0 on, not {shown(until_time)}",
                             "give a finite number")
            return bool(self._core.run_to_time(float(until_time)))
        self._core.run_to_end()
        return True

    @property
    def now(self) -> float:
        """Simulated seconds since the start."""
        return float(self._core.now)

    @property
    def events(self) -> int:
        """How many events have happened."""
        return int(self._core.events)

    @property
    def steps_done(self) -> int:
        """The step that every honest server has reached."""
        return int(self._core.steps_done)

    @property
    def next_open_step(self) -> int:
        """The first step of which nobody has sent anything: decisions from it on are all open."""
        return int(self._core.furthest) + 1

    @property
    def ended(self) -> bool:
        """Whether no event is left."""
        return bool(self._core.ended)

    @property
    def digest(self) -> str:
        """16 hex digits of everything that has happened so far."""
        return str(self._core.digest)

    @property
    def servers(self) -> list[Server]:
        """All servers, the Byzantine ones last."""
        return [Server(self, index) for index in range(self.scenario["/servers/count"])]

    @property
    def workers(self) -> list[Worker]:
        """All workers, the Byzantine ones last."""
        return [Worker(self, index) for index in range(self.scenario["/workers/count"])]

    def measure(self, objective: str) -> float | None:
        """A metric of the run so far, as searches have them: "drift", "accuracy:min",
        "gathers.drift_before:max". None where it is undefined."""
        try:
            value: float | None = self._core.measured(text_of(objective, "objective"))
        except InputError as error:
            raise InputError([Issue(issue.where or "objective", issue.problem, issue.remedy)
                              for issue in error.issues]) from None
        return value

    def decide(self, *, moves: list[Mapping[str, Any]] | None = None,
               deliveries: list[Mapping[str, Any]] | None = None,
               forgeries: list[Mapping[str, Any]] | None = None) -> None:
        """Appends decisions to the script that the adversary follows, as a scenario has them below
        /adversary/script. They count for what has not been sent yet. Raises InputError with all
        mistakes; nothing is decided then."""
        script = json.loads(json.dumps(self._script))
        for name, more in (("moves", moves), ("deliveries", deliveries), ("forgeries", forgeries)):
            if more is not None:
                script.setdefault(name, []).extend(_decisions(more, name))
        scenario = self.scenario.copy({"/adversary/script": script})
        self._core.follow(scenario.resolved())
        self._script = script

    def script(self) -> dict[str, Any]:
        """Every decision of the adversary so far, as a script; of a world made with `record`."""
        text = self._core.record()
        if text is None:
            raise refuse("script", "this world keeps no record", "make it with record=True")
        made: dict[str, Any] = json.loads(text)["adversary"].get("script", {})
        return made

    def result(self) -> Run:
        """What the run has come to so far; of a run that has not ended, "interrupted"."""
        return Run(self._core.files(), self._core.models)

    def __repr__(self) -> str:
        return (f"<byzsim.World {self.scenario.written().get('name', '')!r}: step "
                f"{self.steps_done}, {self.now:.3f} s, {self.events} events>")
