"""What the user has set up in the latent space, apart from the point itself; all of it can be undone.

Frozen values and pure functions, without Qt and torch; `WorkspaceController` changes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from aestudio.analysis.latent_transform import Axes, axes_of_dimensions
from aestudio.datasets.dataset import located

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.inference.conditions import ConditionRow
    from aestudio.runs.bookmarks_file import Bookmark
    from aestudio.runs.drawings_file import Drawing
    from aestudio.runs.image_tags_file import ImageTags

Basis = Literal["dimensions", "components"]
MOST_UNDONE = 200
ONE_MOVEMENT_SECONDS = 1.0  # between two changes of one movement


@dataclass(frozen=True)
class SliderState:
    """The sliders: their basis, and which are muted, soloed, locked (counted from 0).

    locked: sliders that keep their value whatever else moves the code
    """

    basis: Basis = "dimensions"
    muted: frozenset[int] = frozenset()
    soloed: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()

    def silent(self, count: int) -> frozenset[int]:
        """Which of `count` sliders are neutral: the muted ones, and if any is soloed, all that are not."""
        not_soloed = frozenset(range(count)) - self.soloed if self.soloed else frozenset()
        return self.muted | not_soloed


@dataclass(frozen=True, eq=False)
class Direction:
    """An own direction with its slider: `amount * vector` is added to the code.

    vector: float32 (L,), for an amount of 1
    error:  its standard error, float32 (L,), NaN if it is not known
    """

    name: str
    vector: NDArray[np.float32]
    error: NDArray[np.float32]
    amount: float = 0.0


@dataclass(frozen=True, eq=False)
class Example:
    """Something that has a code; exactly one of the last five is set.

    number: of an image on the map; image: a drawing, uint8 (C, H, W); code: float32 (L,);
    label: a class, for its mean code; numbers: of images, int64 (n,), for their mean code
    condition: what a conditional model is told of it, if that is known and not that of the image's number
    """

    name: str
    number: int | None = None
    image: NDArray[np.uint8] | None = None
    code: NDArray[np.float32] | None = None
    label: int | None = None
    numbers: NDArray[np.int64] | None = None
    condition: ConditionRow | None = None

    @classmethod
    def of_bookmark(cls, bookmark: Bookmark) -> Example:
        """The code of a bookmark."""
        return cls(bookmark.name, code=bookmark.code, condition=bookmark.condition)


@dataclass(frozen=True, eq=False)
class Workspace:
    """All that Undo restores.

    drawings:  what the user drew, kept with the run
    groups:    the two groups of examples of an attribute vector, A and B
    keyframes: of the interpolation
    terms:     the examples a, b and c of a - b + c
    selection: numbers of images on the map, int64 (n,), or None
    tags:      what the user wrote about images, kept with the data set (`gui/state/image_tags.py`)
    """

    sliders: SliderState = SliderState()
    directions: tuple[Direction, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    groups: tuple[tuple[Example, ...], tuple[Example, ...]] = ((), ())
    keyframes: tuple[Example, ...] = ()
    terms: tuple[Example | None, Example | None, Example | None] = (None, None, None)
    selection: NDArray[np.int64] | None = None
    tags: tuple[ImageTags, ...] = ()


@dataclass(frozen=True, eq=False)
class UndoEntry:
    """The state before a change.

    what:      name of the change, translated
    code:      the code before it, float32 (L,), or None
    selected:  number of the selected image, None if that is not to be restored
    following: whether the code was that of the selected image
    condition: what the user had chosen that a conditional model is told of the code; None: nothing
    """

    what: str
    workspace: Workspace
    code: NDArray[np.float32] | None
    selected: int | None = None
    following: bool = False
    condition: ConditionRow | None = None


@dataclass(frozen=True, eq=False)
class UndoStack:
    """The changes that can be undone, and those that can be redone; the newest last.

    movement: name of the movement that the newest change belongs to, "" for none
    moved_at: when it was changed last, by `time.monotonic()`
    """

    past: tuple[UndoEntry, ...] = ()
    future: tuple[UndoEntry, ...] = ()
    movement: str = ""
    moved_at: float = 0.0

    def changed(self, before: UndoEntry, movement: str = "", now: float = 0.0) -> UndoStack:
        """After a change by the user: nothing can be redone any more."""
        return UndoStack((*self.past, before)[-MOST_UNDONE:], (), movement, now)

    def continues(self, movement: str, now: float) -> bool:
        """Whether a change belongs to the newest one: Undo takes a drag back as a whole."""
        return bool(movement) and movement == self.movement and now - self.moved_at < ONE_MOVEMENT_SECONDS

    def undone(self, now: UndoEntry) -> tuple[UndoEntry, UndoStack] | None:
        """The entry to go back to and the stacks after it; `now` is the present state, under any name."""
        if not self.past:
            return None
        target = self.past[-1]
        now = replace(now, what=target.what)
        return target, UndoStack(self.past[:-1], (*self.future, now))

    def redone(self, now: UndoEntry) -> tuple[UndoEntry, UndoStack] | None:
        """The entry to go forward to and the stacks after it; `now` is the present state, under any name."""
        if not self.future:
            return None
        target = self.future[-1]
        now = replace(now, what=target.what)
        return target, UndoStack((*self.past, now), self.future[:-1])

    def mapped(self, change: Callable[[UndoEntry], UndoEntry]) -> UndoStack:
        """Apply a change to the whole history, for a change that is not itself undone."""
        return replace(self, past=tuple(map(change, self.past)), future=tuple(map(change, self.future)))

    def with_effect(self, workspace: Workspace, selected: int) -> UndoStack:
        """Drop entries that would change nothing; `workspace` and `selected` are the present state."""
        return replace(
            self,
            past=_with_effect(self.past, workspace, selected),
            future=_with_effect(self.future, workspace, selected),
        )


def _with_effect(
    changes: tuple[UndoEntry, ...], workspace: Workspace, selected: int
) -> tuple[UndoEntry, ...]:
    """Go backwards from the present and drop entries that equal the state after them."""
    found: list[UndoEntry] = []
    for kept in reversed(changes):
        number = selected if kept.selected is None else kept.selected
        if kept.code is not None or number != selected or not _alike(kept.workspace, workspace):
            found.append(kept)
        workspace, selected = kept.workspace, number
    return tuple(reversed(found))


def _alike(one: Workspace, other: Workspace) -> bool:
    """Whether both have the same parts; arrays by identity."""
    pairs = ((getattr(one, part.name), getattr(other, part.name)) for part in fields(Workspace))
    arrays = np.ndarray  # also one array and None: == would compare each element
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
        """The code, float32 (L,), with muted sliders neutral and the directions added."""
        mixed = self.axes.muted(code, self.sliders.silent(len(self.axes)))
        for direction in self.directions:
            if direction.amount and len(direction.vector) == len(mixed):
                mixed = mixed + direction.amount * direction.vector
        return mixed.astype(np.float32, copy=False)

    def with_locks(
        self, code: NDArray[np.float32], before: NDArray[np.float32] | None
    ) -> NDArray[np.float32]:
        """The code, float32 (L,), with the locked sliders at their values in `before`."""
        locked = sorted(index for index in self.sliders.locked if index < len(self.axes))
        if not locked or before is None or len(before) != len(code):
            return code
        return self.axes.with_coordinates(code, locked, self.axes.coordinates(before)[locked])


def for_another_run(workspace: Workspace) -> Workspace:
    """The workspace without what belongs to the latent space of one run: sliders, directions, codes.

    Images, drawings and classes have a code in every run, and stay. So do the bookmarks, which
    `KeptListsController` exchanges.
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


def with_other_images(
    workspace: Workspace, image_sets: tuple[ImageSet, ...], others: tuple[ImageSet, ...]
) -> Workspace:
    """The workspace when the images change: an image given by its number in `image_sets` stays as an image.

    others: the images that replace them
    Sets of numbers are removed: they mean nothing any more. So are classes, unless both have the same ones.
    """
    same_classes = _class_names(image_sets) == _class_names(others)

    def kept(examples: tuple[Example, ...]) -> tuple[Example, ...]:
        found = (_as_image(example, image_sets, same_classes) for example in examples)
        return tuple(example for example in found if example is not None)

    a, b, c = (
        None if term is None else _as_image(term, image_sets, same_classes) for term in workspace.terms
    )
    return replace(
        workspace,
        groups=(kept(workspace.groups[0]), kept(workspace.groups[1])),
        keyframes=kept(workspace.keyframes),
        terms=(a, b, c),
        selection=None,
    )


def _class_names(image_sets: tuple[ImageSet, ...]) -> tuple[str, ...]:
    """The names of the classes that images have; () without labels."""
    return image_sets[0].class_names if image_sets and image_sets[0].labels is not None else ()


def _as_image(example: Example, image_sets: tuple[ImageSet, ...], same_classes: bool) -> Example | None:
    if example.numbers is not None or (example.label is not None and not same_classes):
        return None
    if example.number is None:
        return example
    found = located(image_sets, example.number)
    return None if found is None else Example(example.name, image=found[0].images[found[1]])


def latent_transform_of(workspace: Workspace, size: int, axes: Axes | None) -> LatentTransform:
    """The transform for codes of length `size`; `axes`: of the basis, None while not known."""
    fits = axes is not None and axes.size == size
    return LatentTransform(
        axes if fits and axes is not None else axes_of_dimensions(size),
        workspace.sliders,
        workspace.directions,
    )


Decoded: TypeAlias = "Mapping[Example, NDArray[np.uint8]]"
"""Images (C, H, W) of examples that have no image of their own."""
