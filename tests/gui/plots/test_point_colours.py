"""Colours of points: by class, by value, hidden, selected."""

import numpy as np

from aestudio.gui.plots.map_layers import PointValues
from aestudio.gui.plots.point_colours import PointColours
from aestudio.gui.theme.scales import sequential_table
from aestudio.gui.theme.tokens import DARK, LIGHT, channels

LABELS = np.array([0, 1, 1, 7, -1])


def rgb(ink):
    return tuple(int(ink) >> shift & 255 for shift in (16, 8, 0))


def test_classes_and_unknown_labels():
    crowd = PointColours(5, LABELS, ("zero", "one"), frozenset({0, 1}))
    inks = crowd.colours(DARK)
    assert rgb(inks[0]) == channels(DARK.class_colours[0])
    assert inks[1] != inks[2], "neighbours of a class have different shades"
    assert inks[3] == inks[4]
    assert (inks >> 24 == 255).all()
    assert len(set(PointColours(5).colours(DARK).tolist())) == 1


def test_hidden_classes_have_no_colour_and_unknown_labels_stay():
    crowd = PointColours(5, LABELS, ("zero", "one"), frozenset({0}))
    assert crowd.visible.tolist() == [True, False, False, True, True]
    assert (crowd.colours(LIGHT) != 0).tolist() == [True, False, False, True, True]


def test_numbers_are_looked_up_on_the_scale():
    values = PointValues(np.array([0, 50, 100, np.nan, 25], np.float32), "Loss")
    for theme in (DARK, LIGHT):
        inks = PointColours(5, LABELS, ("zero", "one"), frozenset({0, 1}), values).colours(theme)
        table = sequential_table(theme)
        assert rgb(inks[0]) == tuple(table[0])
        assert rgb(inks[2]) == tuple(table[255])
        middle = table[128].astype(int)
        assert np.abs(middle - rgb(inks[1])).max() <= 4
        assert rgb(inks[3]) not in {tuple(entry) for entry in table.tolist()}


def test_selected_points_keep_their_colour_and_are_drawn_last():
    selected = np.array([False, True, False, True, False])
    plain = PointColours(5, LABELS, ("zero", "one"), frozenset({0, 1}))
    chosen = PointColours(5, LABELS, ("zero", "one"), frozenset({0, 1}), None, selected)
    before, after = plain.colours(DARK), chosen.colours(DARK)
    np.testing.assert_array_equal(before == after, selected)
    panel = np.array(channels(DARK.panel))
    for index in np.flatnonzero(~selected):
        assert np.abs(panel - rgb(after[index])).sum() < 0.4 * np.abs(panel - rgb(before[index])).sum()
    order = chosen.order()
    assert order is not None
    assert order.tolist() == [0, 2, 4, 1, 3]
    assert plain.order() is None
