"""PySide reads no module's source any more, and features it knows by name are left as they were."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, linecache, sys
import PySide6.QtCore
from aestudio.gui.startup.quick_imports import tell_pyside_who_uses_it
asks = hasattr(sys.modules.get("shibokensupport.feature"), "_mod_uses_pyside")
told = tell_pyside_who_uses_it()
before = set(linecache.cache)
import wsgiref.util, xmlrpc.client
print(json.dumps([asks == told, sorted(set(linecache.cache) - before)]))
"""


def test_importing_reads_no_source() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, []]
