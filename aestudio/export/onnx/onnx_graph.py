"""Steps of a network as an ONNX graph with a free batch axis. Needs onnx.

Operators of opset 17 (https://onnx.ai/onnx/operators/), which every runtime of the last years has.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.steps.model_steps import Step
    from aestudio.layers.layer import Shape

OPSET, IR_VERSION = 17, 8


class Graph:
    """Nodes and weights as they are added; values are known by their names."""

    def __init__(self) -> None:
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
            value = _KINDS[step.kind](self, step, value)
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


def _linear(graph: Graph, step: Step, value: str) -> str:
    weight, bias = step.arrays["weight"], graph.weight(step.arrays["bias"])
    if len(step.inputs) == 1:
        return graph.add("Gemm", value, graph.weight(weight), bias, transB=1)
    return graph.add("Add", graph.add("MatMul", value, graph.weight(np.asarray(weight).T)), bias)


def _convolution(graph: Graph, step: Step, value: str) -> str:
    known = step.settings
    attributes: dict[str, Any] = {
        "kernel_shape": [known["kernel"]] * 2,
        "strides": [known["stride"]] * 2,
        "pads": [known["padding"]] * 4,
    }
    kind = "Conv"
    if step.kind == "transposed_convolution":
        kind, attributes["output_padding"] = "ConvTranspose", list(known["output_padding"])
    arrays = (graph.weight(step.arrays[name]) for name in ("weight", "bias"))
    return graph.add(kind, value, *arrays, **attributes)


_SIMPLE = {"relu": "Relu", "tanh": "Tanh", "sigmoid": "Sigmoid", "elu": "Elu"}


def _activation(graph: Graph, step: Step, value: str) -> str:
    function = step.settings["function"]
    match function:
        case "leaky_relu":
            return graph.add("LeakyRelu", value, alpha=0.2)
        case "silu":
            return graph.add("Mul", value, graph.add("Sigmoid", value))
        case "gelu":
            scaled = graph.add("Mul", value, graph.weight(math.sqrt(0.5)))
            one_more = graph.add("Add", graph.add("Erf", scaled), graph.weight(1.0))
            return graph.add("Mul", graph.add("Mul", value, graph.weight(0.5)), one_more)
        case "prelu":
            return graph.add("PRelu", value, graph.weight(_by_channel(step.arrays["weight"], step)))
        case _:
            return graph.add(_SIMPLE[function], value)


def _by_channel(weights: Any, step: Step) -> Any:
    """Weights (C,) in a shape that fits values (C, ...)."""
    return np.asarray(weights).reshape(-1, *(1 for _ in step.inputs[1:]))


def _normalisation(graph: Graph, step: Step, value: str) -> str:
    epsilon = float(step.settings["epsilon"])
    if step.kind == "batch_normalisation":
        names = ("weight", "bias", "running_mean", "running_var")
        arrays = [graph.weight(step.arrays[name]) for name in names]
        return graph.add("BatchNormalization", value, *arrays, epsilon=epsilon)
    weight, bias = step.arrays["weight"], step.arrays["bias"]
    if step.kind == "layer_normalisation":
        axis = -len(step.settings["last"])
        arrays = [graph.weight(weight), graph.weight(bias)]
        return graph.add("LayerNormalization", value, *arrays, axis=axis, epsilon=epsilon)
    groups = step.settings["groups"]
    rows = graph.add("Reshape", value, graph.shape(0, groups, -1))
    plain = [graph.weight(np.ones(groups)), graph.weight(np.zeros(groups))]
    normal = graph.add("InstanceNormalization", rows, *plain, epsilon=epsilon)
    back = graph.add("Reshape", normal, graph.shape(0, *step.shape))
    scaled = graph.add("Mul", back, graph.weight(_by_channel(weight, step)))
    return graph.add("Add", scaled, graph.weight(_by_channel(bias, step)))


# Where the gates of ONNX are among those of torch: GRU update, reset, new; LSTM input, output, forget, cell.
_GATES = {"gru": (1, 0, 2), "lstm": (0, 3, 1, 2)}


def _recurrent(graph: Graph, step: Step, value: str) -> str:
    units, order = step.shape[-1], _GATES[step.settings["cell"]]

    def gates(name: str) -> Any:
        parts = np.asarray(step.arrays[name]).reshape(len(order), units, -1)
        return parts[list(order)].reshape(len(order) * units, -1)

    biases = np.concatenate([gates("bias_ih_l0").ravel(), gates("bias_hh_l0").ravel()])
    weights = (gates("weight_ih_l0")[None], gates("weight_hh_l0")[None], biases[None])
    attributes: dict[str, Any] = {"hidden_size": units}
    lstm = step.settings["cell"] == "lstm"
    attributes |= {} if lstm else {"linear_before_reset": 1}
    rows = graph.add("Transpose", value, perm=[1, 0, 2])
    name = graph.add(
        "LSTM" if lstm else "GRU", rows, *map(graph.weight, weights), outputs=3 if lstm else 2, **attributes
    )
    every = f"{name.rpartition('_')[0]}_0"  # (T, 1, B, units)
    if step.settings["last"]:
        ends = graph.add("Gather", every, graph.weight(-1, np.int64), axis=0)
        return graph.add("Squeeze", ends, graph.shape(0))
    return graph.add("Transpose", graph.add("Squeeze", every, graph.shape(1)), perm=[1, 0, 2])


def _attention(graph: Graph, step: Step, value: str) -> str:
    (length, width), heads = step.inputs, step.settings["heads"]
    own = width // heads
    parts: list[str] = []
    for part in range(3):  # queries, keys, values: (B, heads, T, own)
        rows = slice(part * width, (part + 1) * width)
        weight = graph.weight(np.asarray(step.arrays["in_proj_weight"])[rows].T)
        made = graph.add("MatMul", value, weight)
        made = graph.add("Add", made, graph.weight(np.asarray(step.arrays["in_proj_bias"])[rows]))
        made = graph.add("Reshape", made, graph.shape(0, length, heads, own))
        parts.append(graph.add("Transpose", made, perm=[0, 2, 1, 3]))
    queries, keys, values = parts
    turned = graph.add("Transpose", keys, perm=[0, 1, 3, 2])
    scores = graph.add("Div", graph.add("MatMul", queries, turned), graph.weight(math.sqrt(own)))
    mixed = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), values)
    joined = graph.add(
        "Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), graph.shape(0, length, width)
    )
    result = graph.add("MatMul", joined, graph.weight(np.asarray(step.arrays["out_proj.weight"]).T))
    return graph.add("Add", result, graph.weight(step.arrays["out_proj.bias"]))


def _residual(graph: Graph, step: Step, value: str) -> str:
    return graph.add("Add", *(graph.steps(step.parts[name], value) for name in ("projection", "inner")))


def _crop(graph: Graph, step: Step, value: str) -> str:
    starts = [(before - after) // 2 for before, after in zip(step.inputs[1:], step.shape[1:], strict=True)]
    ends = [start + side for start, side in zip(starts, step.shape[1:], strict=True)]
    return graph.add("Slice", value, graph.shape(*starts), graph.shape(*ends), graph.shape(2, 3))


def _reshaped(graph: Graph, step: Step, value: str) -> str:
    return graph.add("Reshape", value, graph.shape(0, *step.shape))


def _image_to_rows(graph: Graph, step: Step, value: str) -> str:
    return _reshaped(graph, step, graph.add("Transpose", value, perm=[0, 2, 1, 3]))


def _rows_to_image(graph: Graph, step: Step, value: str) -> str:
    channels, height, width = step.shape
    rows = graph.add("Reshape", value, graph.shape(0, height, channels, width))
    return graph.add("Transpose", rows, perm=[0, 2, 1, 3])


def _repeat(graph: Graph, step: Step, value: str) -> str:
    return graph.add(
        "Expand", graph.add("Unsqueeze", value, graph.shape(1)), graph.shape(1, step.shape[0], 1)
    )


def _patch_grid(step: Step, image: Shape) -> tuple[int, int, int, int]:
    """Channels, rows and columns of patches, and their side."""
    side = step.settings["side"]
    return image[0], -(-image[1] // side), -(-image[2] // side), side


def _image_to_patches(graph: Graph, step: Step, value: str) -> str:
    channels, rows, columns, side = _patch_grid(step, step.inputs)
    more = rows * side - step.inputs[1], columns * side - step.inputs[2]
    padded = graph.add("Pad", value, graph.shape(0, 0, 0, 0, 0, 0, *more))
    cut = graph.add("Reshape", padded, graph.shape(0, channels, rows, side, columns, side))
    return _reshaped(graph, step, graph.add("Transpose", cut, perm=[0, 2, 4, 1, 3, 5]))


def _patches_to_image(graph: Graph, step: Step, value: str) -> str:
    channels, rows, columns, side = _patch_grid(step, step.shape)
    cut = graph.add("Reshape", value, graph.shape(0, rows, columns, channels, side, side))
    turned = graph.add("Transpose", cut, perm=[0, 3, 1, 4, 2, 5])
    whole = graph.add("Reshape", turned, graph.shape(0, channels, rows * side, columns * side))
    return graph.add("Slice", whole, graph.shape(0, 0), graph.shape(*step.shape[1:]), graph.shape(2, 3))


def _positions(graph: Graph, step: Step, value: str) -> str:
    return graph.add("Add", value, graph.weight(step.arrays["table.weight"]))


# ---- codes ----------------------------------------------------------------------------------------------


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
    return _reshaped(graph, step, _taken(graph, np.eye(step.settings["choices"]), value))


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
    return _reshaped(graph, step, graph.add("Transpose", rows, perm=[0, 2, 1]))


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


_KINDS: Mapping[str, Callable[[Graph, Step, str], str]] = {
    "linear": _linear,
    "convolution": _convolution,
    "transposed_convolution": _convolution,
    "activation": _activation,
    "batch_normalisation": _normalisation,
    "layer_normalisation": _normalisation,
    "group_normalisation": _normalisation,
    "recurrent": _recurrent,
    "attention": _attention,
    "residual": _residual,
    "crop": _crop,
    "flatten": _reshaped,
    "reshape": _reshaped,
    "image_to_rows": _image_to_rows,
    "rows_to_image": _rows_to_image,
    "repeat": _repeat,
    "image_to_patches": _image_to_patches,
    "patches_to_image": _patches_to_image,
    "positions": _positions,
    "largest": _largest,
    "at_least": _at_least,
    "categories": _categories,
    "nearest": _nearest,
    "one_hot": _one_hot,
    "drawn_category": _drawn_category,
    "entries": _entries,
    "gaussian": _gaussian,
    "clip": _clip,
}
