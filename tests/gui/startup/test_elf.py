"""DT_NEEDED against a file built by hand and against a real one."""

import struct
import sys

import pytest

from aestudio.gui.startup.elf import needed_libraries


def elf_file(names, order="<", mapped_at=0x400000):
    """Build a small ELF file: header, two program headers, dynamic section, string table."""
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in names)
    offsets, position = [], 1
    for name in names:
        offsets.append(position)
        position += len(name) + 1
    dynamic_at, entries = 0x40 + 2 * 56, len(names) + 2
    strings_at = dynamic_at + entries * 16
    total = strings_at + len(strings)
    dynamic = b"".join(struct.pack(order + "qQ", 1, offset) for offset in offsets)
    dynamic += struct.pack(order + "qQqQ", 5, mapped_at + strings_at, 0, 0)
    header = b"\x7fELF\x02" + (b"\x01" if order == "<" else b"\x02") + b"\x01" + bytes(9)
    header += struct.pack(order + "HHIQQQIHHHHHH", 3, 62, 1, 0, 0x40, 0, 0, 0x40, 56, 2, 0, 0, 0)
    load = struct.pack(order + "IIQQQQQQ", 1, 5, 0, mapped_at, mapped_at, total, total, 4096)
    segment = (dynamic_at, mapped_at + dynamic_at, mapped_at + dynamic_at, entries * 16, entries * 16, 8)
    return header + load + struct.pack(order + "IIQQQQQQ", 2, 6, *segment) + dynamic + strings


@pytest.mark.parametrize("order", ["<", ">"])
def test_reads_the_names_in_order(tmp_path, order):
    file = tmp_path / "lib.so"
    file.write_bytes(elf_file(["libone.so.1", "libtwo.so"], order))
    assert needed_libraries(file) == ("libone.so.1", "libtwo.so")


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x7fELF\x01" + bytes(60), b"\x7fELF\x02\x01", elf_file(["a"])[:100]]
)
def test_other_files_have_no_names(tmp_path, content):
    file = tmp_path / "other"
    file.write_bytes(content)
    assert needed_libraries(file) == ()
    assert needed_libraries(tmp_path / "missing") == ()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ELF is a format of Linux")
def test_qt_needs_the_c_library_and_qt():
    from aestudio.gui.startup import platform_check

    [plugin] = platform_check._plugins("xcb")
    names = needed_libraries(plugin)
    assert "libc.so.6" in names
    assert any(name.startswith("libQt6") for name in names)
