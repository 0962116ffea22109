"""The Latent view with models of each kind of latent, without a problem and with what fits each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from aestudio.gui.inference.requests.entry_usage_request import EntryUsageRequest
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import MapChoice, PlaneChoice
from aestudio.gui.views.latent.latent_view import LatentView
from tests.latent_models import KINDS, snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable

WAIT = 20_000
PANELS = ("grid", "interpolation", "attribute vectors", "samples", "drawings", "traversals", "nearest")


class Shown(NamedTuple):
    """`show(kind)`, and `rest()`: wait until nothing is computed any more."""

    show: Callable[[str], LatentView]
    rest: Callable[[], None]

    def __call__(self, kind: str) -> LatentView:
        return self.show(kind)


@pytest.fixture
def shown(studio_session, show_view, qtbot):
    """`shown(kind)`: the Latent view with this model, when nothing is computed any more."""

    def show(kind):
        view = show_view(LatentView)
        snapshot = snapshot_of(kind)
        studio_session.update(model=ExploredModel(snapshot, kind, "kept"))
        rest()
        return view

    def rest():
        qtbot.waitUntil(
            lambda: not studio_session.state.pending and studio_session.state.exploration.image is not None,
            timeout=WAIT,
        )

    return Shown(show, rest)


def problems(session):
    return {name: result.problem for name, result in session.state.results.items() if result.problem}


@pytest.mark.parametrize("kind", KINDS)
def test_every_panel_with_every_kind(kind, studio_session, shown, qtbot):
    view = shown(kind)
    for panel in PANELS:
        view.panels.show_page(panel)
        shown.rest()
        assert not problems(studio_session), panel
        without = view.panels.front.reason(studio_session.state)
        assert view.panels.reason == without
        qtbot.waitUntil(
            lambda shown=not without: view.panels.front.isVisible() == shown,
            timeout=WAIT,
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_random_code_is_decoded(kind, studio_session, shown):
    shown(kind)
    before = studio_session.state.exploration
    studio_session.explore.sample_prior()
    after = studio_session.state.exploration
    assert not np.array_equal(before.code, after.code)
    assert not np.array_equal(before.image, after.image)
    studio_session.explore.select_random()
    studio_session.explore.reset()


def test_a_place_takes_another_entry(studio_session, shown, qtbot):
    view = shown("codebook")
    picker = view.explorer.sliders.discrete.picker
    assert view.explorer.sliders.column.isHidden()
    assert not picker.isHidden()
    code = studio_session.state.exploration.code
    assert picker.places.entries == tuple(code.astype(int))
    picker.places._select(4)
    other = int(code[4] + 1) % 8
    before = studio_session.state.exploration.image
    picker.entries._select(picker.entries.entries.index(other))
    now = studio_session.state.exploration
    assert now.code[4] == other
    np.testing.assert_array_equal(np.delete(now.code, 4), np.delete(code, 4))
    assert not np.array_equal(now.image, before)
    qtbot.waitUntil(lambda: picker.places.entries[4] == other, timeout=WAIT)


def test_the_usage_is_that_of_the_codes(studio_session, shown):
    view = shown("codebook")
    usage = studio_session.state.value(EntryUsageRequest.channel)
    codes = studio_session.state.value("map")
    assert usage.images == len(codes.xy) == 60
    picker = view.explorer.sliders.discrete.picker
    assert picker.entries.entries == tuple(usage.order.tolist())
    assert f"{usage.used} of 8" in picker.usage.text
    assert f"{usage.perplexity:.1f}" in picker.usage.text
    assert list(picker.bars.shares) == sorted(picker.bars.shares, reverse=True)


def test_a_variable_takes_another_category(studio_session, shown, qtbot):
    from PySide6.QtCore import Qt

    view = shown("categorical")
    table = view.explorer.sliders.discrete.chooser.table
    code = studio_session.state.exploration.code
    assert table.values == tuple(code.astype(int))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.row == 1
    qtbot.mouseClick(
        table, Qt.MouseButton.LeftButton, pos=table.cell_rect(2, (table.values[2] + 1) % 5).center().toPoint()
    )
    now = studio_session.state.exploration.code
    assert now[2] == (code[2] + 1) % 5
    assert table.values == tuple(now.astype(int))


def test_a_mute_of_another_model_does_not_change_entries(studio_session, shown):
    from dataclasses import replace

    shown("codebook")
    studio_session.explore.sample_prior()
    workspace = studio_session.state.workspace
    muted = replace(workspace, sliders=replace(workspace.sliders, muted=frozenset({0, 1, 2})))
    studio_session.update(workspace=muted)
    point = studio_session.state.exploration
    np.testing.assert_array_equal(point.decoded_code, point.code)


def test_back_to_sliders(studio_session, shown, make_snapshot):
    view = shown("codebook")
    studio_session.update(model=ExploredModel(make_snapshot(run="six"), "six", "kept"))
    shown.rest()
    assert not view.explorer.sliders.column.isHidden()
    assert view.explorer.sliders.discrete.isHidden()
    assert view.explorer.sliders.count == 6


def test_a_generator_has_the_plane_of_its_prior_instead_of_a_map_of_codes(studio_session, shown, qtbot):
    view = shown("gan")
    plot = view.map.map.plot
    qtbot.waitUntil(lambda: plot.decoded.images is not None, timeout=WAIT)
    shown.rest()
    left, right, bottom, top = plot.decoded.images.rect
    assert max(left, bottom) <= -3
    assert min(right, top) >= 3
    assert plot.decoded.images.mosaic.any()
    assert (plot.bottom_axis._title, plot.left_axis._title) == ("z1", "z2")
    assert view.map._empty.text() == ""
    x, y = studio_session.state.exploration.decoded_code[:2].tolist()
    assert plot.cross == pytest.approx((x, y))
    view.map.map.cursor_moved.emit(1.5, -0.5)
    assert studio_session.state.exploration.decoded_code[:2].tolist() == pytest.approx([1.5, -0.5])
    before, options = plot.decoded.images, view.map.tools.options
    studio_session.explore.choose_plane(PlaneChoice("components"))
    assert (view.map.tools.kind.value, options.first.currentText()) == ("dimensions", "z1")
    options.first.setCurrentIndex(2)
    options.first.activated.emit(2)
    assert studio_session.state.plane == PlaneChoice("dimensions", 2, 1)
    options.second.setCurrentIndex(4)
    options.second.activated.emit(4)
    qtbot.waitUntil(lambda: plot.decoded.images not in (None, before), timeout=WAIT)
    assert (plot.bottom_axis._title, plot.left_axis._title) == ("z3", "z5")
    studio_session.explore.choose_map(MapChoice(decoded=False))
    assert plot.decoded.images is None
    assert "does not encode" in view.map._empty.text()


def test_a_generator_has_sliders_samples_and_a_grid(studio_session, shown):
    view = shown("gan")
    assert not view.explorer.start.isEnabled()
    rows = view.explorer.sliders.column.rows
    assert [(row.low, row.high) for row in rows] == [(-3.0, 3.0)] * 6
    view.panels.show_page("grid")
    shown.rest()
    grid = studio_session.state.value("grid")
    assert grid.mosaic.any()
    assert view.panels.front.view.image is not None
    assert not problems(studio_session)
