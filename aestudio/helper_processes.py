"""The arguments with which a frozen program starts itself as one of its helper processes.

The executable of a frozen program is not Python. `cli/main.py` compares its first argument with these, before
it imports anything large.
"""

from __future__ import annotations

EMBEDDING_PROCESS = "--layout-process"
"""Computes embeddings (`analysis/embedding_process.py`)."""
ADDRESSES_PROCESS = "--addresses-process"
"""Imports torchvision (`datasets/download/addresses_process.py`)."""
