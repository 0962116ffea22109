"""What objectives do with features and codes as nodes of an ONNX graph. Needs onnx."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.onnx.onnx_graph import Graph
    from aestudio.export.steps.model_steps import Step

TOLD = "condition"
"""The input (batch, K) that tells a model classes."""


def _largest(graph: Graph, step: Step, value: str) -> str:
    count = min(step.settings["count"], step.shape[0])
    chosen = graph.add("TopK", value, graph.shape(count), outputs=2, axis=1)
    none = graph.add("Mul", value, graph.weight(0.0))
    ones = graph.add("Expand", graph.weight(np.ones((1, 1))), graph.add("Shape", chosen))
    return graph.add("Mul", value, graph.add("ScatterElements", none, chosen, ones, axis=1))


def _at_least(graph: Graph, step: Step, value: str) -> str:
    from onnx import TensorProto

    above = graph.add("GreaterOrEqual", value, graph.weight(step.arrays["thresholds"]))
    return graph.add("Mul", value, graph.add("Cast", above, to=TensorProto.FLOAT))


def _number_of_largest(graph: Graph, value: str) -> str:
    """Scores (B, N, K) -> the number of the largest as a float (B, N)."""
    from onnx import TensorProto

    return graph.add("Cast", graph.add("ArgMax", value, axis=2, keepdims=0), to=TensorProto.FLOAT)


def _categories(graph: Graph, step: Step, value: str) -> str:
    shape = graph.shape(0, step.shape[0], step.settings["choices"])
    return _number_of_largest(graph, graph.add("Reshape", value, shape))


def _nearest(graph: Graph, step: Step, value: str) -> str:
    entries = np.asarray(step.arrays["entries"])
    rows = graph.add("Transpose", value, perm=[0, 2, 3, 1])
    rows = graph.add("Reshape", rows, graph.shape(0, step.shape[0], step.inputs[0]))
    products = graph.add("MatMul", rows, graph.weight(2 * entries.T))
    return _number_of_largest(graph, graph.add("Sub", products, graph.weight(np.square(entries).sum(1))))


def _taken(graph: Graph, table: Any, value: str) -> str:
    """Rows of a table (K, D) by their numbers (B, N): (B, N, D)."""
    from onnx import TensorProto

    return graph.add("Gather", graph.weight(table), graph.add("Cast", value, to=TensorProto.INT64), axis=0)


def _one_hot(graph: Graph, step: Step, value: str) -> str:
    taken = _taken(graph, np.eye(step.settings["choices"]), value)
    return graph.add("Reshape", taken, graph.shape(0, *step.shape))


def _drawn_category(graph: Graph, step: Step, value: str) -> str:
    """The first number of a code (B, L) as one of K categories, floor(K Phi(u)), beside the others."""
    from onnx import TensorProto

    choices = step.settings["choices"]
    first = graph.add("Slice", value, graph.shape(0), graph.shape(1), graph.shape(1))
    error = graph.add("Erf", graph.add("Mul", first, graph.weight(math.sqrt(0.5))))
    share = graph.add("Mul", graph.add("Add", error, graph.weight(1.0)), graph.weight(0.5 * choices))
    bounds = graph.weight(0.0), graph.weight(choices - 1.0)
    number = graph.add("Clip", graph.add("Floor", share), *bounds)
    number = graph.add("Cast", graph.add("Squeeze", number, graph.shape(1)), to=TensorProto.INT64)
    chosen = graph.add("Gather", graph.weight(np.eye(choices)), number, axis=0)
    others = graph.add("Slice", value, graph.shape(1), graph.shape(step.inputs[0]), graph.shape(1))
    return graph.add("Concat", chosen, others, axis=1)


def _entries(graph: Graph, step: Step, value: str) -> str:
    rows = _taken(graph, step.arrays["entries"], value)
    turned = graph.add("Transpose", rows, perm=[0, 2, 1])
    return graph.add("Reshape", turned, graph.shape(0, *step.shape))


def _gaussian(graph: Graph, step: Step, value: str) -> str:
    """The means; `deviations` has the rest."""
    return graph.add("Slice", value, graph.shape(0), graph.shape(step.shape[0]), graph.shape(1))


def deviations(graph: Graph, step: Step, value: str) -> str:
    """Means and log-variances (B, 2 L) -> standard deviations (B, L)."""
    size = step.shape[0]
    logs = graph.add("Slice", value, graph.shape(size), graph.shape(2 * size), graph.shape(1))
    return graph.add("Exp", graph.add("Mul", logs, graph.weight(0.5)))


def _clip(graph: Graph, step: Step, value: str) -> str:  # noqa: ARG001 - as the others
    return graph.add("Clip", value, graph.weight(0.0), graph.weight(1.0))


def _part(graph: Graph, value: str, start: int, end: int) -> str:
    """Columns of values (B, N)."""
    return graph.add("Slice", value, graph.shape(start), graph.shape(end), graph.shape(1))


def _exp(graph: Graph, value: str, factor: float) -> str:
    return graph.add("Exp", graph.add("Mul", value, graph.weight(factor)))


def _ladder(graph: Graph, step: Step, value: str) -> str:
    """The upper level, and how far the lower one is from what the upper one expects, in its deviations."""
    top, bottom = step.settings["top"], step.settings["bottom"]
    upper = _part(graph, graph.steps(step.parts["upward"], value), 0, top)
    expected, seen = graph.steps(step.parts["downward"], upper), graph.steps(step.parts["head"], value)
    means = [_part(graph, one, 0, bottom) for one in (expected, seen)]
    logs = [_part(graph, one, bottom, 2 * bottom) for one in (expected, seen)]
    share = graph.add("Sigmoid", graph.add("Sub", *logs))
    apart = graph.add("Mul", share, graph.add("Sub", means[1], means[0]))
    return graph.add("Concat", upper, graph.add("Mul", apart, _exp(graph, logs[0], -0.5)), axis=1)


def _ladder_entry(graph: Graph, step: Step, value: str) -> str:
    top, bottom = step.settings["top"], step.settings["bottom"]
    expected = graph.steps(step.parts["downward"], _part(graph, value, 0, top))
    deviation = _exp(graph, _part(graph, expected, bottom, 2 * bottom), 0.5)
    moved = graph.add("Mul", deviation, _part(graph, value, top, top + bottom))
    return graph.add("Add", _part(graph, expected, 0, bottom), moved)


def _flows(graph: Graph, step: Step, value: str) -> str:
    """Where planar flows z + u tanh(w . z + b) bring the mean; u is changed so that each can be inverted."""
    length = step.shape[0]
    code = _part(graph, graph.steps(step.parts["head"], value), 0, length)
    numbers = graph.steps(step.parts["flow"], value)

    def dot(one: str, other: str) -> str:
        return graph.add("ReduceSum", graph.add("Mul", one, other), graph.shape(1), keepdims=1)

    for flow in range(step.settings["count"]):
        at = flow * (2 * length + 1)
        u, w = (_part(graph, numbers, at + start, at + start + length) for start in (0, length))
        b = _part(graph, numbers, at + 2 * length, at + 2 * length + 1)
        along = dot(w, u)
        positive = graph.add("Softplus", graph.add("Add", along, graph.weight(math.log(math.e - 1))))
        wanted = graph.add("Sub", positive, graph.weight(1.0))
        squares = graph.add("Max", dot(w, w), graph.weight(1e-12))
        more = graph.add("Div", graph.add("Sub", wanted, along), squares)
        u = graph.add("Add", u, graph.add("Mul", more, w))
        height = graph.add("Tanh", graph.add("Add", dot(w, code), b))
        code = graph.add("Add", code, graph.add("Mul", u, height))
    return code


def _told_shift(graph: Graph, step: Step, value: str) -> str:
    return graph.add("Add", value, graph.steps(step.parts["shift"], TOLD))


def _told_beside(graph: Graph, step: Step, value: str) -> str:  # noqa: ARG001 - as the others
    return graph.add("Concat", value, TOLD, axis=1)


CODES: Mapping[str, Callable[[Graph, Step, str], str]] = {
    "largest": _largest,
    "at_least": _at_least,
    "categories": _categories,
    "nearest": _nearest,
    "one_hot": _one_hot,
    "drawn_category": _drawn_category,
    "entries": _entries,
    "gaussian": _gaussian,
    "clip": _clip,
    "ladder": _ladder,
    "ladder_entry": _ladder_entry,
    "flows": _flows,
    "told_shift": _told_shift,
    "told_beside": _told_beside,
}
