"""An empty ONNX graph that knows every kind of step."""

from __future__ import annotations

from aestudio.export.onnx.onnx_codes import CODES
from aestudio.export.onnx.onnx_graph import Graph
from aestudio.export.onnx.onnx_layers import LAYERS


def new_graph() -> Graph:
    """Without nodes yet."""
    return Graph({**LAYERS, **CODES})
