"""Your own rules, attacks, schedulers and delays: functions in byzsim's tables.

A decorated function is a strategy like any other: scenarios name it, `describe` tells of it, sweeps
and searches choose its parameters. It is called with what its arguments are named after; arguments
with a parameter of byzsim's as default are declared parameters of the strategy.

    @byzsim.rule(needs="n >= 2f + 1")
    def half_way(vectors, f, *, share=byzsim.real(0.5, 0, 1, "how far from the mean to the median")):
        \"\"\"Between mean and median.\"\"\"
        return (1 - share) * vectors.mean(axis=0) + share * numpy.median(vectors, axis=0)
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from . import _core, bound
from .errors import refuse

Function = TypeVar("Function", bound=Callable[..., Any])


class Parameter(NamedTuple):
    """What a function declares by the default of an argument."""

    type: str
    default: Any
    help: str
    low: float = 0.0
    high: float = 0.0
    words: tuple[str, ...] = ()


class Message(NamedTuple):
    """A message whose time of arrival is open, as schedulers see it."""

    sender: tuple[str, int]  # ("server", 3), on a graph ("node", 3)
    receiver: tuple[str, int]
    phase: str  # "model", "gradient", "gather", ...
    step: int
    round: int
    byzantine_sender: bool
    sender_half: int  # 0 or 1
    receiver_half: int


def integer(default: int, low: float, high: float, help: str) -> Any:
    """A whole number within [low, high]."""
    return Parameter("integer", int(default), help, float(low), float(high))


def real(default: float, low: float, high: float, help: str) -> Any:
    """A number within [low, high]."""
    return Parameter("real", float(default), help, float(low), float(high))


def flag(default: bool, help: str) -> Any:
    """True or false, as `default` where none is named."""
    return Parameter("flag", bool(default), help)


def keyword(*words: str, help: str) -> Any:
    """One of the words, the first where none is named."""
    if not words:
        raise refuse("words", "are none", "name at least one")
    return Parameter("keyword", words[0], help, words=tuple(words))


def text(default: str, help: str) -> Any:
    """Any text, `default` where none is named."""
    return Parameter("text", str(default), help)


def duration_ns(default: int, low: float, high: float, help: str) -> Any:
    """A time span, which scenarios write with its unit and functions get in nanoseconds."""
    return Parameter("duration", int(default), help, float(low), float(high))


def rule(function: Any = None, *, needs: str = "n >= 1", tolerates: str | None = None,
         growth: str = "vectors", cost: str = "", name: str | None = None,
         source: str = "") -> Any:
    """Makes an aggregation rule of a function.

    Its arguments, each only where it names it: `vectors` (n, d), `f`, `stream` (draws named by the
    receiver and step: .uniform(), .normal(), .bits(), .below(m)), `previous` (d values or None), `own`
    (the index of the receiver's own vector, or None), `weights` (the gossip weight of each vector,
    1/n where none are given), `senders`. It returns d numbers, all finite where the vectors are.

    needs: without it the rule cannot be computed: "n >= 2f + 3".
    tolerates: the condition under which it is proved to tolerate f Byzantine vectors; default: needs.
    growth: "vectors" (n d), "sorting" or "pairs": how long simulated servers compute.
    """
    if growth not in ("vectors", "sorting", "pairs"):
        raise refuse("growth", f'must be "vectors", "sorting" or "pairs", not {growth!r}',
                     "name how the arithmetic grows")
    words = {"vectors": "n d", "sorting": "n log(n) d", "pairs": "n^2 d"}
    return _decorator(function, _core.add_rule, name, source, {
        "vectors", "f", "stream", "previous", "own", "weights", "senders"}, lambda named: {
            "needs": _bound(needs, "needs"), "tolerates": _bound(tolerates or needs, "tolerates"),
            "growth": growth, "cost": cost or words[growth]})


def attack_strategy(function: Any = None, *, name: str | None = None, source: str = "") -> Any:
    """Makes an attack of a function: `byzsim.attack` as a decorator.

    Its arguments, each only where it names it: `honest` (m, d), what an honest node would send in its
    place as `own` (d values), `n`, `f`, `half` (0 or 1, of the receiver: then the two halves are sent
    different vectors), `halves` (of the senders of `honest`), `stream`. It returns d numbers of any
    bits.
    """
    return _decorator(function, _core.add_attack, name, source,
                      {"honest", "own", "n", "f", "half", "halves", "stream"},
                      lambda named: {"uses_honest": "honest" in named or "halves" in named,
                                     "per_half": "half" in named})


def scheduler(function: Any = None, *, name: str | None = None, source: str = "") -> Any:
    """Makes a scheduler of a function: how long each message travels.

    Its arguments, each only where it names it: `message` (a `byzsim.Message`), `now_ns`, `drawn_ns`
    (what the link drew), `stream`. It returns nanoseconds in [0, 10^15].
    """
    return _decorator(function, _core.add_scheduler, name, source,
                      {"message", "now_ns", "drawn_ns", "stream"}, lambda named: {})


def delay(function: Any = None, *, name: str | None = None, source: str = "") -> Any:
    """Makes a distribution of delays and computing times of a function.

    Its arguments, each only where it names it: `stream`, `now_ns`, `link` (48 bits that name sender
    and receiver). It returns nanoseconds in [0, 10^15].
    """
    return _decorator(function, _core.add_delay, name, source, {"stream", "now_ns", "link"},
                      lambda named: {})


def _decorator(function: Any, add: Callable[[dict[str, Any], Any], None], name: str | None,
               source: str, known: set[str],
               traits: Callable[[set[str]], dict[str, Any]]) -> Any:
    def decorate(given: Function) -> Function:
        called = name if name is not None else getattr(given, "__name__", "")
        named, parameters = _arguments(given, known)
        declared = {"name": _checked_name(called), "summary": _summary(given, called),
                    "source": source, "parameters": parameters,
                    "digest": _core.digest_of(source_of(given)), **traits(named)}
        add(declared, _caller(given, named, {each["name"] for each in parameters}))
        bound.forget()
        given.byzsim_name = called  # type: ignore[attr-defined]
        return given
    if function is None:
        return decorate
    if not callable(function):
        raise refuse("function", f"must be a function, not {function!r}",
                     "put the decorator above one")
    return decorate(function)


# Handed everything that a call knows, it gets what it asks for.
def _caller(function: Callable[..., Any], named: set[str],
            parameters: set[str]) -> Callable[..., Any]:
    wanted = named | parameters

    def call(**everything: Any) -> Any:
        return function(**{key: everything[key] for key in wanted})
    return call


def _arguments(function: Any, known: set[str]) -> tuple[set[str], list[dict[str, Any]]]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError) as error:
        raise refuse("function", f"has no signature that can be read: {error}",
                     "write it in Python, with def") from error
    named, parameters = set(), []
    for key, argument in signature.parameters.items():
        if isinstance(argument.default, Parameter):
            parameters.append({"name": _checked_name(key), **argument.default._asdict(),
                               "words": list(argument.default.words)})
        elif key in known and argument.kind is not argument.POSITIONAL_ONLY:
            named.add(key)
        elif argument.default is argument.empty or argument.kind in (argument.VAR_POSITIONAL,
                                                                     argument.VAR_KEYWORD):
            raise refuse(key, "is an argument that byzsim does not know",
                         f"name some of {', '.join(sorted(known))}, or give it a parameter as "
                         "default (byzsim.real, byzsim.integer, ...)")
    return named, parameters


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", name):
        raise refuse(repr(name), "must be a name of a-z, 0-9 and _ that begins with a letter and has "
                     "at most 64", 'give one with name="..."')
    return name


def _summary(function: Any, name: str) -> str:
    lines = (inspect.getdoc(function) or "").strip().splitlines()
    return lines[0] if lines else f"{name}, a function of Python"


def _bound(condition: str, argument: str) -> tuple[int, int]:
    """"n >= 2f + 3" as (2, 3)."""
    match = re.fullmatch(r"\s*n\s*>=\s*(?:(\d*)\s*f)?\s*(?:(?:(?<=f)\s*\+\s*|(?<!f))(\d+))?\s*",
                         condition)
    if match is None or match.group(0).strip() == "n >=":
        raise refuse(argument, f"must be a condition such as \"n >= 2f + 3\", not {condition!r}",
                     "write how many vectors there must be for f Byzantine ones")
    times = 0 if match.group(1) is None else int(match.group(1) or 1)
    return times, int(match.group(2) or 0)


def source_of(function: Any) -> str:
    """What the digest of a function covers: the file that it stands in, or its own lines, or its
    code where it has no source."""
    try:
        file = inspect.getsourcefile(function)
        if file is not None and not file.startswith("<") and not _is_executed(function):
            with open(file, encoding="utf-8", errors="replace") as text:
                return f"{function.__qualname__}\n{text.read()}"
    except (OSError, TypeError):
        pass
    try:
        if not _is_executed(function):
            return inspect.getsource(function)
    except (OSError, TypeError):
        pass
    return _code_text(getattr(function, "__code__", None) or function)


def _is_executed(function: Any) -> bool:
    """Whether it comes from a text that was executed, whatever module it says it is of."""
    codes = [getattr(each, "__code__", None) for each in
             (vars(function).values() if inspect.isclass(function) else (function,))]
    files = [code.co_filename for code in codes if code is not None]
    return bool(files) and all(each.startswith("<") for each in files)


def _code_text(code: Any) -> str:
    if inspect.isclass(code):
        return "\n".join(f"{key} {_code_text(getattr(value, '__code__', value))}"
                         for each in reversed(code.__mro__) if each is not object
                         for key, value in sorted(vars(each).items()) if not key.startswith("__")
                         or callable(value))
    if not inspect.iscode(code):
        return repr(code) if isinstance(code, (str, int, float, tuple)) else repr(type(code))
    constants = [_code_text(each) if inspect.iscode(each) else repr(each)
                 for each in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"
