"""What a hand has set up in the latent space, apart from the point itself; all of it can be undone.

Frozen values and pure functions, without Qt and torch; `lab_control` is the way to change them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from aestudio.analysis.latent_transform import Axes, axes_of_dimensions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet

Basis = Literal["dimensions", "components"]
MOST_UNDONE = 200


@dataclass(frozen=True)
class SliderState:
    """The mixing desk: what its strips stand for, and which of them are muted, soloed, locked (from 0).

    locked: strips that keep their value whatever else moves the code
    """

    basis: Basis = "dimensions"
    muted: frozenset[int] = frozenset()
    soloed: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()

    def silent(self, count: int) -> frozenset[int]:
        """Which of `count` strips stand at rest: the muted ones, and all that are not soloed where one is."""
        unheard = frozenset(range(count)) - self.soloed if self.soloed else frozenset()
        return self.muted | unheard


@dataclass(frozen=True, eq=False)
class Direction:
    """A strip of its own making: so much of a vector is added to the code.

    vector: float32 (latent,), for an amount of 1
    error:  its standard error, float32 (latent,), not a number where it is not known
    """

    name: str
    vector: NDArray[np.float32]
    error: NDArray[np.float32]
    amount: float = 0.0


@dataclass(frozen=True, eq=False)
class Example:
    """Something that has a code; exactly one of the last five is set.

    digit: number of a digit on the map; image: a drawing, uint8 (28, 28); code: float32 (latent,);
    label: the class whose mean code is meant; digits: numbers of digits, int64, whose mean is meant
    """

    name: str
    digit: int | None = None
    image: NDArray[np.uint8] | None = None
    code: NDArray[np.float32] | None = None
    label: int | None = None
    digits: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Bookmark:
    """A place to come back to. code: float32 (latent,); picture: uint8 (28, 28), as it was decoded."""

    name: str
    code: NDArray[np.float32]
    picture: NDArray[np.uint8] | None = None

    @property
    def example(self) -> Example:
        """The same as an example."""
        return Example(self.name, code=self.code)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A digit drawn by hand that is followed on the map while the model learns. image: uint8 (28, 28)."""

    name: str
    image: NDArray[np.uint8]

    @property
    def example(self) -> Example:
        """The same as an example."""
        return Example(self.name, image=self.image)


@dataclass(frozen=True, eq=False)
class Workspace:
    """All that undo brings back.

    pins:      digits drawn by hand, kept with the run
    groups:    the two groups of examples of the arithmetic, A and B
    keyframes: the stations of the morph
    terms:     what stands at a, b and c of a - b + c
    selection: numbers of digits on the map, int64, or None
    """

    sliders: SliderState = SliderState()
    directions: tuple[Direction, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    groups: tuple[tuple[Example, ...], tuple[Example, ...]] = ((), ())
    keyframes: tuple[Example, ...] = ()
    terms: tuple[Example | None, Example | None, Example | None] = (None, None, None)
    selection: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class UndoEntry:
    """The state before a change.

    what:      words for the change, in the person's language
    selected:  number of the digit that was pointed at, None where that is not to be brought back
    following: whether the code was that digit's, whatever the model made of it
    """

    what: str
    workspace: Workspace
    code: NDArray[np.float32] | None
    selected: int | None = None
    following: bool = False


@dataclass(frozen=True, eq=False)
class UndoStack:
    """The changes that can be taken back, and those that were and can be made again; the newest last."""

    past: tuple[UndoEntry, ...] = ()
    future: tuple[UndoEntry, ...] = ()

    def changed(self, before: UndoEntry) -> UndoStack:
        """After a change by the person: nothing can be made again any more."""
        return UndoStack((*self.past, before)[-MOST_UNDONE:])

    def undone(self, now: UndoEntry) -> tuple[UndoEntry, UndoStack] | None:
        """What to go back to and the stacks after it; `now` is how things stand, under any name."""
        if not self.past:
            return None
        target = self.past[-1]
        now = replace(now, what=target.what)
        return target, UndoStack(self.past[:-1], (*self.future, now))

    def redone(self, now: UndoEntry) -> tuple[UndoEntry, UndoStack] | None:
        """What to go forward to and the stacks after it; `now` is how things stand, under any name."""
        if not self.future:
            return None
        target = self.future[-1]
        now = replace(now, what=target.what)
        return target, UndoStack((*self.past, now), self.future[:-1])

    def mapped(self, change: Callable[[UndoEntry], UndoEntry]) -> UndoStack:
        """The same changes in all that can be brought back: for what is no change that a hand takes back."""
        return UndoStack(tuple(map(change, self.past)), tuple(map(change, self.future)))

    def with_effect(self, workspace: Workspace, selected: int) -> UndoStack:
        """Only the changes that change something, where `lab` and `selected` are how things stand now."""
        return UndoStack(
            _with_effect(self.past, workspace, selected), _with_effect(self.future, workspace, selected)
        )


def _with_effect(
    changes: tuple[UndoEntry, ...], workspace: Workspace, selected: int
) -> tuple[UndoEntry, ...]:
    """From now on backwards, the newest first: what brings back no more than what stands there goes."""
    found: list[UndoEntry] = []
    for kept in reversed(changes):
        digit = selected if kept.selected is None else kept.selected
        if kept.code is not None or digit != selected or not _alike(kept.workspace, workspace):
            found.append(kept)
        workspace, selected = kept.workspace, digit
    return tuple(reversed(found))


def _alike(one: Workspace, other: Workspace) -> bool:
    """Whether both have the same parts; arrays by identity."""
    pairs = ((getattr(one, part.name), getattr(other, part.name)) for part in fields(Workspace))
    arrays = np.ndarray  # one against None, too: == would compare each of its numbers
    return all(
        a is b or (not isinstance(a, arrays) and not isinstance(b, arrays) and a == b) for a, b in pairs
    )


@dataclass(frozen=True, eq=False)
class LatentTransform:
    """How a code becomes the one that is decoded."""

    axes: Axes
    sliders: SliderState
    directions: tuple[Direction, ...] = field(default=())

    def decoded_code(self, code: NDArray[np.float32]) -> NDArray[np.float32]:
        """The code with silent strips at rest and what the directions add."""
        mixed = self.axes.silenced(code, self.sliders.silent(len(self.axes)))
        for direction in self.directions:
            if direction.amount and len(direction.vector) == len(mixed):
                mixed = mixed + direction.amount * direction.vector
        return mixed.astype(np.float32, copy=False)

    def with_locks(
        self, code: NDArray[np.float32], before: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """The code with the locked strips where they stood before."""
        locked = sorted(index for index in self.sliders.locked if index < len(self.axes))
        if not locked or before is None or len(before) != len(code):
            return code
        return self.axes.placed(code, locked, self.axes.coordinates(before)[locked])


def for_another_run(workspace: Workspace) -> Workspace:
    """The lab without what has a meaning in the space of one run only: strips, directions, codes.

    Digits, drawings and classes have a code in every run, and stay. So do the bookmarks, for whoever keeps
    them with their run.
    """

    def kept(examples: tuple[Example, ...]) -> tuple[Example, ...]:
        found = tuple(example for example in examples if example.code is None)
        return examples if len(found) == len(examples) else found

    a, b, c = (None if term is None or term.code is not None else term for term in workspace.terms)
    other = replace(
        workspace,
        sliders=SliderState(workspace.sliders.basis),
        directions=(),
        groups=(kept(workspace.groups[0]), kept(workspace.groups[1])),
        keyframes=kept(workspace.keyframes),
        terms=(a, b, c),
    )
    return workspace if _alike(workspace, other) else other


def with_other_digits(workspace: Workspace, parts: tuple[ImageSet, ...]) -> Workspace:
    """The lab when the digits are others: what was meant by its number among `parts` stays as its picture.

    Sets of digits go: their numbers mean nothing any more.
    """

    def kept(examples: tuple[Example, ...]) -> tuple[Example, ...]:
        found = (_as_image(example, parts) for example in examples)
        return tuple(example for example in found if example is not None)

    a, b, c = (None if term is None else _as_image(term, parts) for term in workspace.terms)
    return replace(
        workspace,
        groups=(kept(workspace.groups[0]), kept(workspace.groups[1])),
        keyframes=kept(workspace.keyframes),
        terms=(a, b, c),
        selection=None,
    )


def _as_image(example: Example, parts: tuple[ImageSet, ...]) -> Example | None:
    if example.digits is not None:
        return None
    if example.digit is None:
        return example
    number = example.digit
    for digits in parts:
        if 0 <= number < len(digits):
            return Example(example.name, image=digits.images[number, 0])
        number -= len(digits)
    return None


def latent_transform_of(workspace: Workspace, size: int, axes: Axes | None) -> LatentTransform:
    """The mix for codes of a length; `axes` are the basis's, None while they are not known."""
    fits = axes is not None and axes.size == size
    return LatentTransform(
        axes if fits and axes is not None else axes_of_dimensions(size),
        workspace.sliders,
        workspace.directions,
    )


Decoded: TypeAlias = "Mapping[Example, NDArray[np.uint8]]"
"""Images (28, 28) of examples that have no image of their own."""
