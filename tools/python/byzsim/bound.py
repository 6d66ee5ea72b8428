"""Rules and attacks with their parameters, read once for any number of calls."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from . import _core


@lru_cache(maxsize=256)
def aggregation(rule: str, pre: str, f: int, argument: str) -> Any:
    """A chain and a rule, of JSON."""
    return _core.Aggregation(rule, pre, f, argument)


# The common case takes a microsecond: a name alone makes no JSON.
@lru_cache(maxsize=256)
def plain_aggregation(rule: str, f: int) -> Any:
    """A rule of that name with its defaults."""
    return _core.Aggregation(json.dumps(rule), "[]", f)


@lru_cache(maxsize=256)
def attack(name: str, f: int) -> Any:
    """An attack, of JSON."""
    return _core.Attack(name, f)


@lru_cache(maxsize=256)
def compressor(name: str) -> Any:
    """A compressor, of JSON."""
    return _core.Compressor(name)


def forget() -> None:
    """What was read may mean something else now: a function was redefined."""
    for each in (aggregation, plain_aggregation, attack):
        each.cache_clear()
