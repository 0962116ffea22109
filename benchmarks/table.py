"""The rows of the table that is printed, kept as JSON and shown in README."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measured figure.

    section: "Training on the CPU", ...; subject: "deep-ae, batch 64"; figure: "of the plainest fast loop"
    value, unit: 1.04, "x"; target: what was to be reached, in the same unit, or None; at_least: whether
    the target is a lower bound (a speed) or an upper one (a lateness); note: a few words on how
    """

    section: str
    subject: str
    figure: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = True
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target was reached; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target
