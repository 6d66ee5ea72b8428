"""Any module and data set of PyTorch's as a workload: `byzsim.torch.Workload`."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from typing import Any

import numpy
import torch

from .errors import refuse
from .strategies import source_of
from .workload import Workload as _Workload

_TEST_ROWS = 512  # evaluated at once


class Workload(_Workload):
    """A `torch.nn.Module` on a data set of (input, label) pairs.

    model: a module on the processor; its parameters at this moment are the first model. Buffers
        (running statistics) stay as they are now, so that a gradient depends on the parameters alone.
    loss: a function of (output, labels), the mean over a batch: `torch.nn.CrossEntropyLoss()`.
    train, test: data sets with len() and [i] -> (input, label), labels numbered from 0.
    batch_size: of every worker; None: the scenario's.
    partition: how byzsim shares the training examples out: "iid", {"name": "dirichlet_niid", ...};
        None: the scenario's.
    name: in scenarios.

    Random layers (dropout) draw from a stream that is named by worker and step.
    """

    def __init__(self, model: torch.nn.Module, loss: Callable[..., Any], train: Any, test: Any,
                 batch_size: int | None = None, partition: Any = None, name: str = "") -> None:
        self._model, self._loss, self._train, self._test = model, loss, train, test
        self._parameters = [each for each in model.parameters() if each.requires_grad]
        if not self._parameters:
            raise refuse("model", "has no parameters that require grad", "give a module to train")
        for each in self._parameters:
            if each.device.type != "cpu" or each.dtype != torch.float32:
                raise refuse("model", f"has a parameter of {each.dtype} on {each.device}",
                             "move it by .float().cpu()")
        self._buffers = {key: value.clone() for key, value in model.named_buffers()}
        self._initial = self._flat()
        self.dimension = len(self._initial)
        self.labels = _labels_of(train)
        self.name = name or "torch_" + type(model).__name__.lower()
        self._changes: dict[str, Any] = {}
        if batch_size is not None:
            self._changes["/workers/batch_size"] = batch_size
        if partition is not None:
            self._changes["/partition"] = partition

    def changes(self) -> dict[str, Any]:
        return dict(self._changes)

    def source(self) -> str:
        """The module's source and shape, its first parameters, the loss, and the data."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(self._initial.tobytes())
        for data in (self._train, self._test):
            tensors = getattr(data, "tensors", None)
            for each in tensors if tensors is not None else (torch.tensor(_labels_of(data)),):
                digest.update(each.contiguous().numpy().tobytes())
        loss = source_of(self._loss) if inspect.isfunction(self._loss) else repr(self._loss)
        return "\n".join((source_of(type(self._model)), repr(self._model), loss,
                          digest.hexdigest()))

    def initial(self, stream: Any) -> Any:
        return self._initial

    def gradient(self, parameters: Any, rows: Any, labels: Any,  # type: ignore[override]
                 stream: Any) -> Any:
        self._load(parameters)
        self._model.train()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(stream.bits() >> 1)
            output = self._model(_inputs_of(self._train, rows))
            loss = self._loss(output, torch.from_numpy(labels))
            gradients = torch.autograd.grad(loss, self._parameters, allow_unused=True)
        return numpy.concatenate([
            numpy.zeros(value.numel(), numpy.float32) if each is None
            else each.detach().reshape(-1).numpy()
            for each, value in zip(gradients, self._parameters, strict=True)])

    def evaluate(self, parameters: Any) -> tuple[float, int, int]:
        self._load(parameters)
        self._model.eval()
        total, correct, loss = len(self._test), 0, 0.0
        with torch.no_grad():
            for begin in range(0, total, _TEST_ROWS):
                rows = range(begin, min(begin + _TEST_ROWS, total))
                output = self._model(_inputs_of(self._test, rows))
                labels = torch.tensor([int(self._test[i][1]) for i in rows])
                loss += float(self._loss(output, labels)) * len(rows)
                if output.dim() == 2:
                    correct += int((output.argmax(dim=1) == labels).sum())
        return loss / total, correct, total

    def _flat(self) -> Any:
        return numpy.concatenate([each.detach().reshape(-1).numpy() for each in self._parameters])

    def _load(self, parameters: Any) -> None:
        flat = torch.from_numpy(numpy.array(parameters))
        at = 0
        with torch.no_grad():
            for each in self._parameters:
                each.copy_(flat[at:at + each.numel()].view_as(each))
                at += each.numel()
            for key, value in self._model.named_buffers():
                value.copy_(self._buffers[key])


def _inputs_of(data: Any, rows: Any) -> Any:
    tensors = getattr(data, "tensors", None)
    if tensors is not None:
        return tensors[0][torch.as_tensor(numpy.asarray(rows))]
    return torch.stack([torch.as_tensor(data[int(i)][0]) for i in rows])


def _labels_of(data: Any) -> Any:
    tensors = getattr(data, "tensors", None)
    if tensors is not None and len(tensors) == 2:
        return tensors[1].numpy()
    return numpy.array([int(data[i][1]) for i in range(len(data))], dtype=numpy.int32)
