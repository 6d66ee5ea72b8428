"""byzsim: training on many machines of which some are Byzantine, simulated bit for bit.

    import byzsim
    byzsim.aggregate("median", vectors, f=2)     # rules and attacks as functions of arrays
    byzsim.run("quickstart")                     # whole runs, with their digest
    world = byzsim.World("quickstart")           # a run that is stepped, looked at and forked
"""

from __future__ import annotations

import json as _json
import sys as _sys
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

if not getattr(_sys, "_is_gil_enabled", lambda: True)():
    raise ImportError("byzsim needs Python's global lock; start python without -X gil=0, or one "
                      "that is not free-threaded")

from . import _core

_core.check_interpreter()  # Python gives subinterpreters the module without asking it

from ._core import Stream
from .aggregation import aggregate, attack, compress, describe, pre_aggregate
from .arguments import path_of as _path_of
from .errors import CallbackError, InputError, InternalError, Issue
from .ranking import Ranking, rank
from .recordings import Recording, bisect
from .runs import Run, load, run, verify
from .scenario import ByzsimWarning, Scenario
from .searches import SearchResult, SearchSpace, SearchVariable, search
from .strategies import (Message, delay, duration_ns, flag, integer, keyword, real, rule, scheduler,
                         text)
from .sweeps import Sweep, SweepPoint, SweepStatus, sweep
from .tables import read_gathers, read_run, read_sweep, write_csv
from .workload import Workload
from .world import World

if _TYPE_CHECKING:
    from .env import AdversaryEnv


def load_plugin(file: str) -> str:
    """Loads a shared library with strategies (byzsim_plugin.h); returns its digest. It runs in this
    process with all rights."""
    return str(_core.load_plugin(_path_of(file, "file"))[1])


def version() -> dict[str, object]:
    """Version, numeric profile, compiler and libraries that this package was built from."""
    made: dict[str, object] = _json.loads(_core.version())
    return made


def __getattr__(name: str) -> _Any:
    # Only who asks for the environment waits for gymnasium to be imported.
    if name == "AdversaryEnv":
        from .env import AdversaryEnv
        return AdversaryEnv
    raise AttributeError(f"module 'byzsim' has no attribute {name!r}")


__version__ = str(version()["version"])
__all__ = ["AdversaryEnv", "ByzsimWarning", "CallbackError", "InputError", "InternalError",
           "Issue", "Message", "Ranking", "Recording", "Run", "Scenario", "SearchResult",
           "SearchSpace", "SearchVariable", "Stream", "Sweep", "SweepPoint", "SweepStatus",
           "Workload", "World", "aggregate", "attack", "bisect", "compress", "delay",
           "describe", "duration_ns", "flag", "integer", "keyword", "load", "load_plugin", "pre_aggregate",
           "rank", "read_gathers", "read_run", "read_sweep", "real", "rule", "run", "scheduler",
           "search", "sweep", "text", "verify", "version", "write_csv"]
