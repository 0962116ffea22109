"""Widgets of a kind are found by listing their folder."""

from __future__ import annotations

from aestudio.gui import views
from aestudio.gui.views.discovery import classes_in
from aestudio.gui.views.latent.panel import Panel
from aestudio.gui.views.view import View, discover_views


def test_each_class_is_found_once_where_it_is_defined() -> None:
    found = classes_in(views, View)
    assert len(found) == len(set(found)) == len(discover_views()) >= 6
    assert all(kind.__module__.startswith("aestudio.gui.views.") for kind in found)
    assert View not in found
    assert classes_in(views, Panel) == []


def test_views_come_in_the_order_of_the_tabs() -> None:
    names = [view.name for view in discover_views()]
    assert names == ["train", "reconstruct", "latent", "features", "compress", "compare"]
