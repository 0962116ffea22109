"""Every plot follows a change of the theme, without colours of the old one."""

from aestudio.gui.theme.style import apply_theme
from aestudio.gui.theme.tokens import DARK, LIGHT
from tools.widget_gallery.plot_samples import SAMPLES

NAMES = ("bars", "class_map", "curve_plot", "rate_curve", "small_multiples")


def test_a_theme_change_replaces_every_colour(qapp, qtbot):
    apply_theme(qapp, LIGHT)
    widgets = [SAMPLES[name].make() for name in NAMES]
    for widget in widgets:
        qtbot.addWidget(widget)
        widget.resize(700, 500)
        widget.show()
    light = [widget.grab().toImage() for widget in widgets]
    apply_theme(qapp, DARK)
    dark = [widget.grab().toImage() for widget in widgets]
    apply_theme(qapp, LIGHT, scale=1.5)
    for widget in widgets:
        widget.grab()
    apply_theme(qapp, DARK)
    for before, after, widget in zip(light, dark, widgets, strict=True):
        assert after != before
        assert after.pixelColor(after.width() - 2, 2).lightness() < 60
        assert _brightest_share(before) > 0.5
        assert _brightest_share(after) < 0.1
        again = widget.grab().toImage()
        assert again.pixelColor(30, 250) == after.pixelColor(30, 250)


def _brightest_share(image):
    """Share of nearly white pixels, on a grid of samples."""
    seen = [image.pixelColor(x, y).lightness() for x in range(0, image.width(), 9) for y in range(0, 500, 9)]
    return sum(value > 235 for value in seen) / len(seen)
