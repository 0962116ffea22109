"""The content, order, rows and values of the sliders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from aestudio.analysis.attribute_discovery import AxisName
from aestudio.analysis.axis_statistics import LatentStatistics, latent_statistics
from aestudio.analysis.data_support.mean_image import MeanImageComparison
from aestudio.analysis.data_support.support import DataSupport
from aestudio.analysis.latent_transform import axes_of_dimensions
from aestudio.gui.inference.requests.axis_names_request import AxisNames
from aestudio.gui.state.model_state import widened
from aestudio.gui.state.studio_state import Exploration, Result, StudioState
from aestudio.gui.state.workspace import Direction, SliderState, Workspace
from aestudio.gui.views.latent.sliders.slider_content import (
    SliderContent,
    SteadyRanges,
    content_of,
)
from aestudio.gui.views.latent.sliders.slider_order import ordered_keys
from aestudio.gui.views.latent.sliders.slider_rows import rows_of, values_and_stds
from aestudio.inference.frozen_model import Codes
from aestudio.recipes.library import find_recipe

if TYPE_CHECKING:
    from aestudio.gui.state.workspace import Basis

SIZE = 64


@pytest.fixture(scope="module")
def codes() -> Codes:
    """64 dimensions whose information falls with the distance from number 40; the last ones have none."""
    random = np.random.default_rng(5)
    scale = np.maximum(0.0, 1.5 - 0.1 * np.abs(np.arange(SIZE) - 40))
    std = np.sqrt(np.maximum(1 - scale**2 / 3, 0.05))
    mean = random.standard_normal((500, SIZE)) * scale
    return Codes(mean.astype(np.float32), np.tile(std, (500, 1)).astype(np.float32))


@pytest.fixture(scope="module")
def statistics(codes: Codes) -> LatentStatistics:
    return latent_statistics(codes, True)


def state_of(
    statistics: LatentStatistics | None, workspace: Workspace, names: AxisNames | None = None
) -> StudioState:
    results = {}
    if statistics is not None:
        results["sliders"] = Result(None, statistics)
    if names is not None:
        results["axis names"] = Result(None, names)
    code = np.zeros(SIZE, np.float32)
    return StudioState(
        find_recipe("vae"), workspace=workspace, results=results, exploration=Exploration(code)
    )


def content(
    statistics: LatentStatistics | None,
    sliders: SliderState | None = None,
    directions: tuple[Direction, ...] = (),
    names: AxisNames | None = None,
    basis: Basis = "dimensions",
) -> SliderContent:
    workspace = Workspace(sliders=replace(sliders or SliderState(), basis=basis), directions=directions)
    axes = axes_of_dimensions(SIZE) if statistics is None else statistics.axes_of(basis)
    return content_of(state_of(statistics, workspace, names), axes, SteadyRanges())


def numbers(keys: tuple) -> list[int]:
    return [index for kind, index in keys if kind == "axis"]


def test_a_model_no_better_than_the_mean_image_has_no_attributes(statistics: LatentStatistics) -> None:
    """What an untrained net's noise has in common with slant is chance; that an axis moves nothing is not."""
    slant = AxisName("measure", "slant", 0.93, 1.0, {}, 48)
    mixed, still = replace(slant, verdict="mixed", measure=""), replace(slant, verdict="nothing", measure="")
    names = AxisNames("r", 0, SIZE, "dimensions", (slant, mixed, still, *[None] * (SIZE - 3)), (), 48, True)

    def shown(better: bool | None) -> list[tuple[str, str]]:
        """better: at the step of the names; None if that is not known. The data support says the opposite."""
        good, bad = MeanImageComparison(0.05, 0.0673), MeanImageComparison(0.07, 0.0673)
        found = {True: good, False: bad, None: None}[better]
        state = state_of(statistics, Workspace(), replace(names, against_mean=found))
        of_another_step = DataSupport(*[cast("Any", None)] * 4, against_mean=good if found is bad else bad)
        results = {**state.results, "data support reference": Result(None, of_another_step)}
        content = content_of(replace(state, results=results), axes_of_dimensions(SIZE), SteadyRanges())
        rows = rows_of(content, [("axis", number) for number in range(3)])
        return [(row.name, row.help.partition("\n")[0]) for row in rows]

    assert [name for name, _ in shown(None)] == ["slant, r = 0.93", "mixed", "no effect"]
    assert shown(True) == shown(None)
    assert [name for name, _ in shown(False)] == ["", "", "no effect"]
    assert "no better than the mean image" in shown(False)[0][1]
    assert shown(False)[2] == shown(None)[2]


def test_by_number_and_by_information(statistics: LatentStatistics) -> None:
    sliders = content(statistics)
    assert numbers(ordered_keys(sliders, False, "")) == list(range(SIZE))
    best = numbers(ordered_keys(sliders, True, ""))
    assert best[0] == 40
    assert set(best[:5]) == {38, 39, 40, 41, 42}
    information = statistics.dimensions.information[best]
    assert (np.diff(information) <= 0).all()


def test_without_statistics_the_sliders_are_shown_too() -> None:
    sliders = content(None)
    assert numbers(ordered_keys(sliders, True, "")) == list(range(SIZE))
    row = rows_of(sliders, [("axis", 6)])[0]
    assert (row.symbol, row.low, row.high, row.meter, row.active) == ("z7", -3.0, 3.0, None, None)


def test_the_filter_knows_names_and_conditions(statistics: LatentStatistics) -> None:
    names: list[AxisName | None] = [None] * SIZE
    names[6] = AxisName("measure", "slant", 0.93, 2.0, {}, 16)
    named = AxisNames("", 0, SIZE, "dimensions", tuple(names), (), 16, True)
    sliders = content(statistics, SliderState(muted=frozenset({3, 9}), locked=frozenset({9})), names=named)
    assert numbers(ordered_keys(sliders, False, "slant")) == [6]
    assert numbers(ordered_keys(sliders, False, "MUTED")) == [3, 9]
    assert numbers(ordered_keys(sliders, False, "muted locked")) == [9]
    assert numbers(ordered_keys(sliders, False, "z64")) == [63]
    assert ordered_keys(sliders, False, "nonsense") == ()
    active, collapsed = (numbers(ordered_keys(sliders, False, word)) for word in ("active", "collapsed"))
    assert sorted(active + collapsed) == list(range(SIZE))
    assert active == np.flatnonzero(statistics.dimensions.active).tolist()
    assert collapsed
    assert rows_of(sliders, [("axis", 6)])[0].name == "slant, r = 0.93"


def test_names_of_another_basis_are_not_shown(statistics: LatentStatistics) -> None:
    named = AxisNames(
        "", 0, SIZE, "components", (AxisName("mixed", "", 0.0, 0.0, {}, 16),) * SIZE, (), 16, True
    )
    assert rows_of(content(statistics, names=named), [("axis", 0)])[0].name == ""
    assert rows_of(content(statistics, names=named, basis="components"), [("axis", 0)])[0].name == "mixed"


def test_a_soloed_slider_silences_the_others(statistics: LatentStatistics) -> None:
    sliders = content(statistics, SliderState(soloed=frozenset({2})))
    silent = [row.held for row in rows_of(sliders, ordered_keys(sliders, False, ""))]
    assert silent == [index != 2 for index in range(SIZE)]


def test_no_meter_of_a_collapsed_model_is_full(statistics: LatentStatistics) -> None:
    kl = statistics.dimensions.kl
    assert kl is not None
    tiny = np.full_like(kl, 0.004)
    collapsed = replace(statistics, dimensions=replace(statistics.dimensions, kl=tiny))
    rows = rows_of(content(collapsed), [("axis", index) for index in range(SIZE)])
    assert [row.meter for row in rows] == pytest.approx([0.008] * SIZE)


def test_the_meter_shows_nats_or_says_why_not(statistics: LatentStatistics, codes: Codes) -> None:
    row = rows_of(content(statistics), [("axis", 40)])[0]
    assert statistics.dimensions.kl is not None
    assert row.meter == 1.0
    assert row.meter_text == f"{statistics.dimensions.kl[40]:.2f}"
    assert "nats" in row.meter_help
    turned = rows_of(content(statistics, basis="components"), [("axis", 0)])[0]
    assert turned.meter_text.endswith("%")
    assert "no parts along components" in turned.meter_help
    assert turned.symbol == "PC 1"
    points = latent_statistics(Codes(codes.mean), False)
    plain = rows_of(content(points), [("axis", 40)])[0]
    assert plain.meter_text.endswith("%")
    assert "standard deviation" in plain.meter_help
    assert "KL" not in plain.meter_help


def test_own_directions_come_first_with_their_uncertainty(statistics: LatentStatistics) -> None:
    vector, error = np.zeros(SIZE, np.float32), np.zeros(SIZE, np.float32)
    vector[3], error[5] = 2.0, 0.5
    sliders = content(statistics, directions=(Direction("to bold", vector, error, 1.5),))
    keys = ordered_keys(sliders, True, "")
    assert keys[0] == ("direction", 0)
    assert len(keys) == SIZE + 1
    row = rows_of(sliders, keys[:1])[0]
    assert row.removable
    assert (row.symbol, row.meter_text) == ("to bold", "±25 %")
    values, stds = values_and_stds(sliders, keys[:2], np.zeros(SIZE, np.float32), None)
    assert values[0] == 1.5
    assert stds[0] == pytest.approx(1.5 * 0.25)


def test_values_and_standard_deviations(statistics: LatentStatistics, codes: Codes) -> None:
    assert codes.std is not None
    sliders, keys = content(statistics), (("axis", 41), ("axis", 2))
    values, stds = values_and_stds(sliders, keys, codes.mean[0], None)
    assert values == pytest.approx(codes.mean[0][[41, 2]].tolist())
    assert stds == pytest.approx(codes.std.mean(0)[[41, 2]].tolist(), rel=1e-5)
    own = np.linspace(0.1, 0.9, SIZE).astype(np.float32)
    assert values_and_stds(sliders, keys, codes.mean[0], own)[1] == pytest.approx(own[[41, 2]].tolist())
    turned = content(statistics, basis="components")
    values, _ = values_and_stds(turned, keys, codes.mean[0], None)
    assert values[0] == pytest.approx(statistics.axes_of("components").coordinates(codes.mean[0])[41])


def test_ranges_only_grow_and_only_by_more_than_the_tolerance() -> None:
    old = np.array([[-1.0, 1.0], [-2.0, 2.0]])
    assert widened(old, old * 1.04) is old
    assert widened(old, old * 0.5) is old
    np.testing.assert_allclose(widened(old, np.array([[-1.5, 0.5], [-1, 1]])), [[-1.5, 1.0], [-2, 2]])
