"""A model as the web page has it: its steps as JSON, and all weights as one text."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.export.steps.code_form import ModelSteps
    from aestudio.export.steps.model_steps import Step

    Floats = NDArray[np.float32]


class WeightList:
    """Arrays one after the other; those that are given again, of steps that are kept, once."""

    def __init__(self, half: bool) -> None:
        self._half = half
        self._arrays: list[Floats] = []
        self._count = 0
        self._places: dict[int, list[int]] = {}

    def add(self, array: Any) -> list[int]:
        """Where it is: its first number and how many it has."""
        flat = np.ascontiguousarray(array, np.float32).ravel()
        place = self._places.setdefault(id(array), [self._count, flat.size])
        if place[0] == self._count:
            self._arrays.append(flat)
            self._count += flat.size
        return place

    def text(self) -> str:
        """All numbers as base64, little endian."""
        return numbers_text(np.concatenate(self._arrays) if self._arrays else np.empty(0), self._half)


def numbers_text(values: Any, half: bool) -> str:
    """Numbers as base64: half or single precision, little endian."""
    kind = "<f2" if half else "<f4"
    return base64.b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def bytes_text(values: NDArray[np.uint8]) -> str:
    """Bytes of any shape as base64."""
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


def steps_json(steps: tuple[Step, ...], weights: WeightList) -> list[dict[str, Any]]:
    """The steps as `network.js` reads them."""
    return [
        {
            "kind": step.kind,
            "inputs": list(step.inputs),
            "shape": list(step.shape),
            "settings": dict(step.settings),
            "arrays": {name: weights.add(array) for name, array in step.arrays.items()},
            "parts": {name: steps_json(part, weights) for name, part in step.parts.items()},
        }
        for step in steps
    ]


def with_arrays(steps: tuple[Step, ...], change: Callable[[Any], Any]) -> tuple[Step, ...]:
    """The steps with other weights."""
    return tuple(
        replace(
            step,
            arrays={name: change(array) for name, array in step.arrays.items()},
            parts={name: with_arrays(part, change) for name, part in step.parts.items()},
        )
        for step in steps
    )


def in_half(array: Any) -> Floats:
    """The numbers as half precision has them."""
    with np.errstate(over="ignore"):
        return np.asarray(array).astype(np.float16).astype(np.float32)


def model_json(steps: ModelSteps, half: bool) -> dict[str, Any]:
    """The lists of steps, weights (base64) and whether they are halves.

    encoder: image -> code; decoder: code -> image; classifier: image -> class logits, [] for most models
    """
    weights = WeightList(half)
    return {
        "encoder": steps_json(steps.encoding, weights),
        "decoder": steps_json(steps.decoding, weights),
        "classifier": steps_json(steps.classifying, weights),
        "half": half,
        "weights": weights.text(),
    }
