"""The benchmarks: every module here is one, found by listing this folder.

A module has `TITLE: str`, the line that says what it measures, and `measure(settings: Settings) ->
list[Row]`, which does it. Its file name is the name that `python -m benchmarks NAME` takes. What needs a
process of its own, or another library, is started by `measure` and is not imported with the module.
"""
