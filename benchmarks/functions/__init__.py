"""Small functions on which much hangs, timed by pytest-benchmark: `python -m pytest benchmarks/functions`.

They need no MNIST: how long they take does not depend on what the digits show.
"""
