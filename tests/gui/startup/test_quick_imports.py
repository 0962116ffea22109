"""PySide no longer reads the source of imported modules."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import json, linecache, sys
import PySide6.QtCore
from aestudio.gui.startup.quick_imports import skip_source_scan
supported = hasattr(sys.modules.get("shibokensupport.feature"), "_mod_uses_pyside")
replaced = skip_source_scan()
before = set(linecache.cache)
import wsgiref.util, xmlrpc.client
print(json.dumps([supported == replaced, sorted(set(linecache.cache) - before)]))
"""


def test_importing_reads_no_source() -> None:
    result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == [True, []]
