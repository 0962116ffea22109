"""Every effect, in the order in which the store asks them after a change of the state.

An effect gets the state before the change and the present one, which earlier effects may have changed, and
returns what is to be done. It knows nothing else, so it is tested with two states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.appearance import keep_last_shown, keep_preferences, scale_text, share_core
from aestudio.gui.state.effects.exploring import compute_shown, decode_again, set_first_code, show_early_image
from aestudio.gui.state.effects.keeping import follow_lists, follow_tags, keep_view, write_lists
from aestudio.gui.state.effects.lesson_giving import keep_lesson_record
from aestudio.gui.state.effects.measuring import measure_latent, measure_test_set
from aestudio.gui.state.effects.queueing import (
    go_on_with_queue,
    refuse_other_images,
    take_next_recipe,
    write_queue,
)
from aestudio.gui.state.effects.starting import begin_branch, begin_training, cancel_start
from aestudio.gui.state.effects.touring import follow_tour

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.state.effects.reactions import Reaction
    from aestudio.gui.state.studio_state import StudioState

    Effect = Callable[[StudioState, StudioState], tuple[Reaction, ...]]

EFFECTS: tuple[Effect, ...] = (
    cancel_start,
    refuse_other_images,
    begin_training,
    begin_branch,
    go_on_with_queue,
    take_next_recipe,
    write_queue,
    follow_lists,
    follow_tags,
    write_lists,
    keep_view,
    compute_shown,
    set_first_code,
    show_early_image,
    decode_again,
    measure_latent,
    measure_test_set,
    follow_tour,
    keep_lesson_record,
    scale_text,
    keep_preferences,
    keep_last_shown,
    share_core,
)
