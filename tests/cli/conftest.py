"""The command line, called in the process of the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset

QUICK = ("--epochs", "2", "--set", "batch_size=32", "--device", "cpu")
SMALL = ("--set", "hidden=24", "--set", "latent_size=3", *QUICK)


@dataclass(frozen=True)
class Answer:
    """Exit code and output of one call. line: the last line of stderr."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        return self.err.splitlines()[-1] if self.err else ""

    @property
    def json(self) -> Any:
        """The last line of stdout, which must be strict JSON."""
        return json.loads(
            self.out.splitlines()[-1], parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON")
        )


@pytest.fixture
def aestudio(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """`aestudio("train", "vae", ...)` -> code, stdout, stderr."""

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        code = main.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture(autouse=True)
def _few_digits(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--dataset builtin` is 300 + 60 digits here; generating 70,000 takes too long for a test."""
    from dataclasses import replace

    from aestudio.cli import loading
    from aestudio.datasets import catalogue as library

    real = library.load_dataset

    def load(name_or_path: str, **options: Any) -> Dataset:
        if name_or_path == "builtin":
            return replace(few_digits, notes=("A few digits.",))
        return real(name_or_path, **options)

    monkeypatch.setattr(loading, "load_dataset", load)
