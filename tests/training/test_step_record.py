"""A step that is looked at is the step that the trainer does: the same bits, the same numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.errors import StudioError
from aestudio.recipes.library import find_recipe
from aestudio.training.loop import TrainingLoop
from aestudio.training.optimisers import Optimiser
from aestudio.training.spec import RunSpec
from aestudio.training.step_parts import StepPart, parts_of
from aestudio.training.step_record import SHOWN, RecordedTraining
from tests.sources import PACKAGE
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset

CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("vae", {}),
    ("deep-ae", {"dropout": 0.2, "gradient_clip": 1.0}),
    ("denoising-conv-ae", {"channels": (4,), "dense_units": 16}),
    ("conditional-vae", {}),
    ("gan", {"channels": (4, 8)}),
    ("wgan-gp", {"channels": (4, 8)}),
    ("vq-vae", {}),
    ("aae", {"critic_units": 16}),
    ("digit-classifier", {}),
    ("made", {"hidden": (20,)}),
)


@pytest.mark.parametrize(("recipe", "settings"), CASES, ids=[name for name, _ in CASES])
def test_the_weights_after_it_are_the_same_bits(
    few_digits: Dataset, recipe: str, settings: dict[str, Any]
) -> None:
    spec = small_spec(recipe, precision="float32", **settings)
    straight = TrainingLoop(spec, few_digits)
    straight.advance()
    checkpoint = straight.checkpoint()
    for _ in range(3):
        straight.advance()
    watched = RecordedTraining(spec, few_digits, checkpoint)
    records = [watched.step() for _ in range(3)]
    assert [one.number for one in records] == [1, 2, 3]
    one, other = watched.loop.model.state_dict(), straight.model.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in other)
    assert torch.equal(watched.loop.noise.get_state(), straight.noise.get_state())
    assert all(isinstance(optimiser, Optimiser) for optimiser in watched.loop.learner.optimisers)
    assert "plan_step" not in vars(watched.loop), "nothing is left of the hooks"
    for record in records:
        assert {phase.name for phase in record.phases} <= {phase.name for phase in straight.phases}
        assert all(phase.terms[phase.loss] is not None for phase in record.phases)
        assert all(phase.changes for phase in record.phases)
        kinds = [part.kind for part in parts_of(record)]
        assert kinds[0] == "batch"
        assert kinds[-1] == "update"
        assert {"batch", "gradients", "update", "loss"} <= set(watched.code)
        for line in watched.code.values():
            name, _, number = line.place.partition(":")
            (file,) = (
                path for path in PACKAGE.rglob(name.split("/")[1]) if path.parent.name == name.split("/")[0]
            )
            assert line.text == file.read_text("utf-8").splitlines()[int(number) - 1].strip()


def test_the_numbers_of_a_step_are_those_of_the_model(few_digits: Dataset) -> None:
    """Against the model itself, at the weights before the step."""
    spec = small_spec("vae", precision="float32", optimiser="sgd", momentum=0.0, learning_rate=0.01)
    plain, watched = TrainingLoop(spec, few_digits), RecordedTraining(spec, few_digits, None)
    indices = plain.plan_step(0).indices
    record = watched.step()
    (phase,) = record.phases
    assert record.batch == len(indices) == 32
    assert np.array_equal(record.images, few_digits.train.images[indices[:SHOWN].numpy()])
    images = torch.tensor(record.images).float() / 255
    assert phase.encoded == pytest.approx(images.numpy(), abs=1e-6)
    with torch.no_grad():
        code = plain.model.encode(images)
        assert code.log_variance is not None
        assert phase.mean == pytest.approx(code.mean.numpy(), abs=1e-5)
        assert phase.deviation == pytest.approx((0.5 * code.log_variance).exp().numpy(), abs=1e-5)
        made = plain.model.decode_images(torch.tensor(phase.decoded))
    assert phase.output == pytest.approx(made.numpy(), abs=1e-5)
    assert phase.terms["loss"] == pytest.approx(phase.terms["reconstruction"] + phase.terms["kl"], rel=1e-5)
    assert phase.rate == 0.01
    assert len(phase.changes) == len(list(plain.model.parameters()))
    for change in phase.changes:  # of plain gradient descent the change is rate times gradient
        assert change.gradient is not None
        assert change.change == pytest.approx(0.01 * change.gradient, rel=1e-3, abs=1e-9)


def test_each_player_of_a_gan_has_its_own_part(few_digits: Dataset) -> None:
    record = RecordedTraining(small_spec("gan", channels=(4, 8)), few_digits, None).step()
    critic, generator = record.phases
    assert [critic.loss, generator.loss] == ["critic_loss", "generator_loss"]
    assert not [one for one in critic.changes if one.name.startswith("decoder")]
    assert all(one.name.startswith("decoder") for one in generator.changes)
    assert generator.mean is None
    assert generator.decoded is not None
    kinds = [part.kind for part in parts_of(record) if part.phase == 1]
    assert kinds == ["sample", "decoder", "encoder", "loss", "gradients", "update"]
    assert parts_of(record)[0] == StepPart("batch")


def test_a_recipe_without_gradients_has_no_step_to_look_at(few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match="at once"):
        RecordedTraining(RunSpec("run", find_recipe("pca"), "builtin", "cpu"), few_digits, None)
