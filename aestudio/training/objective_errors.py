"""Which errors of a training are the objective's, although none of its own lines led to them."""

from __future__ import annotations

import traceback

from aestudio.training.loop import TrainingLoop, train_steps
from aestudio.training.model import Model
from aestudio.training.optimisers import Optimiser, clip, gradients_of
from aestudio.training.phase_terms import joined


def is_of_objective(error: BaseException) -> bool:
    """Whether the objective's loss could not be minimised, or one of its methods could not be called.

    The loss may be missing among its terms, be no scalar, or not depend on the parameters; two phases may
    have a term of the same name; a method may take other arguments.
    """
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    of_loss = {one.__code__ for one in (Model.phase_terms, gradients_of, clip, Optimiser.step)}
    if codes[-1] in (train_steps.__code__, TrainingLoop.plan_step.__code__, joined.__code__):
        return True
    return train_steps.__code__ in codes and not of_loss.isdisjoint(codes)
