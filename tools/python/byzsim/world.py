"""A run as a value: stepped, looked at, forked in time, told what to decide."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, NamedTuple

import numpy

from . import _core
from .arguments import mapping_of, path_of, text_of, to_json, whole
from .arrays import items_of
from .errors import InputError, Issue, refuse, shown
from .runs import Run
from .scenario import Scenario
from .workload import Workload, scenario_of


class Quorum(NamedTuple):
    """The messages that a node has used last: the senders, ("worker", 3) or on a graph ("node", 3), in
    the order of use."""

    phase: str
    step: int
    senders: list[tuple[str, int]]


class Node:
    """One node of a world, as it is now. All arrays are read-only and stay as they are, whatever
    becomes of the world."""

    role = ""

    def __init__(self, world: World, index: int) -> None:
        self._world, self.index = world, index

    @property
    def step(self) -> int:
        """As many steps as it has finished."""
        return int(self._world._core.step_of(self.role, self.index))

    @property
    def byzantine(self) -> bool:
        """Whether it is Byzantine."""
        count, byzantine = self._world._counts[self.role]
        return bool(self.index >= count - byzantine)

    @property
    def quorum(self) -> Quorum | None:
        """What it has aggregated last; None before it has aggregated anything."""
        used = self._world._core.quorum_of(self.role, self.index)
        return None if used is None else Quorum(*used)


class Server(Node):
    """One server of a world, as it is now."""

    role = "server"

    @property
    def model(self) -> Any:
        """Its latest model: d float32 values. A Byzantine server has the one that an honest one in
        its place would have. None before its first event, and in a run without numbers."""
        return self._world._core.model_of(self.index)


class GraphNode(Server):
    """One node of a world on a graph, as it is now: it has a model as a server has."""

    role = "node"


class Worker(Node):
    """One worker of a world, as it is now."""

    role = "worker"

    @property
    def gradient(self) -> tuple[int, Any] | None:
        """The step and the d float32 values of the gradient that it has sent last; of a Byzantine
        worker what an honest one in its place would have sent. None before it has sent one."""
        held: tuple[int, Any] | None = self._world._core.gradient_of(self.index)
        return held


def _as_json(entry: Any) -> Any:
    """An entry of a script with its vectors as JSON has them: lists, with names for what is not
    finite."""
    if isinstance(entry, numpy.ndarray):
        return _as_json(entry.tolist())
    if isinstance(entry, Mapping):
        return {name: _as_json(value) for name, value in entry.items()}
    if isinstance(entry, (list, tuple)):
        return [_as_json(value) for value in entry]
    if isinstance(entry, (float, numpy.floating)) and not math.isfinite(entry):
        return "nan" if math.isnan(entry) else "inf" if entry > 0 else "-inf"
    return entry


def _decisions(more: Any, name: str) -> list[Any]:
    if not isinstance(more, (list, tuple)):
        raise refuse(name, f"must be a list of decisions, not {shown(more)}",
                     "give dictionaries as below /adversary/script")
    made = []
    for i, each in enumerate(items_of(more)):
        place = f"{name}[{i}]"
        try:
            entry = _as_json(mapping_of(each, place))
        except RecursionError as error:
            raise refuse(place, "holds itself, or is too deep", "give a decision") from error
        made.append(json.loads(to_json(entry, place)))
    return made


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
        whole_scenario = self.scenario.to_dict()
        self._script: dict[str, Any] = whole_scenario["adversary"].get("script", {})
        roles = {"servers": "server", "workers": "worker", "nodes": "node"}
        self._counts = {"server": (0, 0), "worker": (0, 0), "node": (0, 0),
                        **{roles[name]: (group["count"], group["byzantine"]["actual"])
                           for name, group in whole_scenario.items() if name in roles}}

    def fork(self) -> World:
        """A copy that goes its own way from here; what never changes is shared."""
        other = World.__new__(World)
        other.scenario, other._counts = self.scenario, self._counts
        other._core = self._core.fork()
        other._script = {name: list(entries) for name, entries in self._script.items()}
        return other

    def save(self, file: str | os.PathLike[str]) -> None:
        """Writes all that the world is to a file, from which `World.load` goes on to the same bits:
        in another process, with other threads, on another machine.

        >>> import tempfile
        >>> world = World("quickstart", changes={"/steps": 10})
        >>> world.run(until_step=5)
        True
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     world.save(folder + "/world.byz")
        ...     other = World.load(folder + "/world.byz")
        >>> world.run(), other.run(), world.digest == other.digest
        (True, True, True)
        """
        now = self.scenario.copy({"/adversary/script": self._script}) if self._script else \
            self.scenario
        self._core.save(now.resolved(), path_of(file, "file"))

    @classmethod
    def load(cls, file: str | os.PathLike[str], *, threads: int = 1,
             workload: Workload | None = None) -> World:
        """The world of a file that `save` wrote, or of a snapshot that `byzsim run` has kept (whose
        nodes tell what they did last from their next event on). A world with a workload or with
        strategies in Python needs the same ones here. Raises InputError for a file that is damaged,
        or of another version, with what differs."""
        path = path_of(file, "file")
        head = json.loads(_core.snapshot_head(path))
        record: bool | str = False
        if "record by reference" in head["beside"]:
            record = True
        elif "record by value" in head["beside"]:
            record = "value"
        world = cls(head["scenario"], threads=threads, record=record, workload=workload)
        world._core.load(world.scenario.resolved(), path)
        return world

    def step(self) -> dict[str, Any] | None:
        """Runs the next event and returns what happened: {"number", "time" (seconds), "node",
        "kind", "cause" (the number of the event that planned it; 0: the run's start), "message",
        "verdict", "deeds"}. Nodes are ("server", 0), on a graph ("node", 0). None once the run has
        ended."""
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
                if not self._core.run_to_event(self.events + 1):
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
        """All servers, or all nodes of a graph, the Byzantine ones last."""
        return [*self.nodes, *(Server(self, i) for i in range(self._counts["server"][0]))]

    @property
    def nodes(self) -> list[GraphNode]:
        """All nodes of a graph, the Byzantine ones last; none in a protocol with servers."""
        return [GraphNode(self, index) for index in range(self._counts["node"][0])]

    @property
    def workers(self) -> list[Worker]:
        """All workers, the Byzantine ones last; none on a graph."""
        return [Worker(self, index) for index in range(self._counts["worker"][0])]

    @property
    def queued(self) -> int:
        """How many events are planned."""
        return int(self._core.queued)

    def queue(self, most: int = 10) -> list[dict[str, Any]]:
        """The planned events that come first, in their order, at most that many: {"time" (seconds),
        "node", "kind", "cause", "message"}; "message" is None or {"sender", "phase", "step",
        "round"}. An event of a node that is down waits until it is up.

        >>> [event["kind"] for event in World("quickstart").queue(2)]
        ['start', 'start']
        """
        made: list[dict[str, Any]] = self._core.next_events(whole(most, "most", 0, 2**53))
        return made

    def transcript(self, step: int, phase: str = "gradient", round: int = 0) -> dict[str, Any]:
        """What the adversary sees of one phase of a step: {"honest": {node: vector}, "byzantine":
        {node: vector}, "sent": [node]}: what nodes have begun to compute or have sent (Byzantine
        ones: what honest ones in their place would), and which honest ones have sent it. Vectors
        are read-only arrays of d float32 values.

        Only of a world with Byzantine nodes, and of steps of which some may still send something:
        others are empty. phase: "model", "gradient", "gather", "agreement", ...
        """
        seen: dict[str, Any] = self._core.seen(whole(step, "step", 0, 2**53), phase,
                                               whole(round, "round", 0, 2**53))
        return seen

    def measure(self, objective: str) -> float | None:
        """A metric of the run so far, as searches have them: "drift", "accuracy:min",
        "gathers.drift_before:max". None where it is undefined."""
        try:
            value: float | None = self._core.measured(text_of(objective, "objective"))
        except InputError as error:
            raise InputError([Issue(issue.where or "objective", issue.problem, issue.remedy)
                              for issue in error.issues]) from None
        return value

    @property
    def diverged(self) -> bool:
        """Whether a recorded loss is no longer finite."""
        return bool(self._core.diverged())

    @property
    def decisions(self) -> dict[str, Any]:
        """The script that the adversary follows: the scenario's, and what was decided since."""
        return {name: list(entries) for name, entries in self._script.items()}

    def decide(self, *, moves: list[Mapping[str, Any]] | None = None,
               deliveries: list[Mapping[str, Any]] | None = None,
               forgeries: list[Mapping[str, Any]] | None = None) -> None:
        """Appends decisions to the script that the adversary follows, as a scenario has them below
        /adversary/script ("words" there are the forgeries; a "vector" may be an array). They count
        for what has not been sent yet. Raises InputError with all mistakes; nothing is decided
        then.

        >>> world = World("quickstart", changes={"/steps": 20})
        >>> world.run(until_step=5)
        True
        >>> world.decide(moves=[{"step": world.next_open_step, "workers": "sign_flipping"}])
        """
        script = {name: list(entries) for name, entries in self._script.items()}
        for name, argument, more in (("moves", "moves", moves),
                                     ("deliveries", "deliveries", deliveries),
                                     ("words", "forgeries", forgeries)):
            if more is not None:
                script.setdefault(name, []).extend(_decisions(more, argument))
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
