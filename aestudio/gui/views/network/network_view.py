"""The Network view: the layers to scale, and what the selected one holds and does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea

from aestudio.analysis.layer_weights import matrices
from aestudio.errors import StudioError
from aestudio.gui.inference.requests.layers_request import LayerActivity, LayersOfImage, LayerWeights
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import keep_length, set_role
from aestudio.gui.views.network.layer_diagram import LayerDiagram, shape_text
from aestudio.gui.views.network.layer_panels import ActivationPages, WeightsOfLayer
from aestudio.gui.views.shared.channel_mark import ChannelMark
from aestudio.gui.views.shared.condition_text import decoded_text, own_sentence
from aestudio.gui.views.shared.empty_reason import Reason, misfit
from aestudio.gui.views.shared.error_scale import ErrorScale
from aestudio.gui.views.shared.image_offer import image_offer, name_of_image
from aestudio.gui.views.view import View
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.fixed_caption import FixedCaption
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.offer import Offer
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.network_layers import MODEL, chains

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from aestudio.datasets.image_shape import DataShape
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.inference.request import Request
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.inference.activations import Activations
    from aestudio.recipes.network_layers import LayerChain, NetworkLayer
    from aestudio.recipes.recipe import Recipe

    _Drawn = tuple[tuple[LayerChain, ...], StudioError | None]

_WHITE = 255


class NetworkView(View):
    """Of the shown model; without one the layers of the recipe, which have no weights yet."""

    def __init__(self, session: Session, parent: Any = None) -> None:
        super().__init__(session, parent)
        self._known: tuple[tuple[Recipe, DataShape], _Drawn] | None = None
        self._chains: tuple[LayerChain, ...] = ()
        self._chain, self._index, self._matrix = MODEL, 1, ""
        self._shown_activity, self._shown_weights = Shown(), Shown()
        self.chain = ChoiceBox(self.tr("Network"), self.tr("Which of the model's networks is drawn"))
        self.diagram = LayerDiagram(self._text_of)
        self.activations = ActivationPages()
        self.weights = WeightsOfLayer()
        self.marks = (
            ChannelMark(self.diagram, LayerActivity.channel),
            ChannelMark(self.activations.grid, LayerActivity.channel, caption=self.activations.caption),
            ChannelMark(self.weights.grid, LayerWeights.channel, caption=self.weights.caption),
        )
        self.activations.grid.describe = lambda _: self._describe(LayerActivity.channel)
        self.weights.grid.describe = lambda _: self._describe(LayerWeights.channel)
        self._lay_out()
        self.chain.chosen.connect(self._choose_chain)
        self.diagram.selected_changed.connect(self._choose_layer)
        self.weights.chosen.connect(self._choose_matrix)

    def _lay_out(self) -> None:
        self._caption = FixedCaption(2)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._heading = label("", "label")
        self._heading.setMinimumWidth(1)
        scale = ErrorScale(self.tr("negative"), self.tr("positive"))
        scale.setToolTip(self.tr("Activations in units of the largest magnitude of each layer"))
        self.place = QScrollArea()
        self.place.setWidget(self.diagram)
        self.place.setWidgetResizable(True)
        self.place.setFrameShape(QFrame.Shape.NoFrame)
        self.place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.place.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_role(self.place, "bare")
        keep_length(self.place, lambda place, theme: place.setMinimumHeight(theme.px(132)))
        pages = row(fill(self.activations), fill(self.weights), gap=20)
        column(
            row(self.chain, fill(self._caption), scale, gap=12),
            fill(self.place, 4),
            self._heading,
            fill(pages, 5),
            gap=8,
            margins=(0, 8, 0, 0),
            on=self,
        )

    # ---- what is chosen -------------------------------------------------------------------------------

    @property
    def layer(self) -> NetworkLayer | None:
        """The selected layer."""
        layers = self._layers()
        return layers[self._index] if 0 <= self._index < len(layers) else None

    def _layers(self) -> tuple[NetworkLayer, ...]:
        return next((chain.layers for chain in self._chains if chain.name == self._chain), ())

    def _choose_chain(self, name: str) -> None:
        self._chain, self._index, self._matrix = name, 1, ""
        self.refresh()

    def _choose_layer(self, index: int) -> None:
        self._index, self._matrix = index, ""
        self.refresh()

    def _choose_matrix(self, name: str) -> None:
        self._matrix = name
        self.refresh()

    def _take(self, state: StudioState) -> None:
        """Take over the layers of what is shown; another model has other layers, so that nothing is kept."""
        found, _ = self._drawn(state)
        if found == self._chains:
            return
        self._chains = found
        if self._chain not in [chain.name for chain in found]:
            self._chain = MODEL
        self._index = max(0, min(self._index, len(self._layers()) - 1))

    def _drawn(self, state: StudioState) -> _Drawn:
        """The layers of the shown model, or of the recipe for the loaded images; or why there are none."""
        snapshot = state.snapshot
        key = (state.recipe, state.data_shape) if snapshot is None else (snapshot.recipe, snapshot.data)
        if self._known is None or self._known[0] != key:
            try:
                self._known = key, (chains(Architecture(*key)), None)
            except StudioError as problem:
                self._known = key, ((), problem)
        return self._known[1]

    # ---- requests -------------------------------------------------------------------------------------

    def requests(self, state: StudioState) -> Iterable[Request]:
        """What the layers make of the selected image, and the selected layer's weights."""
        snapshot = state.snapshot
        if snapshot is None or state.torch_phase == "failed":
            return ()
        self._take(state)
        requests: list[Request] = []
        if state.selected_image is not None:
            code, condition = None, None
            if not snapshot.architecture.encodes and state.exploration.decoded_code is not None:
                code = tuple(state.exploration.decoded_code.tolist())
                condition = state.exploration.condition
            requests.append(LayerActivity(snapshot, state.image_sets, state.selected, code, condition))
        matrix = self._matrix_of(state)
        if matrix and self.layer is not None:
            requests.append(LayerWeights(snapshot, self.layer, matrix))
        return requests

    def _matrix_of(self, state: StudioState) -> str:
        """The chosen matrix of the selected layer, or its first; "" if it has none."""
        if self.layer is None or state.snapshot is None:
            return ""
        names = matrices(self.layer, state.snapshot)
        return self._matrix if self._matrix in names else next(iter(names), "")

    def reason(self, state: StudioState) -> Reason | None:
        _, problem = self._drawn(state)
        return None if problem is None else Reason("layers", str(problem))

    # ---- display --------------------------------------------------------------------------------------

    def show_state(self, state: StudioState) -> None:
        self._take(state)
        self.chain.set_entries((chain.name, self._title(chain.name)) for chain in self._chains)
        self.chain.show_value(self._chain)
        self.chain.setVisible(len(self._chains) > 1)
        if self.diagram.layers != self._layers():
            self.diagram.set_layers(self._layers())
            self._shown_activity.forget()
        self.diagram.set_selected(self._index)
        self._heading.setText(self._text_of(self._index))
        activity = self._activity(state)
        self._show_activity(state, activity)
        self._show_weights(state)
        shown = activity is not None
        for mark, visible in zip(self.marks, (shown, shown, self.weights.grid.count > 0), strict=True):
            mark.show_state(state, visible=visible)

    def _title(self, name: str) -> str:
        if name != MODEL:
            return name[:1].upper() + name[1:]
        first = next((chain.layers[0] for chain in self._chains if chain.name == MODEL), None)
        encodes = first is not None and first.kind == "image"
        return self.tr("Model") if encodes else self.tr("Generator")

    def _activity(self, state: StudioState) -> LayersOfImage | None:
        """The newest activations, if they are of the layers that are drawn."""
        value: LayersOfImage | None = state.value(LayerActivity.channel)
        return value if value is not None and value.chains == self._chains else None

    def _show_activity(self, state: StudioState, activity: LayersOfImage | None) -> None:
        self._caption.set_text(self._describe_network(state, activity))
        problem = state.problem(LayerActivity.channel)
        if not self._shown_activity.differs(
            activity, self._chain, self._index, state.ink_on_paper, problem, self._waiting(state)
        ):
            return
        layers = self._layers()
        values = [None if activity is None else _values(layer, activity) for layer in layers]
        pictures = [
            value if value is None or layer.kind != "image" else _image(value, state.ink_on_paper)
            for layer, value in zip(layers, values, strict=True)
        ]
        self.diagram.set_values(pictures)
        value = values[self._index] if self.layer is not None else None
        if value is not None:
            self.activations.show_values(value)
            return
        self.activations.show_nothing(problem or self._waiting(state))

    def _waiting(self, state: StudioState) -> str:
        """Why there are no activations."""
        if state.snapshot is None:
            return self.tr("Press Start: the layers have activations as soon as there is a model.")
        if state.image_set is None:
            return misfit(state) or self.tr("Activations appear as soon as a data set is loaded.")
        if self._activity(state) is None:
            return self.tr("The activations are being computed ...")
        if self._chain == MODEL:
            return self.tr("There is no code to decode yet: move a slider of the Latent view.")
        return self.tr("What this network is given exists only within a step of the training.")

    def _show_weights(self, state: StudioState) -> None:
        result = state.results.get(LayerWeights.channel)
        matrix, layer = self._matrix_of(state), self.layer
        current = (
            result is not None
            and result.value is not None
            and (result.request.layer, result.request.matrix) == (layer, matrix)
        )
        value = result.value if result is not None and current else None
        why = "" if value is not None else self._no_weights(state, matrix)
        if not self._shown_weights.differs(value, self._chain, self._index, matrix, why):
            return
        if layer is not None and state.snapshot is not None:
            self.weights.offer(matrices(layer, state.snapshot), layer.modules, matrix)
        if value is not None:
            self.weights.show_weights(value)
        else:
            self.weights.matrix.setVisible(False)
            self.weights.show_nothing(why)

    def _no_weights(self, state: StudioState, matrix: str) -> str:
        if self.layer is None or self.layer.kind == "image":
            return self.tr("An image has no weights: choose a layer.")
        if state.snapshot is None:
            return self.tr("Press Start: the layers have weights as soon as there is a model.")
        if not matrix:
            return self.tr("This layer has no matrix of its own.")
        return state.problem(LayerWeights.channel) or self.tr("The weights are being loaded ...")

    def _describe_network(self, state: StudioState, activity: LayersOfImage | None) -> str:
        count = sum(chain.parameters for chain in self._chains)
        parameters = self.tr("{} parameters; below a layer its shape and its own").format(f"{count:,}")
        if activity is None:
            if state.snapshot is None:
                return self.tr("{}, not trained: {}").format(state.recipe.title, parameters)
            return parameters
        request = state.results[LayerActivity.channel].request
        if self._layers() and self._layers()[0].kind == "image":
            texts = (name_of_image(state, request.index), parameters, own_sentence(state))
        else:
            text = decoded_text(state, request.condition)
            texts = (self.tr("The code of the Latent view"), parameters, text)
        return " · ".join(text for text in texts if text)

    def _text_of(self, index: int) -> str:
        """A layer in words: what it is, its shapes and its parameters."""
        layers = self._layers()
        if not 0 <= index < len(layers):
            return ""
        layer = layers[index]
        name = layer.text[:1].upper() + layer.text[1:]
        if layer.kind == "image" or not layer.modules:
            return self.tr("{}: {}").format(name, shape_text(layer.shape))
        text = self.tr("{}: {} → {}, {} parameters")
        return text.format(name, shape_text(layer.reads), shape_text(layer.shape), f"{layer.parameters:,}")

    def _describe(self, channel: str) -> Offer:
        """What the context menu offers of a picture: which layer's it is, of which image and step."""
        state = self.session.state
        offer = Offer(what=self._text_of(self._index), source="run", step=state.step_of(channel))
        if channel == LayerActivity.channel:
            return offer.inside(image_offer(state, state.selected, channel=channel))
        return offer


def _values(layer: NetworkLayer, activity: LayersOfImage) -> NDArray[np.float32] | None:
    """The activations of a layer in its shape; None if they are not known."""
    found: Activations = activity.activations
    if layer.result:
        return found.of_modules.get(layer.result)
    if layer.kind == "image":
        if layer.text == "image":
            return activity.original.astype(np.float32) / np.float32(_WHITE)
        return found.decoded
    return found.code


def _image(values: NDArray[np.float32], ink_on_paper: bool) -> NDArray[np.uint8]:
    """An image float (C, H, W) in [0, 1] as it is shown."""
    return as_shown(np.rint(values * _WHITE).astype(np.uint8), ink_on_paper)
