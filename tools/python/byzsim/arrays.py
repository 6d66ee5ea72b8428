"""Vectors as their users have them: numpy arrays, PyTorch tensors, lists, anything with a buffer."""

from __future__ import annotations

import sys
from typing import Any

import numpy

from .errors import refuse


def is_tensor(value: Any) -> bool:
    """Whether this is a tensor of PyTorch, which is not imported for it."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _from_tensor(tensor: Any, argument: str) -> numpy.ndarray:
    if tensor.device.type != "cpu":
        raise refuse(argument, f"lies on the device {tensor.device}", "move it by .cpu()")
    if tensor.requires_grad:
        raise refuse(argument, "requires grad", "give .detach(), or its .grad")
    if tensor.layout is not sys.modules["torch"].strided:
        raise refuse(argument, f"has the layout {tensor.layout}", "convert it by .to_dense()")
    try:
        array: numpy.ndarray = tensor.numpy()
    except (TypeError, RuntimeError) as error:
        raise refuse(argument, f"is no array: {error}", "convert it by .float()") from error
    return array


def _from_buffer(value: Any, argument: str) -> numpy.ndarray:
    try:
        return numpy.asarray(memoryview(value))
    except (TypeError, ValueError, BufferError) as error:
        raise refuse(argument, f"has a buffer that cannot be read: {error}",
                     "convert it by numpy.asarray()") from error


def _has_buffer(value: Any) -> bool:
    try:
        memoryview(value).release()
    except TypeError:
        return False
    except (ValueError, BufferError):
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
    if isinstance(value, (list, tuple)) and value and _all_numbers(value):
        return numpy.asarray(value, dtype=numpy.float64)
    if not isinstance(value, (list, tuple, str)) and _has_buffer(value):
        return _from_buffer(value, argument)
    return value


def _all_numbers(values: Any) -> bool:
    return all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values)


def rows_of(vectors: Any, argument: str) -> Any:
    """An (n, d) array, or a list of arrays."""
    if isinstance(vectors, numpy.ndarray) and type(vectors) is numpy.ndarray:
        return vectors
    if isinstance(vectors, (list, tuple)):
        return [array_of(each, f"{argument}[{i}]") for i, each in enumerate(vectors)]
    return array_of(vectors, argument)


def holds_tensors(vectors: Any) -> bool:
    """Whether the answer is to be a tensor."""
    if isinstance(vectors, (list, tuple)):
        return bool(vectors) and is_tensor(vectors[0])
    return is_tensor(vectors)


def like(answer: numpy.ndarray, as_tensor: bool) -> Any:
    """The answer as what the caller has."""
    return sys.modules["torch"].from_numpy(answer) if as_tensor else answer
