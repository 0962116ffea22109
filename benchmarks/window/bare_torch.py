"""The measure of a start of training: torch imported and one optimiser made, and nothing else.

Prints {"imported": ..., "optimiser": ...}, monotonic seconds.
"""

from __future__ import annotations

import json
import time


def main() -> None:
    """Import torch, let one Adam do one step, tell when each was done."""
    import torch

    imported = time.monotonic()
    weight = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([weight], fused=True)
    weight.sum().backward()
    optimiser.step()
    print(json.dumps({"imported": imported, "optimiser": time.monotonic()}), flush=True)


if __name__ == "__main__":
    main()
