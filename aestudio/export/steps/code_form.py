"""What an objective does with features and codes outside training, as plain steps. Needs torch.

Objectives say it in methods of their modules. Which method an objective has, its own or an inherited one, is
looked up here: an objective that adds only losses to another one needs nothing, one with a method that is not
known here is refused in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from aestudio.export.steps.model_steps import NoSteps, Step, has_unknown_layer, layer_steps, network_steps
from aestudio.objectives.categorical_variational.module import CategoricalVariationalModule
from aestudio.objectives.classification.module import ClassificationModule
from aestudio.objectives.codebook.module import CodebookModule
from aestudio.objectives.flow_posterior.config import FLOW
from aestudio.objectives.flow_posterior.module import FlowPosteriorModule
from aestudio.objectives.gaussian_code_module import GaussianCodeModule
from aestudio.objectives.gaussian_mixture import GaussianMixture
from aestudio.objectives.info_adversarial.module import InfoAdversarialModule
from aestudio.objectives.k_sparse.module import KSparseModule
from aestudio.objectives.ladder.config import DOWNWARD, UPWARD
from aestudio.objectives.ladder.module import LadderModule
from aestudio.objectives.mixture_of_posteriors.module import MixtureOfPosteriorsModule
from aestudio.objectives.objective_module import ObjectiveModule
from aestudio.objectives.principal_components.module import PrincipalComponentsModule
from aestudio.objectives.reconstruction.module import ReconstructionModule
from aestudio.objectives.regularised.module import RegularisedModule
from aestudio.objectives.semi_supervised.config import CLASSIFIER
from aestudio.objectives.semi_supervised.module import SemiSupervisedModule
from aestudio.objectives.told_class import CLASS_SHIFT
from aestudio.objectives.told_class_module import ToldClassModule
from aestudio.objectives.vae_gan.module import VaeGanModule
from aestudio.objectives.winner_take_all.module import WinnerTakeAllModule
from aestudio.recipes.latent import CategoricalPrior, NormalPrior
from aestudio.recipes.part import module_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.steps.model_steps import Weights
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.objective import Objective
    from aestudio.training.events import Snapshot


@dataclass(frozen=True, eq=False)
class Prior:
    """How codes are drawn. kind: "normal", "categories", "mixture", "entries", or "" if there is none.

    mixture: arrays shares (K,), means (K, L), factors (K, L, L); entries: those of the prior's steps
    """

    kind: str = ""
    arrays: Mapping[str, Any] = field(default_factory=dict[str, Any])
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, eq=False)
class ModelSteps:
    """A trained model in the order in which it is computed; () for what it has not.

    encoder: image -> features; head: -> numbers of the code; code: -> code (L,), or class logits
    entry:   code -> what the decoder takes; decoder: -> logits; output: -> image in [0, 1]
    told:    how many numbers a conditional model is told, 1 for the class of the image, 0 for the others;
             0 if it is told nothing. A step "told_shift" adds to its values what its part `shift` makes of
             them, a step "told_beside" puts them behind its values
    classifier: features -> class logits, of a model that is told classes and can guess them
    """

    encoder: tuple[Step, ...]
    head: tuple[Step, ...]
    code: tuple[Step, ...]
    entry: tuple[Step, ...]
    decoder: tuple[Step, ...]
    output: tuple[Step, ...]
    prior: Prior
    told: int = 0
    classifier: tuple[Step, ...] = ()

    @property
    def encoding(self) -> tuple[Step, ...]:
        """Image -> code."""
        return (*self.encoder, *self.head, *self.code)

    @property
    def decoding(self) -> tuple[Step, ...]:
        """Code -> image."""
        return (*self.entry, *self.decoder, *self.output)

    @property
    def classifying(self) -> tuple[Step, ...]:
        """Image -> class logits, of a model that is told classes and can guess them."""
        return (*self.encoder, *self.classifier) if self.classifier else ()


@dataclass(frozen=True)
class _Known:
    """The objective of a model: its settings, latent and weights."""

    architecture: Architecture
    weights: Weights

    @property
    def settings(self) -> Any:
        return self.architecture.recipe.objective

    def array(self, name: str) -> Any:
        return self.weights[f"objective.{name}"]

    def step(self, kind: str, arrays: Weights | None = None, **settings: Any) -> Step:
        shape = (self.architecture.latent.size,)
        return Step(kind, shape, shape, settings, arrays or {})


def _activation(known: _Known) -> tuple[Step, ...]:
    function = known.settings.code_activation
    return () if function == "linear" else (known.step("activation", function=function),)


def _largest(known: _Known) -> tuple[Step, ...]:
    return (*_activation(known), known.step("largest", count=known.settings.active_units))


def _above(known: _Known) -> tuple[Step, ...]:
    return (*_activation(known), known.step("at_least", {"thresholds": known.array("thresholds")}))


def _gaussian(known: _Known) -> tuple[Step, ...]:
    size = known.architecture.latent.size
    return (Step("gaussian", (2 * size,), (size,)),)


def _gaussian_of_class(known: _Known) -> tuple[Step, ...]:
    shift = _network(known, CLASS_SHIFT)
    shape = (2 * known.architecture.latent.size,)
    return (Step("told_shift", shape, shape, parts={"shift": shift}), *_gaussian(known))


def _network(known: _Known, name: str) -> tuple[Step, ...]:
    inputs, layers = known.architecture.networks[name]
    return layer_steps(layers, inputs, known.weights, f"objective.{name}.")


def _head(known: _Known) -> tuple[Step, ...]:
    return network_steps(known.architecture, known.weights, "head")


def _levels(known: _Known) -> dict[str, Any]:
    top, bottom = (level.size for level in known.architecture.latent.levels)
    return {"top": top, "bottom": bottom}


def _ladder(known: _Known) -> tuple[Step, ...]:
    parts = {"head": _head(known), **{name: _network(known, name) for name in (UPWARD, DOWNWARD)}}
    size = known.architecture.latent.size
    return (Step("ladder", known.architecture.features, (size,), _levels(known), parts=parts),)


def _ladder_entry(known: _Known) -> tuple[Step, ...]:
    levels, parts = _levels(known), {DOWNWARD: _network(known, DOWNWARD)}
    size = known.architecture.latent.size
    return (Step("ladder_entry", (size,), (levels["bottom"],), levels, parts=parts),)


def _flows(known: _Known) -> tuple[Step, ...]:
    parts = {"head": _head(known), FLOW: _network(known, FLOW)}
    size, count = known.architecture.latent.size, known.settings.flows
    return (Step("flows", known.architecture.features, (size,), {"count": count}, parts=parts),)


def _categories(known: _Known) -> tuple[Step, ...]:
    size, choices = known.architecture.latent.size, known.settings.categories
    return (Step("categories", (size * choices,), (size,), {"choices": choices}),)


def _nearest(known: _Known) -> tuple[Step, ...]:
    latent, entries = known.architecture.latent, known.array("entries")
    return (Step("nearest", (entries.shape[1], *latent.shape), (latent.size,), {}, {"entries": entries}),)


def _one_hot(known: _Known) -> tuple[Step, ...]:
    size, choices = known.architecture.latent.size, known.settings.categories
    return (Step("one_hot", (size,), (size * choices,), {"choices": choices}),)


def _drawn_category(known: _Known) -> tuple[Step, ...]:
    size, choices = known.architecture.latent.size, known.settings.categories
    return (Step("drawn_category", (size,), (choices + size - 1,), {"choices": choices}),)


def _entries(known: _Known) -> tuple[Step, ...]:
    latent, entries = known.architecture.latent, known.array("entries")
    return (Step("entries", (latent.size,), (entries.shape[1], *latent.shape), {}, {"entries": entries}),)


def _nothing(_: _Known) -> tuple[Step, ...]:
    return ()


def _beside_class(known: _Known) -> tuple[Step, ...]:
    size, told = known.architecture.latent.size, known.architecture.condition_size
    return (Step("told_beside", (size,), (size + told,)),) if told else ()


def _sigmoid(_: _Known) -> tuple[Step, ...]:
    return (Step("activation", (), (), {"function": "sigmoid"}),)


def _clip(_: _Known) -> tuple[Step, ...]:
    return (Step("clip", (), ()),)


def _output(known: _Known) -> tuple[Step, ...]:
    return _clip(known) if known.settings.output == "linear" else _sigmoid(known)


# Generic classes, whose methods have no type that is known whole.
_reconstruction: Any = ReconstructionModule
_gaussian_code: Any = GaussianCodeModule
_told_class: Any = ToldClassModule

_Form = dict[Any, "Callable[[_Known], tuple[Step, ...]]"]
_CODES: _Form = {
    _reconstruction.code: _activation,
    KSparseModule.code: _largest,
    WinnerTakeAllModule.code: _above,
    _gaussian_code.code: _gaussian,
    _told_class.code: _gaussian_of_class,
    VaeGanModule.code: _gaussian,
    CategoricalVariationalModule.code: _categories,
    LadderModule.code: _ladder,
    FlowPosteriorModule.code: _flows,
    CodebookModule.code: _nearest,
    PrincipalComponentsModule.code: _nothing,
    ClassificationModule.code: _nothing,
}
_DECODER_INPUTS: _Form = {
    ObjectiveModule.decoder_input: _beside_class,
    CategoricalVariationalModule.decoder_input: _one_hot,
    LadderModule.decoder_input: _ladder_entry,
    CodebookModule.decoder_input: _entries,
    InfoAdversarialModule.decoder_input: _drawn_category,
}
_OF_FEATURES = (_ladder, _flows)
"""Codes that are made of the features, the head being a part of the step."""
_OUTPUTS: _Form = {
    ObjectiveModule.to_images: _sigmoid,
    _reconstruction.to_images: _output,
    PrincipalComponentsModule.to_images: _clip,
}


def module_class(objective: Objective) -> type[ObjectiveModule]:
    """The module's class of an objective; raises NoSteps if its file has none of its own, or several."""
    module = module_of(objective)
    declared = cast("dict[str, Any]", vars(module)).values()
    classes: list[type[ObjectiveModule]] = [
        one
        for one in declared
        if isinstance(one, type) and issubclass(one, ObjectiveModule) and one.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise NoSteps(f"The objective {objective.title} cannot be written so")
    return classes[0]


def refused(architecture: Architecture) -> str:
    """Why a model has no steps, a sentence for people; "" if it has some. No weights are looked at."""
    try:
        _forms(architecture)
    except NoSteps as reason:
        return str(reason)
    return ""


def _forms(architecture: Architecture) -> tuple[Any, Any, Any]:
    """How codes, decoder's input and images are made; raises NoSteps."""
    objective = architecture.recipe.objective
    if objective.condition == "factors":
        raise NoSteps("A model that is told factors of variation cannot be written outside this program yet")
    if objective.condition != "none" and not isinstance(architecture.latent.prior, NormalPrior):
        raise NoSteps(
            "A model that is told the class, and whose codes are not N(0, 1), cannot be written outside this "
            "program yet"
        )
    found = cast("Any", module_class(objective))
    code, entry, output = (
        table.get(method)
        for table, method in (
            (_CODES, found.code),
            (_DECODER_INPUTS, found.decoder_input),
            (_OUTPUTS, found.to_images),
        )
    )
    if architecture.latent.is_image:
        raise NoSteps(
            "A model that draws images pixel by pixel has no code to move, so that there is nothing to export"
        )
    known = (
        code is not None or not architecture.encodes
    ) and found.encoder_input is ObjectiveModule.encoder_input
    if not known or (architecture.decodes and (entry is None or output is None)):
        raise NoSteps(
            f"The objective {objective.title} has a code that cannot be written outside this program yet"
        )
    if has_unknown_layer(architecture):
        raise NoSteps(
            f"The network {architecture.recipe.network.title} has a layer that cannot be written outside "
            "this program yet"
        )
    return code, entry, output


def model_steps(snapshot: Snapshot) -> ModelSteps:
    """The steps of a trained model; raises NoSteps, whose text says why there are none."""
    architecture, weights = snapshot.architecture, snapshot.weights
    code, entry, output = _forms(architecture)
    known = _Known(architecture, weights)
    encodes, decodes = architecture.encodes, architecture.decodes
    return ModelSteps(
        encoder=network_steps(architecture, weights, "encoder") if encodes else (),
        head=_head(known) if encodes and code not in _OF_FEATURES else (),
        code=code(known) if encodes else (),
        entry=entry(known) if decodes else (),
        decoder=network_steps(architecture, weights, "decoder") if decodes else (),
        output=output(known) if decodes else (),
        prior=_prior(known) if decodes else Prior(),
        told=architecture.condition_size,
        classifier=_classifier(known),
    )


def _classifier(known: _Known) -> tuple[Step, ...]:
    if not issubclass(module_class(known.settings), SemiSupervisedModule):
        return ()
    return _network(known, CLASSIFIER)


def _prior(known: _Known) -> Prior:
    latent = known.architecture.latent
    if isinstance(latent.prior, NormalPrior):
        return Prior("normal")
    if isinstance(latent.prior, CategoricalPrior):
        return Prior("categories")
    if not latent.learned_prior:
        return Prior()
    draw = cast("Any", module_class(known.settings)).sample_prior
    if draw is RegularisedModule.sample_prior:
        return Prior("mixture", _fitted_mixture(known))
    if draw is MixtureOfPosteriorsModule.sample_prior:
        means: Any = known.array("means")
        deviations: Any = np.exp(0.5 * known.array("log_variances"))
        shares = np.full(len(means), 1 / len(means), np.float32)
        factors = np.stack([np.diag(row) for row in deviations]).astype(np.float32)
        return Prior("mixture", {"shares": shares, "means": means, "factors": factors})
    if draw is CodebookModule.sample_prior:
        return Prior("entries", steps=_network(known, "prior"))
    return Prior()


def _fitted_mixture(known: _Known) -> dict[str, Any]:
    import torch

    mixture = GaussianMixture(known.settings.components, known.architecture.latent.size)
    prefix = "objective.mixture."
    names = [name for name in known.weights if name.startswith(prefix)]
    mixture.load_state_dict({name.removeprefix(prefix): torch.tensor(known.weights[name]) for name in names})
    parts = mixture.components()
    arrays = {"shares": parts.log_shares.exp(), "means": parts.means, "factors": parts.factors}
    return {name: value.float().numpy() for name, value in arrays.items()}
