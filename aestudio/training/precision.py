"""In which precision the products of encoder and decoder are computed, measured on the model itself.

On CPUs with AMX or AVX512-BF16 a step with convolutions is up to 1.8 times as fast in bfloat16; on others it
takes twice as long. Weights, optimiser, head and loss are float32 either way (`Model`). The choice is kept
with the run, so that a resumed run goes on with the same numbers.

AESTUDIO_PRECISION (float32 or bfloat16) decides instead of a trial.

A GPU keeps float32 (whose products it may compute as TF32) until it was measured that bfloat16 does no harm
there. So do compared runs: they may differ in their setting only.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Literal, cast, get_args

from aestudio.errors import BadChoice

if TYPE_CHECKING:
    from collections.abc import Callable

Precision = Literal["float32", "bfloat16"]
ENVIRONMENT = "AESTUDIO_PRECISION"

# bfloat16 must be this much faster: below, float32 is worth more than the time.
GAIN = 1.15
# A step below this is mostly Python and memory; trying would only cost time.
WORTH_TRYING_SECONDS = 0.008
ROUNDS = 5
# The first step prepares kernels and counts for nothing, unless it is this many times as long.
_HOPELESS = 4


def choose_precision(step: Callable[[Precision], object], threads: int = 1) -> Precision:
    """The faster precision of `step(precision)`, which must not change the run.

    threads: of one operation. With one thread only its own time on the processor is measured, which other
    programs hardly change, so that the same machine chooses the same.

    Raises BadChoice if AESTUDIO_PRECISION is neither float32 nor bfloat16.
    """
    requested = os.environ.get(ENVIRONMENT, "")
    if requested:
        if requested not in get_args(Precision):
            raise BadChoice(ENVIRONMENT, requested, get_args(Precision))
        return cast("Precision", requested)
    clock = time.thread_time if threads == 1 else time.perf_counter

    def seconds(precision: Precision) -> float:
        began = clock()
        step(precision)
        return clock() - began

    seconds("float32")
    full = min(seconds("float32") for _ in range(2))
    if full < WORTH_TRYING_SECONDS or seconds("bfloat16") > _HOPELESS * full:
        return "float32"
    half = seconds("bfloat16")
    for _ in range(ROUNDS):
        full, half = min(full, seconds("float32")), min(half, seconds("bfloat16"))
    return "bfloat16" if half * GAIN <= full else "float32"
