"""Panels behind tabs: created when first shown, reached by keys."""

from __future__ import annotations

from aestudio.gui.views.latent.panel import discover_panels
from aestudio.gui.views.latent.panel_tabs import PanelTabs


def test_every_panel_has_a_name_an_order_a_title_and_a_help_text():
    panels = discover_panels()
    assert [panel.name for panel in panels][:2] == ["grid", "interpolation"]
    assert len({panel.name for panel in panels}) == len({panel.order for panel in panels}) == len(panels)
    for panel in panels:
        assert 0 < len(panel.title()) <= 17, "longer tabs would not fit beside each other"
        assert panel.help()


def test_a_panel_is_created_when_shown_and_left_when_another_is_shown(qtbot, studio_session):
    tabs = PanelTabs(studio_session)
    qtbot.addWidget(tabs)
    tabs.show()
    assert tabs.front.name == "grid"
    left = []
    tabs.front.leave = lambda: left.append("grid")
    changed = []
    tabs.changed.connect(lambda: changed.append(tabs.front.name))
    tabs.show_panel("samples")
    assert changed == ["samples"]
    assert left == ["grid"]
    assert tabs.front is tabs.panel("samples")
