"""The process that imports torchvision: prints the addresses and checksums of its data sets as JSON.

`aestudio.datasets.download.addresses_process` starts it, and gives the reasons.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from aestudio.helper_processes import lower_priority

CLASSES = ("MNIST", "FashionMNIST", "KMNIST", "EMNIST")
FIELDS = ("mirrors", "resources", "url", "md5")


def main() -> None:
    """Write one line of JSON: {"MNIST": {"mirrors": [...], "resources": [[file, md5], ...]}, ...}.

    EMNIST has "url" and "md5" of one archive instead.
    Raises ImportError and whatever else an import of torchvision raises: the last line of the traceback is
    what the user reads.
    """
    lower_priority()
    # What a library prints goes to the errors, so that the only line of the output is the result.
    output, sys.stdout = sys.stdout, sys.stderr
    output.write(json.dumps(addresses()) + "\n")


def addresses() -> dict[str, dict[str, Any]]:
    """The addresses and checksums that torchvision's classes have, by class and attribute."""
    datasets: Any = importlib.import_module("torchvision.datasets")  # it has no types
    classes: dict[str, Any] = {name: getattr(datasets, name) for name in CLASSES}
    return {
        name: {field: getattr(torch_class, field) for field in FIELDS if hasattr(torch_class, field)}
        for name, torch_class in classes.items()
    }
