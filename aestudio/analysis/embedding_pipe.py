"""Messages through the pipes between the program and the process of its layouts.

A message is a line of JSON and, behind it, the arrays whose sizes the line gives, each as a .npy file has
it. Nothing is pickled.
"""

from __future__ import annotations

import io
import json
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Message(NamedTuple):
    """words: strings and numbers by name, "what" says what the message is about; arrays: of any shapes."""

    words: dict[str, Any]
    arrays: tuple[NDArray[Any], ...] = ()

    @property
    def what(self) -> str:
        """What the message is about."""
        return self.words["what"]


def send(pipe: IO[bytes], message: Message) -> None:
    """Write a whole message; raises OSError where nobody reads any more."""
    files = [_as_file(array) for array in message.arrays]
    line = json.dumps(message.words | {"arrays": [len(file) for file in files]})
    pipe.write(line.encode() + b"\n")
    for file in files:
        pipe.write(file)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Message | None:
    """Wait for the next message; None where nobody writes any more, also in the middle of a message."""
    line = pipe.readline()
    if not line.endswith(b"\n"):
        return None
    words = json.loads(line)
    files = [pipe.read(size) for size in words["arrays"]]
    if any(len(file) < size for file, size in zip(files, words.pop("arrays"), strict=True)):
        return None
    return Message(words, tuple(np.load(io.BytesIO(file), allow_pickle=False) for file in files))


def _as_file(array: NDArray[Any]) -> memoryview:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getbuffer()
