"""What the shown model can do, asked in one place by every view.

Each function takes a snapshot and returns why something is not offered for its model, as translated
sentences; "" if it is offered. Without a snapshot nothing is refused. They ask what the latent is capable of,
never for a class of objective or a name.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aestudio.recipes.latent import Latent
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate


def no_encoder(snapshot: Snapshot | None) -> str:
    """The model does not encode images, whether to codes or to classes."""
    if snapshot is None or snapshot.architecture.encodes:
        return ""
    return translate("capabilities", "This model does not encode images.")


def no_codes(snapshot: Snapshot | None) -> str:
    """Images have no codes: the model has no encoder, or it predicts classes."""
    if snapshot is None or no_encoder(snapshot):
        return no_encoder(snapshot)
    if not snapshot.architecture.latent.exists:
        return translate("capabilities", "This model predicts the class and has no code.")
    return ""


def no_latent_space(snapshot: Snapshot | None) -> str:
    """There is no code to decode."""
    if snapshot is None or (snapshot.architecture.latent.exists and snapshot.architecture.decodes):
        return ""
    return translate("capabilities", "This model decodes nothing, so it has no latent space to explore.")


def no_reconstruction(snapshot: Snapshot | None) -> str:
    """Images are not encoded and decoded again."""
    if snapshot is None or snapshot.architecture.reconstructs:
        return ""
    if not snapshot.architecture.encodes:
        return no_codes(snapshot)
    return translate("capabilities", "This model decodes nothing.")


def is_discrete(snapshot: Snapshot | None) -> bool:
    """Whether each number of a code is one of a few entries."""
    return snapshot is not None and snapshot.architecture.latent.choices > 0


def no_sliders(snapshot: Snapshot | None) -> str:
    """No slider may move the code: it is discrete."""
    if snapshot is None or not is_discrete(snapshot):
        return ""
    text = translate(
        "capabilities",
        "Each number of this code is one of {} entries, and between two of them there is nothing.",
    )
    return text.format(snapshot.architecture.latent.choices)


def no_map(snapshot: Snapshot | None) -> str:
    """There is nothing to show on a map."""
    return _joined(
        no_codes(snapshot), translate("capabilities", "A map shows the codes of images, so there is none.")
    )


def no_grid(snapshot: Snapshot | None) -> str:
    """There is no plane of codes to decode on."""
    return _joined(
        no_sliders(snapshot), translate("capabilities", "So there is no plane to lay a grid over.")
    )


def no_traversals(snapshot: Snapshot | None) -> str:
    """There are no axes to move a code along."""
    return _joined(no_sliders(snapshot), translate("capabilities", "So there are no axes to move along."))


def no_interpolation(snapshot: Snapshot | None) -> str:
    """There is no path from one code to another."""
    return _joined(
        no_sliders(snapshot), translate("capabilities", "So there is no path from one code to another.")
    )


def no_attribute_vectors(snapshot: Snapshot | None) -> str:
    """Codes have no means and no differences."""
    return _joined(
        no_codes(snapshot), translate("capabilities", "Attribute vectors are differences of their codes.")
    ) or _joined(
        no_sliders(snapshot),
        translate("capabilities", "So a mean of codes, or the difference of two, is no code."),
    )


def no_axis_names(snapshot: Snapshot | None) -> str:
    """There are no axes whose attributes could be measured with the codes of images."""
    return no_codes(snapshot) or no_sliders(snapshot)


def no_data_support(snapshot: Snapshot | None) -> str:
    """A code cannot be compared with those of images."""
    return no_codes(snapshot) or _joined(
        no_sliders(snapshot), translate("capabilities", "So data support has no distances to measure.")
    )


def no_mixture(snapshot: Snapshot | None) -> str:
    """No mixture of Gaussians can be fitted to the codes of images."""
    return no_codes(snapshot) or _joined(
        no_sliders(snapshot), translate("capabilities", "So no Gaussian describes them.")
    )


def no_disentanglement(snapshot: Snapshot | None) -> str:
    """The mutual information gap has no meaning."""
    return no_codes(snapshot) or _joined(
        no_sliders(snapshot),
        translate("capabilities", "The mutual information gap needs quantities that can be ordered."),
    )


def no_rounding(snapshot: Snapshot | None) -> str:
    """The user does not say to how many bits a code is rounded: it is discrete, or the model says it."""
    if snapshot is None or no_reconstruction(snapshot):
        return no_reconstruction(snapshot)
    if snapshot.architecture.latent.rounds_itself:
        return translate("capabilities", "This model says itself how its code is rounded.")
    if not is_discrete(snapshot):
        return ""
    text = translate(
        "capabilities",
        "Nothing is left to round: this code of {} numbers, each one of {} entries, has {} bits already.",
    )
    latent = snapshot.architecture.latent
    return text.format(latent.size, latent.choices, bits_of(latent))


def density_text(snapshot: Snapshot, code: NDArray[np.float32], learned: float | None = None) -> str:
    """How probable a code, float32 (L,), is under the prior; "" if the prior has no density.

    Why it is not known, if the prior is a user's own and fails.

    learned: its logarithm under a prior that the model has learned, which only the model can tell
    """
    latent = snapshot.architecture.latent
    try:
        declared = None if latent.prior is None else latent.prior.log_density(code[None])
    except StudioError as problem:
        return str(problem)
    density = learned if declared is None else float(declared[0])
    if density is None:
        return ""
    text = (
        translate("capabilities", "Log-probability under the prior: {} nats")
        if latent.choices
        else translate("capabilities", "Log-density under the prior: {} nats")
    )
    return text.format(f"{density:.1f}".replace("-", "−"))


def bits_of(latent: Latent) -> int:
    """Bits of one discrete code if every number takes the same, whole number of bits."""
    return latent.size * max(1, math.ceil(math.log2(latent.choices)))


def _joined(reason: str, consequence: str) -> str:
    return f"{reason} {consequence}" if reason else ""
