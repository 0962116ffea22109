"""Lists of layers: shapes between them, and what the diagram shows."""

from __future__ import annotations

import itertools

import pytest

from aestudio.layers.activation import Activation
from aestudio.layers.convolution import Convolution
from aestudio.layers.dense import Dense
from aestudio.layers.layer import BYTES_PER_NUMBER, DrawnLayer, ShapeError, drawn, output_shape, place
from aestudio.layers.normalisation import Normalisation
from aestudio.layers.reshape import Flatten

LAYERS = (
    Normalisation(),
    Convolution(4, 4, 2, 1),
    Activation("prelu"),
    Flatten(),
    Dense(5),
    Activation(),
)


@pytest.mark.parametrize(("inputs", "flat"), [((1, 28, 20), 560), ((3, 33, 17), 512)])
def test_shapes_go_from_layer_to_layer(inputs: tuple[int, ...], flat: int) -> None:
    placed = place(LAYERS, inputs)
    assert all(one.shape == other.inputs for one, other in itertools.pairwise(placed))
    assert placed[3].shape == (flat,)
    assert output_shape(LAYERS, inputs) == placed[-1].shape == (5,)
    assert output_shape((), inputs) == inputs
    assert place((), inputs) == ()


def test_the_diagram_counts_every_parameter_once() -> None:
    placed = place(LAYERS, (3, 32, 32))
    shown = drawn(placed)
    convolution, dense = 3 * 4 * 16 + 4, 4 * 256 * 5 + 5
    # Those of the normalisation before it, and of the activation after it, count with the convolution.
    assert shown == (
        DrawnLayer("convolution", (4, 16, 16), 6 + convolution + 4),
        DrawnLayer("dense", (5,), dense),
    )
    assert sum(layer.parameters for layer in shown) == sum(one.parameters for one in placed)
    assert [layer.size for layer in shown] == [1024, 5]


def test_memory_counts_what_is_kept() -> None:
    assert Dense(5).training_bytes((7,)) == 5 * BYTES_PER_NUMBER
    assert Flatten().training_bytes((1, 28, 28)) == 0
    assert Normalisation().training_bytes((3, 8, 8)) == 192 * BYTES_PER_NUMBER


def test_the_first_layer_that_does_not_fit_is_the_reason() -> None:
    with pytest.raises(ShapeError, match="does not fit into 4 × 4"):
        place((Convolution(4, 4, 2, 1), Convolution(4, 5)), (1, 8, 8))


@pytest.mark.parametrize("names", [("gru", "gru"), ("1", "")])
def test_two_layers_of_one_name_are_refused(names: tuple[str, str]) -> None:
    """The second would take the place of the first in the module, and not in the diagram."""
    with pytest.raises(ValueError, match=f"two layers of one list are called '{names[0]}'"):
        place([Dense(4, name=name) for name in names], (4,))
