"""A GRU (Cho et al. 2014) reads the 28 rows of an image; another writes them from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from aestudio.networks.row_gru.config import ROWS

if TYPE_CHECKING:
    from aestudio.networks.row_gru.config import RowGru


class RowReader(nn.Module):
    """Images (B, 1, 28, 28) -> the hidden state after the last row (B, units)."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.gru = nn.GRU(ROWS, units, batch_first=True)

    def forward(self, images: Tensor) -> Tensor:
        _, hidden = self.gru(images.squeeze(1))  # (B, 28, 28) -> (1, B, units)
        return hidden[0]


class RowWriter(nn.Module):
    """Codes (B, latent_size) -> logits (B, 1, 28, 28); the code is the input of each row."""

    def __init__(self, latent_size: int, units: int) -> None:
        super().__init__()
        self.gru = nn.GRU(latent_size, units, batch_first=True)
        self.row = nn.Linear(units, ROWS)

    def forward(self, codes: Tensor) -> Tensor:
        hidden, _ = self.gru(codes.unsqueeze(1).expand(-1, ROWS, -1))  # (B, 28, units)
        return self.row(hidden).unsqueeze(1)


def encoder(settings: RowGru) -> nn.Module:
    """Images (B, 1, 28, 28) -> features (B, units)."""
    return RowReader(settings.units)


def decoder(settings: RowGru) -> nn.Module:
    """Codes (B, latent_size) -> logits (B, 1, 28, 28)."""
    return RowWriter(settings.latent_size, settings.units)
