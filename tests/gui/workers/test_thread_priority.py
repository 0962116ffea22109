"""Computing threads have a lower priority than the window's, each by itself."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from aestudio.gui.workers.thread_priority import lower_thread_priority


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_the_thread_gives_way_and_no_other() -> None:
    before, found = niceness(), []

    def work() -> None:
        lower_thread_priority()
        found.append(niceness())
        child = threading.Thread(target=lambda: found.append(niceness()))
        child.start()
        child.join()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == 2 * [max(10, before)], "the thread, and one that it started"
    assert niceness() == before
