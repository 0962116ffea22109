"""`aestudio desktop`: entry, MIME type and icon for a double click on a run."""

from __future__ import annotations

import configparser
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from aestudio.cli.desktop_files import PLACES, install, quoted
from aestudio.resources import resources_folder
from aestudio.runs.shared_run import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries of Linux")


@pytest.fixture
def shared_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No programs of the desktop are started: they would read the machine's own lists."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setattr("shutil.which", lambda name: None)
    return tmp_path / "share"


def entry_in(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def test_the_files_are_written_and_taken_away_again(
    aestudio: Callable[..., Answer], shared_data: Path
) -> None:
    answer = aestudio("desktop")
    assert answer.code == 0, answer.err
    paths = [shared_data / place / name for name, place in PLACES.items()]
    assert answer.out == "".join(f"Wrote {path}\n" for path in paths)
    entry = entry_in(shared_data / "applications" / "aestudio.desktop")
    assert entry["Exec"] == f"{quoted(sys.executable)} -m aestudio %f"
    assert (shared_data / PLACES["aestudio.svg"] / f"{entry['Icon']}.svg").is_file()
    other = shared_data / "applications" / "other.desktop"
    other.write_text("another program's")
    assert aestudio("desktop").code == 0, "again, over the files of before"
    answer = aestudio("desktop", "--remove")
    assert answer.out == "".join(f"Removed {path}\n" for path in paths)
    assert not any(path.exists() for path in paths)
    assert other.exists()
    assert aestudio("desktop", "--remove").out == "There was nothing to take away.\n"


def test_the_type_of_the_entry_has_the_names_of_shared_runs() -> None:
    """And a run is a zip archive to programs that do not know it."""
    folder = resources_folder() / "desktop"
    (kind,) = ET.fromstring((folder / "aestudio.xml").read_text(encoding="utf-8"))
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert [glob.attrib["pattern"] for glob in kind.iter(f"{space}glob")] == [f"*{one}" for one in SUFFIXES]
    assert [one.attrib["type"] for one in kind.iter(f"{space}sub-class-of")] == ["application/zip"]
    entry = entry_in(folder / "aestudio.desktop")
    assert entry["MimeType"] == f"{kind.attrib['type']};"
    assert entry["Exec"] == "aestudio %f", "for packages, which install it as it is"
    assert (folder / f"{entry['Icon']}.svg").is_file()


def test_a_path_with_odd_characters_is_quoted_as_the_specification_says(shared_data: Path) -> None:
    assert quoted("/usr/bin/python3") == "/usr/bin/python3"
    assert quoted("/my own/100%/py$") == r'"/my own/100%%/py\\$"'
    install(("/a b/python", "-m", "aestudio"))
    entry = entry_in(shared_data / "applications" / "aestudio.desktop")
    assert entry["Exec"] == '"/a b/python" -m aestudio %f'


def test_the_desktop_reads_its_lists_again(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[list[str]] = []
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("subprocess.run", lambda command, **_: told.append(command))
    install()
    assert told == [
        ["/usr/bin/update-mime-database", str(shared_data / "mime")],
        ["/usr/bin/update-desktop-database", str(shared_data / "applications")],
    ]


def test_elsewhere_it_says_what_to_do(
    aestudio: Callable[..., Answer], shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    answer = aestudio("desktop")
    assert answer.code == 1
    assert "Open with" in answer.err
    assert not shared_data.exists()
