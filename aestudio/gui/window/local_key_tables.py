"""The keys of every widget that handles keys of its own, for the list in Help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.plots import class_legend, lasso_input, map_plot, parallel_plot, themed_plot
from aestudio.gui.views.latent import drawer
from aestudio.gui.views.latent.examples import example_row
from aestudio.gui.views.latent.grid import class_rows_view
from aestudio.gui.views.latent.traversals import sheet_view
from aestudio.gui.views.network import layer_diagram
from aestudio.gui.views.shared import condition_chooser
from aestudio.gui.widgets import (
    choice_table,
    drawing_pad,
    entry_cells,
    image_grid,
    latent_slider,
    plane_input,
    slider_column,
)
from aestudio.gui.widgets.guesses import number_guess, plane_guess
from aestudio.gui.window.lessons import lesson_panel
from aestudio.gui.window.palette import command_palette
from aestudio.gui.window.runs import runs_table

if TYPE_CHECKING:
    from aestudio.gui.widgets.local_keys import LocalKeys


def local_key_tables() -> tuple[LocalKeys, ...]:
    """The tables, in the order of the list; a test says that each module with one is here."""
    modules = (
        latent_slider,
        slider_column,
        condition_chooser,
        drawer,
        map_plot,
        lasso_input,
        themed_plot,
        class_legend,
        plane_input,
        class_rows_view,
        sheet_view,
        image_grid,
        layer_diagram,
        example_row,
        entry_cells,
        choice_table,
        drawing_pad,
        runs_table,
        parallel_plot,
        lesson_panel,
        number_guess,
        plane_guess,
        command_palette,
    )
    return tuple(module.KEYS for module in modules)
