"""Baseline for the start of training: import torch and take one step with one optimiser.

Prints {"imported": ..., "optimiser": ...}, in seconds of the monotonic clock.
"""

from __future__ import annotations

import json
import time


def main() -> None:
    """Import torch, take one step with Adam, and print when each was done."""
    import torch

    imported = time.monotonic()
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weight], fused=True)
    weight.sum().backward()
    optimiser.step()
    print(json.dumps({"imported": imported, "optimiser": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main()
