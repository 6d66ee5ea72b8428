"""byzsim: training on many machines of which some are Byzantine, simulated bit for bit.

    import byzsim
    byzsim.aggregate("median", vectors, f=2)     # rules and attacks as functions of arrays
    byzsim.run("quickstart")                     # whole runs, with their digest
    world = byzsim.World("quickstart")           # a run that is stepped, looked at and forked
"""

from __future__ import annotations

import json as _json

from . import _core
from .aggregation import aggregate, attack, describe, pre_aggregate
from .errors import CallbackError, InputError, InternalError, Issue
from .runs import Run, load, run, verify
from .scenario import ByzsimWarning, Scenario
from .searches import SearchResult, SearchSpace, SearchVariable, search
from .sweeps import Sweep, SweepPoint, SweepStatus, sweep
from .tables import read_gathers, read_run, read_sweep, write_csv
from .world import World


def load_plugin(file: str) -> str:
    """Loads a shared library with strategies (byzsim_plugin.h); returns its digest. It runs in this
    process with all rights."""
    return str(_core.load_plugin(file)[1])


def version() -> dict[str, object]:
    """Version, numeric profile, compiler and libraries that this package was built from."""
    made: dict[str, object] = _json.loads(_core.version())
    return made


__version__ = str(version()["version"])
__all__ = ["ByzsimWarning", "CallbackError", "InputError", "InternalError", "Issue", "Run",
           "Scenario", "SearchResult", "SearchSpace", "SearchVariable", "Sweep", "SweepPoint",
           "SweepStatus", "World", "aggregate", "attack", "describe", "load", "load_plugin",
           "pre_aggregate", "read_gathers", "read_run", "read_sweep", "run", "search", "sweep",
           "verify", "version", "write_csv"]
