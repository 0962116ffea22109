"""The program from Python: the five lines of the README."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import kstest

import aestudio
from aestudio.errors import BadChoice, Cancelled, StudioError
from aestudio.paths import user_recipes_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.run_metrics import latent_metrics_of
from aestudio.storage.lock import RunLock
from tests.learned_prior import NumpyMixture, mixture_prior

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

SMALL = {"hidden": (24,), "latent_size": 3, "batch_size": 32, "device": "cpu"}


def test_train_evaluate_encode_decode_save(few_digits: Dataset, tmp_path: Path) -> None:
    run = aestudio.train("vae", dataset=few_digits, epochs=2, **SMALL)  # type: ignore[arg-type]
    metrics = run.evaluate()
    codes = run.encode(run.dataset.test.images[:16])
    decoded = run.decode(codes)
    saved = run.save(tmp_path / "my-vae")

    assert metrics["images"] == 60
    assert codes.shape == (16, 3)
    assert (decoded.shape, decoded.dtype) == ((16, 1, 28, 28), np.uint8)
    assert np.array_equal(run.reconstruct(run.dataset.test.images[:16, 0]), decoded)
    assert run.recipe.training.epochs == 2
    opened = aestudio.open_run(saved)
    assert opened.points == run.points
    assert np.array_equal(opened.encode(few_digits.test.images[:16]), codes)
    assert opened.evaluate(few_digits) == metrics | {"run": "my-vae"}
    assert aestudio.open_run(run.name).folder == run.folder
    assert [kept.name for kept in kept_runs()] == [run.name]
    with pytest.raises(StudioError, match="already"):
        run.save(tmp_path / "my-vae")


def test_the_number_of_threads_of_the_caller_is_restored(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    used: list[int] = []

    def stop(done: float, total: float | None, what: str) -> None:
        used.append(torch.get_num_threads())
        raise Cancelled

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        run = aestudio.train("vae", dataset=few_digits, epochs=1, **SMALL)  # type: ignore[arg-type]
        assert torch.get_num_threads() == 3
        with pytest.raises(Cancelled):
            aestudio.train("vae", dataset=few_digits, epochs=1, progress=stop, **SMALL)  # type: ignore[arg-type]
        assert (used, torch.get_num_threads()) == ([1], 3)
        run.evaluate()
        latent_metrics_of(run.kept.snapshot(), few_digits)
        run.decode(run.encode(few_digits.test.images))
        run.reconstruct(few_digits.test.images)
        assert torch.get_num_threads() == 3
        monkeypatch.setattr(type(run.kept), "snapshot", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run.evaluate()
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_weights_that_come_from_the_checkpoint_are_a_warning(few_digits: Dataset) -> None:
    run = aestudio.train("vae", few_digits, epochs=1, hidden=(24,), latent_size=2, device="cpu")
    (run.folder / "weights.safetensors").write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="in its checkpoint are used"):
        run.encode(few_digits.test.images[:1])


def test_bad_names_and_values(few_digits: Dataset) -> None:
    with pytest.raises(BadChoice, match="recipe"):
        aestudio.train("cake", dataset=few_digits)
    with pytest.raises(BadChoice, match="latent_size"):
        aestudio.train("vae", dataset=few_digits, latent_size=-1)
    with pytest.raises(BadChoice, match="run"):
        aestudio.open_run("nothing")
    assert kept_runs() == ()


def test_a_cancelled_run_is_saved(few_digits: Dataset) -> None:
    def enough(done: float, total: float | None, what: str) -> None:
        assert total == 18
        if done >= 12:
            raise Cancelled

    with pytest.raises(Cancelled):
        aestudio.train("vae", dataset=few_digits, epochs=2, progress=enough, **SMALL)  # type: ignore[arg-type]
    (run,) = kept_runs()
    assert run.status == "interrupted"
    checkpoint = run.checkpoint()
    assert checkpoint is not None
    assert checkpoint.snapshot.step == 9


def stop_after(step: int) -> Callable[[float, float | None, str], None]:
    """Progress of a person who stops the training once it has reached the step."""

    def progress(done: float, total: float | None, what: str) -> None:
        if done >= step:
            raise Cancelled

    return progress


def test_a_stopped_run_resumes_bit_for_bit(few_digits: Dataset, tmp_path: Path) -> None:
    straight = aestudio.train("vae", few_digits, epochs=2, seed=5, **SMALL)  # type: ignore[arg-type]
    with pytest.raises(Cancelled):
        aestudio.train("vae", few_digits, epochs=2, seed=5, progress=stop_after(7), **SMALL)  # type: ignore[arg-type]
    stopped = aestudio.open_run(kept_runs()[0].folder)
    assert stopped.folder != straight.folder
    before = stopped.encode(few_digits.test.images[:4])
    assert stopped.resume() is stopped
    assert stopped.kept.status == "finished"
    assert stopped.points == straight.points
    weights, expected = stopped.kept.snapshot().weights, straight.kept.snapshot().weights
    assert all(np.array_equal(weights[name], expected[name]) for name in expected)
    codes = stopped.encode(few_digits.test.images[:4])
    assert np.array_equal(codes, straight.encode(few_digits.test.images[:4]))
    assert not np.array_equal(codes, before), "the weights of before are not kept for longer"


def test_a_finished_run_goes_on_for_more_epochs(few_digits: Dataset) -> None:
    reported: list[tuple[float, float | None]] = []
    run = aestudio.train("vae", few_digits, epochs=1, **SMALL)  # type: ignore[arg-type]
    run.resume(epochs=3, progress=lambda done, total, what: reported.append((done, total)))
    assert run.recipe.training.epochs == 3
    assert run.kept.require_record().step == 27
    assert (reported[-1], run.kept.require_record().resumed) == ((27, 27), 1)
    with pytest.raises(BadChoice, match="epochs"):
        run.resume(epochs=2)


def test_what_cannot_be_resumed(few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match="cannot be trained further"):
        aestudio.api.Run(aestudio.open_run("conv-vae").kept, few_digits).resume()
    run = aestudio.train("vae", few_digits, epochs=1, **SMALL)  # type: ignore[arg-type]
    lock = RunLock(run.folder)
    try:
        with pytest.raises(StudioError, match="being trained right now"):
            run.resume(epochs=2)
    finally:
        lock.release()
    assert run.resume(epochs=2).kept.status == "finished"


def test_importing_loads_no_library() -> None:
    code = (
        "import aestudio, sys; sys.exit(any(name in sys.modules for name in ('torch', 'numpy', 'pydantic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=300).returncode == 0
    with pytest.raises(AttributeError, match="nothing"):
        _ = aestudio.nothing  # type: ignore[attr-defined]


def test_codes_are_drawn_from_the_prior(few_digits: Dataset) -> None:
    """Declared or learned: `decode` makes images of them."""
    declared = aestudio.train("vae", dataset=few_digits, epochs=1, **SMALL)  # type: ignore[arg-type]
    codes = declared.sample_prior(1000, seed=4)
    assert (codes.shape, codes.dtype) == ((1000, 3), np.float32)
    assert kstest(codes.ravel(), "norm").pvalue > 1e-3
    assert np.array_equal(codes, declared.sample_prior(1000, seed=4))
    assert np.array_equal(declared.sample_prior(2, temperature=0.0), np.zeros((2, 3)))
    assert declared.decode(codes[:4]).shape == (4, 1, 28, 28)
    content = mixture_prior(epochs=2).model_copy(update={"name": "mixture"}).model_dump_json()
    user_recipes_folder().mkdir(parents=True, exist_ok=True)
    (user_recipes_folder() / "mixture.json").write_text(content, encoding="utf-8")
    learned = aestudio.train("mixture", dataset=few_digits, device="cpu")
    opened = aestudio.open_run(learned.name)
    expected = NumpyMixture(opened.kept.snapshot())
    for dimension in range(2):
        values = opened.sample_prior(1500)[:, dimension]
        assert kstest(values, expected.distribution(dimension)).pvalue > 1e-3


def test_what_cannot_be_drawn(few_digits: Dataset) -> None:
    run = aestudio.train("deep-ae", dataset=few_digits, epochs=1, **SMALL)  # type: ignore[arg-type]
    with pytest.raises(StudioError, match="no prior"):
        run.sample_prior(3)
    with pytest.raises(BadChoice, match="count cannot be -1"):
        run.sample_prior(-1)
    with pytest.raises(BadChoice, match="temperature cannot be nan"):
        run.sample_prior(1, temperature=float("nan"))
