"""Scenarios: read, changed and checked before they run."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from typing import Any

from . import _core
from .arguments import mapping_of, path_of, text_of, to_json
from .errors import InputError, Issue, refuse, shown

Source = "Scenario | str | os.PathLike[str] | Mapping[str, Any]"


class Scenario:
    """What is to be run: a shipped name, a file, a dictionary or another scenario.

    Items are named by JSON pointer: `scenario["/workers/count"]`. Reading gives the value that
    counts, defaults among them; writing changes it, with the objects on the way made. A scenario
    is checked when it is first read, run or compared, never while it is being changed. Two are
    equal if they have one id: if they run to the same bits.

    >>> scenario = Scenario("quickstart", {"/steps": 20})
    >>> scenario["/steps"], scenario["/workers/count"]
    (20, 20)
    """

    def __init__(self, source: Any, changes: Mapping[str, Any] | None = None) -> None:
        if isinstance(source, Scenario):
            self._json: str = source._json
        elif isinstance(source, Mapping):
            self._json = _core.prepared(to_json(mapping_of(source, "scenario"),
                                                "scenario"))
        elif isinstance(source, (str, os.PathLike)):
            self._json = _core.load_named(path_of(source, "scenario"))
        else:
            raise refuse("scenario", f"must be a name, a path or a dictionary, not {shown(source)}",
                         "byzsim.Scenario.shipped() lists the shipped ones")
        self._resolved: Any = None
        if changes is not None:
            for pointer, value in mapping_of(changes, "changes").items():
                self[pointer] = value

    @staticmethod
    def shipped() -> list[str]:
        """The names of all scenarios that byzsim brings along."""
        return list(_core.shipped_scenarios())

    def resolved(self) -> Any:
        """For the other files of this package. Raises InputError with all mistakes."""
        if self._resolved is None:
            resolved = _core.ResolvedScenario(self._json)
            for note in resolved.notes:
                warnings.warn(note, ByzsimWarning, stacklevel=3)
            self._resolved = resolved
        return self._resolved

    @property
    def id(self) -> str:
        """16 hex digits: the same for all that run to the same bits."""
        return str(self.resolved().id)

    def check(self) -> list[Issue]:
        """All mistakes, each with its place and remedy; an empty list where it can run."""
        try:
            self.resolved()
        except InputError as error:
            return error.issues
        return []

    def to_dict(self) -> dict[str, Any]:
        """The whole scenario, with every default in it."""
        made: dict[str, Any] = json.loads(self.resolved().json)
        return made

    def written(self) -> dict[str, Any]:
        """The scenario as it was written, without what it leaves open."""
        made: dict[str, Any] = json.loads(self._json)
        return made

    def copy(self, changes: Mapping[str, Any] | None = None) -> Scenario:
        """Another one with some values changed, by JSON pointer."""
        return Scenario(self, changes)

    def __getitem__(self, pointer: str) -> Any:
        value: Any = self.to_dict()
        if pointer != "":
            _check_pointer(pointer)
        for token in pointer.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(key) if key.isdecimal() and isinstance(value, list) else key]
            except (KeyError, IndexError, ValueError, TypeError):
                raise KeyError(f"{pointer}: the scenario has no {key!r} there") from None
        return value

    def __setitem__(self, pointer: str, value: Any) -> None:
        _check_pointer(pointer)
        self._json = _core.with_value(self._json, pointer, to_json(value, pointer))
        self._resolved = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<byzsim.Scenario {self.written().get('name', '')!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Scenario, (self.written(),)


def _check_pointer(pointer: Any) -> None:
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        raise refuse(shown(pointer), "must be a JSON pointer, which begins with a slash",
                     'for example "/workers/count"')
    text_of(pointer, shown(pointer))


class ByzsimWarning(UserWarning):
    """What a user should know although nothing is wrong: a setting without effect, say."""
