"""Intents about the workspace: sliders, bookmarks, groups, selection, and undo."""

from __future__ import annotations

import itertools
import string
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication

from aestudio.gui.state.condition_state import chosen_condition
from aestudio.gui.state.model_shape import has_shape, shown_shape
from aestudio.gui.state.workspace import UndoEntry
from aestudio.runs.bookmarks_file import Bookmark
from aestudio.runs.drawings_file import Drawing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.state.kept_list import ListName
    from aestudio.gui.state.workspace import Basis, Direction, Example
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.inference.conditions import ConditionRow
    from aestudio.progress import Progress

translate = QCoreApplication.translate


class WorkspaceController:
    """Changes the workspace; every change can be undone."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ---- changing -----------------------------------------------------------------------------------

    def change(self, what: str, *, movement: str = "", **parts: Any) -> None:
        """Replace parts of the workspace. what: text for the Undo command, translated.

        movement: changes of the same movement that follow each other closely are undone together
        """
        self.remember(what, movement)
        self._store.update(workspace=replace(self._store.state.workspace, **parts))

    def remember(self, what: str, movement: str = "") -> None:
        """Add workspace and point to the undo history before a change; once per movement."""
        undo, now = self._store.state.undo, time.monotonic()
        if undo.continues(movement, now):
            undo = replace(undo, moved_at=now)
        else:
            undo = undo.changed(self._now(what), movement, now)
        self._store.update_quietly(undo=undo)

    def _now(self, what: str = "") -> UndoEntry:
        state = self._store.state
        point = state.exploration
        return UndoEntry(
            what, state.workspace, point.code, state.selected, point.following, chosen_condition(state)
        )

    def undo(self) -> None:
        """Take the newest change back."""
        self._go(self._store.state.undo.undone(self._now()), translate("workspace", "Undone: {}."))

    def redo(self) -> None:
        """Make the change that was taken back last again."""
        self._go(self._store.state.undo.redone(self._now()), translate("workspace", "Done again: {}."))

    def _go(self, step: tuple[UndoEntry, Any] | None, text: str) -> None:
        store = self._store
        if step is None:
            store.show_message(translate("workspace", "There is nothing more to undo here."))
            return
        target, undo = step
        workspace, selected = target.workspace, target.selected
        if selected is None or store.state.image_at(selected) is None:
            selected = store.state.selected
        store.update(workspace=workspace, undo=undo, selected=selected)
        if target.code is not None:
            store.intents.return_to(target.code, target.following, target.condition)
        store.show_message(text.format(target.what))

    # ---- sliders --------------------------------------------------------------------------------------

    def set_basis(self, basis: Basis) -> None:
        """Sliders for latent dimensions or for principal components; this clears mutes, solos and locks."""
        sliders = self._store.state.workspace.sliders
        if basis != sliders.basis:
            self.change(translate("workspace", "other sliders"), sliders=type(sliders)(basis))

    def mute(self, index: int, on: bool) -> None:
        """Mute a slider: decode with its neutral value."""
        self._switch("muted", index, on, translate("workspace", "mute"))

    def solo(self, index: int, on: bool) -> None:
        """Solo a slider: all others but the soloed ones are neutral."""
        self._switch("soloed", index, on, translate("workspace", "solo"))

    def lock(self, index: int, on: bool) -> None:
        """Lock a slider: it keeps its value whatever else moves the code."""
        self._switch("locked", index, on, translate("workspace", "lock"))

    def clear_sliders(self) -> None:
        """Clear mutes, solos and locks, and set every added direction to 0."""
        workspace = self._store.state.workspace
        directions = tuple(replace(direction, amount=0.0) for direction in workspace.directions)
        self.change(
            translate("workspace", "reset the sliders"),
            sliders=type(workspace.sliders)(workspace.sliders.basis),
            directions=directions,
        )

    def _switch(self, field: str, index: int, on: bool, what: str) -> None:
        sliders = self._store.state.workspace.sliders
        old: frozenset[int] = getattr(sliders, field)
        new = old | {index} if on else old - {index}
        if new != old:
            self.change(what, sliders=replace(sliders, **{field: new}))

    # ---- own directions ---------------------------------------------------------------------------------

    def add_direction(self, direction: Direction) -> None:
        """Add a slider for a direction."""
        workspace = self._store.state.workspace
        self.change(translate("workspace", "new slider"), directions=(*workspace.directions, direction))

    def remove_direction(self, index: int) -> None:
        """Remove the slider of a direction."""
        self._remove("directions", index, translate("workspace", "remove slider"))

    def set_amount(self, index: int, amount: float) -> None:
        """Set how much of a direction is added to the code."""
        directions = list(self._store.state.workspace.directions)
        directions[index] = replace(directions[index], amount=float(amount))
        self.change(
            translate("workspace", "move a slider"),
            movement=f"direction {index}",
            directions=tuple(directions),
        )

    def play_amounts(self, amounts: Mapping[int, float]) -> None:
        """Move directions in an animation: Undo goes back to its start only."""
        directions = tuple(
            replace(direction, amount=float(amounts.get(index, direction.amount)))
            for index, direction in enumerate(self._store.state.workspace.directions)
        )
        self._store.update(workspace=replace(self._store.state.workspace, directions=directions))

    # ---- bookmarks, groups, keyframes, selection ----------------------------------------------------------

    def bookmark(self, name: str = "") -> None:
        """Bookmark the code that is shown."""
        state = self._store.state
        point = state.exploration
        if point.decoded_code is None:
            return
        number = len(state.workspace.bookmarks) + 1
        title = name or translate("workspace", "Bookmark {}").format(number)
        self.add_bookmark(title, point.decoded_code, point.image, point.condition, step=point.step)

    def add_bookmark(
        self,
        title: str,
        code: NDArray[np.float32],
        image: NDArray[np.uint8] | None,
        condition: ConditionRow | None = None,
        *,
        step: int | None = None,
    ) -> None:
        """Bookmark any code. code: float32 (L,); image: uint8 (C, H, W), its decoded image.

        condition: what a conditional model was told of it
        step: of the weights that decoded the image; None if it is not known
        """
        added = Bookmark(title, code.copy(), image, condition, None if image is None else step)
        bookmarks = self._store.state.workspace.bookmarks
        self.change(translate("workspace", "bookmark"), bookmarks=(*bookmarks, added))
        self._store.show_message(translate("workspace", "Kept as “{}”.").format(title))

    def rename_bookmark(self, index: int, name: str) -> None:
        """Rename a bookmark; an empty name is ignored."""
        self._rename("bookmarks", index, name, translate("workspace", "rename bookmark"))

    def remove_bookmark(self, index: int) -> None:
        """Remove a bookmark."""
        self._remove("bookmarks", index, translate("workspace", "remove bookmark"))

    def go_to_bookmark(self, index: int) -> None:
        """Move to the code of a bookmark; one of images of another shape is not used."""
        bookmark = self._store.state.workspace.bookmarks[index]
        if has_shape(bookmark.image, shown_shape(self._store.state)):
            self._store.intents.move_to(bookmark.code, bookmark.condition)
        else:
            text = translate("workspace", "“{}” was kept for images of another size, and is not used here.")
            self._store.show_message(text.format(bookmark.name), "warn")

    def keep_drawing(self, image: NDArray[np.uint8], name: str = "") -> None:
        """Keep a drawing, uint8 (C, H, W), and show it on the map from now on."""
        drawings = self._store.state.workspace.drawings
        title = name or _free_name({drawing.name for drawing in drawings})
        self.change(translate("workspace", "keep a drawing"), drawings=(*drawings, Drawing(title, image)))

    def rename_drawing(self, index: int, name: str) -> None:
        """Rename a kept drawing; an empty name is ignored."""
        self._rename("drawings", index, name, translate("workspace", "rename a drawing"))

    def remove_drawing(self, index: int) -> None:
        """Remove a kept drawing."""
        self._remove("drawings", index, translate("workspace", "remove a drawing"))

    def _rename(self, part: ListName, index: int, name: str, what: str) -> None:
        entries = list(getattr(self._store.state.workspace, part))
        if name.strip() and name != entries[index].name:
            entries[index] = replace(entries[index], name=" ".join(name.split()))
            parts: dict[str, Any] = {part: tuple(entries)}
            self.change(what, **parts)

    def _remove(self, part: ListName | Literal["directions"], index: int, what: str) -> None:
        entries = getattr(self._store.state.workspace, part)
        parts: dict[str, Any] = {part: (*entries[:index], *entries[index + 1 :])}
        self.change(what, **parts)

    def set_group(self, which: int, examples: tuple[Example, ...]) -> None:
        """Set the examples of group A (0) or B (1)."""
        groups = list(self._store.state.workspace.groups)
        groups[which] = examples
        self.change(translate("workspace", "group"), groups=tuple(groups))

    def set_groups(self, a: tuple[Example, ...], b: tuple[Example, ...]) -> None:
        """Set the examples of both groups, as one change."""
        self.change(translate("workspace", "group"), groups=(a, b))

    def set_term(self, index: int, example: Example | None) -> None:
        """Set a (0), b (1) or c (2) of a - b + c; None for nothing."""
        terms = list(self._store.state.workspace.terms)
        terms[index] = example
        self.change(translate("workspace", "term"), terms=tuple(terms))

    def set_keyframes(self, keyframes: tuple[Example, ...]) -> None:
        """Set the keyframes of the interpolation."""
        self.change(translate("workspace", "keyframes"), keyframes=keyframes)

    def select(self, indices: NDArray[np.int64] | None) -> None:
        """Select the images inside a lasso, by their numbers on the map, int64 (n,); None for none."""
        chosen = None if indices is None or not len(indices) else np.asarray(indices, np.int64)
        old = self._store.state.workspace.selection
        if chosen is old or (chosen is not None and old is not None and np.array_equal(chosen, old)):
            return
        self.change(translate("workspace", "selection"), selection=chosen)

    def export_selection(self, path: Path) -> None:
        """Write the selected images with their codes as .npz, and an overview image (.png) beside it."""
        state = self._store.state
        snapshot, image_sets, numbers = state.snapshot, state.image_sets, state.workspace.selection
        if snapshot is None or not image_sets or numbers is None:
            self._store.show_message(translate("workspace", "There are no selected images to save."), "warn")
            return

        def work(progress: Progress) -> int:
            from aestudio.export.tables.selection import export_selection
            from aestudio.training.threads import use_threads

            use_threads()  # a new thread inherits the number of threads that the last training chose
            provenance = None if state.dataset is None else state.dataset.provenance
            return export_selection(snapshot, image_sets, numbers, path, progress, provenance)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                text = translate("workspace", "Wrote {} images to {}, and an overview image beside it.")
                self._store.show_message(text.format(f"{message.value:,}", path), "good")

        self._store.run_task("export selection", "the selection was being written", work, after)


def _free_name(taken: set[str]) -> str:
    """A, B, ... Z, then A2, B2, ..."""
    for number in itertools.count(1):
        for letter in string.ascii_uppercase:
            name = letter if number == 1 else f"{letter}{number}"
            if name not in taken:
                return name
    raise AssertionError("there is always a free name")
