"""Arguments as they come from callers: checked, and refused by name."""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Mapping
from typing import Any

import numpy

from .errors import refuse, shown


def to_json(value: Any, argument: str) -> str:
    """JSON text of what the caller gave, numpy's numbers among it."""
    def plain(other: Any) -> Any:
        if isinstance(other, numpy.generic):
            return other.item()
        if isinstance(other, numpy.ndarray):
            return other.tolist()
        name = getattr(other, "byzsim_name", None)  # a decorated function stands for its name
        if isinstance(name, str):
            return name
        raise TypeError(f"a {type(other).__name__} is no JSON")
    try:
        return json.dumps(value, default=plain, allow_nan=False)
    except Exception as error:  # of the encoder, or of a hostile object's own
        raise refuse(argument, f"is no JSON: {error}",
                     "give names, finite numbers, lists and dictionaries") from error


def whole(value: Any, argument: str, low: int, high: int) -> int:
    """An integer of Python's or numpy's within [low, high]."""
    try:
        number = operator.index(value)
    except Exception as error:  # what __index__ raises is a hostile object's own
        raise refuse(argument, f"must be an integer, not {shown(value)}",
                     "give a whole number") from error
    if isinstance(value, bool) or not low <= number <= high:
        raise refuse(argument, f"must be an integer in [{low}, {high}], not {shown(value)}",
                     "give one within these bounds")
    return number


def mapping_of(value: Any, argument: str) -> dict[Any, Any]:
    """A dictionary of what a mapping holds now."""
    if not isinstance(value, Mapping):
        raise refuse(argument, f"must be a dictionary, not {shown(value)}",
                     "give names and values, as in JSON")
    try:
        return dict(value)
    except Exception as error:  # what it raises is a hostile object's own
        raise refuse(argument, f"cannot be read: {shown(error)}", "give a dictionary") from error


def text_of(value: Any, argument: str) -> str:
    """A text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise refuse(argument, f"must be a text, not {shown(value)}", "give a str")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise refuse(argument, f"is no Unicode text: {error}", "leave out surrogates") from error
    return value


def path_of(value: Any, argument: str) -> str:
    """A path, or a name, as text."""
    try:
        text = os.fsdecode(value)
    except Exception as error:  # what __fspath__ raises is a hostile object's own
        raise refuse(argument, f"is no path: {shown(error)}",
                     "give a str or a pathlib.Path") from error
    if not text or "\0" in text:
        raise refuse(argument, "is empty" if not text else "has a zero byte in it",
                     "give a path of the file system")
    return text_of(text, argument)
