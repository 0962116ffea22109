"""The page of other formats in the Compress view: what is measured, equal bytes, and what is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.compress.compress_view import FORMATS, CompressView
from tests.codec.conftest import TINY_CODEC
from tests.small_models import untrained

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.widgets.image_view import ImageView

WAIT = 60_000


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer settings and images alone, so that a measurement takes little."""
    from aestudio.codec import rate_distortion

    monkeypatch.setattr(rate_distortion, "QUALITIES", (20, 80))
    monkeypatch.setattr(rate_distortion, "LEARNED_QUALITIES", (1, 100))
    monkeypatch.setattr(rate_distortion, "ALONE", 2)
    formats = {name: (kind, many[:1]) for name, (kind, many) in rate_distortion.FORMATS.items()}
    monkeypatch.setattr(rate_distortion, "FORMATS", {name: formats[name] for name in ("WebP", "PNG")})


@pytest.fixture
def view(show_view: Callable[..., CompressView]) -> CompressView:
    return show_view(CompressView)


@pytest.fixture
def settle(qtbot: QtBot, studio_session: Session, view: CompressView) -> Callable[[], None]:
    """Waits until no request is pending."""
    return lambda: qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=WAIT)


def same(tile: ImageView, image: NDArray[np.uint8]) -> bool:
    """Whether a tile shows this image."""
    return tile._image is not None and np.array_equal(tile._image, image)


def open_formats(qtbot: QtBot, view: CompressView) -> None:
    qtbot.keyClick(view.what, Qt.Key.Key_End)
    assert view.what.currentData() == FORMATS


def test_tiles_show_the_selected_image_in_equal_bytes(
    qtbot: QtBot, view: CompressView, settle: Callable[[], None], studio_session: Session
) -> None:
    open_formats(qtbot, view)
    studio_session.explore.select(3)
    settle()
    page, rates = view.formats, studio_session.state.value("rates of formats")
    names = list(dict.fromkeys(rate.codec for rate in rates))
    assert names == [rates[0].codec, "PCA", "WebP", "PNG"]
    image_set = studio_session.state.image_set
    assert image_set is not None
    assert same(page.tiles[0], image_set.images[3])
    page.bits.setValue(5_000)
    chosen = page.chosen(rates)
    assert chosen["PNG"].mse == 0
    for number, name in enumerate(names, 1):
        assert same(page.tiles[number], chosen[name].pictures[3])
        assert f"{chosen[name].shared:,.0f} bits" in page._texts[number].text()
    page.bits.setValue(60)
    png = names.index("PNG") + 1
    assert page.tiles[png]._image is None
    (exact,) = (rate for rate in rates if rate.codec == "PNG")
    assert page._texts[png].text().strip() == f"from {exact.shared:,.0f} bits"
    qtbot.mouseClick(page.headers, Qt.MouseButton.LeftButton)
    assert page._texts[png].text().strip() == f"from {exact.alone:,.0f} bits"
    assert "each a file of its own" in page.note.text()
    shown = sorted(float(str(row[2])) for row in page.chart.table().rows)
    assert shown == pytest.approx(sorted(rate.alone for rate in rates))


def test_what_is_saved_is_what_the_tile_shows(
    qtbot: QtBot, view: CompressView, settle: Callable[[], None], studio_session: Session, tmp_path: Path
) -> None:
    from aestudio.codec.container import read_container
    from aestudio.codec.opened_file import decompress
    from tests.gui.views.compress.test_compress_view import save

    open_formats(qtbot, view)
    studio_session.explore.select(2)
    settle()
    view.formats.bits.setValue(5_000)
    view.save.click()
    save(view, tmp_path / "one.aec", 0)
    qtbot.waitUntil(lambda: (tmp_path / "one.aec").exists() and not studio_session.state.tasks, timeout=WAIT)
    snapshot = studio_session.state.snapshot
    assert snapshot is not None
    pictures = decompress(read_container(tmp_path / "one.aec"), snapshot, tmp_path).pictures
    assert same(view.formats.tiles[1], pictures[0])


@pytest.mark.parametrize(("name", "settings"), [("vq-vae", {}), ("codec", TINY_CODEC)])
def test_models_whose_rounding_is_not_the_users_choice(
    name: str,
    settings: dict[str, Any],
    qtbot: QtBot,
    view: CompressView,
    settle: Callable[[], None],
    studio_session: Session,
) -> None:
    settle()
    snapshot = untrained(name, **settings)
    studio_session.update(model=ExploredModel(snapshot, "another", "kept"))
    settle()
    assert view.reason(studio_session.state) is None
    assert not view.what.isEnabled()
    assert view.what.toolTip()
    assert view.formats.isVisible()
    assert not view.one_image.isVisible()
    rates = studio_session.state.value("rates of formats")
    assert rates[0].codec == snapshot.recipe.title
    assert view.formats.chart.has_content
