"""The declaration of an objective: its settings, its kind of code, and the terms of its loss."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from aestudio.recipes.part import Part

if TYPE_CHECKING:
    from aestudio.recipes.layer import Layer

PACKAGE = "aestudio.objectives"

CodeKind = Literal["point", "gaussian", "none"]


@dataclass(frozen=True)
class Term:
    """One named part of a loss, as its curve is labelled. Values are per image."""

    name: str
    title: str
    unit: str


class Objective(Part):
    """Settings of an objective.

    code:   "point" (one vector), "gaussian" (mean and variance) or "none" (nothing to decode)
    """

    code: ClassVar[CodeKind]

    @abstractmethod
    def terms(self) -> tuple[Term, ...]:
        """The loss terms, the minimised total first."""

    @abstractmethod
    def code_layer(self, features: int, latent_size: int) -> Layer:
        """The layer between encoder and decoder, with the parameters that the objective owns."""

    def check_declaration(self) -> None:
        self.terms()
        self.code_layer(features=16, latent_size=2)

    def refuses(self, network: Part) -> str:  # noqa: ARG002 - the protocol's shape
        """Why this objective cannot be combined with the network, or "" if it can."""
        return ""
