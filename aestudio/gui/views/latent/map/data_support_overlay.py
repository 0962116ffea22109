"""Data support: the requests of the gauge and the map, and the overlay under the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from aestudio.gui.inference.pace import RequestPacing
from aestudio.gui.inference.requests.data_support_request import (
    LOWEST_NATS,
    DataSupportReference,
    ReferenceCodes,
    SupportOfCode,
    SupportOnMap,
)
from aestudio.gui.inference.shared_codes import encoded_snapshot
from aestudio.gui.plots.map_layers import FieldImage
from aestudio.gui.state.capabilities import no_data_support
from aestudio.gui.state.condition_state import shown_condition
from aestudio.gui.state.needed_embedding import moving
from aestudio.gui.state.shown import Shown
from aestudio.gui.views.latent.map.map_planes import no_plane
from aestudio.gui.views.latent.map.visible_part import VisiblePart

if TYPE_CHECKING:
    from aestudio.gui.inference.request import Request
    from aestudio.gui.inference.requests.data_support_request import Rect, SupportField
    from aestudio.gui.inference.requests.latent_map_request import CodeMap
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.views.latent.map.map_panel import MapPanel
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate

# Codes that a code is compared with, and cells per side of the overlay's refinements; fewer in training.
CODES_AT_REST, CODES_WHILE_TRAINING = 10_000, 2_000
CELLS_AT_REST, CELLS_WHILE_TRAINING = (16, 32, 64), (24,)
SECONDS_PER_COMPARISON = 1.0


class DataSupportOverlay(QObject):
    """Requests the data support, and shows the field under the points of a map panel.

    moved(): the visible part of the map changed, and needs a new field
    """

    moved = Signal()

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._pace = RequestPacing(SECONDS_PER_COMPARISON)
        self._drawn: tuple[SupportField, FieldImage] | None = None
        self._shown = Shown()
        self._part = VisiblePart(panel)
        self._part.moved.connect(self.moved)

    def show_state(self, state: StudioState) -> None:
        """Show the newest field under the points, or remove it."""
        field = self.field(state)
        self._part.followed = state.map_choice.overlay != "none"
        failed = state.problem(SupportOnMap.channel) if self._part.followed else ""
        self._panel.set_note(missing_reason(state) or failed)
        if self._shown.differs(field):
            self._panel.set_field(field)

    def _visible(self, state: StudioState) -> Rect | None:
        """The visible part of the map: left, right, bottom, top in data coordinates."""
        if state.value("map") is None:
            return None
        rect = self._part.rect()
        return rect.left(), rect.right(), rect.top(), rect.bottom()

    # ---- requests ----------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> list[Request]:
        """The requests of the reference and the gauge; that of the field if an overlay is chosen."""
        model = state.model
        if model is None or no_data_support(model.snapshot):
            return []
        paced = self._pace.snapshot(state, DataSupportReference.channel)
        compared = encoded_snapshot(state) or paced or model.snapshot
        sources = _sources(state, compared)
        if sources is None:
            return []
        train = None if state.dataset is None or sources.image_set is None else state.dataset.train
        reference = DataSupportReference(sources, train, moving(state))
        return [reference, *self._gauge_requests(state), *self._field_requests(state)]

    def _gauge_requests(self, state: StudioState) -> list[Request]:
        result, decoded_code = state.results.get(DataSupportReference.channel), state.exploration.decoded_code
        if result is None or result.value is None or decoded_code is None or state.snapshot is None:
            return []
        sources: ReferenceCodes = result.request.sources
        if sources.snapshot.architecture.latent.size != len(decoded_code):
            return []
        code = tuple(decoded_code.tolist())
        return [SupportOfCode(sources, result.value, code, shown_condition(state))]

    def _field_requests(self, state: StudioState) -> list[Request]:
        kind, result = state.map_choice.overlay, state.results.get("map")
        visible = None if kind == "none" else self._visible(state)
        if kind == "none" or visible is None or result is None or result.value is None:
            return []
        shown: CodeMap = result.value
        sources = _sources(state, result.request.snapshot)
        if (
            sources is None
            or missing_reason(state)
            or shown.plane.size != sources.snapshot.architecture.latent.size
        ):
            return []
        base: tuple[float, ...] = ()
        if kind != "density" and shown.plane.linear:
            decoded_code = state.exploration.decoded_code
            if decoded_code is None or len(decoded_code) != shown.plane.size:
                return []
            # Moving within the plane changes nothing.
            base = tuple(np.round(shown.plane.from_plane(np.zeros((1, 2)), decoded_code)[0], 3).tolist())
        cells = CELLS_WHILE_TRAINING if state.shown_run.phase == "running" else CELLS_AT_REST
        told = None if kind == "density" else shown_condition(state)
        return [SupportOnMap(sources, shown, kind, rounded(visible), base, cells, told)]

    # ---- display ------------------------------------------------------------------------------

    def field(self, state: StudioState) -> FieldImage | None:
        """The newest field of the current map; None without an overlay or while this map has no field."""
        result, kind = state.results.get(SupportOnMap.channel), state.map_choice.overlay
        if result is None or result.value is None or kind == "none" or missing_reason(state):
            return None
        field: SupportField = result.value
        shown = state.value("map")
        if field.kind != kind or shown is None or not _same_plane(result.request.shown, shown):
            return None
        if self._drawn is None or self._drawn[0] is not field:
            self._drawn = (field, _image(field))
        return self._drawn[1]


def rounded(rect: Rect) -> Rect:
    """Round a rectangle to about a hundredth of its size, so that tiny movements cause no new request."""
    left, right, bottom, top = rect
    grain = max(right - left, top - bottom) / 100 or 1.0
    step = 2.0 ** np.round(np.log2(grain))
    return (
        float(np.floor(left / step) * step),
        float(np.ceil(right / step) * step),
        float(np.floor(bottom / step) * step),
        float(np.ceil(top / step) * step),
    )


def _same_plane(old: CodeMap, new: CodeMap) -> bool:
    """Whether a field over one map can lie under the points of the other; embeddings must be the same."""
    return old.plane is new.plane or (new.plane.linear and old.plane.titles == new.plane.titles)


def missing_reason(state: StudioState) -> str:
    """Why the chosen overlay is not possible on this map, translated; "" if it is."""
    if state.map_choice.overlay != "none" and no_data_support(state.snapshot):
        return no_data_support(state.snapshot)
    shown: CodeMap | None = state.value("map")
    if state.map_choice.overlay != "none" and state.plane.turns:
        return no_plane(state)
    if state.map_choice.overlay != "none" and state.embedding.live is not None:
        return translate("DataSupportOverlay", "The overlay is drawn when the points have come to rest.")
    if shown is None or shown.plane.linear or state.map_choice.overlay != "decoder_sensitivity":
        return ""
    return translate(
        "DataSupportOverlay", "A t-SNE or UMAP map has no directions along which the image could change."
    )


def _sources(state: StudioState, snapshot: Snapshot) -> ReferenceCodes | None:
    """The images whose codes are compared, or the codes that a shipped model brought with it."""
    count = CODES_WHILE_TRAINING if state.shown_run.phase == "running" else CODES_AT_REST
    if state.data.dataset is None and state.model is not None and state.model.shipped_codes is not None:
        return ReferenceCodes(snapshot, None, state.model.shipped_codes, count)
    if state.image_set is None or not len(state.image_set):
        return None
    return ReferenceCodes(snapshot, state.image_set, None, count)


def _image(field: SupportField) -> FieldImage:
    if field.kind == "density":
        title, unit = (
            translate("DataSupportOverlay", "Log density"),
            translate("DataSupportOverlay", "nats to the peak"),
        )
        return FieldImage(field.values, field.rect, title, unit, LOWEST_NATS, 0.0)
    high = float(np.quantile(field.values, 0.98))
    if field.kind == "decode_encode_error":
        title, unit = (
            translate("DataSupportOverlay", "Decode-encode error"),
            translate("DataSupportOverlay", "σ of the data"),
        )
    else:
        title, unit = (
            translate("DataSupportOverlay", "Decoder sensitivity"),
            translate("DataSupportOverlay", "change per unit"),
        )
    return FieldImage(field.values, field.rect, title, unit, 0.0, max(high, 1e-6))
