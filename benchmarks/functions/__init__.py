"""Small functions that are called very often, timed by pytest-benchmark.

`python -m pytest benchmarks/functions`. They need no MNIST: their time does not depend on the pixels.
"""
