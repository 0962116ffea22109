"""A trained model as a page of Python that needs nothing but torch, and the weights that it loads."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.export.python.python_layers import helper_classes, named_arrays, sequence
from aestudio.sabotage.sabotage_list import marked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.export.steps.code_form import ModelSteps
    from aestudio.export.steps.model_steps import Step
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

    Weights = dict[str, Any]


@dataclass(frozen=True, eq=False)
class PythonPage:
    """text: of model.py; model: the constants and classes in it; weights: float32 by their names there"""

    text: str
    model: str
    weights: Mapping[str, Any]


def python_page(snapshot: Snapshot, steps: ModelSteps, fitted: Weights | None = None) -> PythonPage:
    """The page of a model.

    fitted: mean (L,) and factor (L, L) of a Gaussian that was fitted to codes of images, for a model without
            a prior; None if it has one, or no code
    """
    architecture = snapshot.architecture
    parts: dict[str, tuple[Step, ...]] = {}
    if architecture.encodes:
        parts |= {"encoder": steps.encoder, "head": steps.head}
    for step in steps.code:
        names = {"shift": "class_shift"}  # the other parts have the names that they have here
        parts |= {names.get(name, name): part for name, part in step.parts.items()}
    if steps.classifier:
        parts["classifier"] = steps.classifier
    if architecture.decodes:
        parts["decoder"] = steps.decoder
    weights: Weights = {}
    buffers = _buffers(steps, fitted)
    if steps.prior.kind == "entries":
        for name, step in zip(("prior_input", "prior_rows", "prior_output"), steps.prior.steps, strict=True):
            parts[name] = (step,)
    for name, some in parts.items():
        weights |= named_arrays(some, f"{name}.")
    weights |= {name: np.asarray(value, np.float32) for name, value in buffers.items()}
    lines = [f"self.{name} = {sequence(some, '        ')}" for name, some in parts.items()]
    lines += [
        f'self.register_buffer("{name}", torch.zeros({_shape(value)}))' for name, value in buffers.items()
    ]
    methods = _methods(architecture, steps, fitted)
    everything = tuple(step for some in parts.values() for step in some)
    body = "\n".join(textwrap.indent(method.strip("\n"), "    ") + "\n" for method in methods).rstrip()
    model = _MODEL.format(
        constants=_constants(architecture),
        helpers=helper_classes(everything),
        layers="\n".join(f"        {line}" for line in lines),
        methods=f"{body}\n",
    )
    functional = "\nfrom torch.nn import functional" if "functional." in body else ""
    text = f'"""{_heading(snapshot)}"""\n\nimport torch\nfrom torch import Tensor, nn{functional}\n\n{model}'
    return PythonPage(text, model, weights)


_MODEL = '''{constants}
{helpers}

class Model(nn.Module):
    """Images are (B, *IMAGE) with numbers from 0 to 1, codes (B, CODE)."""

    def __init__(self) -> None:
        super().__init__()
{layers}

{methods}'''


def _heading(snapshot: Snapshot) -> str:
    recipe = snapshot.recipe
    purpose = textwrap.fill(" ".join(recipe.purpose.split()), 98).replace('"""', "'''")
    own = marked(f"{recipe.title}: {snapshot.run or recipe.name}", snapshot.sabotage)
    title = " ".join(own.split()).replace('"""', "'''")
    return (
        f"{title}, trained by AE Studio for {snapshot.step:,} steps.\n\n{purpose}\n\n"
        "The weights are in weights.safetensors; example.py shows how they are loaded.\n"
    ).replace("\\", "\\\\")


def _constants(architecture: Architecture) -> str:
    lines = [f"IMAGE = {architecture.data.image.array}"]
    latent = architecture.latent
    lines.append(f"CODE = {latent.size}" if latent.exists else f"CLASSES = {latent.size}\nCODE = CLASSES")
    if architecture.condition_size:
        lines.append(f"CLASSES = {architecture.condition_size}")
    if latent.levels:
        lines.append(f"TOP = {latent.levels[0].size}  # numbers of the upper level, the first ones of a code")
    if latent.choices:
        lines.append(f"CHOICES = {latent.choices}")
    return "\n".join(lines)


def _shape(value: Any) -> str:
    return ", ".join(map(str, np.shape(value)))


def _buffers(steps: ModelSteps, fitted: Weights | None) -> Weights:
    """Numbers of the model that belong to no layer."""
    buffers: Weights = {}
    for step in (*steps.code, *steps.entry):
        buffers |= step.arrays
    if steps.prior.kind == "mixture":
        buffers |= {f"prior_{name}": value for name, value in steps.prior.arrays.items()}
    if fitted is not None:
        buffers |= {"code_mean": fitted["mean"], "code_factor": fitted["factor"]}
    return buffers


# ---- methods --------------------------------------------------------------------------------------------


def _methods(architecture: Architecture, steps: ModelSteps, fitted: Weights | None) -> list[str]:
    methods: list[str] = []
    if architecture.encodes:
        methods += _CODES[steps.code[0].kind if steps.code else ""](steps.code)
        methods += [_GUESS] if steps.classifier else []
        if not architecture.latent.exists:
            return [_CLASSIFY]
    if architecture.decodes:
        methods.append(_decode(steps))
        samples = _SAMPLES[steps.prior.kind or ("fitted" if fitted is not None else "")]
        methods.append(_SAMPLES_OF_CLASSES if steps.told and samples else samples)
    return [method for method in methods if method]


_CLASSIFY = '''
def classify(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> the probability of each class (B, CLASSES)."""
    return self.head(self.encoder(images)).softmax(1)
'''
_GUESS = '''
def classify(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> the probability of each class (B, CLASSES), for images whose class is unknown."""
    return self.classifier(self.encoder(images)).softmax(1)
'''
_FUNCTIONS = {"sigmoid": "torch.sigmoid({})", "tanh": "torch.tanh({})", "relu": "torch.relu({})"}


def _point(code: tuple[Step, ...]) -> list[str]:
    head = 'def encode(self, images: Tensor) -> Tensor:\n    """Images (B, *IMAGE) -> codes (B, CODE)."""\n'
    lines = ["codes = self.head(self.encoder(images))"]
    if not code:
        return [head + "    return self.head(self.encoder(images))"]
    for step in code:
        match step.kind:
            case "activation":
                lines.append(f"codes = {_FUNCTIONS[step.settings['function']].format('codes')}")
            case "largest":
                lines.append("ranks = codes.argsort(1, descending=True).argsort(1)")
                lines.append(f"codes = codes * (ranks < {step.settings['count']})  # the others are 0")
            case _:
                lines.append("codes = codes * (codes >= self.thresholds)")
    return [head + textwrap.indent("\n".join([*lines, "return codes"]), "    ")]


def _gaussian(_: tuple[Step, ...]) -> list[str]:
    return [
        '''
def posterior(self, images: Tensor) -> tuple[Tensor, Tensor]:
    """Images (B, *IMAGE) -> mean and standard deviation of each number of the code, (B, CODE) each."""
    mean, log_variance = self.head(self.encoder(images)).split(CODE, dim=1)
    return mean, (0.5 * log_variance).exp()
''',
        '''
def encode(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> codes (B, CODE), the means of their posteriors."""
    mean, _ = self.posterior(images)
    return mean
''',
    ]


def _gaussian_of_class(_: tuple[Step, ...]) -> list[str]:
    return [
        '''
def posterior(self, images: Tensor, classes: Tensor) -> tuple[Tensor, Tensor]:
    """Images (B, *IMAGE), classes (B,) from 0 -> mean and standard deviation of the code, (B, CODE) each."""
    told = functional.one_hot(classes, CLASSES).float()
    numbers = self.head(self.encoder(images)) + self.class_shift(told)
    mean, log_variance = numbers.split(CODE, dim=1)
    return mean, (0.5 * log_variance).exp()
''',
        '''
def encode(self, images: Tensor, classes: Tensor) -> Tensor:
    """Images (B, *IMAGE), classes (B,) from 0 -> codes (B, CODE), the means of their posteriors."""
    mean, _ = self.posterior(images, classes)
    return mean
''',
    ]


def _ladder(_: tuple[Step, ...]) -> list[str]:
    return [
        '''
def encode(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> codes (B, CODE): the upper level, and how far the lower one is from what that
    expects, in standard deviations."""
    features = self.encoder(images)
    upper = self.upward(features)[:, :TOP]
    expected, expected_log = self.downward(upper).chunk(2, dim=1)
    mean, log_variance = self.head(features).chunk(2, dim=1)
    share = torch.sigmoid(expected_log - log_variance)  # of the image, beside the upper level
    apart = share * (mean - expected) * (-0.5 * expected_log).exp()
    return torch.cat((upper, apart), 1)
'''
    ]


def _flows(code: tuple[Step, ...]) -> list[str]:
    return [
        f'''
def encode(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> codes (B, CODE): where the flows bring the mean of the posterior."""
    features = self.encoder(images)
    codes = self.head(features)[:, :CODE]
    for flow in self.flow(features).chunk({code[0].settings["count"]}, dim=1):
        u, w, b = flow.split((CODE, CODE, 1), dim=1)
        along = (w * u).sum(1, keepdim=True)
        wanted = functional.softplus(along + {math.log(math.e - 1)!r}) - 1  # m(0) = 0
        u = u + (wanted - along) / w.square().sum(1, keepdim=True).clamp(min=1e-12) * w
        codes = codes + u * torch.tanh((w * codes).sum(1, keepdim=True) + b)
    return codes
'''
    ]


def _categories(_: tuple[Step, ...]) -> list[str]:
    return [
        '''
def encode(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> codes (B, CODE): the most probable category of each number, from 0."""
    scores = self.head(self.encoder(images)).unflatten(1, (CODE, CHOICES))
    return scores.argmax(2)
'''
    ]


def _nearest(_: tuple[Step, ...]) -> list[str]:
    return [
        '''
def encode(self, images: Tensor) -> Tensor:
    """Images (B, *IMAGE) -> codes (B, CODE): the nearest entry of the codebook at each place, from 0."""
    maps = self.head(self.encoder(images))  # (B, D, h, w)
    rows = maps.permute(0, 2, 3, 1).flatten(0, 2)  # (B * CODE, D)
    # |row - entry|^2 without |row|^2, which is the same for every entry
    distances = self.entries.square().sum(1) - 2 * rows @ self.entries.T
    return distances.argmin(1).view(-1, CODE)
'''
    ]


_CODES: Mapping[str, Callable[[tuple[Step, ...]], list[str]]] = {
    "": _point,
    "activation": _point,
    "largest": _point,
    "at_least": _point,
    "gaussian": _gaussian,
    "told_shift": _gaussian_of_class,
    "ladder": _ladder,
    "flows": _flows,
    "categories": _categories,
    "nearest": _nearest,
}


_CATEGORY = """\
    # the first number of N(0, 1) stands for one of {choices} categories, each as probable
    below = 0.5 * (1 + torch.erf(codes[:, 0] / 2**0.5))
    category = (below * {choices}).long().clamp(0, {choices} - 1)
    numbers = torch.cat((functional.one_hot(category, {choices}), codes[:, 1:]), 1)
"""


def _decode(steps: ModelSteps) -> str:
    taken = "codes"
    before = ""
    for step in steps.entry:
        if step.kind == "one_hot":
            taken = "chosen"
            before = "    chosen = functional.one_hot(codes.long(), CHOICES).flatten(1).float()\n"
        elif step.kind == "drawn_category":
            taken = "numbers"
            before = _CATEGORY.format(choices=step.settings["choices"])
        elif step.kind == "ladder_entry":
            taken = "numbers"
            before = "    mean, log_variance = self.downward(codes[:, :TOP]).chunk(2, dim=1)\n"
            before += "    numbers = mean + (0.5 * log_variance).exp() * codes[:, TOP:]\n"
        elif step.kind == "told_beside":
            taken = "numbers"
            before = "    told = functional.one_hot(classes, CLASSES).float()\n"
            before += "    numbers = torch.cat((codes, told), 1)\n"
        else:
            taken = "maps"
            before = f"    maps = self.entries[codes.long()].transpose(1, 2).unflatten(2, {step.shape[1:]})\n"
    result = f"self.decoder({taken})"
    result = f"torch.sigmoid({result})" if steps.output[0].kind == "activation" else f"{result}.clamp(0, 1)"
    head = 'def decode(self, codes: Tensor) -> Tensor:\n    """Codes (B, CODE) -> images (B, *IMAGE)."""\n'
    return f"{_DECODE_OF_CLASSES if steps.told else head}{before}    return {result}\n"


_DECODE_OF_CLASSES = '''\
def decode(self, codes: Tensor, classes: Tensor) -> Tensor:
    """Codes (B, CODE), classes (B,) from 0 -> images (B, *IMAGE)."""
'''


_SAMPLES_OF_CLASSES = '''
def sample(self, classes: Tensor) -> Tensor:
    """A new image of each of these classes (B,), from codes of the prior N(0, 1): (B, *IMAGE)."""
    return self.decode(torch.randn(len(classes), CODE), classes)
'''
_SAMPLES = {
    "": "",
    "normal": '''
def sample(self, count: int) -> Tensor:
    """New images (count, *IMAGE), from codes of the prior N(0, 1)."""
    return self.decode(torch.randn(count, CODE))
''',
    "categories": '''
def sample(self, count: int) -> Tensor:
    """New images (count, *IMAGE), from codes whose categories are equally probable."""
    return self.decode(torch.randint(CHOICES, (count, CODE)))
''',
    "mixture": '''
def sample(self, count: int) -> Tensor:
    """New images (count, *IMAGE), from codes of the prior, a mixture of Gaussians."""
    chosen = torch.multinomial(self.prior_shares, count, replacement=True)
    noise = torch.randn(count, CODE, 1)
    return self.decode(self.prior_means[chosen] + (self.prior_factors[chosen] @ noise).squeeze(2))
''',
    "entries": '''
def sample(self, count: int) -> Tensor:
    """New images (count, *IMAGE): the prior draws the entry of each place, given those before it."""
    given, state, codes = torch.zeros(count, 1, CHOICES), None, []
    for _ in range(CODE):
        states, state = self.prior_rows.layer(self.prior_input(given), state)
        chances = self.prior_output(states)[:, 0].softmax(1)
        drawn = torch.multinomial(chances, 1)
        codes.append(drawn)
        given = functional.one_hot(drawn, CHOICES).float()
    return self.decode(torch.cat(codes, 1))
''',
    "fitted": '''
def sample(self, count: int) -> Tensor:
    """New images (count, *IMAGE), from codes of a Gaussian fitted to those of images: there is no prior."""
    return self.decode(self.code_mean + torch.randn(count, CODE) @ self.code_factor.T)
''',
}
