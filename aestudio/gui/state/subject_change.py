"""Removes outdated results when the window shows another run or other images: pure functions.

A result for one run or data set is never shown under the name of another. It leaves the state at once, and
every view shows what it shows before the first result.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from aestudio.gui.state.capabilities import is_discrete
from aestudio.gui.state.chosen_axes import first_plane, with_axes_noted
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.model_shape import has_shape, shown_shape
from aestudio.gui.state.studio_state import Exploration, ProbeState
from aestudio.gui.state.subject import Subject
from aestudio.gui.state.workspace import for_another_run, with_other_images

if TYPE_CHECKING:
    from aestudio.gui.state.model_state import ExploredModel
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.state.workspace import UndoEntry
    from aestudio.training.events import Snapshot

_DECISIVE = ("model", "data", "preview_images", "comparison", "drawing", "plane")


def settled(before: StudioState, after: StudioState) -> StudioState:
    """`after` without what belongs to a run, to images or to a latent space that only `before` showed."""
    if all(getattr(before, part) is getattr(after, part) for part in _DECISIVE):
        return after  # as for every move of a slider
    after = _with_first_plane(before, after)
    if after.plane is not before.plane:
        after = _with_chosen_plane(before, after)
    if not has_shape(after.drawing, shown_shape(after)):
        after = replace(after, drawing=None)  # the pad is emptied, too
    other_run = _run(before) != _run(after)
    other_images = not _same(before.image_sets, after.image_sets)
    other_shipped_codes = before.shipped_codes is not after.shipped_codes
    other_comparison = _comparison(before) != _comparison(after) or not _same(
        before.compared_image_sets, after.compared_image_sets
    )
    # Those that are loaded can change while the shown model takes neither the old nor the new ones.
    other_loaded = not _same(before.loaded_image_sets, after.loaded_image_sets)
    if not (other_run or other_images or other_shipped_codes or other_comparison or other_loaded):
        return after
    if other_images:
        after = _with_other_images(before, after, other_run)
    if other_run:
        after = _with_another_run(after)
    return _without_outdated(after)


def _run(state: StudioState) -> object:
    return None if state.snapshot is None else state.snapshot.run_key


def _comparison(state: StudioState) -> tuple[object, ...]:
    return tuple(snapshot.run_key for snapshot in state.comparison.snapshots)


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _with_first_plane(before: StudioState, after: StudioState) -> StudioState:
    """Codes of another length have the axes that were chosen for them last, or the usual ones.

    A run that is opened may bring its own.
    """
    if after.model is before.model or after.snapshot is None or after.plane is not before.plane:
        return after
    size = _map_size(after.snapshot)
    if before.snapshot is not None and size == _map_size(before.snapshot):
        return after
    return replace(after, plane=first_plane(after.axes, size))


def _with_chosen_plane(before: StudioState, after: StudioState) -> StudioState:
    """Choosing a kind of embedding, even the same one again, clears earlier cancellations."""
    previous = after.previous_plane if is_embedding(before.plane.kind) else before.plane
    embedding = replace(after.embedding, declined=None, rest_until=0.0)
    after = replace(after, previous_plane=previous, embedding=embedding)
    if after.model is not before.model or after.snapshot is None:
        return after  # another model has brought its plane: the user chose none
    return with_axes_noted(after, _map_size(after.snapshot))


def _map_size(snapshot: Snapshot) -> int:
    """Numbers of a code; 0 for a discrete code, which has no dimensions."""
    return 0 if is_discrete(snapshot) else snapshot.architecture.latent.size


# ---- another run ----------------------------------------------------------------------------------------


def _with_another_run(state: StudioState) -> StudioState:
    """Remove the point, own directions and all codes: they belong to the latent space of the run before."""
    undo = state.undo.mapped(
        lambda kept: replace(kept, workspace=for_another_run(kept.workspace), code=None, condition=None)
    )
    workspace = for_another_run(state.workspace)
    undo = undo.with_effect(workspace, state.selected)
    return replace(state, exploration=Exploration(), workspace=workspace, undo=undo)


# ---- other images ---------------------------------------------------------------------------------------


def _with_other_images(before: StudioState, after: StudioState, other_run: bool) -> StudioState:
    """Replace numbers of images by the images; a code that followed an image waits for the new one."""
    image_sets, others = before.image_sets, after.image_sets

    def changed(kept: UndoEntry) -> UndoEntry:
        return replace(kept, workspace=with_other_images(kept.workspace, image_sets, others), selected=None)

    after = replace(
        after,
        workspace=with_other_images(after.workspace, image_sets, others),
        undo=after.undo.mapped(changed),
        hovered=-1,
        exploration=after.exploration if after.exploration.set_by_user else Exploration(),
    )
    if other_run or before.data.dataset is None:
        return after  # the sliders' ranges came with the model
    history = replace(after.history, present=_without_ranges(after.history.present))
    return replace(after, model=_without_ranges(after.model), history=history)


def _without_ranges(model: ExploredModel | None) -> ExploredModel | None:
    return None if model is None else replace(model, ranges=None)


# ---- results --------------------------------------------------------------------------------------------


def _without_outdated(state: StudioState) -> StudioState:
    results = {
        channel: result for channel, result in state.results.items() if state.shows(result.request.subject)
    }
    embedding, probe, latent_metrics = state.embedding, state.probe, state.latent_metrics
    requested = embedding.requested
    if requested is not None and not state.shows(
        Subject.of(requested.snapshot, requested.image_sets, requested.shipped_codes)
    ):
        embedding = replace(embedding, requested=None, result=None, problem=None)
    if probe.snapshot is not None and not (
        probe.snapshot.run_key == _run(state) and probe.dataset is state.data.dataset
    ):
        probe = ProbeState()
    if latent_metrics is not None and not (
        latent_metrics.snapshot.run_key == _run(state) and latent_metrics.dataset is state.data.dataset
    ):
        latent_metrics = None
    return replace(
        state,
        results=MappingProxyType(results),
        embedding=embedding,
        probe=probe,
        latent_metrics=latent_metrics,
    )
