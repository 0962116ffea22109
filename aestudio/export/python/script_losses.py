"""The losses of a training script: for each objective that has one, its constants and its function as Python.

Each is the loss of the objective's module, written with torch alone; `tests/export/python` compares values
and gradients of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aestudio.recipes.architecture import Architecture

_OF_POINTS = ("distance", "output", "code_activation", "weight_penalty")
_OF_GAUSSIANS = ("likelihood", "pixel_variance")
LIKELIHOODS = ("bernoulli", "gaussian")


def _no_lines(_: Any) -> list[str]:
    return []


def _fits(_: Architecture) -> str:
    return ""


@dataclass(frozen=True)
class Loss:
    """The loss of a kind of objective.

    settings:  of the objective, which the function follows; all others must be as they are declared
    about:     what it is, for the function's docstring
    lines:     what follows the distance in the function, given the objective; the last one returns the loss
    constants: assignments at the top of the script, given the objective
    before:    how codes are made, if not by `codes = model.encode(images)`
    helper:    functions that the lines use
    labels:    whether the model is told the labels
    refuses:   why not with a model, a sentence; "" if it can be written
    """

    settings: tuple[str, ...]
    about: str
    lines: Callable[[Any], list[str]]
    constants: Callable[[Any], list[str]] = _no_lines
    before: Callable[[Any], list[str]] = _no_lines
    helper: str = ""
    labels: bool = False
    refuses: Callable[[Architecture], str] = _fits


def loss_text(loss: Loss, objective: Any) -> str:
    """`loss_of` and what it uses."""
    given = "images: Tensor, classes: Tensor, epoch: float" if loss.labels else "images: Tensor, epoch: float"
    before = loss.before(objective) or ["codes = model.encode(images)", "logits = model.decoder(codes)"]
    body = [*before, f"distance = {_distance(objective)}", *loss.lines(objective)]
    head = f'def loss_of(model: Model, {given}) -> Tensor:\n    """{loss.about}"""\n'
    return loss.helper + head + "\n".join(f"    {line}" for line in body)


def _distance(objective: Any) -> str:
    """How far the logits are from the images, per image, as an expression."""
    means = "logits" if getattr(objective, "output", "sigmoid") == "linear" else "torch.sigmoid(logits)"
    kind = getattr(objective, "distance", None) or {"bernoulli": "cross_entropy"}.get(
        objective.likelihood, "gaussian"
    )
    match kind:
        case "cross_entropy":
            total = 'functional.binary_cross_entropy_with_logits(logits, images, reduction="sum")'
        case "absolute_error":
            total = f"({means} - images).abs().sum()"
        case "gaussian":  # its constant has no gradient
            total = f"({means} - images).square().sum() / {2 * objective.pixel_variance!r}"
        case _:
            total = f"({means} - images).square().sum()"
    return f"{total} / len(images)"


# ---- point codes ----------------------------------------------------------------------------------------


def _penalised(objective: Any, *lines: str, added: str = "") -> list[str]:
    """The last lines of an autoencoder's loss, with the squared weights if they count."""
    total = f"distance{added}"
    if not objective.weight_penalty:
        return [*lines, f"return {total}"]
    squares = "squares = sum(weight.square().sum() for weight in model.parameters() if weight.dim() > 1)"
    return [*lines, squares, f"return {total} + {objective.weight_penalty!r} * squares"]


def _corrupted(objective: Any) -> list[str]:
    match objective.noise:
        case "gaussian":
            noisy = ["noisy = (images + NOISE * torch.randn_like(images)).clamp(0, 1)"]
        case "mask":
            noisy = ["drawn = torch.rand(len(images), 1, *IMAGE[1:])", "noisy = images * (drawn >= NOISE)"]
        case "salt_and_pepper":
            noisy = [
                "drawn = torch.rand(len(images), 1, *IMAGE[1:])",
                "noisy = torch.where(drawn < NOISE, (drawn < NOISE / 2).float(), images)",
            ]
        case _:
            noisy = [
                "places = torch.rand(2, len(images), 1, 1, 1)  # of a block with the sides of the image",
                "side, (height, width) = NOISE**0.5, IMAGE[1:]",
                "down, across = (places[k] * (1 - side) * IMAGE[k + 1] for k in (0, 1))",
                "rows, columns = torch.arange(height).view(1, 1, -1, 1) + 0.5, torch.arange(width) + 0.5",
                "inside = (rows > down) & (rows < down + side * height)",
                "inside = inside & (columns > across) & (columns < across + side * width)",
                "noisy = images * ~inside",
            ]
    return [*noisy, "logits = model.decoder(model.encode(noisy))"]


def _sparse(objective: Any) -> list[str]:
    if objective.sparsity == "l1":
        return _penalised(objective, added=" + SPARSITY * codes.abs().sum() / len(codes)")
    return _penalised(
        objective,
        "active = codes.mean(0).clamp(1e-6, 1 - 1e-6)  # how active each number is, over the batch",
        "kl = (TARGET * (TARGET / active).log() + (1 - TARGET) * ((1 - TARGET) / (1 - active)).log()).sum()",
        added=" + SPARSITY * kl",
    )


_SLOPES = {
    "linear": "torch.ones_like(codes)",
    "sigmoid": "codes * (1 - codes)",
    "tanh": "1 - codes.square()",
    "relu": "(codes > 0).float()",
}


def _contractive(objective: Any) -> list[str]:
    return _penalised(
        objective,
        f"slopes = {_SLOPES[objective.code_activation]}  # of the code's activation",
        "contraction = (slopes.square() @ model.head.weight.square().sum(1)).mean()",
        added=" + CONTRACTION * contraction",
    )


def _one_matrix(architecture: Architecture) -> str:
    from aestudio.layers.reshape import Flatten

    if all(isinstance(layer, Flatten) for layer in architecture.encoder):
        return ""
    return "The contraction of an encoder with hidden layers cannot be written as a script yet"


_ACTIVATED = {
    "linear": "{}",
    "sigmoid": "torch.sigmoid({})",
    "tanh": "torch.tanh({})",
    "relu": "torch.relu({})",
}


def _largest(objective: Any) -> list[str]:
    numbers = _ACTIVATED[objective.code_activation].format("model.head(model.encoder(images))")
    return [
        f"codes = {numbers}",
        "left = max(0.0, 1 - epoch / ALL_UNITS) if ALL_UNITS else 0.0  # at first all numbers count",
        "count = round(ACTIVE + left * max(0, CODE - ACTIVE))",
        "ranks = codes.detach().argsort(1, descending=True).argsort(1)",
        "logits = model.decoder(codes * (ranks < count))",
    ]


_MMD = '''def kernel(first: Tensor, second: Tensor) -> Tensor:
    """The inverse multiquadratic kernel, summed over scales: (B, L), (B, L) -> (B, B)."""
    squares = (first[:, None] - second[None]).square().sum(2)
    bounds = [2 * CODE * scale for scale in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)]
    return torch.stack([bound / (bound + squares) for bound in bounds]).sum(0)


def squared_mmd(codes: Tensor, draws: Tensor) -> Tensor:
    """The squared maximum mean discrepancy, estimated from codes (B, L) and draws of the prior (B, L)."""
    pairs = len(codes) * max(1, len(codes) - 1)
    within = [kernel(one, one) for one in (codes, draws)]
    return sum((one.sum() - one.trace()) / pairs for one in within) - 2 * kernel(codes, draws).mean()


'''

# ---- Gaussian codes -------------------------------------------------------------------------------------

_SAMPLED = (
    "mean, deviation = model.posterior(images)",
    "codes = mean + deviation * torch.randn_like(mean)",
    "logits = model.decoder(codes)",
)
_KL = "kl = 0.5 * (mean.square() + deviation.square() - 1 - 2 * deviation.log()).sum() / len(images)"


def _sampled(_: Any) -> list[str]:
    return list(_SAMPLED)


def _told(_: Any) -> list[str]:
    return [
        "mean, deviation = model.posterior(images, classes)",
        "codes = mean + deviation * torch.randn_like(mean)",
        "logits = model.decoder(torch.cat((codes, functional.one_hot(classes, CLASSES).float()), 1))",
    ]


def _variational(objective: Any) -> list[str]:
    lines = [_KL]
    if objective.free_bits:
        each = "0.5 * (mean.square() + deviation.square() - 1 - 2 * deviation.log()).mean(0)"
        lines = [f"each = {each}", f"kl = each.clamp(min={objective.free_bits!r}).sum()  # free bits"]
    if objective.capacity:
        lines.append("capacity = CAPACITY * (min(1.0, epoch / CAPACITY_EPOCHS) if CAPACITY_EPOCHS else 1.0)")
        lines.append("kl = (kl - capacity).abs()")
    return [*lines, "return distance + BETA * (min(1.0, epoch / WARMUP) if WARMUP else 1.0) * kl"]


def _variational_constants(objective: Any) -> list[str]:
    lines = [
        f"BETA = {objective.beta!r}  # weight of the KL",
        f"WARMUP = {objective.warmup_epochs!r}  # epochs in which it grows to that",
    ]
    if objective.capacity:
        lines.append(f"CAPACITY = {objective.capacity!r}  # nats that the KL should have at last")
        lines.append(f"CAPACITY_EPOCHS = {objective.capacity_epochs!r}  # in which it grows to that")
    return lines


def _dip(_: Any) -> list[str]:
    return [
        _KL,
        "centred = mean - mean.mean(0)",
        "covariance = centred.T @ centred / len(mean) + deviation.square().mean(0).diag()",
        "own = covariance.diagonal()",
        "apart = covariance.square().sum() - own.square().sum()",
        "return distance + kl + OFF_DIAGONAL * apart + DIAGONAL * (own - 1).square().sum()",
    ]


_PARTS = '''def parts_of_kl(codes: Tensor, mean: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mutual information, total correlation and the summed KL of each number: one sample, (B, L) each."""
    size, half = math.log(len(codes)), math.log(2 * math.pi) / 2
    # log q(z_j of sample a | image b): (B, B, L)
    logs = -((codes[:, None] - mean) / deviation).square() / 2 - deviation.log() - half
    own = logs.diagonal(dim1=0, dim2=1).sum(0)
    together = logs.sum(2).logsumexp(1) - size
    each = (logs.logsumexp(1) - size).sum(1)
    prior = -(codes.square() / 2 + half).sum(1)
    return (own - together).mean(), (together - each).mean(), (each - prior).mean()


'''


def _total_correlation(_: Any) -> list[str]:
    return [
        "information, correlation, rest = parts_of_kl(codes, mean, deviation)",
        "return distance + information + TC_WEIGHT * correlation + rest",
    ]


def _importance(_: Any) -> list[str]:
    return [
        "mean, deviation = (one.repeat(SAMPLES, 1) for one in model.posterior(images))",
        "codes = mean + deviation * torch.randn_like(mean)",
        "images = images.repeat(SAMPLES, 1, 1, 1)",
        "logits = model.decoder(codes)",
    ]


def _importance_lines(objective: Any) -> list[str]:
    if objective.likelihood == "bernoulli":
        each = (
            'functional.binary_cross_entropy_with_logits(logits, images, reduction="none").flatten(1).sum(1)'
        )
    else:
        squares = "(torch.sigmoid(logits) - images).square().flatten(1).sum(1)"
        each = f"{squares} / {2 * objective.pixel_variance!r}"
    return [
        f"given = {each}",
        "ratio = (((codes - mean) / deviation).square() / 2 + deviation.log() - codes.square() / 2).sum(1)",
        "weights = (ratio - given).view(SAMPLES, -1)  # log p(x, z) - log q(z|x)",
        "return -(weights.logsumexp(0) - math.log(SAMPLES)).mean()",
    ]


LOSSES: Mapping[str, Loss] = {
    "reconstruction": Loss(
        _OF_POINTS,
        "The distance between images (B, C, H, W) and their reconstructions, per image.",
        _penalised,
    ),
    "denoising": Loss(
        (*_OF_POINTS, "noise", "noise_strength"),
        "The distance between images (B, C, H, W) and what is made of corrupted ones, per image.",
        _penalised,
        lambda objective: [f"NOISE = {objective.noise_strength!r}  # strength of the corruption"],
        _corrupted,
    ),
    "sparse": Loss(
        (*_OF_POINTS, "sparsity", "target_activity", "sparsity_weight"),
        "The distance between images (B, C, H, W) and reconstructions, and how active the code is.",
        _sparse,
        lambda objective: [
            f"SPARSITY = {objective.sparsity_weight!r}  # weight of the penalty on the code",
            f"TARGET = {objective.target_activity!r}  # mean activity that each number should have",
        ],
    ),
    "contractive": Loss(
        (*_OF_POINTS, "contraction", "probes"),
        "The distance between images (B, C, H, W) and reconstructions, and how fast codes change.",
        _contractive,
        lambda objective: [f"CONTRACTION = {objective.contraction!r}  # weight of the squared derivatives"],
        refuses=_one_matrix,
    ),
    "k_sparse": Loss(
        (*_OF_POINTS, "active_units", "all_units_epochs"),
        "The distance between images (B, C, H, W) and what is made of the largest numbers of each code.",
        _penalised,
        lambda objective: [
            f"ACTIVE = {objective.active_units!r}  # numbers of a code that are not 0",
            f"ALL_UNITS = {objective.all_units_epochs!r}  # epochs until no more are left",
        ],
        _largest,
    ),
    "wasserstein": Loss(
        (*_OF_POINTS, "mmd_weight"),
        "The distance between images (B, C, H, W) and reconstructions, and of all codes from N(0, 1).",
        lambda objective: _penalised(
            objective, added=" + MMD_WEIGHT * squared_mmd(codes, torch.randn_like(codes))"
        ),
        lambda objective: [f"MMD_WEIGHT = {objective.mmd_weight!r}"],
        helper=_MMD,
    ),
    "orthogonal": Loss(
        (*_OF_POINTS, "orthogonality"),
        "The distance between images (B, C, H, W) and reconstructions, and how far Z^T Z is from I.",
        lambda objective: _penalised(
            objective,
            "apart = (codes.T @ codes / len(codes) - torch.eye(CODE)).square().sum()",
            added=" + ORTHOGONALITY * apart",
        ),
        lambda objective: [f"ORTHOGONALITY = {objective.orthogonality!r}"],
    ),
    "variational": Loss(
        (*_OF_GAUSSIANS, "beta", "warmup_epochs", "free_bits", "capacity", "capacity_epochs"),
        "The negative ELBO of images (B, C, H, W) in nats per image, with a weight of the KL.",
        _variational,
        _variational_constants,
        _sampled,
    ),
    "conditional_variational": Loss(
        (*_OF_GAUSSIANS, "beta", "warmup_epochs", "free_bits", "capacity", "capacity_epochs"),
        "The negative ELBO of images (B, C, H, W) given their classes (B,), in nats per image.",
        _variational,
        _variational_constants,
        _told,
        labels=True,
    ),
    "dip_variational": Loss(
        (*_OF_GAUSSIANS, "off_diagonal", "diagonal"),
        "The negative ELBO of images (B, C, H, W), and how far the covariance of codes is from I.",
        _dip,
        lambda objective: [
            f"OFF_DIAGONAL = {objective.off_diagonal!r}  # weight of the squared covariances",
            f"DIAGONAL = {objective.diagonal!r}  # weight of the squared differences of variances from 1",
        ],
        _sampled,
    ),
    "total_correlation": Loss(
        (*_OF_GAUSSIANS, "tc_weight"),
        "The negative ELBO of images (B, C, H, W) in nats, with a weight of the total correlation.",
        _total_correlation,
        lambda objective: [f"TC_WEIGHT = {objective.tc_weight!r}"],
        _sampled,
        helper=_PARTS,
    ),
    "importance_weighted": Loss(
        (*_OF_GAUSSIANS, "samples"),
        "The bound of several samples of images (B, C, H, W), in nats per image.",
        _importance_lines,
        lambda objective: [f"SAMPLES = {objective.samples!r}  # codes of each image"],
        _importance,
    ),
}
"""By the kind of the objective."""
