"""Each kind of layer as nodes of an ONNX graph. Needs onnx."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.onnx.onnx_graph import Graph
    from aestudio.export.steps.model_steps import Step
    from aestudio.layers.layer import Shape


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


LAYERS: Mapping[str, Callable[[Graph, Step, str], str]] = {
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
}
