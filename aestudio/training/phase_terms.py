"""The terms of several phases together, each of them under a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


def joined(terms_of: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The terms, scalars, of all phases, given by the names of the phases, in their order.

    Raises ValueError if two phases have a term of the same name: a curve has one value in each step.
    """
    terms: dict[str, Tensor] = {}
    for phase, own in terms_of.items():
        for name in own:
            if name not in terms:
                continue
            earlier = next(other for other, others in terms_of.items() if name in others)
            raise ValueError(
                f"the phases {earlier} and {phase} both have a term {name}; each needs a name of its own"
            )
        terms |= own
    return terms
