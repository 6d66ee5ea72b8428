"""Vectors as their users have them: numpy arrays, PyTorch tensors, lists, buffers."""

from __future__ import annotations

import sys
from typing import Any

import numpy

from .errors import refuse, shown


def is_tensor(value: Any) -> bool:
    """Whether this is a tensor of PyTorch, which is not imported for it."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _from_tensor(tensor: Any, argument: str) -> numpy.ndarray[Any, Any]:
    if tensor.device.type != "cpu":
        raise refuse(argument, f"lies on the device {tensor.device}", "move it by .cpu()")
    if tensor.requires_grad:
        raise refuse(argument, "requires grad", "give .detach(), or its .grad")
    if tensor.layout is not sys.modules["torch"].strided:
        raise refuse(argument, f"has the layout {tensor.layout}", "convert it by .to_dense()")
    if tensor.numel() > 0 and tensor.data_ptr() == 0:
        raise refuse(argument, "has no memory: its storage was resized",
                     "give it memory again, or another tensor")
    try:
        array = tensor.numpy()
    except (TypeError, RuntimeError) as error:
        raise refuse(argument, f"is no array: {error}", "convert it by .float()") from error
    if not isinstance(array, numpy.ndarray):
        raise refuse(argument, f"gives a {type(array).__name__} where .numpy() gives an array",
                     "give a plain tensor")
    return array


def _from_buffer(value: Any, argument: str) -> numpy.ndarray[Any, Any]:
    try:
        return numpy.asarray(memoryview(value))
    except Exception as error:  # of the buffer's owner, or of numpy, which does not know its format
        raise refuse(argument, f"has a buffer that cannot be read: {shown(error)}",
                     "convert it by numpy.asarray()") from error


def _has_buffer(value: Any) -> bool:
    try:
        memoryview(value).release()
    except TypeError:
        return False
    except Exception:  # it has one, and cannot give it: _from_buffer's to refuse
        return True
    return not isinstance(value, (bytes, bytearray))


def array_of(value: Any, argument: str) -> Any:
    """The same values as a numpy array, without a copy where that is possible; otherwise `value`
    itself, for the next one to refuse."""
    if isinstance(value, numpy.ndarray):
        if isinstance(value, numpy.ma.MaskedArray):
            raise refuse(argument, "is a masked array", "fill it by .filled()")
        return value
    if is_tensor(value):
        return _from_tensor(value, argument)
    if isinstance(value, (list, tuple)):
        return _from_numbers(items_of(value), argument)
    if not isinstance(value, str) and _has_buffer(value):
        return _from_buffer(value, argument)
    return value


def items_of(value: list[Any] | tuple[Any, ...]) -> list[Any]:
    """What a list or tuple holds now, whatever a subclass says that it does."""
    kind: Any = list if isinstance(value, list) else tuple
    return list(kind.__getitem__(value, slice(None)))


def _from_numbers(values: list[Any], argument: str) -> Any:
    if not values or not all(type(each) in (int, float) for each in values):
        return values
    try:
        return numpy.asarray(values, dtype=numpy.float64)
    except OverflowError as error:
        raise refuse(argument, "has a number that no float64 can hold",
                     "give numbers below 1.8e308") from error


def rows_of(vectors: Any, argument: str) -> Any:
    """An (n, d) array, or a list of arrays."""
    if type(vectors) is numpy.ndarray:
        return vectors
    if isinstance(vectors, (list, tuple)):
        return [each if type(each) is numpy.ndarray else array_of(each, f"{argument}[{i}]")
                for i, each in enumerate(items_of(vectors))]
    return array_of(vectors, argument)


def target_of(out: Any) -> Any:
    """The array that shares its memory with what the caller wants the answer in."""
    if isinstance(out, (list, tuple)):
        raise refuse("out", f"is a {type(out).__name__}, not an array", "give an array of d values")
    return array_of(out, "out")


def holds_tensors(vectors: Any) -> bool:
    """Whether the answer is to be a tensor."""
    if isinstance(vectors, (list, tuple)):
        items = items_of(vectors)
        return bool(items) and is_tensor(items[0])
    return is_tensor(vectors)


def like(answer: numpy.ndarray[Any, Any], as_tensor: bool) -> Any:
    """The answer as what the caller has."""
    return sys.modules["torch"].from_numpy(answer) if as_tensor else answer
