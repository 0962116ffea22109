"""What the user chose for the sidebars is kept; an invalid file is ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.controllers.settings_file import MAXIMUM_BYTES
from aestudio.gui.window.sidebar_choices_file import FILE, read_choices, write_choices
from aestudio.gui.window.sidebars.sidebar_arrangement import LEAST, LEFT, MOST, RIGHT, SidebarChoices
from aestudio.paths import settings_folder

if TYPE_CHECKING:
    from pathlib import Path

GOOD = b'{"wide": [true, false], "narrow": [false, true], "last": "right", "widths": [400, 300]}'


def write(content: bytes) -> Path:
    settings_folder().mkdir(parents=True, exist_ok=True)
    path = settings_folder() / FILE
    path.write_bytes(content)
    return path


def test_what_is_written_is_read() -> None:
    choices = SidebarChoices(wide=(True, False), narrow=(False, True), last=RIGHT, widths=(400, 300))
    write_choices(choices)
    assert read_choices() == choices
    write(GOOD)
    assert read_choices() == choices


def test_two_windows_keep_what_each_of_them_changed() -> None:
    """Both are closed after both were open: the second one has the widths of before."""
    before = SidebarChoices()
    write_choices(before)
    write_choices(before.with_width(LEFT, 400), before)
    write_choices(before.with_opened("small", LEFT, False).with_opened("wide", LEFT, False), before)
    found = read_choices()
    assert found.widths[0] == 400
    assert found.wide == before.with_opened("wide", LEFT, False).wide != before.wide


def test_what_was_not_chosen_yet_is_the_usual() -> None:
    """The first window writes only what was changed in it."""
    changed = SidebarChoices().with_width(LEFT, 400)
    write_choices(changed, SidebarChoices())
    assert read_choices() == changed


def test_a_sidebar_over_the_view_is_not_kept() -> None:
    write_choices(SidebarChoices().with_opened("small", LEFT, True))
    assert read_choices() == SidebarChoices()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        GOOD.replace(b"[true, false]", b"[1, 0]"),
        GOOD.replace(b"[true, false]", b"[true]"),
        GOOD.replace(b"[400, 300]", b"[400]"),
        GOOD.replace(b"[400, 300]", b'["wide", 3]'),
        GOOD.replace(b"400", b"NaN"),
        GOOD.replace(b"400", b"-400"),
        GOOD + b" " * MAXIMUM_BYTES,
    ],
)
def test_an_invalid_file_is_ignored(content: bytes) -> None:
    write(content)
    assert read_choices() == SidebarChoices()


def test_widths_beyond_the_limits_are_limited() -> None:
    write(GOOD.replace(b"[400, 300]", b"[1, 99999]"))
    assert read_choices().widths == (LEAST[0], MOST)


def test_a_folder_of_this_name_is_left_alone() -> None:
    settings_folder().mkdir(parents=True, exist_ok=True)
    folder = settings_folder() / FILE
    folder.mkdir()
    assert read_choices() == SidebarChoices()
    write_choices(SidebarChoices())
    assert folder.is_dir()
