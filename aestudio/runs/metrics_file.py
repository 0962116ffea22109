"""metrics.jsonl: one line per metric point or moved setting, appended as they arrive."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from aestudio.storage.files import floats, replace_file, to_text
from aestudio.storage.json_lines import read_json_lines
from aestudio.storage.json_text import finite, table_of, whole_number
from aestudio.storage.os_errors import reading, writing
from aestudio.training.events import CodeUse, LiveChange, MetricPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FILE = "metrics.jsonl"

Point = MetricPoint | LiveChange


class MetricsFile:
    """The file opened for appending. Each line is passed to the system as soon as it is added.

    Lines that could not be written (a full disk) stay in memory and are tried again with the next line, so
    that nothing is lost while the process lives.
    """

    def __init__(self, folder: Path, opening: Callable[[str, int], int] | None = None) -> None:
        """opening: gives the descriptor of a file of this name in the folder, for these flags of `os.open`"""
        self.path = folder / FILE
        flags = os.O_WRONLY | os.O_CREAT | _BINARY
        with writing(self.path):
            self._descriptor = os.open(self.path, flags, 0o644) if opening is None else opening(FILE, flags)
            self._size = os.lseek(self._descriptor, 0, os.SEEK_END)
        self._waiting: list[bytes] = []

    def add(self, point: Point) -> None:
        """Append one line; raises StudioError if it cannot be written now."""
        self.queue(point)
        self.flush()

    def queue(self, point: Point) -> None:
        """Queue one line for the next `flush`."""
        self._waiting.append(to_line(point))

    def was_removed(self) -> bool:
        """Whether the open file has lost its name, because it was deleted or replaced."""
        try:
            there, mine = self.path.stat(), os.fstat(self._descriptor)
        except FileNotFoundError:
            return True
        except OSError:
            return False  # unknown; the next write will show it
        return (there.st_dev, there.st_ino) != (mine.st_dev, mine.st_ino)

    def flush(self) -> None:
        """Write the waiting lines; raises StudioError, leaving the file with complete lines only."""
        if not self._waiting:
            return
        data = b"".join(self._waiting)
        with writing(self.path):
            try:
                done = 0
                while done < len(data):
                    done += os.write(self._descriptor, data[done:])
            except OSError:
                os.ftruncate(self._descriptor, self._size)
                os.lseek(self._descriptor, self._size, os.SEEK_SET)
                raise
        self._size += len(data)
        self._waiting.clear()

    def sync(self) -> None:
        """Write the waiting lines and make sure that a power cut does not lose it; raises StudioError."""
        self.flush()
        with writing(self.path):
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def sync_metrics(folder: Path) -> None:
    """Make sure that a power cut does not lose the lines written so far; raises StudioError.

    Safe while another thread writes.
    """
    path = folder / FILE
    with writing(path):
        descriptor = os.open(path, os.O_WRONLY | _BINARY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line ends into two bytes


def to_line(point: Point) -> bytes:
    """The point as one line of JSON."""
    if isinstance(point, LiveChange):
        table: dict[str, object] = {"change": point.name, "value": point.value, "step": point.step}
    else:
        table = {"split": point.split, "step": point.step, "epoch": point.epoch, "terms": dict(point.terms)}
        if point.code_use is not None:
            table["code_use"] = asdict(point.code_use)
    return (to_text(table) + "\n").encode()


def read_points(folder: Path) -> tuple[Point, ...]:
    """Every point in the file, none if there is no file; raises StudioError.

    Lines that are no points are skipped: a crash may leave a partial one.
    """
    path = folder / FILE
    with reading(path):
        return tuple(read_json_lines(path, _point)) if path.exists() else ()


def read_validations(folder: Path) -> tuple[Point, ...]:
    """The validations and the moved settings among the points, a tenth of the time of reading all.

    None if there is no file; raises StudioError.
    """
    path = folder / FILE
    with reading(path):
        if not path.exists():
            return ()
        points = read_json_lines(path, _point, lambda line: b'"validation"' in line or b'"change"' in line)
        return tuple(
            point for point in points if isinstance(point, LiveChange) or point.split == "validation"
        )


def rewrite(folder: Path, points: Iterable[Point], is_there: Callable[[], bool] | None = None) -> None:
    """Replace the file by these points; raises StudioError. is_there: as in `new_file`"""
    replace_file(folder / FILE, b"".join(map(to_line, points)), is_there=is_there)


def _point(value: Any) -> Point:
    """The point that a line's value describes; raises ValueError."""
    table = table_of(value)
    step = whole_number(table.get("step"))
    if "change" in table:
        return LiveChange(step, _setting_name(table["change"]), finite(table.get("value")))
    split = table.get("split")
    if split not in ("training", "validation"):
        raise ValueError("not the name of a split")
    code_use = None
    if "code_use" in table:
        with suppress(ValueError):  # the losses of the point are worth more
            code_use = _code_use(table["code_use"])
    return MetricPoint(split, step, finite(table.get("epoch")), floats(table.get("terms")), code_use)


def _code_use(value: Any) -> CodeUse:
    """How the code was used, as it was written; raises ValueError for anything else."""
    table = table_of(value)
    return CodeUse(
        _numbers(table.get("variance")),
        _numbers(table.get("kl")),
        finite(table.get("error")),
        finite(table.get("mean_image_error")),
        whole_number(table.get("images")),
    )


def _numbers(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list):
        raise ValueError("not a list of numbers")
    return tuple(map(finite, cast("list[Any]", value)))


def _setting_name(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not the name of a setting")
    return value
