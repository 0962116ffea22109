"""Messages through the pipes between the program and its embedding process.

A message is one line of JSON, then the arrays in the format of .npy files; the line has their sizes in
bytes. Nothing is pickled.
"""

from __future__ import annotations

import io
import json
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Message(NamedTuple):
    """fields: JSON values by name, with the message's "type"; arrays: of any shapes."""

    fields: dict[str, Any]
    arrays: tuple[NDArray[Any], ...] = ()

    @property
    def type(self) -> str:
        """The kind of message: "embed", "progress", "done" and so on."""
        return self.fields["type"]


def send(pipe: IO[bytes], message: Message) -> None:
    """Write a whole message; raises OSError if the other end is closed."""
    files = [_npy_bytes(array) for array in message.arrays]
    line = json.dumps(message.fields | {"arrays": [len(file) for file in files]})
    pipe.write(line.encode() + b"\n")
    for file in files:
        pipe.write(file)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message | None:
    """Wait for the next message; None if the other end is closed, even in the middle of a message."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        return None
    fields = json.loads(line)
    files = [pipe.read(size) for size in fields["arrays"]]
    if any(len(file) < size for file, size in zip(files, fields.pop("arrays"), strict=True)):
        return None
    return Message(fields, tuple(np.load(io.BytesIO(file), allow_pickle=False) for file in files))


def _npy_bytes(array: NDArray[Any]) -> memoryview:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getbuffer()
