"""How many bytes the states of a model take at most: a file that holds more is not read into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aestudio.recipes.architecture import Architecture

# A state has weights, up to two numbers of the optimiser for each, the best weights.
_LARGEST_FACTOR = 8
# Every further phase has an optimiser of its own, also for parameters that another phase changes too.
_PER_PHASE = 2
_SLACK = 16_000_000  # bytes
_NUMBER = 4  # bytes: every number of a state is kept as float32


def check_state_size(size: int, architecture: Architecture) -> None:
    """Raises ValueError if arrays of this many bytes are no state of the model.

    Buffers, such as the codebook of moving averages, and what a module keeps besides its layers are not
    declared. So the model is built, which needs torch, where its layers alone do not account for the file.
    """
    if size <= _most(architecture.parameter_count, architecture):
        return
    most = _most(_kept_numbers(architecture), architecture)
    if size > most:
        raise ValueError(f"it holds {size:,} bytes, and its model's states at most {most:,}")


def _most(numbers: int, architecture: Architecture) -> int:
    """Bytes of the largest state of a model with this many numbers in its weights."""
    further = len(architecture.recipe.objective.phases()) - 1
    return _SLACK + (_LARGEST_FACTOR + _PER_PHASE * further) * _NUMBER * numbers


def _kept_numbers(architecture: Architecture) -> int:
    """The numbers of all weights and buffers of the model, and of what an exact phase sums up."""
    from aestudio.training.model import build_model

    model = build_model(architecture)
    summed = sum(tensor.nbytes for tensor in model.objective.fit_state().values())
    return sum(tensor.numel() for tensor in model.state_dict().values()) + summed // _NUMBER
