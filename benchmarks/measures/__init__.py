"""The benchmarks: every module in this folder is one.

A module has `TITLE: str`, one line that says what it measures, and `measure(settings: Settings) ->
list[Row]`. Its file name is the name that `python -m benchmarks NAME` takes. Slow libraries are not imported
with the module: `measure` starts separate processes that use them.
"""
