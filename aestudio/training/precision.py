"""In which precision the products of encoder and decoder are computed, measured on the model itself.

On CPUs with AMX or AVX512-BF16 a step with convolutions is up to 1.8 times as fast in bfloat16; on others it
takes twice as long. Weights, optimiser, head and loss are float32 either way (`Model`). The choice is kept
with the run, so that a resumed run goes on with the same numbers.

A GPU keeps float32 (whose products it may compute as TF32) until it was measured that bfloat16 does no harm
there. So do compared runs: they may differ in their setting only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aestudio.training.trial import WORTH_TRYING_SECONDS, median_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

Precision = Literal["float32", "bfloat16"]

# bfloat16 must be this much faster: below, float32 is worth more than the time.
GAIN = 1.15
# The first step prepares kernels and counts for nothing, unless it is this many times as long.
_HOPELESS = 4


def choose_precision(step: Callable[[Precision], object]) -> Precision:
    """The faster precision of `step(precision)`, which must not change the run."""
    full = median_seconds(lambda: step("float32"))
    if full < WORTH_TRYING_SECONDS:
        return "float32"
    half = median_seconds(lambda: step("bfloat16"), hopeless=_HOPELESS * full)
    return "bfloat16" if half * GAIN <= full else "float32"
