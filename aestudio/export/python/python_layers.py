"""Steps of a network as lines of Python with torch alone, and the names of their weights there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from aestudio.export.steps.model_steps import Step

    Weights = dict[str, NDArray[Any]]

INDENT = "    "

_ACTIVATIONS = {
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.2)",
    "silu": "nn.SiLU()",
    "gelu": "nn.GELU()",
    "elu": "nn.ELU()",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
}
_OWN: Mapping[str, tuple[str, str]] = {
    "recurrent": (
        "Rows",
        '''
class Rows(nn.Module):
    """A GRU or LSTM over a sequence (B, T, F): all hidden states (B, T, units), or the last (B, units)."""

    def __init__(self, layer: nn.RNNBase, last: bool) -> None:
        super().__init__()
        self.layer, self.last = layer, last

    def forward(self, values: Tensor) -> Tensor:
        states, _ = self.layer(values)
        return states[:, -1] if self.last else states
''',
    ),
    "attention": (
        "SelfAttention",
        '''
class SelfAttention(nn.Module):
    """Multi-head self-attention over a sequence (B, T, F)."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(size, heads, batch_first=True)

    def forward(self, values: Tensor) -> Tensor:
        attended, _ = self.attention(values, values, values, need_weights=False)
        return attended
''',
    ),
    "residual": (
        "Residual",
        '''
class Residual(nn.Module):
    """What the inner layers make of the values, added to the values, or to a projection of them."""

    def __init__(self, inner: nn.Module, projection: nn.Module) -> None:
        super().__init__()
        self.inner, self.projection = inner, projection

    def forward(self, values: Tensor) -> Tensor:
        return self.projection(values) + self.inner(values)
''',
    ),
    "crop": (
        "Crop",
        '''
class Crop(nn.Module):
    """The middle of maps (B, C, H, W) -> (B, C, height, width)."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        self.height, self.width = height, width

    def forward(self, values: Tensor) -> Tensor:
        top, left = (values.shape[2] - self.height) // 2, (values.shape[3] - self.width) // 2
        return values[:, :, top : top + self.height, left : left + self.width]
''',
    ),
    "image_to_rows": (
        "ImageToRows",
        '''
class ImageToRows(nn.Module):
    """Images (B, C, H, W) -> the sequence of their rows (B, H, C * W)."""

    def forward(self, values: Tensor) -> Tensor:
        return values.transpose(1, 2).flatten(2)
''',
    ),
    "rows_to_image": (
        "RowsToImage",
        '''
class RowsToImage(nn.Module):
    """The rows of images (B, H, C * W) -> images (B, C, H, W)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, values: Tensor) -> Tensor:
        return values.unflatten(2, (self.channels, -1)).transpose(1, 2)
''',
    ),
    "image_to_patches": (
        "ImageToPatches",
        '''
class ImageToPatches(nn.Module):
    """Images (B, C, H, W) -> their patches, row by row (B, T, C * side * side); beyond the edge is 0."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, values: Tensor) -> Tensor:
        height, width = values.shape[2:]
        padded = nn.functional.pad(values, (0, -width % self.side, 0, -height % self.side))
        return nn.functional.unfold(padded, self.side, stride=self.side).transpose(1, 2)
''',
    ),
    "patches_to_image": (
        "PatchesToImage",
        '''
class PatchesToImage(nn.Module):
    """The patches of images (B, T, C * side * side) -> images (B, C, height, width)."""

    def __init__(self, side: int, height: int, width: int) -> None:
        super().__init__()
        self.side, self.height, self.width = side, height, width

    def forward(self, values: Tensor) -> Tensor:
        whole = (self.height + -self.height % self.side, self.width + -self.width % self.side)
        images = nn.functional.fold(values.transpose(1, 2), whole, self.side, stride=self.side)
        return images[:, :, : self.height, : self.width]
''',
    ),
    "positions": (
        "Positions",
        '''
class Positions(nn.Module):
    """Adds learned numbers to each row of a sequence (B, T, F)."""

    def __init__(self, length: int, size: int) -> None:
        super().__init__()
        self.table = nn.Embedding(length, size)

    def forward(self, values: Tensor) -> Tensor:
        return values + self.table.weight
''',
    ),
    "repeat": (
        "Repeat",
        '''
class Repeat(nn.Module):
    """Values (B, F) -> a sequence of equal rows (B, count, F)."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def forward(self, values: Tensor) -> Tensor:
        return values.unsqueeze(1).expand(-1, self.count, -1)
''',
    ),
}
_WITHIN = {"recurrent": "layer.", "attention": "attention."}


def helper_classes(steps: Iterable[Step]) -> str:
    """The classes that torch lacks for these steps, each once."""
    kinds: set[str] = set()

    def visit(some: Iterable[Step]) -> None:
        for step in some:
            kinds.add(step.kind)
            for part in step.parts.values():
                visit(part)

    visit(steps)
    return "".join(f"\n{text}" for kind, (_, text) in _OWN.items() if kind in kinds)


def sequence(steps: tuple[Step, ...], indent: str) -> str:
    """An expression for the steps one after the other; a single one stands alone."""
    if not steps:
        return "nn.Identity()"
    if len(steps) == 1:
        return expression(steps[0], indent)
    inner = indent + INDENT
    lines = [f"{inner}{expression(step, inner)},{_comment(step)}" for step in steps]
    return "nn.Sequential(\n" + "\n".join(lines) + f"\n{indent})"


def _comment(step: Step) -> str:
    """The shape of an example after the step, where it changes."""
    return "" if step.shape == step.inputs else f"  # {' × '.join(map(str, step.shape))}"


def expression(step: Step, indent: str = "") -> str:
    """The module of one step, as Python."""
    match step.kind:
        case "linear":
            return f"nn.Linear({step.inputs[-1]}, {step.shape[-1]})"
        case "convolution" | "transposed_convolution":
            return _convolution(step)
        case "activation":
            function = step.settings["function"]
            if function == "prelu":
                return f"nn.PReLU({len(step.arrays['weight'])})"
            return _ACTIVATIONS[function]
        case "flatten":
            return "nn.Flatten()"
        case "reshape":
            return f"nn.Unflatten(1, {step.shape})"
        case "residual":
            inner = indent + INDENT
            parts = [f"{inner}{sequence(step.parts[name], inner)},\n" for name in ("inner", "projection")]
            return f"Residual(\n{''.join(parts)}{indent})"
        case _ if step.kind.endswith("_normalisation"):
            return _normalisation(step)
        case _:
            return f"{_OWN[step.kind][0]}({_arguments(step)})"


def _normalisation(step: Step) -> str:
    match step.kind:
        case "batch_normalisation":
            return f"nn.BatchNorm{'2d' if len(step.inputs) > 1 else '1d'}({len(step.arrays['weight'])})"
        case "group_normalisation":
            return f"nn.GroupNorm({step.settings['groups']}, {step.inputs[0]})"
        case _:
            last: list[int] = list(step.settings["last"])
            return f"nn.LayerNorm({last[0] if len(last) == 1 else last})"


def _arguments(step: Step) -> str:
    """Of the classes above."""
    match step.kind:
        case "recurrent":
            cell = step.settings["cell"].upper()
            layer = f"nn.{cell}({step.inputs[1]}, {step.shape[-1]}, batch_first=True)"
            return f"{layer}, last={step.settings['last']}"
        case "attention":
            return f"{step.inputs[1]}, heads={step.settings['heads']}"
        case "crop":
            return f"{step.shape[1]}, {step.shape[2]}"
        case "image_to_patches":
            return str(step.settings["side"])
        case "patches_to_image":
            return f"{step.settings['side']}, {step.shape[1]}, {step.shape[2]}"
        case "positions":
            return f"{step.inputs[0]}, {step.inputs[1]}"
        case "rows_to_image" | "repeat":
            return str(step.shape[0])
        case _:
            return ""


def _convolution(step: Step) -> str:
    known = step.settings
    name = "Conv2d" if step.kind == "convolution" else "ConvTranspose2d"
    arguments = [str(step.inputs[0]), str(step.shape[0]), str(known["kernel"])]
    arguments += [f"stride={known['stride']}"] if known["stride"] != 1 else []
    arguments += [f"padding={known['padding']}"] if known["padding"] else []
    rest = known.get("output_padding", (0, 0))
    arguments += [f"output_padding={rest}"] if any(rest) else []
    return f"nn.{name}({', '.join(arguments)})"


def named_arrays(steps: tuple[Step, ...], prefix: str) -> Weights:
    """The weights, each in its own shape, by their names in a module whose `prefix` is `sequence(steps)`."""
    arrays: Weights = {}
    for number, step in enumerate(steps):
        own = prefix if len(steps) == 1 else f"{prefix}{number}."
        arrays |= {f"{own}{_WITHIN.get(step.kind, '')}{name}": value for name, value in step.arrays.items()}
        for name, part in step.parts.items():
            arrays |= named_arrays(part, f"{own}{name}.")
    return arrays
