"""An environment of Gymnasium: a learner plays the adversary of a run, one decision at a time.

The package imports without gymnasium; making an AdversaryEnv needs it.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy

from . import _core
from .arguments import to_json, whole
from .errors import InputError, refuse
from .scenario import Scenario
from .world import World

try:
    gymnasium: Any = import_module("gymnasium")
except ImportError:
    gymnasium = None
_Base: Any = object if gymnasium is None else gymnasium.Env

Observation = numpy.ndarray[Any, Any]
Action = Any  # an integer, or an array

# What an observation holds, in its order, each with the least and the largest value.
OBSERVED: dict[str, tuple[float, float]] = {
    "share of the steps that are done": (0, 1),
    "objective, as sign(x) * log10(1 + |x|)": (-20, 20),
    "log10 of the largest distance between the models of two honest servers": (-20, 20),
    "log10 of the mean norm of the latest honest gradients": (-20, 20),
    "log10 of the root mean squared distance of these gradients from their mean": (-20, 20),
    "share of Byzantine senders in the last quorums of the honest servers": (0, 1)}
_LOW, _HIGH = numpy.array(list(OBSERVED.values()), dtype=numpy.float32).T


class AdversaryEnv(_Base):  # type: ignore[misc]
    """One run in which the adversary decides every few steps: an environment of Gymnasium.

    scenario, changes: as of `byzsim.run`, without moves in its script.
    objective: what the adversary makes worse, as searches have them: "drift", "accuracy:min". The
        reward is its growth since the last decision (the decline of an accuracy or a cosine), and
        0 for as long as it is undefined.
    every: steps between two decisions; the metrics are recorded as often.
    actions: among what the adversary chooses:
        "moves": an integer, one of the moves among which `byzsim search`'s look_ahead chooses
            (attacks of workers and servers, scheduler, halves of the honest servers), with at most
            `halves` partitions of the servers;
        [{"workers": "split", "scheduler": "keep_apart"}, ...]: an integer, one of these moves, as
            /adversary/script/moves has them, without their steps;
        "numbers": k values within [0, 1], how far each parameter of the scenario's attacks and
            scheduler is on its way through its range;
        ["/adversary/workers/parameters/z=0.5..3", "...=0.001..1:log"]: the same of these numbers,
            with ranges as `byzsim search --over` has them.
    divergence_reward: of the step in which the run diverges, which ends the episode: a loss or a
        model is no longer finite, and no objective has a value.
    threads: how many threads compute.

    An observation is len(OBSERVED) float32 values, which `byzsim.env.OBSERVED` describes. A
    decision counts for all that is sent of steps of which nobody has sent anything yet. `world` is
    the run itself, for looking at more; `fork()` copies everything, for planning.

    Raises InputError for what is wrong and where gymnasium is not installed.

    >>> env = AdversaryEnv("quickstart", changes={"/steps": 20}, actions="moves")  # doctest: +SKIP
    >>> observation, info = env.reset(seed=3)                                      # doctest: +SKIP
    >>> observation, reward, ended, _, info = env.step(5)                          # doctest: +SKIP
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 4}

    def __init__(self, scenario: Any, *, changes: Mapping[str, Any] | None = None,
                 objective: str = "drift", every: int = 10, actions: Any = "moves",
                 halves: int = 3, divergence_reward: float = 1e6, threads: int = 1,
                 render_mode: str | None = None) -> None:
        if gymnasium is None:
            raise refuse("AdversaryEnv", "needs gymnasium, which is not installed",
                         "install it: pip install gymnasium")
        if render_mode not in (None, "ansi"):
            raise refuse("render_mode", f'must be None or "ansi", not {render_mode!r}',
                         "give one of them")
        self.scenario = Scenario(scenario, changes)
        self.every = whole(every, "every", 1, 2**53)
        self.scenario["/metrics/every"] = self.every
        if self.scenario["/adversary"].get("script", {}).get("moves"):
            raise refuse("/adversary/script/moves", "an AdversaryEnv makes the moves itself",
                         "leave them out of the scenario")
        if not isinstance(divergence_reward, (int, float)) or not math.isfinite(divergence_reward):
            raise refuse("divergence_reward", f"must be a finite number, not {divergence_reward!r}",
                         "give one")
        self.divergence_reward = float(divergence_reward)
        self.objective, self.threads, self.render_mode = objective, threads, render_mode
        self.steps = int(self.scenario["/steps"])
        self.world = World(self.scenario, threads=threads)
        self._sign = -1.0 if _core.less_is_worse(objective) else 1.0
        self._began, self._decisions = False, 0
        self._last: dict[str, Any] | None = None
        self._value: float | None = None
        self._choose_among(actions, halves)
        self.observation_space = gymnasium.spaces.Box(_LOW, _HIGH, dtype=numpy.float32)

    def reset(self, *, seed: int | None = None,
              options: dict[str, Any] | None = None) -> tuple[Observation, dict[str, Any]]:
        """Begins another run, with the scenario's seed replaced by `seed`. Without one, the first
        run has the scenario's own seed and each later one a seed that is drawn from the last that
        was given. Returns the observation and {"seed", "objective", "step"}."""
        if seed is None and not self._began:
            seed = int(self.scenario["/seed"])
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(2**31)) if seed is None else seed
        self._began = True
        self.scenario = self.scenario.copy({"/seed": whole(drawn, "seed", 0, 2**53)})
        self.world = World(self.scenario, threads=self.threads)
        self._decisions, self._last = 0, None
        self._value = _at_first(self.world, self.objective)
        return self._observe(), self._info()

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Decides, and runs to the next decision or the end. Returns the observation, the reward,
        whether the run has ended (or diverged), False, and the information of `reset` with the
        "move" that was made and whether the run has "diverged"."""
        if not self._began or self.world.ended:
            raise refuse("step", "there is no run to decide in", "call reset() first")
        move = self.move_of(action)
        self._decide(move)
        self._decisions += 1
        target = min(self.steps, self._decisions * self.every)
        self.world.run() if target == self.steps else self.world.run(until_step=target)
        before, self._value = self._value, self.world.measure(self.objective)
        diverged = self._value is None and self.world.diverged
        reward = self.divergence_reward if diverged else self._sign * _growth(before, self._value)
        ended = diverged or self.world.ended
        return self._observe(), reward, ended, False, {**self._info(), "move": move,
                                                       "diverged": diverged}

    def fork(self) -> AdversaryEnv:
        """A copy that goes its own way from here, for planning; what never changes is shared."""
        other = copy.copy(self)
        other.world = self.world.fork()
        for name in ("_np_random", "action_space", "observation_space"):
            setattr(other, name, copy.deepcopy(getattr(self, name)))
        return other

    def move_of(self, action: Action) -> dict[str, Any]:
        """What an action decides, as /adversary/script/moves has it, without its step."""
        if not self.action_space.contains(action):
            raise refuse("action", f"{action!r} is not in {self.action_space}",
                         "env.action_space.sample() gives one that is")
        return self.moves[int(action)] if self.moves else self._move_at(action)

    def decided(self) -> Scenario:
        """The scenario with all decisions of this episode in its script: it runs to the same digest
        anywhere, without an environment."""
        return self.scenario.copy({"/adversary/script": self.world.decisions})

    def render(self) -> str | None:
        """A sentence about the run, where the mode is "ansi"."""
        if self.render_mode is None:
            return None
        value = "undefined" if self._value is None else f"{self._value:.4g}"
        return (f"step {self.world.steps_done} of {self.steps}, {self.objective} {value}, "
                f"last move {self._last}")

    def _choose_among(self, actions: Any, halves: int) -> None:
        self.moves: list[dict[str, Any]] = []
        self._numbers: list[Any] = []
        resolved = self.scenario.resolved()
        if actions == "moves":
            self.moves = json.loads(_core.candidate_moves(resolved, True, True,
                                                          whole(halves, "halves", 1, 1000)))
        elif actions == "numbers":
            self._numbers = _numbers(resolved, [])
        elif _is_list_of(actions, str):
            self._numbers = _numbers(resolved, list(actions))
        elif _is_list_of(actions, Mapping):
            self.moves = [_checked_move(self.scenario, each, place)
                          for place, each in enumerate(actions)]
        else:
            raise refuse("actions", f"is {actions!r}", 'give "moves", "numbers", a list of moves '
                         "or a list of pointers")
        spaces = gymnasium.spaces
        self.action_space = (spaces.Discrete(len(self.moves)) if self.moves else
                             spaces.Box(0, 1, (len(self._numbers),), numpy.float32))

    def _move_at(self, shares: Any) -> dict[str, Any]:
        move: dict[str, Any] = {}
        for number, share in zip(self._numbers, shares):
            _, _, role, _, name = number.pointer.split("/")
            if role not in move:
                move[role] = self.scenario[f"/adversary/{role}"]
            move[role]["parameters"][name] = json.loads(number.value(float(share)))
        return move

    def _decide(self, move: dict[str, Any]) -> None:
        # The same move again would only make the script longer.
        step = self.world.next_open_step
        if move != self._last and step <= self.steps:
            self.world.decide(moves=[{"step": step, **move}])
            self._last = move

    def _info(self) -> dict[str, Any]:
        return {"seed": self.scenario["/seed"], "objective": self._value,
                "step": self.world.steps_done}

    def _observe(self) -> Observation:
        servers = [each for each in self.world.servers if not each.byzantine]
        workers = [each for each in self.world.workers if not each.byzantine]
        gradients = [sent[1] for sent in (each.gradient for each in workers)
                     if sent is not None and sent[1] is not None]
        value = self._value or 0.0
        objective = math.copysign(math.log10(1 + abs(value)), value)
        seen = [self.world.steps_done / self.steps, objective,
                _log(_diameter([each.model for each in servers])), *_sizes(gradients),
                _byzantine_share(self.world, servers)]
        return numpy.clip(numpy.array(seen, dtype=numpy.float32), _LOW, _HIGH)


def _is_list_of(actions: Any, kind: type) -> bool:
    return (isinstance(actions, Sequence) and not isinstance(actions, str) and len(actions) > 0
            and all(isinstance(each, kind) for each in actions))


def _numbers(resolved: Any, overs: list[str]) -> list[Any]:
    """The numbers that an action chooses: parameters of what the adversary has chosen."""
    numbers = _core.numbers_over(resolved, overs)
    for number in numbers:
        tokens = number.pointer.split("/")
        if len(tokens) != 5 or tokens[1] != "adversary" or tokens[3] != "parameters":
            raise refuse("actions",
                         f"{number.pointer} is no parameter of an attack or the scheduler",
                         'give pointers below /adversary, or "numbers" for all')
    if not numbers:
        raise refuse("actions", "the scenario's attacks and scheduler have no number to choose",
                     'choose others, or actions="moves"')
    return list(numbers)


def _checked_move(scenario: Scenario, move: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A copy of a move without a step. Raises InputError that names its place in the list."""
    where = f"actions[{place}]"
    made: dict[str, Any] = json.loads(to_json(dict(move), where))
    if "step" in made:
        raise refuse(where, "has a step, which the time of its choice decides", "leave it out")
    if not made:
        raise refuse(where, "decides nothing", 'give "workers", "servers" or "scheduler", on a graph '
                     '"nodes" or "scheduler"')
    script = {"moves": [{"step": 0, **made}]}
    issues = scenario.copy({"/adversary/script": script}).check()
    if issues:
        raise InputError([each._replace(where=f"{where}: {each.where}") for each in issues])
    return made


def _at_first(world: World, objective: str) -> float | None:
    """What the objective is before anything has been decided, where it is defined by then."""
    ahead = world.fork()  # the world itself stays before its first decision
    ahead.run(until_event=len(world.servers) + len(world.workers))
    return ahead.measure(objective)


def _growth(before: float | None, after: float | None) -> float:
    return 0.0 if before is None or after is None else after - before


def _log(value: float) -> float:
    """Within [-20, 20]: 20 for what is not finite, -20 for 0."""
    if not math.isfinite(value):
        return 20.0
    return math.log10(value) if value > 0 else -20.0


def _diameter(models: list[Any]) -> float:
    """The largest Euclidean distance between two of them; 0 without two."""
    wide = [model.astype(numpy.float64) for model in models if model is not None]
    with numpy.errstate(all="ignore"):
        return float(numpy.max([numpy.linalg.norm(a - b) for a, b in combinations(wide, 2)],
                               initial=0.0))


def _sizes(gradients: list[Any]) -> tuple[float, float]:
    """Logarithms of the mean norm of the gradients, and of their distance from their mean."""
    if not gradients:
        return -20.0, -20.0
    rows = numpy.array(gradients, dtype=numpy.float64)
    with numpy.errstate(all="ignore"):
        norms = numpy.linalg.norm(rows, axis=1)
        apart = numpy.linalg.norm(rows - rows.mean(axis=0), axis=1)
        return _log(float(norms.mean())), _log(float(numpy.sqrt((apart ** 2).mean())))


def _byzantine_share(world: World, servers: list[Any]) -> float:
    byzantine = {(each.role, each.index) for each in (*world.servers, *world.workers)
                 if each.byzantine}
    senders = [sender for each in servers if (quorum := each.quorum) is not None
               for sender in quorum.senders]
    return sum(sender in byzantine for sender in senders) / len(senders) if senders else 0.0
