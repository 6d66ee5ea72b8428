"""What byzsim raises: every error names the place, the rule and the remedy."""

from __future__ import annotations

from typing import Any, NamedTuple


class Issue(NamedTuple):
    """One mistake in what was given.

    `where` is an argument or a JSON pointer, `problem` the rule with the value found, `remedy` what
    to do about it; `where` and `remedy` may be empty.
    """

    where: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        text = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{text}; {self.remedy}" if self.remedy else text


class InputError(ValueError):
    """What was given is wrong. `issues` holds all mistakes that were found, at least one."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__("\n".join(str(issue) for issue in issues))
        self.issues = list(issues)

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Issue]]]:
        return InputError, (self.issues,)


class InternalError(RuntimeError):
    """A mistake of byzsim's own; please report it with what led to it."""


class CallbackError(RuntimeError):
    """A function of yours has raised, or returned what cannot be used; `__cause__` is what it
    raised."""


def shown(value: Any) -> str:
    """A value in an error: short, whatever it is."""
    try:
        text = repr(value)
    except Exception:  # of an object's own, or of a number with too many digits
        return f"a {type(value).__name__} that cannot be printed"
    return text if len(text) <= 80 else text[:77] + "..."


def interrupted_with(interruption: BaseException, name: str, made: Any) -> BaseException:
    """What has interrupted a call, with what was made until then as its attribute `name`."""
    setattr(interruption, name, made)
    if isinstance(interruption, KeyboardInterrupt) and not interruption.args:
        interruption.args = (f"the {name} was interrupted; its attribute {name} holds the rest",)
    return interruption


def refuse(where: str, problem: str, remedy: str) -> InputError:
    """The InputError of one issue, to be raised."""
    return InputError([Issue(where, problem, remedy)])
