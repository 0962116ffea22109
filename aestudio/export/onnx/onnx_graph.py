"""Steps of a network as an ONNX graph with a free batch axis. Needs onnx.

Operators of opset 17 (https://onnx.ai/onnx/operators/), which every runtime of the last years has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.steps.model_steps import Step
    from aestudio.layers.layer import Shape

OPSET, IR_VERSION = 17, 8


class Graph:
    """Nodes and weights as they are added; values are known by their names."""

    def __init__(self, kinds: Mapping[str, Callable[[Graph, Step, str], str]]) -> None:
        """kinds: adds the nodes of a step of each kind, given the value before it; returns that after it"""
        self._kinds = kinds
        self._nodes: list[Any] = []
        self._weights: list[Any] = []

    def add(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        """A node; returns the name of its last output, which is the only one for most."""
        from onnx import helper

        number = len(self._nodes)
        names = [f"{kind.lower()}_{number}" + (f"_{k}" if outputs > 1 else "") for k in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, name=names[-1], **attributes))
        return names[-1]

    def weight(self, values: Any, kind: Any = np.float32) -> str:
        """A constant array of any shape."""
        from onnx import numpy_helper

        name = f"weight_{len(self._weights)}"
        array = np.array(values, kind, order="C")  # a single number keeps the shape of one
        self._weights.append(numpy_helper.from_array(array, name))
        return name

    def shape(self, *sides: int) -> str:
        """A shape for Reshape; 0 keeps a side, -1 takes what is left."""
        return self.weight(sides, np.int64)

    def steps(self, steps: tuple[Step, ...], value: str) -> str:
        """All steps one after the other; returns the name of the result."""
        for step in steps:
            value = self._kinds[step.kind](self, step, value)
        return value

    def model(
        self,
        inputs: Mapping[str, Shape],
        outputs: Mapping[str, tuple[str, Shape]],
        name: str,
    ) -> Any:
        """The ONNX model. inputs: shapes without the batch axis by name; outputs: value and shape by name."""
        from onnx import TensorProto, checker, helper

        check: Any = checker.check_model  # type: ignore[reportUnknownMemberType]

        nodes = list(self._nodes)
        for given, (value, _) in outputs.items():
            nodes.append(helper.make_node("Identity", [value], [given], name=given))

        def info(title: str, shape: Shape) -> Any:
            return helper.make_tensor_value_info(title, TensorProto.FLOAT, ["batch", *shape])

        graph = helper.make_graph(
            nodes,
            name,
            [info(title, shape) for title, shape in inputs.items()],
            [info(title, shape) for title, (_, shape) in outputs.items()],
            self._weights,
        )
        opset = [helper.make_opsetid("", OPSET)]
        made = helper.make_model(graph, opset_imports=opset, producer_name="aestudio", ir_version=IR_VERSION)
        check(made)
        return made
